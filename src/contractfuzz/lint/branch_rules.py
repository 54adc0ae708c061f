"""Lint rules for what several keywords or branches mean together."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keywords import ANNOTATIONS, Applicator, select_keywords
from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.lint.contradictions import allows_nothing, find_contradiction, required_names
from contractfuzz.lint.keyword_rules import crossed_bounds
from contractfuzz.lint.schema_view import Problem, SchemaView
from contractfuzz.oracle import Oracle

_MAX_BRANCHES = 32
_SAMPLES = 8
_MAY_CONTRADICT = frozenset(
    {
        *("$ref", "allOf", "anyOf", "oneOf", "not", "enum", "const", "minimum", "exclusiveMinimum"),
        *("required", "contains", "minItems", "minProperties"),
    }
)
"""Keywords that every contradiction has one of, unless ``crossed_bounds`` finds it."""


_HOLDS_SCHEMAS = select_keywords(
    lambda row: row.applicator in (Applicator.MAP, Applicator.PATTERN_MAP) and row.is_current
)
_HOLDS_VALUES = frozenset({"enum", "const", "required", "dependentRequired"}) | ANNOTATIONS
_OF_ITEMS = frozenset({"items", "prefixItems", "unevaluatedItems"})
_OF_OTHER_PROPERTIES = frozenset({"patternProperties", "additionalProperties", "propertyNames"})
_COMPOUND = _OF_ITEMS | frozenset(
    {"$ref", "allOf", "anyOf", "oneOf", "not", "if", "properties", "patternProperties", "additionalProperties"}
)


def unsatisfiable(schema: SchemaView) -> Iterator[Problem]:
    """Yield a schema with keywords that contradict each other, so that no value is valid.

    Crossed bounds have a rule of their own, and so does a schema that is written to allow nothing, like ``{"not": {}}``.
    """
    if schema.lowered is None or not schema.keywords.keys() & _MAY_CONTRADICT or any(crossed_bounds(schema)):
        return
    if schema.location.steps and allows_nothing(schema.keywords):
        return
    found = find_contradiction(schema.lowered)
    if found is not None and found.is_own:
        yield schema.location, f"no value is valid: {found.reason}; correct one of them"


def overlapping_branches(schema: SchemaView) -> Iterator[Problem]:
    """Yield each branch of a ``oneOf`` that shares a payload with an earlier one: ``oneOf`` rejects that payload.

    The payloads are samples of the branches, together with the keywords next to ``oneOf``. Branches that require different
    properties are not compared: they are written to exclude payloads with both.
    """
    written = schema.keywords.get("oneOf")
    if not isinstance(written, list) or schema.lowered is None or schema.is_reference:
        return
    branches = schema.lowered.get("oneOf", [])
    if len(branches) != len(written):
        return
    branches = branches[:_MAX_BRANCHES]
    oracles = [Oracle(branch, schema.lowered) for branch in branches]
    samples = [_sample(schema.lowered, branch) for branch in branches]
    required = [required_names(branch, schema.lowered) for branch in branches]
    for later in range(len(branches)):
        for earlier in range(later):
            if required[earlier] - required[later] and required[later] - required[earlier]:
                continue
            shared = [payload for payload in samples[earlier] if oracles[later].is_valid(payload)]
            shared += [payload for payload in samples[later] if oracles[earlier].is_valid(payload)]
            if shared:
                payload = show_json(min(shared, key=lambda payload: len(canonical(payload))))
                problem = f"{payload} matches this branch and branch {earlier}, so that `oneOf` rejects it"
                remedy = "make the branches exclude each other, or use `anyOf`"
                yield schema.location / "oneOf" / later, f"{problem}: {remedy}"
                break


def _sample(lowered: dict[str, Any], branch: Any) -> list[Any]:
    """Return payloads of a branch that keep the keywords next to ``oneOf``, too."""
    base = {keyword: value for keyword, value in lowered.items() if keyword != "oneOf"}
    whole = {**base, "allOf": [*base.get("allOf", ()), branch]}
    try:
        cases = list(Contract("branch", _without_optional_parts(whole)).sample(_SAMPLES, profile="closed"))
    except (ContractError, RecursionError):  # no payloads can be planned
        return []
    is_valid = Oracle(whole).is_valid
    return [case.payload for case in cases if is_valid(case.payload)]


def _without_optional_parts(schema: Any) -> Any:
    """Return a schema without its optional properties of compound types, and without items where arrays may be empty.

    Most payloads of it are payloads of the schema, but they are small, and so is their plan.
    """
    if isinstance(schema, list):
        return [_without_optional_parts(value) for value in schema]
    if not isinstance(schema, dict):
        return schema
    kept: dict[str, Any] = {}
    for keyword, value in schema.items():
        if keyword in _HOLDS_SCHEMAS:
            kept[keyword] = {name: _without_optional_parts(inner) for name, inner in value.items()}
        else:
            kept[keyword] = value if keyword in _HOLDS_VALUES else _without_optional_parts(value)
    if "properties" in schema:
        required = schema.get("required", ())
        kept["properties"] = {
            name: value for name, value in kept["properties"].items() if name in required or _is_plain(value)
        }
    if not schema.keys() & {"required", "minProperties"}:
        kept = {keyword: value for keyword, value in kept.items() if keyword not in _OF_OTHER_PROPERTIES}
    if not schema.keys() & {"minItems", "contains"} and schema.keys() & {"items", "prefixItems"}:
        kept = {keyword: value for keyword, value in kept.items() if keyword not in _OF_ITEMS} | {"maxItems": 0}
    return kept


def _is_plain(schema: Any) -> bool:
    return isinstance(schema, dict) and schema.keys().isdisjoint(_COMPOUND)
