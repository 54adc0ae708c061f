"""Cases: a payload or a body, with its kind and label."""

from __future__ import annotations

import reprlib
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from functools import cached_property, partial
from typing import Any, Literal

from contractfuzz.errors import unknown
from contractfuzz.json_values import compact_json, copy_json
from contractfuzz.text import truncate

Kind = Literal["valid", "invalid", "malformed", "incoherent", "hostile", "wire"]
KINDS: tuple[Kind, ...] = ("valid", "invalid", "malformed", "incoherent", "hostile", "wire")

Expectation = Literal["accepts", "rejects", "survives", "tolerates"]
"""What a consumer should do with a case.

``survives`` means that it may accept or reject it. ``tolerates`` means that it may reject it, or accept it if the result is the
same as for its twin.
"""


def parse_kind(text: str) -> Kind:
    """Return the kind with a given name.

    Args:
        text: the name.

    Raises:
        ContractError: no kind has that name. The message suggests the closest one.

    """
    for kind in KINDS:
        if text == kind:
            return kind
    raise unknown("kind", text, KINDS)


PAIR_SEPARATOR = " + "
"""Text between the ids in the label of a case with two faults."""


class _Absent:
    """Type of ``ABSENT``."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"  # copying and pickling keep the identity


ABSENT: Any = _Absent()
"""Payload of a case without one. None is the payload ``null``."""


MAX_REPR_CHARACTERS = 200
"""Characters of the payload or body in the representation of a case."""

_payload_repr = reprlib.Repr()
_payload_repr.maxlevel, _payload_repr.maxdict, _payload_repr.maxlist, _payload_repr.maxstring = 5, 12, 8, 60


@dataclass(frozen=True, eq=False, repr=False)
class Case:
    """A payload or a body, with its label.

    Attributes:
        kind: ``valid``, ``invalid``, ``malformed``, ``incoherent``, ``hostile`` or ``wire``.
        payload: the JSON value as Python objects; ``ABSENT`` for a malformed case, and for a wire case whose response has none.
            For a wire case with the label ``paging.*``, the list of the pages.
        label: the id of the violation, or the name of the malformation, rule or wire case; None for a valid or hostile case. An
            odd form at a declared place has the place in its label: ``nan@/results/*/amount``.
        description: the label in words; for a valid case in another spelling, the spelling. Empty for other cases.
        pointer: for an invalid case, the location of the violation in this payload, as a JSON Pointer (RFC 6901). A missing
            property has the pointer that it would have if present. For an odd form at a declared place, that place. None for
            other cases.
        expectation: what a consumer should do: ``accepts``, ``rejects``, ``survives`` (either of the two), or ``tolerates``
            (either of the two, if the fault does not change the result).
        raw: makes the body of a malformed case, and of a valid case in another spelling than the compact one. Some bodies are
            huge, so they are made on demand. None for other cases.
        make_twin: for an invalid case, makes the payload of its twin; raises LookupError if it is not known. See ``twin``.
        second: for a case with two faults, the id of the second violation and its location; else None. Then ``label`` has both
            ids, and ``pointer`` is the location of the first one. See ``labels`` and ``pointers``.

    """

    kind: Kind
    payload: Any = ABSENT
    label: str | None = None
    description: str = ""
    pointer: str | None = None
    expectation: Expectation = "accepts"
    raw: Callable[[], bytes] | None = field(default=None, repr=False)
    make_twin: Callable[[], Any] | None = field(default=None, repr=False)
    second: tuple[str, str] | None = field(default=None, repr=False)

    @property
    def labels(self) -> tuple[str, ...]:
        """The label; for a case with two faults, the ids of both violations. Empty for a case without a label."""
        if self.label is None or self.second is None:
            return () if self.label is None else (self.label,)
        return self.label.removesuffix(f"{PAIR_SEPARATOR}{self.second[0]}"), self.second[0]

    @property
    def pointers(self) -> tuple[str, ...]:
        """The location of each label, as a JSON Pointer; empty for a case without ``pointer``."""
        first = () if self.pointer is None else (self.pointer,)
        return first if self.second is None else (*first, self.second[1])

    def twin(self) -> Case | None:
        """Return the valid case that differs from an invalid one in the fault alone, or None if it is not known.

        The twin of a wire case has the same payload.

        Example:
            >>> [case] = contract.sample(1, "invalid", only="/status:enum.unknown")
            >>> case.payload["status"], case.twin().payload["status"]
            ('UNKNOWN', 'PENDING')

        """
        if self.kind == "wire":
            has_pages = (self.label or "").startswith("paging.")
            return None if self.payload is ABSENT or has_pages else Case("valid", copy_json(self.payload))
        try:
            return None if self.make_twin is None else Case("valid", self.make_twin())
        except LookupError:
            return None

    def __repr__(self) -> str:
        """Return the label, the kind and the beginning of the payload: ``Case('/id:type.null', invalid, {'id': None})``."""
        words = [] if self.label is None else [repr(truncate(self.label, MAX_REPR_CHARACTERS))]
        return f"Case({', '.join([*words, self.kind, self._content_repr()])})"

    def _repr_pretty_(self, printer: Any, cycle: bool) -> None:  # noqa: ARG002
        """Print the representation. Hypothesis and IPython would print the fields of a dataclass."""
        printer.text(repr(self))

    def _content_repr(self) -> str:
        if self.payload is ABSENT:
            text = repr(self.body[: MAX_REPR_CHARACTERS + 1])
            is_short = len(text) <= MAX_REPR_CHARACTERS
            return text if is_short else f"{truncate(text, MAX_REPR_CHARACTERS)} ({len(self.body):,} bytes)"
        try:
            text = _payload_repr.repr(self.payload)
        except ValueError:  # an int of more than 4,300 digits has no repr
            text = "a payload with a huge number"
        spelling = f", {self.description}" if self.is_spelled else ""
        return truncate(text, MAX_REPR_CHARACTERS) + spelling

    def __getstate__(self) -> dict[str, Any]:
        # What makes the twin holds the plan, so the copy gets the twin itself.
        twin = self.twin()
        return {**self.__dict__, "make_twin": None if twin is None else partial(copy_json, twin.payload)}

    @cached_property
    def body(self) -> bytes:
        """Bytes of the case: the payload as UTF-8 JSON (RFC 8259), or the malformed bytes.

        The JSON of a valid case may have white space, escapes and the like. That of other cases is compact.
        """
        return self.compact_body if self.raw is None else self.raw()

    @property
    def compact_body(self) -> bytes:
        """The payload as compact UTF-8 JSON."""
        return compact_json(self.payload).encode()

    @property
    def is_spelled(self) -> bool:
        """True if the body is the payload in another spelling than the compact one."""
        return self.raw is not None and self.payload is not ABSENT

    def compact(self) -> Case:
        """Return the case with a compact body, if its body is a spelling of its payload."""
        return replace(self, raw=None, description="") if self.is_spelled else self
