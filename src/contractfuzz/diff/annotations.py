"""Comparison of what no payload shows: annotations, and properties whose schemas allow any value."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.diff.change import Change
from contractfuzz.diff.places import Schemas, SchemaTree
from contractfuzz.diff.rules import PROPERTY_ADDED, PROPERTY_REMOVED, RULES, ChangeRule
from contractfuzz.documents.dialects.dialect import SOURCE
from contractfuzz.documents.lowering import lower_with_annotations
from contractfuzz.json_pointer import MISSING
from contractfuzz.json_values import canonical
from contractfuzz.oracle import CHECKED_FORMATS
from contractfuzz.text import one_line
from contractfuzz.unions.branch import encode_location
from contractfuzz.unions.names import BranchMark
from contractfuzz.unions.union import UnionFinder

_MAX_VALUE_CHARACTERS = 60

_VALUES = {
    "default": "default-changed",
    "contentEncoding": "content-encoding-changed",
    "contentMediaType": "content-media-type-changed",
    "unit": "unit-changed",
    "currency": "unit-changed",
    "symbol": "unit-changed",
    "title": "title-changed",
    "description": "description-changed",
}
"""Annotations that are compared by their values."""

_FLAGS = {"deprecated": "deprecated", "readOnly": "read-only", "writeOnly": "write-only"}
"""Annotations that are true or absent."""

_IS_CHECKED = "checked format"
"""Key of the flag that a validator checks the format. A keyword has no space in it."""

_NUMBER_KEYWORDS = ("type", "minimum", "maximum", "multipleOf", "exclusiveMinimum", "exclusiveMaximum")
"""Keywords that a name of a number can become."""


@dataclass(frozen=True, slots=True)
class _Pair:
    """A value in both versions.

    Attributes:
        tokens: the tokens of its location.
        marks: the branches of unions that it is inside.
        old, new: its schemas in the two versions, without the branches of unions.

    """

    tokens: tuple[str, ...]
    marks: tuple[BranchMark, ...]
    old: Schemas
    new: Schemas

    @property
    def location(self) -> str:
        return encode_location(self.tokens, self.marks)


def compare_annotations(old: Contract, new: Contract) -> list[Change]:
    """Return the changes that no payload shows.

    A type that several places refer to is compared once, at the first of them.

    Args:
        old: the earlier version.
        new: the later version.

    """
    return list(_AnnotationWalk(_annotated(old), _annotated(new)).changes())


def _annotated(contract: Contract) -> dict[str, Any]:
    """Return the schema of a contract with the annotations of its document; those of its schema if it was not loaded."""
    return contract.schema if contract.loaded_from is None else lower_with_annotations(contract.loaded_from)


class _AnnotationWalk:
    """A walk through two versions of a schema at once.

    Args:
        old: the schema of the earlier version.
        new: the schema of the later version.

    """

    def __init__(self, old: dict[str, Any], new: dict[str, Any]) -> None:
        self._roots = old, new
        self._trees = SchemaTree(old), SchemaTree(new)
        self._unions = UnionFinder(old), UnionFinder(new)

    def changes(self) -> Iterator[Change]:
        """Yield the changes, location by location."""
        compared: set[tuple[tuple[int, ...], tuple[int, ...]]] = set()
        waiting = [self._pair((), (), *self._roots)]
        while waiting:
            pair = waiting.pop()
            key = tuple(map(id, pair.old)), tuple(map(id, pair.new))
            if key in compared:
                continue
            compared.add(key)
            yield from self._annotation_changes(pair)
            yield from self._declaration_changes(pair)
            waiting += reversed(list(self._children(pair)))

    def _pair(self, tokens: tuple[str, ...], marks: tuple[BranchMark, ...], old: Any, new: Any) -> _Pair:
        return _Pair(tokens, marks, self._parts(0, old), self._parts(1, new))

    def _parts(self, version: int, schema: Any) -> Schemas:
        """Return a schema with what it refers to and its parts in ``allOf``, nearest first."""
        found: list[dict[str, Any]] = []
        waiting = [schema]
        while waiting:
            one = waiting.pop(0)
            if not isinstance(one, dict) or any(one is other for other in found):
                continue
            found.append(one)
            if "$ref" in one:
                waiting.append(self._trees[version].target(one["$ref"]))
            waiting += one.get("allOf", ())
        return found

    # --- what differs at one location -----------------------------------------------------------------------------------

    def _annotation_changes(self, pair: _Pair) -> Iterator[Change]:
        old, new = _annotations(pair.old), _annotations(pair.new)
        for keyword, name in _VALUES.items():
            yield from _compare(pair, keyword, RULES[name], old.get(keyword, MISSING), new.get(keyword, MISSING))
        yield from _compare(pair, "examples", RULES["examples-changed"], _examples(old), _examples(new))
        for keyword, name in _FLAGS.items():
            before, after = old.get(keyword) is True, new.get(keyword) is True
            if before != after:
                rule = RULES[f"{name}-{'added' if after else 'removed'}"]
                description = f"is {'now' if after else 'no longer'} {keyword}"
                yield Change(pair.location, rule, description, keyword, pair.tokens)
        yield from _compare_discriminators(pair, old.get("discriminator"), new.get("discriminator"))
        yield from _compare_formats(pair, old, new)
        yield from _compare_type_names(pair, old.get("type", MISSING), new.get("type", MISSING))

    def _declaration_changes(self, pair: _Pair) -> Iterator[Change]:
        """Yield the properties that only one version declares, and the other version does not limit."""
        old, new = (tree.closure(schemas) for tree, schemas in zip(self._trees, (pair.old, pair.new), strict=True))
        old_names, new_names = _declared_names(old), _declared_names(new)
        for names, others, version, rule in (
            (old_names, new, 1, PROPERTY_REMOVED),
            (new_names, old, 0, PROPERTY_ADDED),
        ):
            tree = self._trees[version]
            if tree.limits_others(others):
                continue
            for name in names:
                if not tree.named(others, name)[0]:
                    tokens = (*pair.tokens, name)
                    location = encode_location(tokens, pair.marks)
                    gone = "no longer declared" if rule is PROPERTY_REMOVED else "declared, and was not before"
                    yield Change(location, rule, f"is {gone}", "properties", tokens)

    # --- what is inside -------------------------------------------------------------------------------------------------

    def _children(self, pair: _Pair) -> Iterator[_Pair]:
        for keyword, token in (("properties", ""), ("patternProperties", "*({})")):
            old, new = _merged(pair.old, keyword), _merged(pair.new, keyword)
            for name in old:
                if name in new:
                    tokens = (*pair.tokens, token.format(name) if token else name)
                    yield self._pair(tokens, pair.marks, old[name], new[name])
        for keyword in ("items", "contains", "additionalProperties", "unevaluatedProperties", "unevaluatedItems"):
            both = [next((one[keyword] for one in schemas if keyword in one), None) for schemas in (pair.old, pair.new)]
            if all(isinstance(schema, dict) for schema in both):
                yield self._pair((*pair.tokens, "*"), pair.marks, *both)
        items = zip(_listed(pair.old, "prefixItems"), _listed(pair.new, "prefixItems"), strict=False)
        for index, (old, new) in enumerate(items):
            yield self._pair((*pair.tokens, str(index)), pair.marks, old, new)
        for keyword in ("if", "then", "else"):
            both = [next((one[keyword] for one in schemas if keyword in one), None) for schemas in (pair.old, pair.new)]
            if all(isinstance(schema, dict) for schema in both):
                yield self._pair(pair.tokens, pair.marks, *both)
        old_branches, new_branches = self._branches(0, pair.old), self._branches(1, pair.new)
        for key, (branch_name, branch) in old_branches.items():
            if key in new_branches:
                marks = (*pair.marks, (len(pair.tokens), branch_name)) if branch_name else pair.marks
                yield self._pair(pair.tokens, marks, branch, new_branches[key][1])

    def _branches(self, version: int, schemas: Schemas) -> dict[str, tuple[str | None, Any]]:
        """Return the names and schemas of the branches of unions, by the component that a branch is, or else by its name."""
        found: dict[str, tuple[str | None, Any]] = {}
        for schema in schemas:
            for keyword in ("oneOf", "anyOf"):
                branches = schema.get(keyword, ())
                names = self._unions[version].find(branches, schema).names if branches else ()
                for name, branch in zip(names, branches, strict=True):
                    component = branch.get("$ref") if isinstance(branch, dict) else None
                    found[component or f"{keyword} {name}"] = name, branch
        return found


def _annotations(schemas: Schemas) -> dict[str, Any]:
    """Return the annotations of a value, as the document has them. The nearest schema decides."""
    found: dict[str, Any] = {}
    for schema in reversed(schemas):
        found |= schema.get(SOURCE, schema)
    return {**found, _IS_CHECKED: any(schema.get("format") in CHECKED_FORMATS for schema in schemas)}


def _compare(pair: _Pair, keyword: str, rule: ChangeRule, old: Any, new: Any) -> Iterator[Change]:
    if _text(old) == _text(new):
        return
    if old is MISSING:
        description = f"{keyword} is new: {_shown(new)}"
    elif new is MISSING:
        description = f"{keyword} is gone: {_shown(old)}"
    else:
        description = f"{keyword} {_shown(old)} became {_shown(new)}"
    yield Change(pair.location, rule, description, keyword, pair.tokens)


def _text(value: Any) -> str | None:
    return None if value is MISSING else canonical(value)


def _shown(value: Any) -> str:
    return one_line(canonical(value), _MAX_VALUE_CHARACTERS)


def _examples(annotations: Mapping[str, Any]) -> Any:
    listed = annotations.get("examples", [])
    examples = [
        *([annotations["example"]] if "example" in annotations else []),
        *(listed if isinstance(listed, list) else []),
    ]
    return examples or MISSING


def _compare_discriminators(pair: _Pair, old: Any, new: Any) -> Iterator[Change]:
    names = [_discriminating_property(value) for value in (old, new)]
    yield from _compare(pair, "discriminator", RULES["discriminator-changed"], *names)
    if names[0] == names[1]:
        mappings = [value.get("mapping", MISSING) if isinstance(value, dict) else MISSING for value in (old, new)]
        yield from _compare(pair, "discriminator", RULES["discriminator-mapping-changed"], *mappings)


def _discriminating_property(value: Any) -> Any:
    """Return the name of the property in a discriminator: an object in OpenAPI 3, a name in Swagger 2.0."""
    name = value.get("propertyName", MISSING) if isinstance(value, dict) else value
    return name if isinstance(name, str) else MISSING


def _compare_formats(pair: _Pair, old: Mapping[str, Any], new: Mapping[str, Any]) -> Iterator[Change]:
    """Yield the change of a format. One that the validator checks has a witness, and is none of these."""
    if not (old[_IS_CHECKED] or new[_IS_CHECKED]):
        formats = [annotations.get("format", MISSING) for annotations in (old, new)]
        yield from _compare(pair, "format", RULES["unchecked-format-changed"], *formats)


def _compare_type_names(pair: _Pair, old: Any, new: Any) -> Iterator[Change]:
    """Yield the change of a name that JSON Structure has for numbers, such as ``float``, with the same payloads."""
    is_number = isinstance(old, str) and isinstance(new, str) and pair.old[0].get("type") == "number"
    if is_number and _meaning(pair.old[0]) == _meaning(pair.new[0]):
        yield from _compare(pair, "type", RULES["type-name-changed"], old, new)


def _meaning(schema: dict[str, Any]) -> list[Any]:
    return [schema.get(keyword) for keyword in _NUMBER_KEYWORDS]


def _declared_names(schemas: Schemas) -> list[str]:
    return list(dict.fromkeys(name for one in schemas for name in one.get("properties", ())))


def _merged(schemas: Schemas, keyword: str) -> dict[str, Any]:
    """Return the schemas by name that a keyword has in several schemas. The nearest schema decides."""
    merged: dict[str, Any] = {}
    for schema in reversed(schemas):
        merged |= schema.get(keyword, {})
    return merged


def _listed(schemas: Schemas, keyword: str) -> list[Any]:
    return next((one[keyword] for one in schemas if keyword in one), [])
