"""An imaginary HubSpot account: which objects there are, and what is associated with what.

The mock server answers out of it, and so do sequences of pages: the same object has the same associations in every answer.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from itertools import count
from typing import Any

from contractfuzz.payloads.choices.seeded import SeededChoices
from hubspot_strategies.realistic import OWN_WAYS, PAIRS, PLURALS, Way, pick, write_moment

NAMES = (
    {name: name for name in PLURALS}
    | {plural: name for name, plural in PLURALS.items()}
    | {"0-1": "contact", "0-2": "company", "0-3": "deal", "0-5": "ticket"}
)
"""What the API calls the types of objects: by one name, by many, or by their ids."""

COUNTS = (1, 1, 1, 1, 2, 2, 3, 5)
"""How many associations objects have. Those without any are not among the results of a real server."""

GAP = 8
"""Ids of associated objects lie this far apart at most, each in a window of its own, so that no two are the same."""

OPENED = datetime(2024, 1, 1, 9, tzinfo=UTC)


@dataclass(frozen=True)
class Account:
    """The associations from objects of one type to objects of another.

    Attributes:
        source, target: the types, as the path names them: ``contacts``, ``company``, ``0-3``, ``2-1234567``.
        seed: same seed, same associations.

    """

    source: str = "contacts"
    target: str = "companies"
    seed: int = 0

    def has(self, number: str) -> bool:
        """Return whether there is an object with this id: there is one for every number, and for nothing else."""
        return number.isascii() and number.isdecimal()

    def size(self, number: str) -> int:
        """Return how many associations the object has where nobody says otherwise."""
        return pick(COUNTS, self._block(number, "size", 1)[0])

    def associations(self, number: str) -> Iterator[dict[str, Any]]:
        """Yield the associations of an object, without end: all different, and each the same whenever it is asked for."""
        pair = self._names
        known = [pair_of for pair_of in PAIRS if (pair_of.source, pair_of.target) == pair]
        plain = known[0].plain if known else OWN_WAYS[-1]
        primary = known[0].primary if known else None
        first = 10**9 + int.from_bytes(self._block(number, "first", 3))
        for place in count():
            offset, own = self._block(number, str(place), 2)
            target = str(first + GAP * place + offset % GAP)
            if target == number:
                target = str(first + GAP * place + (offset + 1) % GAP)
            ways = [plain]
            if place == 0 and primary is not None:
                # An object has one primary company at most.
                ways.append(primary)
            if own >= 192 and OWN_WAYS[own % 2] not in ways:
                ways.append(OWN_WAYS[own % 2])
            yield write_association(target, ways)

    def lacks(self, number: str, types: str) -> dict[str, Any]:
        """Return the error that says that the object is not there; ``types`` are ``source`` or ``target``."""
        name = self.source if types == "source" else self.target
        return write_error("OBJECT_NOT_FOUND", f"No object of the type {name} has the id {number!r}.", ids=[number])

    @property
    def _names(self) -> tuple[str, str]:
        return NAMES.get(self.source.lower(), self.source), NAMES.get(self.target.lower(), self.target)

    def _block(self, number: str, what: str, width: int) -> bytes:
        return SeededChoices("/".join((str(self.seed), *self._names, number, what)).encode()).block(width)


def write_association(target: str, ways: Sequence[Way]) -> dict[str, Any]:
    """Return an association as the API writes it."""
    return {"toObjectId": target, "associationTypes": [way.written() for way in ways]}


def write_error(category: str, message: str, **context: Sequence[str]) -> dict[str, Any]:
    """Return one of a response's ``errors``."""
    return {"status": "error", "category": category, "message": message, "context": {**context}}


def write_response(
    number: int, results: Sequence[Mapping[str, Any]], errors: Sequence[Mapping[str, Any]] = ()
) -> dict[str, Any]:
    """Return the response to request ``number`` of a test: COMPLETE, a second after the one before it."""
    started = OPENED + timedelta(seconds=number)
    response: dict[str, Any] = {
        "status": "COMPLETE",
        "results": list(results),
        "requestedAt": write_moment(started - timedelta(milliseconds=5)),
        "startedAt": write_moment(started),
        "completedAt": write_moment(started + timedelta(milliseconds=15)),
    }
    if errors:
        response |= {"numErrors": len(errors), "errors": list(errors)}
    return response
