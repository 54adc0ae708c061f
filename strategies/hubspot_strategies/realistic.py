"""Responses as HubSpot would send them: what ``POST /crm/v4/associations/{from}/{to}/batch/read`` answers.

They keep every rule of ``rules.py``, and the rules break them from here. All decisions follow the doctrine of
``contractfuzz.payloads.choices``: zero is the simplest, and every array's length is a choice of its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

if TYPE_CHECKING:
    from contractfuzz.payloads.choices.protocol import Choices

HOST = "https://api.hubapi.com"

Item = TypeVar("Item")


@dataclass(frozen=True, slots=True)
class Shape:
    """How much a response holds; each decision takes one of a list, simplest first.

    Attributes:
        results, errors: how many there are, each with decisions of its own.
        to: the same for the associations of each result.
        statuses: the batch's status; a PENDING batch that has results or errors is PROCESSING.
        more_results, more_to: how many follow that are made like those before them: a long list costs no more decisions than
            a short one, and shrinks as fast.
        requested: whether ``requestedAt`` is always there.
        paged: whether every result has more pages.

    """

    results: Sequence[int]
    to: Sequence[int]
    errors: Sequence[int]
    statuses: Sequence[str]
    more_results: Sequence[int] = (0,)
    more_to: Sequence[int] = (0,)
    requested: bool = False
    paged: bool = False


MOST_RESULTS = 100

REALISTIC = Shape(
    results=(0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5),
    # Objects without associations are among the errors, not among the results.
    to=(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3),
    errors=(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3),
    statuses=("COMPLETE",) * 12 + ("PROCESSING", "CANCELED", "PENDING", "PENDING"),
    more_results=(0,) * 212 + tuple(range(2, 82, 2)) + (MOST_RESULTS,) * 4,
    more_to=(0,) * 240 + tuple(range(1, 17)),
)


@dataclass(frozen=True, slots=True)
class Way:
    """An association type: a way in which two objects are associated."""

    category: str
    number: int
    label: str | None = None

    def written(self) -> dict[str, Any]:
        """Return it as the API writes it."""
        way: dict[str, Any] = {"associationCategory": self.category, "associationTypeId": self.number}
        return way if self.label is None else {**way, "label": self.label}


OWN_WAYS = (
    Way("USER_DEFINED", 31, "Decision maker"),
    Way("USER_DEFINED", 33, "Billing contact"),
    Way("INTEGRATOR_DEFINED", 1047, "Synced account"),
)
"""Labels that an account's people or its integrations brought; their numbers are no type's of ``PAIRS``."""

RARE = (224, 232, 240)
"""From which byte on an association has each of them."""


@dataclass(frozen=True, slots=True)
class Pair:
    """Two kinds of object, and the types that HubSpot defines between them: the plain one and, for some, the primary one."""

    source: str
    target: str
    plain: Way
    primary: Way | None = None

    @property
    def address(self) -> str:
        """Where such associations are read."""
        return f"{HOST}/crm/v4/associations/{PLURALS[self.source]}/{PLURALS[self.target]}/batch/read"


def _pair(source: str, target: str, plain: int, primary: int | None = None) -> Pair:
    main = None if primary is None else Way("HUBSPOT_DEFINED", primary, "Primary")
    return Pair(source, target, Way("HUBSPOT_DEFINED", plain), main)


PLURALS = {"contact": "contacts", "company": "companies", "deal": "deals", "ticket": "tickets"}
PAIRS = (
    _pair("contact", "company", 279, 1),
    _pair("company", "contact", 280, 2),
    _pair("deal", "company", 341, 5),
    _pair("deal", "contact", 3),
    _pair("contact", "deal", 4),
    _pair("company", "deal", 342, 6),
    _pair("ticket", "contact", 16),
    _pair("ticket", "company", 339, 26),
)
"""The numbers are HubSpot's own: the list of association type ids in its guide to the associations API, version 4."""

DIGITS = (1, 2, 3, 3, 4, 5, 6, 8, 9, 10, 10, 11, 11, 11, 12, 12)
"""How long ids are: old ones short, new ones long."""


STEP = 50
"""How far apart the ids of objects are that were made alike."""


@dataclass(frozen=True, slots=True)
class _Linked:
    number: int
    known: int
    primary: bool
    own: list[Way]


@dataclass(frozen=True, slots=True)
class _Found:
    number: int
    paged: bool
    to: list[_Linked]


@dataclass(frozen=True, slots=True)
class _Failed:
    number: int
    cause: int
    named: bool
    detailed: bool


@dataclass(frozen=True)
class _LinkedPart:
    width: int = 8
    extra_draws: int | None = 0

    def build(self, choices: Choices, block: bytes, at: int) -> _Linked:  # noqa: ARG002
        own = [way for way, rare, byte in zip(OWN_WAYS, RARE, block[at + 5 : at + 8], strict=True) if byte >= rare]
        return _Linked(_number(block, at), block[at + 3], primary=block[at + 4] >= 176, own=own)


@dataclass(frozen=True)
class _FoundPart:
    to: Sequence[int]
    more_to: Sequence[int]
    width: int = 5
    extra_draws: int | None = None

    def build(self, choices: Choices, block: bytes, at: int) -> _Found:
        to: list[_Linked] = [choices.build(_LINKED) for _ in range(_count(choices, self.to))]
        more = pick(self.more_to, block[at + 4]) if to else 0
        to += [replace(to[-1], number=to[-1].number + STEP * number) for number in range(1, more + 1)]
        return _Found(_number(block, at), paged=block[at + 3] >= 208, to=to)


@dataclass(frozen=True)
class _FailedPart:
    width: int = 6
    extra_draws: int | None = 0

    def build(self, choices: Choices, block: bytes, at: int) -> _Failed:  # noqa: ARG002
        cause, named, detailed = block[at + 3 : at + 6]
        return _Failed(_number(block, at), cause, named=named >= 128, detailed=detailed >= 160)


_LINKED = _LinkedPart()
_FAILED = _FailedPart()


def realistic(choices: Choices) -> dict[str, Any]:
    """Return a response as HubSpot would send it; the smallest is COMPLETE, without results, of the year 2023."""
    return respond(choices, REALISTIC)


def respond(choices: Choices, shape: Shape) -> dict[str, Any]:
    """Return a response of that shape which keeps every rule of the pack."""
    block = choices.block(15)
    failed: list[_Failed] = [choices.build(_FAILED) for _ in range(_count(choices, shape.errors))]
    # The results come last, so that shrinking can drop them and leave the errors as they are.
    part = _FoundPart(shape.to, shape.more_to)
    found: list[_Found] = [choices.build(part) for _ in range(_count(choices, shape.results))]
    found = _lengthen(found, pick(shape.more_results, block[14]))

    status = pick(shape.statuses, block[0])
    if status == "PENDING" and (found or failed):
        status = "PROCESSING"
    pair = pick(PAIRS, block[1])
    taken: set[str] = set()
    sources = [_fresh(draft.number, taken) for draft in found]
    missing = [_fresh(draft.number, taken) for draft in failed]
    requested, started, completed = _moments(block, 2)

    response: dict[str, Any] = {"status": status, "results": _results(pair, found, sources, paged=shape.paged)}
    if shape.requested or block[11] >= 128:
        response["requestedAt"] = requested
    response |= {"startedAt": started, "completedAt": completed}
    errors = [_error(pair, draft, source) for draft, source in zip(failed, missing, strict=True)]
    # Where all went well, some servers say so and others say nothing.
    if errors or block[12] >= 160:
        response["numErrors"] = len(errors)
    if errors or block[12] >= 208:
        response["errors"] = errors
    if block[13] >= 208:
        response["links"] = {"self": pair.address}
    return response


def write_moment(moment: datetime) -> str:
    """Return a moment in UTC as the API writes it: in milliseconds, without a fraction on the second."""
    return moment.replace(tzinfo=None).isoformat(timespec="milliseconds" if moment.microsecond else "seconds") + "Z"


def pick(options: Sequence[Item], byte: int) -> Item:
    """Return one of ``options``: the first for zero, the last for 255."""
    return options[byte * len(options) >> 8]


def _count(choices: Choices, counts: Sequence[int]) -> int:
    return counts[choices.index(len(counts))] if len(counts) > 1 else counts[0]


def _lengthen(found: list[_Found], more: int) -> list[_Found]:
    """Return ``found`` and up to ``more`` made like them, about other objects; none like none."""
    if not found or not more:
        return found
    rounds, size = range(1 + more // len(found) + 1), min(len(found) + more, MOST_RESULTS)
    alike = (
        replace(
            draft,
            number=draft.number + STEP * number,
            to=[replace(linked, number=linked.number + STEP * number) for linked in draft.to],
        )
        for number in rounds
        for draft in found
    )
    return list(islice(alike, size))


def _number(block: bytes, at: int) -> int:
    """Return the number of an object: 1 for zeros, more digits for a larger first byte."""
    lowest: int = 10 ** (pick(DIGITS, block[at]) - 1)
    return lowest + (9 * lowest * (block[at + 1] << 8 | block[at + 2]) >> 16)


def _fresh(number: int, taken: set[str]) -> str:
    """Return ``number`` as an id, or the next one that is not ``taken``; it is then."""
    while str(number) in taken:
        number += 1
    taken.add(str(number))
    return str(number)


def _moments(block: bytes, at: int) -> tuple[str, str, str]:
    """Return when a batch was requested, started and completed: in this order, within minutes, in 2023 to 2025."""
    year, month, day, hour, minute, second, fraction, waited, worked = block[at : at + 9]
    requested = datetime(
        2023 + pick(range(3), year),
        1 + pick(range(12), month),
        1 + pick(range(28), day),
        pick(range(24), hour),
        pick(range(60), minute),
        pick(range(60), second),
        1000 * pick(range(1000), fraction),
        tzinfo=UTC,
    )
    # Squared, so that most batches take some milliseconds or seconds and few take two minutes.
    started = requested + timedelta(milliseconds=2 * waited * waited)
    completed = started + timedelta(milliseconds=2 * worked * worked)
    return write_moment(requested), write_moment(started), write_moment(completed)


def _results(pair: Pair, found: Sequence[_Found], sources: Sequence[str], *, paged: bool) -> list[dict[str, Any]]:
    results = []
    met: list[str] = []
    for draft, source in zip(found, sources, strict=True):
        # No object is associated with one that was asked about: so a rule may exchange ids without breaking another.
        taken = set(sources)
        primary = pair.primary
        to = []
        for linked in draft.to:
            # Several contacts work for one company: a part of the objects were met in earlier results.
            number = int(met[linked.known % len(met)]) if met and linked.known >= 192 else linked.number
            ways = [pair.plain]
            if primary is not None and linked.primary:
                # An object has one primary company at most.
                ways.append(primary)
                primary = None
            types = [way.written() for way in (*ways, *linked.own)]
            to.append({"toObjectId": _fresh(number, taken), "associationTypes": types})
        met += [str(association["toObjectId"]) for association in to]
        result: dict[str, Any] = {"from": {"id": source}, "to": to}
        if paged or (draft.paged and to):
            cursor = b64encode(f"{source}:{len(to)}".encode()).decode()
            result["paging"] = {"next": {"after": cursor, "link": f"{pair.address}?after={quote(cursor, safe='')}"}}
        results.append(result)
    return results


def _error(pair: Pair, draft: _Failed, source: str) -> dict[str, Any]:
    """Return why nothing could be read for the object ``source``."""
    asked = {"fromObjectId": [source], "fromObjectType": [pair.source], "toObjectType": [pair.target]}
    causes: tuple[tuple[str, str, str, dict[str, list[str]]], ...] = (
        ("OBJECT_NOT_FOUND", "NO_ASSOCIATIONS_FOUND", f"The {pair.source} {source} has no {pair.target}.", asked),
        ("OBJECT_NOT_FOUND", "MISSING_OBJECT", f"There is no {pair.source} {source}.", {"ids": [source]}),
        (
            "VALIDATION_ERROR",
            "INVALID_CURSOR",
            f"'after' is no cursor of {pair.source} {source}.",
            {"after": ["0"], "ids": [source]},
        ),
        (
            "MISSING_SCOPES",
            "MISSING_SCOPES",
            f"The access token may not read {PLURALS[pair.target]}.",
            {"requiredGranularScopes": [f"crm.objects.{PLURALS[pair.target]}.read"]},
        ),
    )
    category, finer, message, context = pick(causes, draft.cause)
    error: dict[str, Any] = {"status": "error"}
    if draft.named:
        error["id"] = source
    error |= {"category": category, "message": message}
    if draft.detailed:
        cause = {"message": message, "code": category, "subCategory": f"crm.associations.{finer}", "in": "inputs"}
        error["errors"] = [{**cause, "context": {name: list(values) for name, values in context.items()}}]
        error["links"] = {"object": f"{HOST}/crm/v4/objects/{PLURALS[pair.source]}/{source}"}
    return error | {"context": context}
