"""Malformations: bodies that are not an interoperable JSON text (RFC 8259).

Most are made from the text of a valid payload, so that a consumer meets them where it expects the real thing. If some parsers
read the bytes nevertheless, the description mentions it and the expectation is ``survives``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_values import compact_json
from contractfuzz.payloads.bodies.foreign_bodies import FOREIGN_BODIES
from contractfuzz.payloads.bodies.malformed_texts import MALFORMED_TEXTS
from contractfuzz.payloads.bodies.malformed_values import MALFORMED_VALUES
from contractfuzz.payloads.bodies.readable_bodies import READABLE_BODIES
from contractfuzz.payloads.bodies.splicing import TextChange
from contractfuzz.payloads.cases.case import Case, Expectation
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class Malformation:
    """One way to make a body malformed.

    Attributes:
        name: the name, which is the label of the cases.
        description: the malformation in one line.
        expectation: ``rejects`` if no parser may read the body, ``survives`` if some parsers do.
        change: makes the body from the JSON text of a valid payload.

    """

    name: str
    description: str
    expectation: Expectation
    change: TextChange


@dataclass(frozen=True, slots=True)
class MalformedRecipe:
    """The recipe of the cases of one malformation.

    Attributes:
        malformation: the malformation.
        payload: makes a valid payload from choices.

    """

    malformation: Malformation
    payload: Callable[[Choices], Any]

    @property
    def label(self) -> str:
        """Label of the cases: the name of the malformation."""
        return self.malformation.name

    def case(self, choices: Choices) -> Case:
        """Return a case of the malformation."""
        malformation = self.malformation
        text = compact_json(self.payload(choices))
        return Case(
            "malformed",
            label=malformation.name,
            description=malformation.description,
            expectation=malformation.expectation,
            raw=MalformedBody(malformation.name, text),
        )


@dataclass(frozen=True, slots=True)
class MalformedBody:
    """A malformed body that is made on demand. It holds the name of the malformation, because functions cannot be pickled.

    Attributes:
        malformation: the name of the malformation.
        text: the JSON text of the valid payload that the malformation changes.

    """

    malformation: str
    text: str

    def __call__(self) -> bytes:
        """Return the body; raise KeyError if the malformation does not exist."""
        return _MALFORMATION_BY_NAME[self.malformation].change(self.text)


MALFORMATIONS: tuple[Malformation, ...] = (
    *(
        Malformation(name, description, "rejects", change)
        for name, description, change in (*MALFORMED_TEXTS, *MALFORMED_VALUES, *FOREIGN_BODIES)
    ),
    *(Malformation(name, description, "survives", change) for name, description, change in READABLE_BODIES),
)
"""All malformations: first those that every parser rejects, then those that some parsers read."""

_MALFORMATION_BY_NAME = {malformation.name: malformation for malformation in MALFORMATIONS}
