"""Nodes: the parts of a plan, and the paths along which a payload is broken.

A plan is a tree of nodes. It is made from a schema once and builds any number of payloads, in two ways.

**Valid payloads.** ``Node.build`` turns choices into a valid value. ``contractfuzz.payloads.choices.protocol`` explains blocks,
extra draws and aligned draws, which every node follows.

**Payloads with one fault.** ``Node.build_faulty`` follows a ``FaultPath`` from the root to one node. It builds the faulty value
there and valid values everywhere else. So the label of an invalid payload is true by construction, and nothing is discarded.

**Proofs by the oracle.** The effect of some keywords (``not``, ``oneOf``, ``uniqueItems`` and others) depends on the whole value,
so a plan cannot guarantee their labels. Nodes with such keywords have an ``oracle``, the independent validator. A fault inside
one is listed only with a ``Proof``: an example for which the oracle has confirmed the label. Each further payload is confirmed
too, and if the oracle denies the label, the example takes its place. Nothing is retried, so the draws stay the same.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, ClassVar, Generic, TypeVar, overload

from contractfuzz.claims import FaultClaim
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import copy_json, json_type, put_at, value_at
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.unions.branch import Branch
from contractfuzz.unions.names import BranchMark

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

Schema = Mapping[str, Any]
"""The keywords of one schema, with references followed and ``allOf`` merged."""

FaultBuilder = Callable[[Choices, bytes, int], Any]
"""Builds a faulty value from the same arguments as ``Node.build``."""

InstancePath = list[str | int]
"""Property names and array indices that lead to a value in one payload."""

MAX_LOCATIONS = 5_000
"""Number of locations of a plan that are broken or covered at most: paths to the same types multiply."""

MAX_EDGE_VALUES = 32
"""Number of edge values of a node that lists its values at most."""

MAX_STEPS_TO_LOCATION = 128
"""Number of steps to such a location at most, since each is a call."""


# --- fault paths -----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class PathStep:
    """One step of a fault path, from a node to one of its children.

    Attributes:
        child: the node that the step leads to.
        token: the token that the step adds to a location: a property's name, an index in ``prefixItems``, ``*`` for any item or
            map value, ``*(pattern)`` for a value of ``patternProperties``. None if the child makes the same value as its parent.
        branch: the branch of a union that the step enters; None for other steps.

    """

    child: Node
    token: str | None
    branch: Branch | None = None


@dataclass(frozen=True, slots=True)
class Proof:
    """A confirmed example of a fault inside a guarded node.

    Attributes:
        guard: the outermost node on the fault path that has an oracle.
        oracle: its oracle.
        keyword: the keyword that the label names.
        suffix: the tokens that the label's location has beyond the faulty node.
        payload: a value of ``guard`` for which the label is true, as JSON text.
        instance_path: the path from ``payload`` to its fault.
        twin: a valid value of ``guard`` that differs from ``payload`` in the fault alone, as JSON text; None if it is not known.
        branches: the branches of unions in ``payload`` that the label names.

    """

    guard: Node
    oracle: Oracle
    keyword: str
    suffix: tuple[str, ...]
    payload: str
    instance_path: tuple[str | int, ...]
    twin: str | None = None
    branches: tuple[BranchMark, ...] = ()

    def claim(self, instance_path: Sequence[str | int]) -> FaultClaim:
        """Return what the label claims about a value of ``guard`` with its fault at ``instance_path``."""
        return FaultClaim(encode_pointer([*instance_path, *self.suffix]), self.keyword, self.branches)

    def holds(self, payload: Any, instance_path: Sequence[str | int]) -> bool:
        """Return True if the label is true for a value of ``guard`` with its fault at ``instance_path``."""
        return self.oracle.confirms(payload, [self.claim(instance_path)])


@dataclass(frozen=True, slots=True)
class FaultPath:
    """The steps from the root of a plan to one node, with the fault to build there.

    Attributes:
        steps: the steps; none if the root itself is faulty.
        build_fault: builds the faulty value of the last node.
        proof: the proof of the label, if a node on the path needs one.
        build_twin: builds the valid value that differs in the fault alone from the same choices; None for ``Node.build``.
        changed_names: the names of the members that the fault changes in an object; None if it can change all.

    """

    steps: tuple[PathStep, ...]
    build_fault: FaultBuilder
    proof: Proof | None = None
    build_twin: FaultBuilder | None = None
    changed_names: tuple[str, ...] | None = ()


class FaultCursor:
    """A position on a fault path while one payload is built along it.

    Attributes:
        path: the fault path.
        step: the next step; ``PATH_END`` at the faulty node.
        instance_path: the path of the steps in this payload. An array may correct its index after it has placed its items.
        payload: the payload, once it is complete.
        faulty: the node whose value is faulty; None if the example of a proof replaced the value.
        block: the block of that node.
        at: the offset of its bytes in the block.
        repeat: returns a source that repeats its extra draws.
        valid_value_depth: number of tokens of ``instance_path`` that lead to its value, or to the example.
        guard_depth: number of tokens of ``instance_path`` that lead to the value of the proof's guard.

    """

    __slots__ = (
        "_steps",
        "at",
        "block",
        "faulty",
        "guard_depth",
        "instance_path",
        "path",
        "payload",
        "repeat",
        "step",
        "valid_value_depth",
    )

    def __init__(self, path: FaultPath, position: int = 0) -> None:
        self.path = path
        self.instance_path: InstancePath = []
        self.payload: Any = None
        self.faulty: Node | None = None
        self.block, self.at = b"", 0
        self.repeat: Callable[[], Choices] = lambda: MINIMAL_CHOICES
        self.valid_value_depth = self.guard_depth = 0
        self._steps = iter(path.steps[position:])
        self.step = next(self._steps, PATH_END)

    def enter(self, token: str | int | None = None) -> Node:
        """Take the next step and return its child.

        Args:
            token: the name or index of the child's value in this payload; None if it is the same value.

        """
        child = self.step.child
        self.step = next(self._steps, PATH_END)
        if token is not None:
            self.instance_path.append(token)
        return child

    def build_fault(self, node: Node, choices: Choices, block: bytes, at: int) -> Any:
        """Build the faulty value of ``node``, the end of the path, and remember its choices."""
        self.valid_value_depth = len(self.instance_path)
        self.faulty, self.block, self.at = node, block, at
        if node.extra_draws == 0:
            return self.path.build_fault(choices, block, at)
        choices, self.repeat = choices.repeatable()
        return self.path.build_fault(choices, block, at)

    def replace_by_example(self, proof: Proof, depth: int) -> Any:
        """Return the example of a proof, which replaces the value of its guard.

        Args:
            proof: the proof.
            depth: number of tokens of ``instance_path`` that lead to the value of the guard.

        """
        self.instance_path[depth:] = proof.instance_path
        self.valid_value_depth, self.faulty = depth, None
        return json.loads(proof.payload)

    def make_twin(self) -> Any:
        """Return the valid payload that differs from ``payload`` in the fault alone.

        Raises:
            LookupError: it is not known.

        """
        place = self.instance_path[: self.valid_value_depth]
        valid, faulty = self._valid_value(), value_at(self.payload, place)
        changed = self.path.changed_names
        if self.path.proof is None and changed is not None and isinstance(valid, dict) and isinstance(faulty, dict):
            # The other members of a faulty object are valid, and some may not come from the plan.
            valid |= {name: faulty[name] for name in valid if name in faulty and name not in changed}
        twin = put_at(copy_json(self.payload), place, valid)
        proof = self.path.proof
        if proof is not None and not proof.oracle.is_valid(value_at(twin, self.instance_path[: self.guard_depth])):
            raise LookupError
        return twin

    def _valid_value(self) -> Any:
        if self.faulty is not None:
            build = self.path.build_twin or self.faulty.build
            return build(self.repeat(), self.block, self.at)
        if self.path.proof is None or self.path.proof.twin is None:
            raise LookupError
        return json.loads(self.path.proof.twin)


# --- coverage points -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class CoveragePoint:
    """One thing that payloads of a node can show.

    Attributes:
        name: the end of the point's name, after the location: ``:empty``, ``/paging:absent``.
        is_reached_by: returns True if a value of the node shows it.

    """

    name: str
    is_reached_by: Callable[[Any], bool]


def has_type(types: Iterable[str], value: Any) -> bool:
    """Return True if a value is of one of the JSON types; an integer is a number as well."""
    name = json_type(value)
    return name in types or (name == "integer" and "number" in types)


def is_equal(expected: Any, value: Any) -> bool:
    """Return True if two values are equal and of the same JSON type, which ``True == 1`` is not."""
    return json_type(value) == json_type(expected) and bool(value == expected)


# --- nodes -----------------------------------------------------------------------------------------------------------------

Value = TypeVar("Value")


class CachedAttribute(Generic[Value]):
    """A property of a node, or of a part of one, that is computed once and then is a plain attribute.

    ``functools.cached_property`` writes to ``__dict__``. CPython 3.11 and 3.12 then read all attributes of that node slower, and
    with them those of other nodes: this costs bulk sampling a tenth of its speed.
    """

    def __init__(self, compute: Callable[[Any], Value]) -> None:
        self._compute = compute
        self.__doc__ = compute.__doc__

    def __set_name__(self, owner: type, name: str) -> None:
        self._name = name

    @overload
    def __get__(self, node: None, owner: type) -> CachedAttribute[Value]: ...

    @overload
    def __get__(self, node: object, owner: type) -> Value: ...

    def __get__(self, node: object, owner: type) -> CachedAttribute[Value] | Value:
        if node is None:
            return self
        value = self._compute(node)
        setattr(node, self._name, value)
        return value


class Node:
    """A part of a plan.

    Attributes:
        schema: the keywords that the node's values keep.
        width: number of bytes that the node reads from its block.
        extra_draws: number of draws that it takes beyond the block, or None if the number varies.
        oracle: confirms the node's values; None if the plan alone guarantees them.
        all_of_oracle: validates against the unmerged ``allOf`` that the node was planned from; None if there was none.
        is_recursive: True for the node of a schema that contains itself. Walks enter it once per path.
        branches: the nodes that it chooses from.
        listed_values: the values that it chooses from.

    """

    width: int = 0
    extra_draws: int | None = 0
    oracle: Oracle | None = None
    all_of_oracle: Oracle | None = None
    is_recursive: ClassVar[bool] = False
    branches: tuple[Node, ...] = ()
    listed_values: tuple[Any, ...] = ()

    def __init__(self, schema: Schema) -> None:
        self.schema = schema

    @property
    def types(self) -> frozenset[str]:
        """The JSON types of the node's values."""
        raise NotImplementedError

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        """Build a valid value from ``block[at : at + self.width]`` and extra draws from ``choices``."""
        raise NotImplementedError

    def skip(self, choices: Choices) -> None:
        """Take the extra draws of the smallest value, for an absent member, so that later draws stay aligned."""

    def build_faulty(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        """Build a value that is valid except for the fault at the end of the cursor's path."""
        if cursor.step is PATH_END:
            return cursor.build_fault(self, choices, block, at)
        return self.descend(choices, block, at, cursor)

    def descend(self, choices: Choices, block: bytes, at: int, cursor: FaultCursor) -> Any:
        """Build a value in which the child of the cursor's next step is faulty. Leaves have no children."""
        raise NotImplementedError

    def steps(self) -> Sequence[PathStep]:
        """Return the steps to the children in which a fault can be built."""
        return ()

    @CachedAttribute
    def is_guaranteed(self) -> bool:
        """True if the plan alone guarantees that a value is valid, provided that the values of its children are."""
        return True

    @property
    def unguarded(self) -> Node:
        """The node that makes the values, without a check by the oracle."""
        return self

    @CachedAttribute
    def has_collections(self) -> bool:
        """True if the node makes arrays, maps or recursive values, at any depth: those whose sizes multiply."""
        return any(step.child.has_collections for step in self.steps())

    def for_type(self, name: str) -> tuple[Node, int] | None:  # noqa: ARG002
        """Return the node that makes the values of one JSON type.

        Returns:
            The node and the offset of its bytes in this node's block, or None if no value has the type.

        """
        return self, 0

    def coverage_points(self) -> Iterator[CoveragePoint]:
        """Yield the points that values of this node can reach, without those of its children."""
        return iter(())

    def edge_values(self) -> Sequence[Any]:
        """Return valid values of this node at which consumers tend to fail, such as bounds; none for most containers."""
        return self.listed_values[:MAX_EDGE_VALUES]

    def values_at(self, step: PathStep, payload: Any) -> Iterable[Any]:
        """Return the values within ``payload`` that a step leads to; none if the payload is not of the child's types."""
        return [payload] if has_type(step.child.types, payload) else []


PATH_END = PathStep(Node({}), None)
"""Sentinel for the end of a fault path."""


def includes_type(types: Iterable[str], name: str) -> bool:
    """Return True if a node with these types makes values of one JSON type; an integer is a number as well."""
    return name in types or (name == "number" and "integer" in types)


def sum_draws(extra_draws: Iterable[int | None]) -> int | None:
    """Return the sum of several nodes' extra draws, or None if one of them varies."""
    known = list(extra_draws)
    return None if None in known else sum(draws for draws in known if draws is not None)


class UnfinishedPlanError(Exception):
    """A value was requested from a recursive node whose planning is still under way."""
