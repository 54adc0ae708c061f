"""The rules of a ``BatchAssociationResponse`` that its schema cannot say, each with payloads that break it and no other.

Each rule is two functions: one that says whether any valid payload keeps it, and one that breaks it. A break starts from a
small coherent response and changes one place, so that the rest of the payload is not what a consumer stumbles over.
"""

from __future__ import annotations

import re
from collections.abc import Hashable, Iterable, Iterator, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads.incoherent import Rule
from hubspot_strategies.realistic import OWN_WAYS, Shape, Way, pick, respond, write_moment

if TYPE_CHECKING:
    from contractfuzz.payloads.choices.protocol import Choices

_FEW, _ONE, _TWO = (0, 0, 1, 2), (1, 1, 2, 3), (2, 2, 3, 4)
_STATUSES = ("COMPLETE", "COMPLETE", "COMPLETE", "CANCELED")
_GAPS = (1000, 1, 60_000, 3_600_000, 86_400_000)
"""By how many milliseconds moments are out of order: a second is the easiest to read, a millisecond the hardest to see."""

_FUTURES = ("2999-01-01T00:00:00Z", "2999-12-31T23:59:59.999Z", "9999-12-31T23:59:59Z")
"""Moments that lie in the future for as long as these payloads are of use: the same today and tomorrow."""


# --- moments ------------------------------------------------------------------------------------------------------------


def completed_after_start(payload: Any) -> bool:
    """Return whether ``completedAt`` is not before ``startedAt``."""
    return _in_order(payload["startedAt"], payload["completedAt"])


def completed_before_started(choices: Choices) -> Any:
    """Return a response with ``startedAt`` behind ``completedAt``."""
    (gap,) = choices.block(1)
    response = respond(choices, _shape())
    response["startedAt"] = _later(response["completedAt"], gap)
    return response


def started_after_request(payload: Any) -> bool:
    """Return whether ``startedAt`` is not before ``requestedAt``."""
    return "requestedAt" not in payload or _in_order(payload["requestedAt"], payload["startedAt"])


def started_before_requested(choices: Choices) -> Any:
    """Return a response with ``requestedAt`` behind ``startedAt``."""
    (gap,) = choices.block(1)
    response = respond(choices, _shape(requested=True))
    response["requestedAt"] = _later(response["startedAt"], gap)
    return response


def completed_by_now(payload: Any) -> bool:
    """Return whether the ``completedAt`` of a batch that is over has come."""
    return payload["status"] not in ("COMPLETE", "CANCELED") or _in_order(
        payload["completedAt"], datetime.now(UTC).isoformat()
    )


def completion_in_future(choices: Choices) -> Any:
    """Return a COMPLETE or CANCELED response that is completed in centuries."""
    (future,) = choices.block(1)
    response = respond(choices, _shape())
    response["completedAt"] = pick(_FUTURES, future)
    return response


_DATE_TIME = re.compile(
    r"([0-9]{4})-([0-9]{2})-([0-9]{2})[Tt ]([0-9]{2}):([0-9]{2}):([0-9]{2})(?:\.([0-9]+))?(?:[Zz]|([+-])([0-9]{2}):([0-9]{2}))"
)


def _instant(text: str) -> tuple[int, str] | None:
    """Return a date-time (RFC 3339) as something to compare: whole seconds, then the digits of the fraction.

    By hand, since valid ones lie beyond ``datetime``: the year 0000, leap seconds, fractions finer than a microsecond. None
    for what only a lenient validator takes for a date-time.
    """
    match = _DATE_TIME.fullmatch(text)
    if match is None:
        return None
    year, month, day, hour, minute, second = map(int, match.groups()[:6])
    # Every 400 years the calendar starts over, which are 146,097 days.
    days = date(2000 + year % 400, month, day).toordinal() + year // 400 * 146_097
    fraction, sign, hours, minutes = match.groups()[6:]
    seconds = ((days * 24 + hour) * 60 + minute) * 60 + second
    if sign:
        seconds -= int(sign + "1") * (int(hours) * 60 + int(minutes)) * 60
    return seconds, (fraction or "").rstrip("0")


def _in_order(earlier: str, later: str) -> bool:
    first, second = _instant(earlier), _instant(later)
    return first is None or second is None or first <= second


def _later(moment: str, gap: int) -> str:
    return write_moment(datetime.fromisoformat(moment) + timedelta(milliseconds=pick(_GAPS, gap)))


# --- errors -------------------------------------------------------------------------------------------------------------


def counts_errors(payload: Any) -> bool:
    """Return whether ``numErrors`` is the number of the ``errors``; where they are absent, it may be any number of errors."""
    if "numErrors" not in payload:
        return True
    count: int = payload["numErrors"]
    return count == len(payload["errors"]) if "errors" in payload else count >= 0


def num_errors_mismatch(choices: Choices) -> Any:
    """Return a response that lists errors, and says that they are none, one more, many more, or as many as can be."""
    (other,) = choices.block(1)
    response = respond(choices, _shape(errors=_ONE))
    count = response["numErrors"]
    response["numErrors"] = pick((0, count + 1, count + 100, 2**31 - 1), other)
    return response


def lists_errors(payload: Any) -> bool:
    """Return whether there are ``errors`` where ``numErrors`` counts some."""
    return "errors" in payload or "numErrors" not in payload or payload["numErrors"] <= 0


def errors_missing(choices: Choices) -> Any:
    """Return a response that counts errors, up to as many as a batch has inputs, and has no ``errors``."""
    (count,) = choices.block(1)
    response = respond(choices, _shape(errors=(0,)))
    response.pop("errors", None)
    response["numErrors"] = 1 + pick(range(100), count)
    return response


# --- results ------------------------------------------------------------------------------------------------------------


def pending_without_results(payload: Any) -> bool:
    """Return whether a PENDING batch has no results yet."""
    return payload["status"] != "PENDING" or not payload["results"]


def pending_with_results(choices: Choices) -> Any:
    """Return a PENDING response with results."""
    return {**respond(choices, _shape(results=_ONE)), "status": "PENDING"}


def has_distinct_sources(payload: Any) -> bool:
    """Return whether each result is about another object."""
    return _distinct(result["from"]["id"] for result in payload["results"])


def duplicate_from_id(choices: Choices) -> Any:
    """Return a response of which two results, side by side or apart, have one ``from.id``."""
    block = choices.block(2)
    response = respond(choices, _shape(results=_TWO))
    first, second = _two(response["results"], block)
    second["from"]["id"] = first["from"]["id"]
    return response


def names_sources(payload: Any) -> bool:
    """Return whether no ``from.id`` is empty."""
    return all(result["from"]["id"] != "" for result in payload["results"])


def empty_id(choices: Choices) -> Any:
    """Return a response of which one result has an empty ``from.id``."""
    (which,) = choices.block(1)
    response = respond(choices, _shape(results=_ONE))
    _at(response["results"], which)["from"]["id"] = ""
    return response


# --- paging -------------------------------------------------------------------------------------------------------------


def pages_have_cursors(payload: Any) -> bool:
    """Return whether every ``paging.next`` has its ``after``."""
    return all("after" in following for following in _following(payload))


def paging_next_without_after(choices: Choices) -> Any:
    """Return a response of which one result has a ``paging.next`` without ``after``: an empty one, or with its ``link``."""
    which, linked = choices.block(2)
    response = respond(choices, _shape(results=_ONE, paged=True))
    following = _at(response["results"], which)["paging"]["next"]
    del following["after"]
    if linked < 128:
        del following["link"]
    return response


def has_distinct_cursors(payload: Any) -> bool:
    """Return whether no two results have one ``after``."""
    return _distinct(following["after"] for following in _following(payload) if "after" in following)


def repeated_cursor(choices: Choices) -> Any:
    """Return a response of which one result has the ``after`` of the result before it."""
    which, linked = choices.block(2)
    response = respond(choices, _shape(results=_TWO, paged=True))
    pages = list(_following(response))
    before, repeated = _at(list(pairwise(pages)), which)
    repeated |= before
    if linked < 128:
        del before["link"], repeated["link"]
    return response


def _following(payload: Any) -> Iterator[Any]:
    for result in payload["results"]:
        paging = result.get("paging", {})
        if "next" in paging:
            yield paging["next"]


# --- associations -------------------------------------------------------------------------------------------------------


def has_distinct_targets(payload: Any) -> bool:
    """Return whether each result lists every object once."""
    return all(_distinct(link["toObjectId"] for link in result["to"]) for result in payload["results"])


def duplicate_to_object_id(choices: Choices) -> Any:
    """Return a response of which one result lists one ``toObjectId`` twice, side by side or apart."""
    which, *block = choices.block(3)
    response = respond(choices, _shape(results=_ONE, to=_TWO))
    first, second = _two(_at(response["results"], which)["to"], block)
    second["toObjectId"] = first["toObjectId"]
    return response


def associates_others(payload: Any) -> bool:
    """Return whether no object is associated with itself."""
    return all(link["toObjectId"] != result["from"]["id"] for result in payload["results"] for link in result["to"])


def self_association(choices: Choices) -> Any:
    """Return a response of which one result associates its object with itself."""
    which, link = choices.block(2)
    response = respond(choices, _shape(results=_ONE, to=_ONE))
    result = _at(response["results"], which)
    _at(result["to"], link)["toObjectId"] = result["from"]["id"]
    return response


def has_distinct_types(payload: Any) -> bool:
    """Return whether each association names every type, a number within its category, once."""
    return all(_distinct(map(_type_of, link["associationTypes"])) for link in _links(payload))


def duplicate_association_type(choices: Choices) -> Any:
    """Return a response of which one association names one type twice."""
    which, link, way, place = choices.block(4)
    response = respond(choices, _shape(results=_ONE, to=_ONE))
    ways = _at(_at(response["results"], which)["to"], link)["associationTypes"]
    ways.insert(_at(range(len(ways) + 1), place), dict(_at(ways, way)))
    return response


def labels_agree(payload: Any) -> bool:
    """Return whether each association type has one label, or none, throughout the response."""
    labels: dict[tuple[str, int], str | None] = {}
    ways = [way for link in _links(payload) for way in link["associationTypes"]]
    return all(labels.setdefault(_type_of(way), way.get("label")) == way.get("label") for way in ways)


def label_conflict(choices: Choices) -> Any:
    """Return a response of which two associations, of one result or of two, name one type with different labels."""
    kind, other, *block = choices.block(4)
    response = respond(choices, _shape(results=_ONE, to=_TWO))
    first, second = _two(list(_links(response)), block)
    way = pick(OWN_WAYS, kind)
    label = str(way.label)
    first["associationTypes"] = [way.written()]
    second["associationTypes"] = [
        Way(way.category, way.number, pick(("Other", label.upper(), f"{label} "), other)).written()
    ]
    return response


# --- what all share -----------------------------------------------------------------------------------------------------


def _shape(
    *,
    results: Sequence[int] = _FEW,
    to: Sequence[int] = _FEW,
    errors: Sequence[int] = _FEW,
    requested: bool = False,
    paged: bool = False,
) -> Shape:
    """Return a small shape of a batch that is over."""
    return Shape(results, to, errors, _STATUSES, requested=requested, paged=paged)


def _at(items: Sequence[Any], byte: int) -> Any:
    """Return one of ``items``: the first for zero.

    By its number, not by its share of the way to the last, so that shrinking can drop the items behind it.
    """
    return items[min(byte >> 6, len(items) - 1)]


def _two(items: Sequence[Any], block: Sequence[int]) -> tuple[Any, Any]:
    """Return two of ``items``, one before the other: the first two for zeros."""
    first = _at(range(len(items) - 1), block[0])
    return items[first], _at(items[first + 1 :], block[1])


def _distinct(values: Iterable[Hashable]) -> bool:
    listed = list(values)
    return len(set(listed)) == len(listed)


def _links(payload: Any) -> Iterator[Any]:
    for result in payload["results"]:
        yield from result["to"]


def _type_of(way: Any) -> tuple[str, int]:
    return way["associationCategory"], way["associationTypeId"]


RULES = (
    Rule(
        "completed-before-started",
        "completedAt is before startedAt",
        completed_after_start,
        completed_before_started,
    ),
    Rule(
        "started-before-requested",
        "startedAt is before requestedAt",
        started_after_request,
        started_before_requested,
    ),
    Rule(
        "num-errors-mismatch",
        "numErrors is not the number of the errors that are listed",
        counts_errors,
        num_errors_mismatch,
    ),
    Rule(
        "completion-in-future",
        "the batch is over, COMPLETE or CANCELED, and its completedAt lies in the future",
        completed_by_now,
        completion_in_future,
    ),
    Rule(
        "pending-with-results",
        "the batch is still PENDING and has results",
        pending_without_results,
        pending_with_results,
    ),
    Rule(
        "duplicate-from-id",
        "two results are about the same object",
        has_distinct_sources,
        duplicate_from_id,
    ),
    Rule(
        "duplicate-to-object-id",
        "one result lists the same object twice",
        has_distinct_targets,
        duplicate_to_object_id,
    ),
    Rule(
        "duplicate-association-type",
        "one association names the same type twice",
        has_distinct_types,
        duplicate_association_type,
    ),
    Rule(
        "paging-next-without-after",
        "there is a next page and no cursor to ask for it with",
        pages_have_cursors,
        paging_next_without_after,
    ),
    Rule(
        "repeated-cursor",
        "the cursor of one result is that of the result before it",
        has_distinct_cursors,
        repeated_cursor,
    ),
    Rule(
        "empty-id",
        "the id of an object that was asked about is empty",
        names_sources,
        empty_id,
    ),
    Rule(
        "self-association",
        "an object is associated with itself",
        associates_others,
        self_association,
    ),
    Rule(
        "errors-missing",
        "numErrors counts errors and none are listed",
        lists_errors,
        errors_missing,
    ),
    Rule(
        "label-conflict",
        "one association type has two different labels",
        labels_agree,
        label_conflict,
    ),
)
"""All rules, in an order that stays."""
