"""From a self-contained JSON Schema (2020-12) and a profile to the plan of its payloads."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from itertools import takewhile
from typing import TYPE_CHECKING, Any

from contractfuzz.documents.keywords import ANNOTATIONS, KEYWORDS_BY_TYPE, LIMITS_OTHER_PROPERTIES, NEEDS_ORACLE
from contractfuzz.errors import ContractError
from contractfuzz.json_values import canonical, json_type
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.alternatives import Alternatives, Branches
from contractfuzz.payloads.plan.arrays import Array, Contains
from contractfuzz.payloads.plan.cycles import find_cycles
from contractfuzz.payloads.plan.flattening import INEXACT, Schema, flatten, parts_of
from contractfuzz.payloads.plan.guards import Validated
from contractfuzz.payloads.plan.inline import InlineArray, InlineEntries, InlineItems
from contractfuzz.payloads.plan.lengths import LengthDistribution
from contractfuzz.payloads.plan.maps import Entries, Entry
from contractfuzz.payloads.plan.node import Node, Recursive, UnfinishedPlanError, excerpt
from contractfuzz.payloads.plan.number_ranges import find_multiples, integer_range, number_range
from contractfuzz.payloads.plan.objects import Object
from contractfuzz.payloads.plan.profiles import Profile
from contractfuzz.payloads.plan.scalars import DoubtfulInteger, Formatted, Integer, Number, OneOfValues
from contractfuzz.payloads.values import formats

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

LONGEST = 200_000
MOST = 10_000
"""The longest string and the most items or properties that a schema may ask for."""

MOST_SLOTS, WIDEST_SLOTS = 3, 96
"""How many members lie in the block of their container at most, and how many bytes they have together."""

MOST_FURTHER = 1
"""How many choices beyond the block each of these members may take, since they are taken for members that are absent as well."""

ANY_VALUES: tuple[Any, ...] = ("", None, False, 0, "x", [], {}, True, 1.5, -1, "é", [None], {"x": None})
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
BEYOND_PLAN = NEEDS_ORACLE | {INEXACT}
"""Keywords that a plan does not guarantee, alone or together: the oracle checks what it makes."""

_TYPE_ONLY = ANNOTATIONS | {"type", "enum", "const"}


def make_plan(schema: Mapping[str, Any], profile: Profile) -> Node:
    """Return the plan of the payloads of ``schema``, which must be self-contained; ContractError where it has none."""
    try:
        plan = _Planner(schema, profile).plan(schema)
        MINIMAL_CHOICES.part(plan)
    except RecursionError:
        problem = "its types hold each other without an end or too deep to be followed: give a contract of fewer levels"
        raise ContractError(f"no payload can be planned for {schema.get('title', 'the contract')}: {problem}") from None
    return plan


class _Planner:
    def __init__(self, root: Mapping[str, Any], profile: Profile) -> None:
        self.root, self.profile = root, profile
        self.cyclic = find_cycles(root)
        self.recursive: dict[str, Recursive] = {}

    def plan(self, schema: Any) -> Node:
        """Return the node of one schema."""
        if not (isinstance(schema, dict) and schema.get("$ref") in self.cyclic):
            return self._checked(schema)
        key = canonical(schema)
        if key not in self.recursive:
            self.recursive[key] = Recursive(flatten(schema, self.root))
            self.recursive[key].body = self._checked(schema)
        return self.recursive[key]

    def _checked(self, schema: Any) -> Node:
        flat = flatten(schema, self.root)
        node = self._unchecked(flat, schema)
        if not BEYOND_PLAN.isdisjoint(flat) or _speaks_of_others(flat):
            node = Validated(node, self._oracle(schema))
            # What holds itself is not planned to its end yet: then examples are looked for when one is needed.
            with suppress(UnfinishedPlanError):
                _ = node.examples
        if self._is_composed(schema):
            node.whole = self._oracle(schema)
        return node

    def _is_composed(self, schema: Any) -> bool:
        """Return whether there is an ``allOf`` of which one part can be broken and another kept."""
        while isinstance(schema, dict) and "$ref" in schema and "allOf" not in schema:
            schema = parts_of(schema, self.root)[0]
        if not isinstance(schema, dict) or "allOf" not in schema:
            return False
        return (
            sum(not ANNOTATIONS.issuperset(part) for part in parts_of(schema, self.root) if isinstance(part, dict)) > 1
        )

    def _unchecked(self, flat: Schema, schema: Any) -> Node:
        if "enum" in flat or "const" in flat:
            return OneOfValues(flat, self._fitting(flat, schema))
        for keyword in ("oneOf", "anyOf"):
            if keyword in flat:
                return self._branches(flat, schema, {keyword}, flat[keyword])
        if "if" in flat:
            condition = flat["if"]
            fits = {"allOf": [condition, flat.get("then", True)]}
            fits_not = {"allOf": [{"not": condition}, flat.get("else", True)]}
            return self._branches(flat, schema, {"if", "then", "else"}, [fits, fits_not])
        types = flat.get("type")
        if types is None:
            types = [
                name for name, keywords in KEYWORDS_BY_TYPE.items() if any(keyword in flat for keyword in keywords)
            ]
            if not types:
                return OneOfValues(flat, ANY_VALUES)
        if isinstance(types, str):
            return self._of_type(flat, types)
        if len(types) == 1:
            return self._of_type(flat, types[0])
        # The type itself is the whole's to break, not its parts'.
        untyped = {key: value for key, value in flat.items() if key != "type"}
        return Alternatives(flat, [self._of_type(untyped, name) for name in types])

    def _fitting(self, flat: Schema, schema: Any) -> list[Any]:
        """Return the listed values that keep the keywords beside the list."""
        values = flat.get("enum", [flat.get("const")])
        if _TYPE_ONLY.issuperset(flat) and not ("enum" in flat and "const" in flat):
            types = flat.get("type", list(TYPES))
            types = [types] if isinstance(types, str) else types
            fitting = [v for v in values if json_type(v) in types or (json_type(v) == "integer" and "number" in types)]
        else:
            fitting = list(filter(self._oracle(schema).is_valid, values))
        if not fitting:
            raise ContractError(f"no listed value is allowed in {excerpt(flat)}: mend what stands beside the list")
        return fitting

    def _branches(self, flat: Schema, schema: Any, keywords: set[str], branches: Iterable[Any]) -> Node:
        # What is not evaluated by the base may be by a branch: so this is left to the whole's own check.
        left_out = keywords | {"unevaluatedProperties", "unevaluatedItems"}
        base = {key: value for key, value in flat.items() if key not in left_out}
        nodes = []
        # Where a payload has to end it takes the first branch: one that does not lead back to itself.
        for branch in sorted(branches, key=self._leads_back):
            try:
                nodes.append(self._checked({"allOf": [base, branch]}))
            except ContractError:
                continue
        if not nodes:
            raise ContractError(f"no branch can hold beside {excerpt(base)}: mend the contract")
        return Branches(flat, nodes, self._oracle(schema), open_=not _TYPE_ONLY.issuperset(base) or "if" in keywords)

    def _leads_back(self, branch: Any) -> bool:
        text = canonical(branch) if self.cyclic else ""
        return any(f'"$ref": {canonical(reference)}' in text for reference in self.cyclic)

    def _of_type(self, flat: Schema, name: str) -> Node:
        match name:
            case "null":
                return OneOfValues(flat, [None])
            case "boolean":
                return OneOfValues(flat, [False, True])
            case "integer":
                return self._integer(flat)
            case "number":
                return self._number(flat)
            case "string":
                return self._string(flat)
            case "array":
                return self._array(flat)
            case "object":
                return self._object(flat)
        raise ContractError(f"unknown type {name!r} in {excerpt(flat)}: the types are {', '.join(TYPES)}")

    # --- numbers --------------------------------------------------------------------------------------------------------

    def _integer(self, flat: Schema) -> Node:
        step = flat.get("multipleOf", 1)
        if step != int(step):
            return self._multiples(flat, step, whole=True)
        low, high = integer_range(flat)
        node = (DoubtfulInteger if self.profile.doubtful else Integer)(flat, low, high, int(step))
        if node.first > node.last:
            raise ContractError(f"no integer lies within the bounds of {excerpt(flat)}: mend the contract")
        return node

    def _number(self, flat: Schema) -> Node:
        if "multipleOf" in flat:
            return self._multiples(flat, flat["multipleOf"], whole=False)
        low, high = number_range(flat)
        if low > high:
            raise ContractError(f"no number lies within the bounds of {excerpt(flat)}: mend the contract")
        return Number(flat, low, high)

    def _multiples(self, flat: Schema, step: float, *, whole: bool) -> Node:
        values = find_multiples(float(step), *number_range(flat), whole=whole)
        if not values:
            raise ContractError(f"no multiple of {step} lies within the bounds of {excerpt(flat)}: mend the contract")
        return OneOfValues(flat, values)

    # --- strings --------------------------------------------------------------------------------------------------------

    def _string(self, flat: Schema) -> Node:
        form = flat.get("format")
        low, high = self._sizes(flat, "minLength", "maxLength", LONGEST)
        bounded = low > 0 or high is not None
        if "pattern" in flat:
            return _from_examples(flat)
        doubted = self.profile.doubtful_texts.get(form or "", ())
        if form is not None and form in self.profile.formats and not bounded and not doubted:
            return Formatted(flat, *self.profile.formats[form])
        if form in formats.FORMAT_EXAMPLES or form in formats.FORMAT_DECODERS:
            listed = [*(formats.FORMAT_EXAMPLES.get(form) or _decoded(form)), *doubted]
            values = [value for value in listed if low <= len(value) and (high is None or len(value) <= high)]
            if values:
                return OneOfValues(flat, values)
        if form is not None and is_checked_format(form):
            return _from_examples(flat)
        return self.profile.text(flat, low, high)

    # --- containers -----------------------------------------------------------------------------------------------------

    def _array(self, flat: Schema) -> Node:
        low, high = self._sizes(flat, "minItems", "maxItems", MOST)
        # Behind an item that no value can be there is none.
        planned = [self._possible(schema) for schema in flat.get("prefixItems", ())]
        # An item that may hold its array again comes only where it must: every array would hold another one.
        planned = [None if isinstance(node, Recursive) and i >= low else node for i, node in enumerate(planned)]
        prefix = [node for node in takewhile(lambda node: node is not None, planned) if node is not None][:high]
        ends = len(prefix) < len(planned)
        items = flat.get("items", True)
        contains = self._contains(flat, items) if "contains" in flat and not ends and items is not False else None
        item = None if ends else self._possible(items) if contains is None else contains.rest
        if item is None:
            if low > len(prefix):
                raise ContractError(
                    f"minItems asks for more items than there can be in {excerpt(flat)}: mend the contract"
                )
            return Array(flat, prefix, None, LengthDistribution(0, 0, ()))
        least = max(0, max(low, 0 if contains is None else contains.low) - len(prefix))
        most = None if high is None else high - len(prefix)
        counts = self._counts(item, least, most)
        slots = self._slots(item, counts) if not prefix and contains is None and not flat.get("uniqueItems") else None
        return Array(flat, prefix, item, counts, contains) if slots is None else InlineArray(flat, counts, slots)

    def _contains(self, flat: Schema, items: Any) -> Contains | None:
        wanted = flat["contains"]
        low, high = int(flat.get("minContains", 1)), flat.get("maxContains")
        matching = self._possible({"allOf": [items, wanted]})
        if matching is None:
            # Without a minimum, or where the prefix may have what is asked for, the other items need not.
            if not low or "prefixItems" in flat:
                return None
            raise ContractError(f"no item can be what contains asks for in {excerpt(flat)}: mend the contract")
        other = self._possible({"allOf": [items, {"not": wanted}]})  # None where every item matches
        rest = self.plan(items) if high is None or other is None else other
        return Contains(matching, rest, other, low, None if high is None else int(high))

    def _possible(self, schema: Any) -> Node | None:
        """Return the node of a schema that payloads can do without; None where no value keeps it."""
        try:
            return self.plan(schema)
        except ContractError:
            return None

    def _object(self, flat: Schema) -> Node:
        declared = dict(flat.get("properties", {}))
        patterns = {re.compile(pattern): schema for pattern, schema in flat.get("patternProperties", {}).items()}
        further = flat.get("additionalProperties", True)
        names = flat.get("propertyNames", True)
        required = list(flat.get("required", ()))
        dependents = flat.get("dependentRequired", {})
        for name in [*required, *dependents, *(name for asked in dependents.values() for name in asked)]:
            declared.setdefault(name, True if any(p.search(name) for p in patterns) else further)
        properties: dict[str, Node] = {}
        for name, schema in declared.items():
            parts = [part for pattern, part in patterns.items() if pattern.search(name)]
            whole = {"allOf": [schema, *parts]} if parts else schema
            # A property that no value can have is left out; a required one makes the object impossible.
            node = self.plan(whole) if name in required else self._possible(whole)
            if node is not None:
                properties[name] = node
        low, high = self._sizes(flat, "minProperties", "maxProperties", MOST)
        spare = None if high is None else max(0, high - len(required))
        entries = []
        wanting = low > len(properties) or names is not True
        value = self._possible(further) if wanting or further not in (True, {}) else None
        if value is not None:
            least = max(0, low - len(required))

            def accepts(name: str) -> bool:
                return name not in declared and not (patterns and any(pattern.search(name) for pattern in patterns))

            key = self.plan({"allOf": [{"type": "string"}, names]} if names is not True else {"type": "string"})
            takes = accepts if names is True else _both(accepts, self._oracle(names).is_valid)
            entries.append(self._entries(Entry(key, value), self._counts(value, least, spare), takes, "*"))
        for pattern, schema in patterns.items():
            value = self._possible(schema)
            if value is None:
                continue
            named = {"pattern": pattern.pattern}
            takes = _both(lambda name: name not in declared, self._oracle({"allOf": [named, names]}).is_valid)
            entry = Entry(_from_examples(named), value)
            token = f"*({pattern.pattern})"
            entries.append(self._entries(entry, self._counts(value, 0, spare), takes, token))
        entries = [one for one in entries if one.names]
        closed = entries or not LIMITS_OTHER_PROPERTIES.isdisjoint(flat) or further not in (True, {})
        return Object(
            flat,
            properties,
            frozenset(required),
            entries,
            presence=self.profile.presence,
            extras=None if closed else self.profile.extras,
        )

    def _counts(self, item: Node, low: int, high: int | None) -> LengthDistribution:
        extra = self.profile.leaf_counts if _is_leaf(item) else self.profile.counts
        return LengthDistribution(low, high, extra, self.profile.bounded)

    def _entries(self, entry: Entry, counts: LengthDistribution, accepts: Callable[[str], bool], token: str) -> Entries:
        slots = self._slots(entry, counts)
        if slots is None:
            return Entries(entry, counts, accepts, token)
        return InlineEntries(entry, counts, accepts, token, slots)

    def _slots(self, member: Node, counts: LengthDistribution) -> InlineItems | None:
        """Return the slots of members that may lie in the block of their container: few, narrow, with few further choices."""
        count = MOST_SLOTS if counts.high is None else min(MOST_SLOTS, counts.high)
        takes_few = member.extra_draws is not None and member.extra_draws <= MOST_FURTHER
        if self.profile.slots is None or counts.low or not count or not takes_few:
            return None
        slots = InlineItems(member, count, self.profile.slots)
        return slots if slots.width <= WIDEST_SLOTS else None

    def _sizes(self, flat: Schema, least: str, most: str, limit: int) -> tuple[int, int | None]:
        low, high = int(flat.get(least, 0)), flat.get(most)
        if high is not None and low > high:
            raise ContractError(f"{least} is above {most} in {excerpt(flat)}: mend the contract")
        if low > limit:
            raise ContractError(f"{least} asks for more than {limit} in {excerpt(flat)}: such payloads are not made")
        return low, None if high is None else int(high)

    def _oracle(self, schema: Any) -> Oracle:
        # Loaded only by contracts that need it while they are planned.
        from contractfuzz.oracle import Oracle

        return Oracle(schema, self.root)


def _speaks_of_others(flat: Schema) -> bool:
    """Return whether a schema says of arrays or objects, which it does not allow, what may be in them.

    Then what is of the wrong type may be wrong inside as well, and not only at its own place.
    """
    types = flat.get("type", ["array", "object"])
    return any(
        name not in types and any(keyword in flat for keyword in KEYWORDS_BY_TYPE[name]) for name in ("array", "object")
    )


def _is_leaf(node: Node) -> bool:
    """Return whether no number of items is decided within ``node``."""
    if isinstance(node, Array | Recursive) or (isinstance(node, Object) and node.entries):
        return False
    if isinstance(node, Alternatives):
        return all(map(_is_leaf, node.alternatives))
    return all(_is_leaf(hop.child) for hop in node.hops())


def _both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: one(name) and other(name)


def _from_examples(flat: Schema, candidates: Iterable[str] = ()) -> Node:
    from contractfuzz.payloads.values.pattern_examples import find_examples

    return OneOfValues(flat, find_examples({**flat, "type": "string"}, candidates))


def _decoded(form: str | None) -> Sequence[str]:
    """Return values of a format that is decided byte by byte, the shortest first; of others none."""
    if form not in formats.FORMAT_DECODERS:
        return []
    width, decode = formats.FORMAT_DECODERS[form]
    stream = SeededChoices(f"decoded:{form}".encode())
    return sorted(
        {decode(stream.block(width), 0) for _ in range(200)} | {decode(bytes(width), 0)}, key=lambda s: (len(s), s)
    )


def is_checked_format(name: str) -> bool:
    """Return whether the oracle checks strings of this format; of others, any string keeps it."""
    from jsonschema import Draft202012Validator

    return name in Draft202012Validator.FORMAT_CHECKER.checkers
