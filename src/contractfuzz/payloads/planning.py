"""From a self-contained JSON Schema (2020-12) and a profile to the plan of its payloads."""

from __future__ import annotations

import json
import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads import formats
from contractfuzz.payloads.choices import SIMPLEST, Entropy
from contractfuzz.payloads.flattening import Schema, flatten, resolve
from contractfuzz.payloads.nodes import (
    Array,
    Checked,
    DoubtfulInteger,
    Entries,
    Entry,
    Formatted,
    Integer,
    Node,
    Number,
    Object,
    OneOfValues,
    Recursive,
    Text,
    Union,
    canonical,
    json_type,
)  # fmt: skip
from contractfuzz.payloads.profiles import Profile

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

SAFE_INTEGER = 2**53 - 1
"""Beyond this, integers are not interoperable (RFC 8259, section 6): used where a schema sets no bound."""

WIDE = 1e9
ANY_VALUES: tuple[Any, ...] = ("", None, False, 0, "x", [], {}, True, 1.5, -1, "é", [None], {"x": None})
TYPES = ("null", "boolean", "integer", "number", "string", "array", "object")
HINTS = {
    "object": (
        "properties",
        "required",
        "additionalProperties",
        "patternProperties",
        "minProperties",
        "maxProperties",
        "propertyNames",
    ),
    "array": ("items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains"),
    "string": ("minLength", "maxLength", "pattern", "format"),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
"""Which keywords speak of which type: where a schema names no type, its payloads are of those that it speaks of."""

BEYOND_PLAN = frozenset(
    {"allOf", "oneOf", "not", "if", "dependentSchemas", "contains", "unevaluatedItems", "unevaluatedProperties"}
)
"""Keywords that a plan does not follow: the oracle checks what it makes."""


def make_plan(schema: Mapping[str, Any], profile: Profile) -> Node:
    """Return the plan of the payloads of ``schema``, which must be self-contained; ContractError where it has none."""
    return _Planner(schema, profile).plan(schema)


class _Planner:
    def __init__(self, root: Mapping[str, Any], profile: Profile) -> None:
        self.root, self.profile = root, profile
        self.cyclic = find_cycles(root)
        self.recursive: dict[str, Recursive] = {}

    def plan(self, schema: Any) -> Node:
        """Return the node of one schema."""
        if not (isinstance(schema, dict) and schema.get("$ref") in self.cyclic):
            return self._checked(flatten(schema, self.root))
        key = canonical(schema)
        if key not in self.recursive:
            flat = flatten(schema, self.root)
            self.recursive[key] = Recursive(flat)
            self.recursive[key].body = self._checked(flat)
        return self.recursive[key]

    def _checked(self, flat: Schema) -> Node:
        node = self._unchecked(flat)
        if BEYOND_PLAN.isdisjoint(flat):
            return node
        oracle = self._oracle(flat)
        examples = find_witnesses(node, oracle.is_valid)
        if not examples:
            raise ContractError(f"no payload was found for {_excerpt(flat)}: check that its keywords can hold together")
        return Checked(node, oracle, examples)

    def _unchecked(self, flat: Schema) -> Node:
        if "const" in flat:
            return OneOfValues(flat, [flat["const"]])
        if "enum" in flat:
            return OneOfValues(flat, self._fitting(flat["enum"], flat))
        for keyword in ("oneOf", "anyOf"):
            if keyword in flat:
                base = {key: value for key, value in flat.items() if key != keyword}
                return Union(flat, list(self._branches(base, flat[keyword])), self._oracle(flat))
        types = flat.get("type")
        if types is None:
            types = [name for name, keywords in HINTS.items() if any(keyword in flat for keyword in keywords)]
            if not types:
                return OneOfValues(flat, ANY_VALUES)
        if isinstance(types, str):
            return self._of_type(flat, types)
        if len(types) == 1:
            return self._of_type(flat, types[0])
        # The type itself is the union's to break, not its parts'.
        untyped = {key: value for key, value in flat.items() if key != "type"}
        return Union(flat, [self._of_type(untyped, name) for name in types])

    def _fitting(self, values: Iterable[Any], flat: Schema) -> list[Any]:
        """Return those of ``values`` that keep the keywords beside them."""
        types = flat.get("type", list(TYPES))
        types = [types] if isinstance(types, str) else types
        fitting = [v for v in values if json_type(v) in types or (json_type(v) == "integer" and "number" in types)]
        if not fitting:
            raise ContractError(f"no value of the enum is allowed in {_excerpt(flat)}: mend its type or its enum")
        return fitting

    def _branches(self, base: Schema, branches: Iterable[Any]) -> Iterable[Node]:
        nodes = []
        for branch in branches:
            try:
                nodes.append(self.plan({"allOf": [base, branch]}))
            except ContractError:
                continue
        if not nodes:
            raise ContractError(f"no branch can hold beside {_excerpt(base)}: mend the contract")
        return nodes

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
        raise ContractError(f"unknown type {name!r} in {_excerpt(flat)}: the types are {', '.join(TYPES)}")

    def _integer(self, flat: Schema) -> Node:
        step = flat.get("multipleOf", 1)
        if step != int(step):
            return _from_examples({**flat, "type": "integer"})
        low, high = bounds(flat, 1)
        low = math.ceil(low) if low is not None else None
        high = math.floor(high) if high is not None else None
        if low is None:
            low = -SAFE_INTEGER if high is None else min(-SAFE_INTEGER, high - SAFE_INTEGER)
        if high is None:
            high = max(SAFE_INTEGER, low + SAFE_INTEGER)
        node = (DoubtfulInteger if self.profile.doubtful else Integer)(flat, low, high, int(step))
        if node.first > node.last:
            raise ContractError(f"no integer lies within the bounds of {_excerpt(flat)}: mend the contract")
        return node

    def _number(self, flat: Schema) -> Node:
        if "multipleOf" in flat:
            return _from_examples({**flat, "type": "number"})
        low, high = bounds(flat, 0)
        if low is None:
            low = -WIDE if high is None else min(-WIDE, high - WIDE)
        if high is None:
            high = max(WIDE, low + WIDE)
        # An excluded bound gives way to the next number.
        if low == flat.get("exclusiveMinimum"):
            low = math.nextafter(low, math.inf)
        if high == flat.get("exclusiveMaximum"):
            high = math.nextafter(high, -math.inf)
        if low > high:
            raise ContractError(f"no number lies within the bounds of {_excerpt(flat)}: mend the contract")
        return Number(flat, low, high)

    def _string(self, flat: Schema) -> Node:
        form = flat.get("format")
        bounded = "minLength" in flat or "maxLength" in flat
        if "pattern" in flat:
            return _from_examples({**flat, "type": "string"})
        if form is not None and form in self.profile.formats and not bounded:
            return Formatted(flat, *self.profile.formats[form])
        if form in formats.LISTED:
            low, high = flat.get("minLength", 0), flat.get("maxLength", math.inf)
            values = [value for value in formats.LISTED[form] if low <= len(value) <= high]
            if values:
                return OneOfValues(flat, values)
        if form is not None and is_checked_format(form):
            return _from_examples({**flat, "type": "string"})
        low, high = flat.get("minLength", 0), flat.get("maxLength")
        if high is not None and low > high:
            raise ContractError(f"minLength is above maxLength in {_excerpt(flat)}: mend the contract")
        return Text(flat, int(low), None if high is None else int(high), self.profile.text)

    def _array(self, flat: Schema) -> Node:
        low, high = int(flat.get("minItems", 0)), flat.get("maxItems")
        high = None if high is None else int(high)
        prefix = [self.plan(schema) for schema in flat.get("prefixItems", ())][: high if high is not None else None]
        items = flat.get("items", True)
        if high is not None and low > high:
            raise ContractError(f"minItems is above maxItems in {_excerpt(flat)}: mend the contract")
        if "contains" in flat and items is not False:
            low = max(low, int(flat.get("minContains", 1)))
            items = (
                {"anyOf": [{"allOf": [items, flat["contains"]]}, items]}
                if items is not True
                else {"anyOf": [flat["contains"], {}]}
            )
        if items is False:
            if low > len(prefix):
                raise ContractError(
                    f"minItems asks for more items than prefixItems has in {_excerpt(flat)}: mend the contract"
                )
            return Array(flat, prefix, None, low, high, ())
        item = self.plan(items)
        return Array(flat, prefix, item, low, high, self._counts(item))

    def _object(self, flat: Schema) -> Node:
        declared = dict(flat.get("properties", {}))
        patterns = {re.compile(pattern): schema for pattern, schema in flat.get("patternProperties", {}).items()}
        further = flat.get("additionalProperties", True)
        names = flat.get("propertyNames", True)
        required = list(flat.get("required", ()))
        for name in required:
            declared.setdefault(name, True if any(p.search(name) for p in patterns) else further)
        properties: dict[str, Node] = {}
        for name, schema in declared.items():
            parts = [part for pattern, part in patterns.items() if pattern.search(name)]
            try:
                properties[name] = self.plan({"allOf": [schema, *parts]} if parts else schema)
            except ContractError:
                # A property that no value can have is left out; a required one makes the object impossible.
                if name in required:
                    raise
        low, high = int(flat.get("minProperties", 0)), flat.get("maxProperties")
        open_ended = isinstance(further, dict) and further != {}
        if not open_ended and low > len(required):
            required += [name for name in properties if name not in required][: low - len(required)]
        if high is not None:
            spare = max(0, int(high) - len(required))
            kept = {*required, *[name for name in properties if name not in required][:spare]}
            properties = {name: node for name, node in properties.items() if name in kept}
        entries = []
        if open_ended or (further is not False and low > len(properties)):
            entries.append(self._entries(flat, further, names, patterns, properties, len(required)))
        entries += [
            self._matching(pattern, schema, properties)
            for pattern, schema in patterns.items()
            if high is None and names is True
        ]
        entries = [one for one in entries if one.nameable]
        closed = entries or further is False or patterns or names is not True or high is not None
        return Object(
            flat,
            properties,
            frozenset(required),
            entries,
            presence=self.profile.presence,
            extras=None if closed else self.profile.extras,
        )

    def _entries(
        self,
        flat: Schema,
        further: Any,
        names: Any,
        patterns: Mapping[re.Pattern[str], Any],
        properties: Mapping[str, Node],
        required: int,
    ) -> Entries:
        low, high = flat.get("minProperties", 0), flat.get("maxProperties")

        def accepts(name: str) -> bool:
            return name not in properties and not any(pattern.search(name) for pattern in patterns)

        value = self.plan(further)
        return Entries(
            Entry(self._key(names), value),
            max(0, int(low) - required),
            None if high is None else max(0, int(high) - len(properties)),
            self._counts(value),
            accepts if names is True else _both(accepts, self._keeps(names)),
        )

    def _counts(self, item: Node) -> Sequence[int]:
        return self.profile.leaf_counts if _is_leaf(item) else self.profile.counts

    def _matching(self, pattern: re.Pattern[str], schema: Any, properties: Mapping[str, Node]) -> Entries:
        key = _from_examples({"type": "string", "pattern": pattern.pattern})
        keeps = self._keeps({"type": "string", "pattern": pattern.pattern})
        value = self.plan(schema)
        return Entries(
            Entry(key, value),
            0,
            None,
            self._counts(value),
            _both(lambda name: name not in properties, keeps),
        )

    def _key(self, names: Any) -> Node:
        return self.plan({"allOf": [{"type": "string"}, names]} if names is not True else {"type": "string"})

    def _keeps(self, schema: Any) -> Callable[[str], bool]:
        return self._oracle(schema).is_valid

    def _oracle(self, schema: Any) -> Oracle:
        # Loaded only by contracts that need it while they are planned.
        from contractfuzz.oracle import Oracle

        return Oracle(schema if isinstance(schema, bool) else {**schema, "$defs": self.root.get("$defs", {})})


def _is_leaf(node: Node) -> bool:
    """Return whether no number of items is decided within ``node``."""
    if isinstance(node, Array | Recursive) or (isinstance(node, Object) and node.entries):
        return False
    if isinstance(node, Checked):
        return _is_leaf(node.node)
    if isinstance(node, Union):
        return all(map(_is_leaf, node.alternatives))
    return all(_is_leaf(hop.child) for hop in node.hops())


def _both(one: Callable[[str], bool], other: Callable[[str], bool]) -> Callable[[str], bool]:
    return lambda name: one(name) and other(name)


def _from_examples(schema: Schema) -> Node:
    from contractfuzz.payloads.leaves import find_examples

    return OneOfValues(schema, find_examples(schema))


def is_checked_format(name: str) -> bool:
    """Return whether the oracle checks strings of this format; of others, any string keeps it."""
    from jsonschema import Draft202012Validator

    return name in Draft202012Validator.FORMAT_CHECKER.checkers


def bounds(schema: Schema, open_step: int) -> tuple[Any, Any]:
    """Return the lowest and highest number of a schema, None where it has none; an excluded bound moves in by ``open_step``."""
    lows = [schema[key] + shift for key, shift in (("minimum", 0), ("exclusiveMinimum", open_step)) if key in schema]
    highs = [schema[key] - shift for key, shift in (("maximum", 0), ("exclusiveMaximum", open_step)) if key in schema]
    return max(lows, default=None), min(highs, default=None)


def find_witnesses(node: Node, is_valid: Callable[[Any], bool], wanted: int = 16, tries: int = 400) -> list[Any]:
    """Return up to ``wanted`` different payloads of ``node`` that are valid, the smallest first."""

    def candidates() -> Iterable[Any]:
        yield SIMPLEST.part(node)
        for number in range(tries):
            yield Entropy(b"witness:%d" % number).part(node)

    found = {canonical(payload): payload for payload in islice(filter(is_valid, candidates()), wanted)}
    return [found[key] for key in sorted(found, key=lambda key: (len(key), key))]


def find_cycles(root: Mapping[str, Any]) -> frozenset[str]:
    """Return the ``$ref``s of ``root`` that lead back to themselves."""
    graph: dict[str, set[str]] = {}

    def references(schema: Any) -> Iterable[str]:
        if isinstance(schema, dict):
            if isinstance(schema.get("$ref"), str):
                yield schema["$ref"]
            for key, value in schema.items():
                if key not in ("$defs", "enum", "const", "examples", "default"):
                    yield from references(value)
        elif isinstance(schema, list):
            for value in schema:
                yield from references(value)

    queue = list(references(root))
    queue += [ref for value in root.get("$defs", {}).values() for ref in references(value)]
    while queue:
        ref = queue.pop()
        if ref not in graph:
            graph[ref] = set(references(resolve(ref, root)))
            queue += graph[ref]

    def returns(start: str) -> bool:
        seen: set[str] = set()
        pending = list(graph[start])
        while pending:
            ref = pending.pop()
            if ref == start:
                return True
            if ref not in seen:
                seen.add(ref)
                pending += graph[ref]
        return False

    return frozenset(ref for ref in graph if returns(ref))


def _excerpt(schema: Schema) -> str:
    text = json.dumps({key: value for key, value in schema.items() if key not in ("description", "title", "examples")})
    return text if len(text) <= 120 else text[:117] + "..."
