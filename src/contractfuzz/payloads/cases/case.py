"""Cases: a payload or a body, with its kind and label."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, Literal

from contractfuzz.errors import unknown

Kind = Literal["valid", "invalid", "malformed", "incoherent", "hostile"]
KINDS: tuple[Kind, ...] = ("valid", "invalid", "malformed", "incoherent", "hostile")

Expectation = Literal["accepts", "rejects", "survives"]
"""What a consumer should do with a case; ``survives`` means that it may accept or reject it."""


def parse_kind(text: str) -> Kind:
    """Return the kind of that name.

    Raises:
        ContractError: no kind has that name; the message suggests the closest one.

    """
    for kind in KINDS:
        if text == kind:
            return kind
    raise unknown("kind", text, KINDS)


class _Absent:
    """Stands for the payload of a malformed case: there is none, and None would be the payload ``null``."""

    def __repr__(self) -> str:
        return "ABSENT"

    def __reduce__(self) -> str:
        return "ABSENT"  # a copy or a pickle is the one that there is


ABSENT: Any = _Absent()


@dataclass(frozen=True, eq=False)
class Case:
    """A payload, or bytes that hold none, with its label.

    Attributes:
        kind: ``valid``, ``invalid``, ``malformed``, ``incoherent`` or ``hostile``.
        payload: the JSON value as Python objects; ``ABSENT`` for a malformed case.
        label: the violation's id, the malformation's or the rule's name; None for a valid or hostile case.
        description: the label in words; empty for a case without a label.
        pointer: for an invalid case the JSON Pointer of the faulty place in this very payload
            (for a missing property: the pointer that it would have); None for the other kinds.
        expectation: what a consumer should do: ``accepts``, ``rejects``, or ``survives`` (either of the two).
        raw: for a malformed case, what makes its bytes: some are huge, so they are made when somebody asks for ``body``.

    """

    kind: Kind
    payload: Any = ABSENT
    label: str | None = None
    description: str = ""
    pointer: str | None = None
    expectation: Expectation = "accepts"
    raw: Callable[[], bytes] | None = field(default=None, repr=False)

    @cached_property
    def body(self) -> bytes:
        """The bytes on the wire: the payload as compact UTF-8 JSON (RFC 8259), or the malformed bytes themselves."""
        if self.raw is not None:
            return self.raw()
        return json.dumps(self.payload, ensure_ascii=False, separators=(",", ":")).encode()
