"""Planning: from a self-contained JSON Schema (2020-12) and a profile to the plan of its payloads.

This module plans references, lists of values and branches. The modules of the types (``arrays``, ``objects``, ``numbers``,
``strings``) plan what remains.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from contractfuzz.documents.keywords import ANNOTATIONS, KEYWORDS_BY_TYPE, NEEDS_ORACLE
from contractfuzz.documents.recursion import find_cyclic_references
from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.plan.alternatives import Alternatives, OneOfValues
from contractfuzz.payloads.plan.arrays import plan_array
from contractfuzz.payloads.plan.context import Planner, Profile, excerpt
from contractfuzz.payloads.plan.flattening import INEXACT, flatten, parts_of
from contractfuzz.payloads.plan.guards import Branches, Validated
from contractfuzz.payloads.plan.node import Node, Recursive, Schema, UnfinishedPlanError, has_type
from contractfuzz.payloads.plan.numbers import plan_integer, plan_number
from contractfuzz.payloads.plan.objects import plan_object
from contractfuzz.payloads.plan.strings import plan_string

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

ANY_VALUES: tuple[Any, ...] = ("", None, False, 0, "x", [], {}, True, 1.5, -1, "é", [None], {"x": None})
"""Values for a schema without keywords, simplest first."""

TYPE_PLANNERS: dict[str, Callable[[Planner, Schema], Node]] = {
    "null": lambda _, schema: OneOfValues(schema, [None]),
    "boolean": lambda _, schema: OneOfValues(schema, [False, True]),
    "integer": plan_integer,
    "number": plan_number,
    "string": plan_string,
    "array": plan_array,
    "object": plan_object,
}

BEYOND_PLAN = NEEDS_ORACLE | {INEXACT}
"""Keywords that a plan does not guarantee, alone or together: the oracle checks each payload."""

_UNEVALUATED = frozenset({"unevaluatedProperties", "unevaluatedItems"})
_TYPE_ONLY = ANNOTATIONS | {"type", "enum", "const"}


def make_plan(schema: Schema, profile: Profile) -> Node:
    """Return the plan of a self-contained schema.

    Raises:
        ContractError: no payload keeps the schema, or its types contain each other too deeply.

    """
    try:
        plan = SchemaPlanner(schema, profile).plan(schema)
        MINIMAL_CHOICES.build(plan)
    except BaseException as error:
        if not _is_stack_overflow(error):
            raise
        problem = "its types contain each other without end or too deeply: give a contract with fewer levels"
        raise ContractError(f"no payload can be planned for {schema.get('title', 'the contract')}: {problem}") from None
    for node in _recursive_nodes(plan):
        _check_smallest_value(node)
    return plan


def _recursive_nodes(plan: Node) -> Iterator[Node]:
    seen: set[int] = set()
    waiting = [plan]
    while waiting:
        node = waiting.pop()
        if id(node) in seen:
            continue
        seen.add(id(node))
        waiting += [*(step.child for step in node.steps()), *node.branches]
        if node.is_recursive:
            yield node


def _check_smallest_value(node: Node) -> None:
    """Raise a ContractError if the smallest value of a recursive node has no end."""
    try:
        MINIMAL_CHOICES.build(node)
    except BaseException as error:
        if not _is_stack_overflow(error):
            raise
        problem = "its smallest value contains itself without end: make a property in it optional"
        raise ContractError(f"no payload can be planned for {excerpt(node.schema)}: {problem}") from None


def _is_stack_overflow(error: BaseException) -> bool:
    # Within rpds, which jsonschema uses, an overflow of the stack becomes a PanicException, which cannot be imported.
    return isinstance(error, RecursionError) or type(error).__name__ == "PanicException"


class SchemaPlanner:
    """The planner of one root schema for one profile; see ``Planner`` for its methods."""

    def __init__(self, root: Schema, profile: Profile) -> None:
        self.root, self.profile = root, profile
        self._cyclic = find_cyclic_references(root)
        self._recursive: dict[str, Recursive] = {}

    def plan(self, schema: Any) -> Node:
        if not (isinstance(schema, dict) and schema.get("$ref") in self._cyclic):
            return self._plan_guarded(schema)
        key = canonical(schema)
        if key not in self._recursive:
            self._recursive[key] = Recursive(flatten(schema, self.root))
            self._recursive[key].body = self._plan_guarded(schema)
        return self._recursive[key]

    def plan_if_possible(self, schema: Any) -> Node | None:
        try:
            return self.plan(schema)
        except ContractError:
            return None

    def oracle(self, schema: Any) -> Oracle:
        # Loads jsonschema, which contracts with plain keywords do not need.
        from contractfuzz.oracle import Oracle

        return Oracle(schema, self.root)

    def _plan_guarded(self, schema: Any) -> Node:
        """Plan a schema, and have the oracle check what the plan does not guarantee."""
        flat = flatten(schema, self.root)
        node = self._plan_flat(flat, schema)
        if not BEYOND_PLAN.isdisjoint(flat) or _describes_other_types(flat):
            node = Validated(node, self.oracle(schema))
            # A recursive node is still unfinished here: its examples are searched for on first use.
            with suppress(UnfinishedPlanError):
                _ = node.examples
        if self._is_composed(schema):
            node.all_of_oracle = self.oracle(schema)
        return node

    def _is_composed(self, schema: Any) -> bool:
        """Return True if a schema is an ``allOf`` with two parts or more that a payload can break."""
        while isinstance(schema, dict) and "$ref" in schema and "allOf" not in schema:
            schema = parts_of(schema, self.root)[0]
        if not isinstance(schema, dict) or "allOf" not in schema:
            return False
        parts = [part for part in parts_of(schema, self.root) if isinstance(part, dict)]
        return sum(not ANNOTATIONS.issuperset(part) for part in parts) > 1

    def _plan_flat(self, flat: Schema, schema: Any) -> Node:
        """Plan the flat keywords of ``schema``."""
        if "enum" in flat or "const" in flat:
            return OneOfValues(flat, self._allowed_values(flat, schema))
        for keyword in ("oneOf", "anyOf"):
            if keyword in flat:
                return self._plan_branches(flat, schema, {keyword}, flat[keyword])
        if "if" in flat:
            condition = flat["if"]
            branches = [
                {"allOf": [condition, flat.get("then", True)]},
                {"allOf": [{"not": condition}, flat.get("else", True)]},
            ]
            return self._plan_branches(flat, schema, {"if", "then", "else"}, branches)
        types = _types_of(flat)
        if not types:
            return OneOfValues(flat, ANY_VALUES)
        if len(types) == 1:
            return self._plan_type(flat, types[0])
        # A violation of `type` belongs to the whole, not to the branches.
        untyped = {key: value for key, value in flat.items() if key != "type"}
        return Alternatives(flat, [self._plan_type(untyped, name) for name in types])

    def _plan_type(self, flat: Schema, name: str) -> Node:
        if name not in TYPE_PLANNERS:
            raise ContractError(f"unknown type {name!r} in {excerpt(flat)}: the types are {', '.join(TYPE_PLANNERS)}")
        return TYPE_PLANNERS[name](self, flat)

    def _allowed_values(self, flat: Schema, schema: Any) -> list[Any]:
        """Return the listed values that keep the keywords next to the list."""
        values = flat.get("enum", [flat.get("const")])
        if _TYPE_ONLY.issuperset(flat) and not ("enum" in flat and "const" in flat):
            types = flat.get("type", list(TYPE_PLANNERS))
            types = [types] if isinstance(types, str) else types
            allowed = [value for value in values if has_type(types, value)]
        else:
            is_valid = self.oracle(schema).is_valid
            allowed = [value for value in values if is_valid(value)]
        if not allowed:
            raise ContractError(
                f"no listed value is allowed in {excerpt(flat)}: correct the list or the keywords next to it"
            )
        return allowed

    def _plan_branches(self, flat: Schema, schema: Any, keywords: set[str], branches: Iterable[Any]) -> Node:
        # A branch may evaluate what the base does not, so only the oracle of the whole can judge these keywords.
        left_out = keywords | _UNEVALUATED
        base = {key: value for key, value in flat.items() if key not in left_out}
        nodes = []
        # The simplest choice is the first branch: it must not recurse, or the smallest payload would have no end.
        for branch in sorted(branches, key=self._is_recursive):
            with suppress(ContractError):
                nodes.append(self._plan_guarded({"allOf": [base, branch]}))
        if not nodes:
            raise ContractError(f"no branch can hold together with {excerpt(base)}: correct one of them")
        has_base = not _TYPE_ONLY.issuperset(base) or "if" in keywords
        return Branches(flat, nodes, self.oracle(schema), has_base=has_base)

    def _is_recursive(self, branch: Any) -> bool:
        text = canonical(branch) if self._cyclic else ""
        return any(f'"$ref": {canonical(reference)}' in text for reference in self._cyclic)


def _types_of(flat: Schema) -> list[str]:
    """Return the types of a schema: those that it names, or else those that its keywords describe."""
    types = flat.get("type")
    if types is None:
        return [name for name, keywords in KEYWORDS_BY_TYPE.items() if not keywords.isdisjoint(flat)]
    return [types] if isinstance(types, str) else list(types)


def _describes_other_types(flat: Schema) -> bool:
    """Return True if a schema describes the contents of arrays or objects, but its ``type`` does not allow them.

    A value of the wrong type can then be wrong inside as well, not only at its own location.
    """
    types = flat.get("type", ["array", "object"])
    return any(name not in types and not KEYWORDS_BY_TYPE[name].isdisjoint(flat) for name in ("array", "object"))
