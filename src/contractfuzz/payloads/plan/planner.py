"""Planning: from a self-contained JSON Schema (2020-12) and a profile to the plan of its payloads.

This module plans references, lists of values and branches. The modules of the types (``arrays``, ``objects``, ``numbers``,
``strings``) plan what remains.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable, Sequence
from contextlib import suppress
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any

from contractfuzz.documents.keywords import ANNOTATIONS, NEEDS_ORACLE
from contractfuzz.documents.recursion import (
    MAX_APPLIED,
    find_cyclic_references,
    find_multiplied_reference,
    references_in,
)
from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.plan.alternatives import Alternatives, OneOfValues
from contractfuzz.payloads.plan.arrays import plan_array
from contractfuzz.payloads.plan.context import LARGER_VALUES, Planner, Profile, excerpt
from contractfuzz.payloads.plan.examples import with_examples
from contractfuzz.payloads.plan.flattening import (
    INEXACT,
    describes_other_types,
    direct_references,
    flatten,
    forbids_everything,
    key_of,
    parts_of,
    types_of,
)
from contractfuzz.payloads.plan.guards import Branches, NoValuesError, Validated, without_values
from contractfuzz.payloads.plan.node import Node, Schema, UnfinishedPlanError, has_type
from contractfuzz.payloads.plan.numbers import as_integer, plan_integer, plan_number
from contractfuzz.payloads.plan.objects import plan_object
from contractfuzz.payloads.plan.strings import plan_string
from contractfuzz.payloads.plan.termination import Recursive, check_smallest_size, ensure_termination
from contractfuzz.payloads.values.documented import ExampleJudges
from contractfuzz.payloads.values.multiples import may_be_multiple
from contractfuzz.unions.branch import Branch, condition_branches, dependent_branches, union_branches

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle
    from contractfuzz.unions.union import Union

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
MAX_SHARED_WIDTH = 4_096
"""Width of the node of a reference, in bytes, from which on it gets blocks of its own: widths add up along each path."""

_RECURSIVE, _VALIDATED = "$recursive", "$validated"
_TYPE_ONLY = ANNOTATIONS | {"type", "enum", "const"}


def make_plan(schema: Schema, profile: Profile, root: Schema | None = None) -> Node:
    """Return the plan of a schema.

    Args:
        schema: the schema.
        profile: the profile of the payloads.
        root: the document that the ``$ref``s of ``schema`` refer to; by default ``schema`` itself.

    Raises:
        ContractError: no payload keeps the schema, or its types contain each other too deeply.

    """
    try:
        plan = SchemaPlanner(schema if root is None else root, profile).plan_whole(schema)
        MINIMAL_CHOICES.build(plan)
    except BaseException as error:
        if not _is_stack_overflow(error):
            raise
        problem = "its types contain each other without end or too deeply: give a contract with fewer levels"
        raise ContractError(f"no payload can be planned for {schema.get('title', 'the contract')}: {problem}") from None
    return plan


def _is_stack_overflow(error: BaseException) -> bool:
    # Within rpds, which jsonschema uses, an overflow of the stack becomes a PanicException, which cannot be imported.
    return isinstance(error, RecursionError) or type(error).__name__ == "PanicException"


class SchemaPlanner:
    """The planner of one root schema for one profile; see ``Planner`` for its methods.

    A schema that refers to a recursive one, alone or in ``allOf``, becomes a recursive node. Its body is planned later, after
    the schemas around it, so planning does not go deeper with each reference. If it turns out that a body has no values,
    planning starts again without it.
    """

    def __init__(self, root: Schema, profile: Profile) -> None:
        self.root, self.profile, self._judges = root, profile, ExampleJudges(root)
        self._cyclic = find_cyclic_references(root)
        self._shared: dict[str, Node] = {}
        self._waiting: deque[tuple[str, Recursive, Any]] = deque()
        self._unchecked: list[Validated] = []
        self._sources: dict[Node, tuple[str, Any]] = {}
        self._impossible: dict[tuple[str, str], str] = {}
        self._refused: dict[str, str] = {}

    def plan_whole(self, schema: Schema) -> Node:
        """Return the plan of a whole payload.

        Args:
            schema: its schema: the root, or a schema with references to it.

        Raises:
            ContractError: no payload keeps it.

        """
        definitions: dict[str, Any] = {f"#/$defs/{name}": part for name, part in self.root.get("$defs", {}).items()}
        if reference := find_multiplied_reference({"#": dict(self.root), **definitions}):
            problem = f"{reference} applies the same types to one value more than {MAX_APPLIED} times"
            raise ContractError(f"{problem}: combine fewer `$ref`s to them in allOf, anyOf or oneOf")
        while True:
            plan = self.plan(schema)
            known = len(self._impossible)
            self._plan_bodies()
            if len(self._impossible) == known:
                self._check_ends(plan)
            if len(self._impossible) == known:
                check_smallest_size(plan)
                return plan
            self._shared.clear()
            self._sources.clear()
            self._unchecked.clear()

    def _plan_bodies(self) -> None:
        """Plan the bodies of recursive nodes, and remember those that have no values."""
        bodies: list[tuple[Recursive, Node]] = []
        while self._waiting:
            key, node, schema = self._waiting.popleft()
            try:
                bodies.append((node, self._plan_guarded(schema)))
            except ContractError as error:
                self._impossible[_RECURSIVE, key] = str(error)
        # Until all are planned, a value that contains recursive values cannot be built.
        for node, body in bodies:
            node.body = body

    def _check_ends(self, plan: Node) -> None:
        """Remember the schemas without finite values, and those whose values the oracle refuses."""
        if not self._cyclic:
            return
        recursive = [node for node in self._shared.values() if isinstance(node, Recursive)]
        endless = [self._sources[node] for node in ensure_termination([plan, *recursive]) if node in self._sources]
        for kind, schema in endless:
            problem = f"no finite payload keeps {excerpt(schema)}: make what repeats in it optional"
            self._impossible[kind, canonical(schema)] = problem
        for node in () if endless else self._unchecked:
            try:
                node.check()
            except NoValuesError as error:
                # The node may hold another one without values. Without that one, it may have some.
                kind, schema = self._sources[error.node]
                self._impossible[kind, canonical(schema)] = str(error)

    def _refuse_impossible(self, kind: str, schema: Any) -> None:
        if self._impossible and (problem := self._impossible.get((kind, canonical(schema)))):
            raise ContractError(problem)

    def plan(self, schema: Any) -> Node:
        references = direct_references(schema)
        if not references:
            return self._plan_guarded(schema)
        key = key_of(schema)
        if key not in self._shared:
            if self._cyclic.isdisjoint(references):
                self._shared[key] = _separate(self._plan_guarded(schema))
            elif (_RECURSIVE, key) in self._impossible:
                raise ContractError(self._impossible[_RECURSIVE, key])
            else:
                self._shared[key] = node = Recursive(flatten(schema, self.root))
                self._waiting.append((key, node, schema))
        return self._shared[key]

    def plan_if_possible(self, schema: Any) -> Node | None:
        try:
            return self.plan(schema)
        except ContractError:
            return None

    def oracle(self, schema: Any) -> Oracle:
        return self._root_oracle.for_schema(schema)

    @cached_property
    def _root_oracle(self) -> Oracle:
        # Loads jsonschema, which contracts with plain keywords do not need.
        from contractfuzz.oracle import Oracle

        return Oracle(self.root)

    def _plan_guarded(self, schema: Any) -> Node:
        """Plan a schema, and have the oracle check what the plan does not guarantee."""
        flat = flatten(schema, self.root)
        if forbids_everything(flat):
            raise without_values(flat)
        try:
            node = self._plan_checked(flat, schema)
        except ContractError:
            if "enum" in flat or "const" in flat or not (others := self._other_values(schema)):
                raise
            node = Validated(OneOfValues(flat, others), self.oracle(schema))
        node = with_examples(node, flat, partial(self._judges.judge, schema)) if self.profile.uses_examples else node
        if self._is_composed(schema):
            node.all_of_oracle = self.oracle(schema)
        return node

    def _other_values(self, schema: Any) -> list[Any]:
        """Return values that keep a schema although its keywords describe none of them."""
        is_valid = self.oracle(schema).is_valid
        return [value for value in (*ANY_VALUES, *LARGER_VALUES) if is_valid(value)]

    def _plan_checked(self, flat: Schema, schema: Any) -> Node:
        """Plan the flat keywords of ``schema``; the oracle checks values that the plan does not guarantee."""
        node = self._plan_flat(flat, schema)
        if not BEYOND_PLAN.isdisjoint(flat) or describes_other_types(flat):
            is_union = BEYOND_PLAN.intersection(flat) == {"oneOf"} and not describes_other_types(flat)
            exclusive = is_union and not self.profile.doubtful_texts
            return self._validate(node, schema, needs_exclusive_branches=exclusive)
        return node

    def _validate(self, node: Node, schema: Any, *, needs_exclusive_branches: bool) -> Validated:
        self._refuse_impossible(_VALIDATED, schema)
        key = canonical(schema)
        if key in self._refused:
            raise ContractError(self._refused[key])
        validated = Validated(node, self.oracle(schema), needs_exclusive_branches=needs_exclusive_branches)
        self._sources[validated] = _VALIDATED, schema
        try:
            validated.check()
        except UnfinishedPlanError:
            self._unchecked.append(validated)
        except ContractError as error:
            self._refused[key] = str(error)
            raise
        return validated

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
                return self._plan_union(flat, schema, keyword)
        if "if" in flat or flat.get("dependentSchemas"):
            return self._plan_conditions(flat, schema)
        types = types_of(flat)
        if not types:
            return OneOfValues(flat, ANY_VALUES)
        if "type" in flat and len(types) == 1:
            return self._plan_type(flat, types[0])
        return self._plan_types(flat, types)

    def _plan_types(self, flat: Schema, types: Sequence[str]) -> Node:
        """Plan the types that have values. If keywords describe only types without values, the values of others remain."""
        # A violation of `type` belongs to the whole, not to the branches.
        untyped = flat if len(types) == 1 else {key: value for key, value in flat.items() if key != "type"}
        nodes, problems = [], []
        for name in types:
            try:
                nodes.append(self._plan_type(untyped, name))
            except ContractError as error:
                problems.append(error)
        if not nodes and "type" not in flat:
            described = {*types, *(("integer",) if "number" in types else ())}
            others = [value for value in ANY_VALUES if json_type(value) not in described]
            return OneOfValues(flat, others)
        if not nodes:
            raise problems[0]
        return nodes[0] if len(types) == 1 else Alternatives(flat, nodes)

    def _plan_type(self, flat: Schema, name: str) -> Node:
        if name not in TYPE_PLANNERS:
            raise ContractError(f"unknown type {name!r} in {excerpt(flat)}: the types are {', '.join(TYPE_PLANNERS)}")
        self._refuse_impossible(name, flat)
        node = TYPE_PLANNERS[name](self, flat)
        self._sources[node] = name, flat
        return node

    def _allowed_values(self, flat: Schema, schema: Any) -> list[Any]:
        """Return the listed values that keep the keywords next to the list."""
        values = flat.get("enum", [flat.get("const")])
        types = flat.get("type", list(TYPE_PLANNERS))
        types = [types] if isinstance(types, str) else types
        if "integer" in types and "number" not in types:
            values = [as_integer(value) for value in values]
        if _TYPE_ONLY.issuperset(flat) and not ("enum" in flat and "const" in flat):
            allowed = [value for value in values if has_type(types, value) or _is_long_integer(types, value)]
        else:
            # Without the list, whose check would take time for each of its values.
            keywords = {keyword: value for keyword, value in flat.items() if keyword != "enum"}
            is_valid = self.oracle(schema if INEXACT in flat or "enum" not in flat else keywords).is_valid
            # Validators disagree about some multiples.
            step = flat.get("multipleOf")
            allowed = [value for value in values if is_valid(value) and (step is None or may_be_multiple(value, step))]
        if not allowed:
            raise ContractError(
                f"no listed value is allowed in {excerpt(flat)}: correct the list or the keywords next to it"
            )
        return allowed

    def _plan_union(self, flat: Schema, schema: Any, keyword: str) -> Node:
        """Plan the branches of ``oneOf`` or ``anyOf``."""
        base = {key: value for key, value in flat.items() if key not in {keyword, "discriminator"} | _UNEVALUATED}
        union = self._root_oracle.unions.find(flat[keyword], flat)
        facts = self._root_oracle.unions.facts.facts_of(base)
        details = union_branches(union, facts, has_base=not _TYPE_ONLY.issuperset(base))
        return self._plan_branches(
            flat, schema, base, [(one, self._with_hint(union, one.index)) for one in details], union
        )

    def _with_hint(self, union: Union, index: int) -> Any:
        """Return a branch with the value of the property that a discriminator names, if the branch does not list any."""
        branch, values = union.branches[index], [value for value, target in union.hints.items() if target == index]
        if union.hint is None or not values or union.hint in union.facts[index].tags:
            return branch
        narrow = {"allOf": [branch, {"properties": {union.hint: {"enum": values}}, "required": [union.hint]}]}
        with suppress(ContractError):
            return branch if INEXACT in flatten(narrow, self.root) else narrow
        return branch

    def _plan_conditions(self, flat: Schema, schema: Any) -> Node:
        """Plan the branches of ``if``, or else of ``dependentSchemas``."""
        unions = self._root_oracle.unions
        if "if" in flat:
            left_out = {"if", "then", "else"} | _UNEVALUATED
            branches = condition_branches(flat, unions)
        else:
            left_out = {"dependentSchemas"} | _UNEVALUATED
            branches = dependent_branches(flat["dependentSchemas"], unions)
        base = {key: value for key, value in flat.items() if key not in left_out}
        return self._plan_branches(flat, schema, base, branches, None)

    def _plan_branches(
        self, flat: Schema, schema: Any, base: Schema, branches: Sequence[tuple[Branch, Any]], union: Union | None
    ) -> Node:
        # A branch may evaluate what the base does not, so only the oracle of the whole can judge these keywords.
        nodes, details, parts = [], [], []
        # The simplest choice is the first branch: it must not recurse, or the smallest payload would have no end.
        for branch, inner in sorted(branches, key=lambda pair: self._is_recursive(pair[1])):
            part = inner if ANNOTATIONS.issuperset(base) else {"allOf": [base, inner]}
            with suppress(ContractError):
                nodes.append(self.plan(part))
                details.append(branch)
                parts.append(part)
        if not nodes:
            raise ContractError(f"no branch can hold together with {excerpt(base)}: correct one of them")
        facts = self._root_oracle.unions.facts.facts_of(base)
        return Branches(flat, nodes, self.oracle(schema), details, parts, union=union, base=facts)

    def _is_recursive(self, branch: Any) -> bool:
        return bool(self._cyclic) and not self._cyclic.isdisjoint(references_in(branch))


def _separate(node: Node) -> Node:
    """Return a node whose values are built from a block of their own if that of ``node`` is wide."""
    if node.width <= MAX_SHARED_WIDTH:
        return node
    separate = Recursive(node.schema)
    separate.body = node
    return separate


def _is_long_integer(types: Iterable[str], value: Any) -> bool:
    """Return True if a value is an integer that only a float can spell, and one of the types is ``integer``."""
    return "integer" in types and isinstance(value, float) and value.is_integer()
