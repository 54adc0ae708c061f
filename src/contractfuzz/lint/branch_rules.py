"""Lint rules for what several keywords or branches mean together."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.errors import show_json
from contractfuzz.documents.keywords import ANNOTATIONS, Applicator, select_keywords
from contractfuzz.documents.recursion import count_applied, references_in
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.lint.contradictions import allows_nothing, find_contradiction, listed_tags, required_names
from contractfuzz.lint.keyword_rules import crossed_bounds
from contractfuzz.lint.schema_view import Problem, SchemaView, WorkBudget
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
    steps, known = schema.location.steps, schema.lowering.without_contradiction
    # What holds for a schema with all parts of its `allOf` holds for each part: without this, deep ones are searched repeatedly.
    if steps[-2:-1] == ("allOf",) and SourceLocation(schema.document, steps[:-2]) in known:
        known.add(schema.location)
        return
    # Lowering takes the most time, so it comes last.
    if not schema.keywords.keys() & _MAY_CONTRADICT or any(crossed_bounds(schema)) or schema.lowered is None:
        return
    if (steps and allows_nothing(schema.keywords)) or not schema.can_validate:
        return
    found, is_complete = find_contradiction(schema.lowered)
    if found is None and is_complete:
        known.add(schema.location)
    if found is not None and found.is_own:
        yield schema.location, f"no value is valid: {found.reason}; correct one of them"


def overlapping_branches(schema: SchemaView) -> Iterator[Problem]:
    """Yield each branch of a ``oneOf`` that shares a payload with an earlier one: ``oneOf`` rejects that payload.

    The payloads are samples of the branches, together with the keywords next to ``oneOf``. Branches that require different
    properties are not compared: they are written to exclude payloads with both.
    """
    written = schema.keywords.get("oneOf")
    if not isinstance(written, list) or schema.is_reference or schema.lowered is None or not schema.can_validate:
        return
    branches = schema.lowered.get("oneOf", [])
    if len(branches) != len(written):
        return
    compared = [_Branch(branch, schema.lowered, schema.lowering.budget) for branch in branches[:_MAX_BRANCHES]]
    for index, later in enumerate(compared):
        for earlier_index, earlier in enumerate(compared[:index]):
            if later.excludes(earlier):
                continue
            shared = [payload for payload in earlier.samples if later.oracle.is_valid(payload)]
            shared += [payload for payload in later.samples if earlier.oracle.is_valid(payload)]
            if shared:
                payload = show_json(min(shared, key=lambda payload: len(canonical(payload))))
                problem = f"{payload} matches this branch and branch {earlier_index}, so that `oneOf` rejects it"
                remedy = "make the branches exclude each other, or use `anyOf`"
                yield schema.location / "oneOf" / index, f"{problem}: {remedy}"
                break


class _Branch:
    """A branch of a ``oneOf``.

    Args:
        schema: the lowered branch.
        union: the lowered schema that contains the ``oneOf``.
        budget: the limit of the work for samples.

    """

    def __init__(self, schema: Any, union: dict[str, Any], budget: WorkBudget) -> None:
        self._schema, self._union, self._budget = schema, union, budget
        self.oracle = Oracle(schema, union)
        self._required = required_names(schema, union)
        self._tags = listed_tags(schema, union)

    def excludes(self, other: _Branch) -> bool:
        """Return True if no payload matches both branches, or if they are written to exclude payloads with both properties."""
        if self._required - other._required and other._required - self._required:
            return True
        return any(values.isdisjoint(other._tags[name]) for name, values in self._tags.items() if name in other._tags)

    @cached_property
    def samples(self) -> list[Any]:
        """Payloads of the branch that keep the keywords next to ``oneOf``, too; none if they take too much work."""
        base = {keyword: value for keyword, value in self._union.items() if keyword != "oneOf"}
        whole = {**base, "allOf": [*base.get("allOf", ()), self._schema]}
        small = _without_unused_definitions(_without_optional_parts(_without_unused_definitions(whole)))
        if not self._budget.allows(_work_of(small)):
            return []
        try:
            cases = list(Contract("branch", small).sample(_SAMPLES, profile="closed"))
        except (ContractError, RecursionError):  # no payloads can be planned
            return []
        is_valid = Oracle(whole).is_valid
        return [case.payload for case in cases if is_valid(case.payload)]


def _work_of(schema: dict[str, Any]) -> int:
    """Return the work that samples of a schema take: its number of schemas, times that of the schemas at one location."""
    count = 0
    waiting = [schema]
    while waiting:
        count += 1
        waiting += [child for _, child in subschemas(waiting.pop(), is_structure=False)]
    return count * count_applied(schema)


def _without_unused_definitions(schema: dict[str, Any]) -> dict[str, Any]:
    definitions = schema.get("$defs", {})
    used: dict[str, Any] = {}
    waiting = list(references_in(schema))
    while waiting:
        name = waiting.pop().removeprefix("#/$defs/")
        if name in definitions and name not in used:
            used[name] = definitions[name]
            waiting += references_in(used[name])
    return {**schema, "$defs": used}


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
