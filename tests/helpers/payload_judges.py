"""Independent judges of payloads: two more validators, and a check of labels that shares no code with contractfuzz."""

from __future__ import annotations

import copy
import json
import re
from pathlib import Path

import jsonschema_rs
from json_structure import InstanceValidator
from jsonschema import Draft202012Validator
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

import hubspot_strategies

DOCUMENTS = Path(hubspot_strategies.__file__).parent / "documents"


def rust_says(schema):
    """Return a function that returns True if jsonschema-rs accepts a payload, formats included."""
    return jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid


def match_pattern(_validator, pattern, instance, _schema):
    """Yield an error unless a pattern matches. In ECMA-262, unlike in Python, ``$`` does not match before a final line break."""
    ends = re.sub(r"(\\.|\[(?:\\.|[^\]])*\])|\$", lambda found: found[1] or r"\Z", pattern)
    if isinstance(instance, str) and not re.search(ends, instance):
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


PythonValidator = extend(Draft202012Validator, {"pattern": match_pattern})


def python_says(schema):
    """Return a function that returns True if jsonschema accepts a payload, with its own format checks."""
    return PythonValidator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER).is_valid


def structure_says(document):
    """Return a function that returns True if the official JSON Structure SDK accepts a payload."""
    validator = InstanceValidator(document)
    # The SDK removes properties with reserved names from the payload, so it gets a copy.
    return lambda payload: not validator.validate(copy.deepcopy(payload))


def strict_document():
    """Return the pack's document with the types it refers to, in the strict JSON Structure that the SDK accepts."""
    parts = {path.name: json.loads(path.read_text("utf-8")) for path in DOCUMENTS.glob("*.json")}
    main = strict(parts.pop("batch-association-response.structure.json"))
    types = [strict(part) for part in parts.values()]
    return {**main, "definitions": {part["name"]: without_identity(part) for part in types}}


def strict(node):
    """Return a JSON Structure schema in strict form: ``$ref`` inside ``type``, maps with type ``map``, examples in a list."""
    if isinstance(node, list):
        return [strict(part) for part in node]
    if not isinstance(node, dict):
        return node
    kept = {key: strict(value) for key, value in node.items() if key not in ("$ref", "example")}
    if "$ref" in node:
        kept["type"] = {"$ref": node["$ref"].replace("#/components/schemas/", "#/definitions/")}
    if "example" in node:
        kept["examples"] = [node["example"]]
    if node.get("type") == "object" and "properties" not in node:
        kept["type"] = "map"
        kept["values"] = kept.pop("additionalProperties")
    return kept


def without_identity(part):
    return {key: value for key, value in part.items() if key not in ("$schema", "$id")}


def keyword_of(label):
    """Return the keyword of a violation's id, ``location:keyword.variant``."""
    return label.rpartition(":")[2].partition(".")[0]


UNIONS = ("oneOf", "anyOf")


class LabelJudge:
    """Checks labels with jsonschema, using only the id and the pointer of a case.

    If an error of ``oneOf`` or ``anyOf`` is not the label's own, one of the branches must have the label's errors and no others.
    """

    def __init__(self, schema):
        self.validator = PythonValidator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def objections(self, case):
        """Return the reasons why the label of a case is wrong; an empty list if it is right."""
        keyword = keyword_of(case.label)
        # The error for a missing property is located at the object.
        place = case.pointer.rpartition("/")[0] if keyword in ("required", "dependentRequired") else case.pointer
        errors = list(self.validator.iter_errors(case.payload))
        # In Python's regular expressions, `$` matches before a line break at the end, too: this validator sees no error.
        is_blind = case.label.endswith(":pattern.newline") and not errors
        found = [] if is_blind else explain(errors, place, keyword, case.label)
        expected = case.label.rpartition(":")[0]
        if not is_at(case.pointer, expected):
            found.append(f"{case.label}: the pointer {case.pointer!r} is not at {expected!r}")
        return found


def explain(errors, place, keyword, label):
    """Return the reasons why the errors are not only those of a label."""
    named = set()
    for error in errors:
        if keyword == "tag" and error.validator in UNIONS and pointer_to(error) == place_of_tag(place, label):
            named.add("tag")
        elif all(pointer_to(e) == place for e in with_causes(error)):
            # For `allOf`, `if` and `propertyNames` the validator reports the inner keyword; the schema path has the outer one.
            named |= {name for e in with_causes(error) for name in (e.validator, *e.absolute_schema_path)}
        elif error.validator in UNIONS and error.context:
            branches = {}
            for cause in error.context:
                branches.setdefault(cause.schema_path[0], []).append(cause)
            reasons = [explain(causes, place, keyword, label) for causes in branches.values()]
            if all(reasons):
                return [f"{label}: no branch explains it: {reasons}"]
            named.add(keyword)
        else:
            return [f"{label}: an error at {pointer_to(e)!r}, not at {place!r}" for e in with_causes(error)]
    return [] if keyword in named else [f"{label}: {keyword} is not broken, but {named}"]


def place_of_tag(place, label):
    return place if label.endswith((":tag.other", ":tag.missing")) else place.rpartition("/")[0]


def with_causes(error):
    yield error
    for cause in error.context or ():
        yield from with_causes(cause)


def pointer_to(error):
    return "".join("/" + str(token).replace("~", "~0").replace("/", "~1") for token in error.absolute_path)


def is_at(pointer, location):
    """Return True if a pointer is at a location: ``*`` is any index or name, ``*(pattern)`` a name that matches the pattern."""
    tokens, steps = pointer.split("/"), location.split("/")
    return len(tokens) == len(steps) and all(map(is_token_at, tokens, steps))


def is_token_at(token, step):
    if step.startswith("*(") and step.endswith(")"):
        pattern, name = (text.replace("~1", "/").replace("~0", "~") for text in (step[2:-1], token))
        try:
            if re.search(pattern, name) is not None:
                return True
        except re.error:
            pass
    if step in ("*", token):
        return True
    # The names of branches follow in parentheses.
    shorter = re.sub(r"\([^()]*\)$", "", step)
    return shorter != step and is_token_at(token, shorter)


def different_places(one, other, place=()):
    """Yield the places at which two JSON values differ; a member that only one has is one place."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            if name in one and name in other:
                yield from different_places(one[name], other[name], (*place, name))
            else:
                yield (*place, name)
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, pair in enumerate(zip(one, other, strict=True)):
            yield from different_places(*pair, (*place, str(index)))
    elif type(one) is not type(other) or one != other:
        yield place


def is_within(place, pointer):
    """Return True if a place is the pointer's, or inside it."""
    tokens = tuple(token.replace("~1", "/").replace("~0", "~") for token in pointer.split("/")[1:])
    return place[: len(tokens)] == tokens
