"""Examples: the values that a document gives for a schema, next to those that a plan makes."""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Iterator, Sequence
from typing import Any

from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.alternatives import Alternatives
from contractfuzz.payloads.plan.node import CachedAttribute, CoveragePoint, Node, PathStep, Schema
from contractfuzz.payloads.plan.strings import Text
from contractfuzz.payloads.values.documented import documented_values
from contractfuzz.payloads.values.doubtful import is_undisputed

EXAMPLE_NIBBLE, CONTAINER_EXAMPLE_NIBBLE = 13, 15
"""Low half of a byte from which on a scalar, and an array or object, is an example. Examples of the latter are less varied."""

_EXHAUSTED = frozenset({"enum", "const"})


class WithExamples(Alternatives):
    """A node that makes a value of another node, or one of some examples.

    An example is used if it is valid and no reader disputes it. This is checked on first use, when the whole plan is known.
    The low half of the first byte of the other node decides, which does without it: it compares the byte with thresholds. A byte
    of its own would make each block of Hypothesis wider, for nothing, since aligned sources make no examples.

    Args:
        node: the other node.
        candidates: the examples.
        make_judge: returns a function that returns True if a value keeps the schema.

    """

    def __init__(self, node: Node, candidates: Sequence[Any], make_judge: Callable[[], Callable[[Any], bool]]) -> None:
        super().__init__(node.schema, [node])
        self.selector_width, self.width = 0, max(1, node.width)
        self.node = node
        self._build_other = node.build
        self._candidates, self._make_judge = candidates, make_judge
        is_leaf = node.schema.get("type") in ("string", "integer", "number")
        self._threshold = EXAMPLE_NIBBLE if is_leaf else CONTAINER_EXAMPLE_NIBBLE

    @property
    def extra_draws(self) -> int | None:  # type: ignore[override]
        return self.node.extra_draws

    @CachedAttribute
    def examples(self) -> tuple[str, ...]:
        """The examples that are used, as JSON texts."""
        is_valid = self._make_judge()
        used = (value for value in self._candidates if is_valid(value) and not _is_disputed(self.node, value))
        return tuple(map(json.dumps, used))

    @property
    def unguarded(self) -> Node:
        return self.node.unguarded

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        # Shrinking would end at an example: from there, one change leads to the simplest value, which may not fail.
        selector = block[at]
        if selector & 15 < self._threshold or choices.aligned or not self.examples:
            return self._build_other(choices, block, at)
        return json.loads(self.examples[(selector >> 4) * len(self.examples) >> 4])

    def edge_values(self) -> Sequence[Any]:
        return [json.loads(example) for example in self.examples]

    def for_type(self, name: str) -> tuple[Node, int] | None:
        return self.node.for_type(name)

    def coverage_points(self) -> Iterator[CoveragePoint]:
        return iter(())


def with_examples(node: Node, schema: Schema, make_judge: Callable[[], Callable[[Any], bool]]) -> Node:
    """Return a node that also makes the values that a document gives for its schema; the node itself if it gives none.

    Args:
        node: the node.
        schema: the keywords of its schema. A listed value, a boolean or null needs no example.
        make_judge: returns a function that returns True if a value keeps the schema.

    """
    if not _EXHAUSTED.isdisjoint(schema) or schema.get("type") in ("boolean", "null"):
        return node
    candidates = documented_values(schema)
    if isinstance(node, Text):
        node.use_examples(candidates)
        return node
    return WithExamples(node, candidates, make_judge) if candidates else node


def _is_disputed(node: Node, value: Any) -> bool:
    """Return True if readers disagree on a value, or on one inside it (see ``contractfuzz.payloads.values.doubtful``)."""
    own = node.unguarded
    if isinstance(value, str) and not is_undisputed(own.schema.get("format"), value):
        return True
    if isinstance(value, float) and (not math.isfinite(value) or ("number" not in own.types and not node.branches)):
        return True
    steps = node.steps() or [PathStep(branch, None) for branch in node.branches]
    return any(_is_disputed(step.child, inner) for step in steps for inner in node.values_at(step, value))
