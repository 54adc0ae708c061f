"""Realistic responses of ``POST /crm/v4/associations/{from}/{to}/batch/read``.

They keep every rule of ``hubspot_strategies.rules``, whose payloads start from them. All choices follow the conventions of
``contractfuzz.payloads.choices``: zero is the simplest, and the length of every array is a choice of its own.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from itertools import islice
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import quote

from hubspot_strategies.association_types import (
    API_URL,
    CUSTOM_TYPES,
    OBJECT_PAIRS,
    PLURAL_NAMES,
    AssociationType,
    ObjectPair,
    format_timestamp,
)

if TYPE_CHECKING:
    from contractfuzz.payloads.choices.protocol import Choices

Item = TypeVar("Item")

MAX_RESULTS = 100


@dataclass(frozen=True, slots=True)
class ResponseShape:
    """Distribution of sizes and states of a response. Every list is ordered from simple to complex.

    Attributes:
        results: numbers of results with choices of their own.
        to: numbers of associations per result with choices of their own.
        errors: numbers of errors.
        statuses: statuses of the batch. A PENDING batch with results or errors becomes PROCESSING.
        more_results: numbers of results that copy earlier ones with other ids. A long list then takes no more choices than a
            short one, and shrinks as fast.
        more_to: numbers of associations per result that copy the last one with other ids.
        requested: True if ``requestedAt`` is always present.
        paged: True if every result has a next page.

    """

    results: Sequence[int]
    to: Sequence[int]
    errors: Sequence[int]
    statuses: Sequence[str]
    more_results: Sequence[int] = (0,)
    more_to: Sequence[int] = (0,)
    requested: bool = False
    paged: bool = False


REALISTIC_SHAPE = ResponseShape(
    results=(0, 0, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 5),
    # HubSpot lists objects without associations as errors, not as results.
    to=(1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3),
    errors=(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 2, 3),
    statuses=("COMPLETE",) * 12 + ("PROCESSING", "CANCELED", "PENDING", "PENDING"),
    more_results=(0,) * 212 + tuple(range(2, 82, 2)) + (MAX_RESULTS,) * 4,
    more_to=(0,) * 240 + tuple(range(1, 17)),
)

CUSTOM_TYPE_THRESHOLDS = (224, 232, 240)
"""Smallest byte with which an association has each of ``CUSTOM_TYPES``."""

ID_DIGIT_COUNTS = (1, 2, 3, 3, 4, 5, 6, 8, 9, 10, 10, 11, 11, 11, 12, 12)
"""Lengths of object ids, in digits. Old ids are short, new ones long."""

COPY_ID_STEP = 50
"""Distance between the ids of an object and of its copy."""


@dataclass(frozen=True, slots=True)
class _AssociationDraft:
    target_number: int
    known_target: int
    primary: bool
    custom_types: list[AssociationType]


@dataclass(frozen=True, slots=True)
class _ResultDraft:
    number: int
    paged: bool
    to: list[_AssociationDraft]


@dataclass(frozen=True, slots=True)
class _ErrorDraft:
    number: int
    cause: int
    has_id: bool
    has_details: bool


@dataclass(frozen=True)
class _AssociationPart:
    width: int = 8
    extra_draws: int | None = 0

    def build(self, choices: Choices, block: bytes, at: int) -> _AssociationDraft:  # noqa: ARG002
        custom_types = [
            custom_type
            for custom_type, threshold, byte in zip(
                CUSTOM_TYPES, CUSTOM_TYPE_THRESHOLDS, block[at + 5 : at + 8], strict=True
            )
            if byte >= threshold
        ]
        return _AssociationDraft(
            _object_number(block, at), block[at + 3], primary=block[at + 4] >= 176, custom_types=custom_types
        )


@dataclass(frozen=True)
class _ResultPart:
    to: Sequence[int]
    more_to: Sequence[int]
    width: int = 5
    extra_draws: int | None = None

    def build(self, choices: Choices, block: bytes, at: int) -> _ResultDraft:
        to: list[_AssociationDraft] = [
            choices.build(_ASSOCIATION_PART) for _ in range(_choose_length(choices, self.to))
        ]
        copies = pick(self.more_to, block[at + 4]) if to else 0
        to += [
            replace(to[-1], target_number=to[-1].target_number + COPY_ID_STEP * copy) for copy in range(1, copies + 1)
        ]
        return _ResultDraft(_object_number(block, at), paged=block[at + 3] >= 208, to=to)


@dataclass(frozen=True)
class _ErrorPart:
    width: int = 6
    extra_draws: int | None = 0

    def build(self, choices: Choices, block: bytes, at: int) -> _ErrorDraft:  # noqa: ARG002
        cause, has_id, has_details = block[at + 3 : at + 6]
        return _ErrorDraft(_object_number(block, at), cause, has_id=has_id >= 128, has_details=has_details >= 160)


_ASSOCIATION_PART = _AssociationPart()
_ERROR_PART = _ErrorPart()


def realistic(choices: Choices) -> dict[str, Any]:
    """Build a realistic response. The smallest one is COMPLETE, without results, and dated 2023."""
    return build_response(choices, REALISTIC_SHAPE)


def build_response(choices: Choices, shape: ResponseShape) -> dict[str, Any]:
    """Build a response that keeps every rule of the pack.

    Args:
        choices: source of the decisions.
        shape: distribution of sizes and states.

    """
    block = choices.block(15)
    error_drafts: list[_ErrorDraft] = [choices.build(_ERROR_PART) for _ in range(_choose_length(choices, shape.errors))]
    # Results are drawn last, so that shrinking can drop them without a change to the errors.
    part = _ResultPart(shape.to, shape.more_to)
    result_drafts: list[_ResultDraft] = [choices.build(part) for _ in range(_choose_length(choices, shape.results))]
    result_drafts = _append_copies(result_drafts, pick(shape.more_results, block[14]))

    status = pick(shape.statuses, block[0])
    if status == "PENDING" and (result_drafts or error_drafts):
        status = "PROCESSING"
    pair = pick(OBJECT_PAIRS, block[1])
    used_ids: set[str] = set()
    source_ids = [_take_id(draft.number, used_ids) for draft in result_drafts]
    missing_ids = [_take_id(draft.number, used_ids) for draft in error_drafts]
    requested, started, completed = _timestamps(block, 2)

    response: dict[str, Any] = {
        "status": status,
        "results": _results(pair, result_drafts, source_ids, paged=shape.paged),
    }
    if shape.requested or block[11] >= 128:
        response["requestedAt"] = requested
    response |= {"startedAt": started, "completedAt": completed}
    errors = [_error(pair, draft, missing_id) for draft, missing_id in zip(error_drafts, missing_ids, strict=True)]
    # Without errors, some servers send zero and an empty array, others omit both properties.
    if errors or block[12] >= 160:
        response["numErrors"] = len(errors)
    if errors or block[12] >= 208:
        response["errors"] = errors
    if block[13] >= 208:
        response["links"] = {"self": pair.url}
    return response


def pick(options: Sequence[Item], byte: int) -> Item:
    """Return one of ``options``: the first for byte 0, the last for byte 255."""
    return options[byte * len(options) >> 8]


def _choose_length(choices: Choices, lengths: Sequence[int]) -> int:
    return lengths[choices.index(len(lengths))] if len(lengths) > 1 else lengths[0]


def _append_copies(drafts: list[_ResultDraft], count: int) -> list[_ResultDraft]:
    """Append up to ``count`` copies of the drafts, with other ids. Without drafts there is nothing to copy."""
    if not drafts or not count:
        return drafts
    rounds, size = range(1 + count // len(drafts) + 1), min(len(drafts) + count, MAX_RESULTS)
    copies = (
        replace(
            draft,
            number=draft.number + COPY_ID_STEP * round_number,
            to=[
                replace(association, target_number=association.target_number + COPY_ID_STEP * round_number)
                for association in draft.to
            ],
        )
        for round_number in rounds
        for draft in drafts
    )
    return list(islice(copies, size))


def _object_number(block: bytes, at: int) -> int:
    """Return an object id as a number: 1 for zero bytes, and more digits for a larger first byte."""
    lowest: int = 10 ** (pick(ID_DIGIT_COUNTS, block[at]) - 1)
    return lowest + (9 * lowest * (block[at + 1] << 8 | block[at + 2]) >> 16)


def _take_id(number: int, used_ids: set[str]) -> str:
    """Return the first unused id from ``number`` on, and mark it as used."""
    while str(number) in used_ids:
        number += 1
    used_ids.add(str(number))
    return str(number)


def _timestamps(block: bytes, at: int) -> tuple[str, str, str]:
    """Return ``requestedAt``, ``startedAt`` and ``completedAt``: in order, within minutes, from 2023 to 2025."""
    year, month, day, hour, minute, second, millisecond, waited, worked = block[at : at + 9]
    requested = datetime(
        2023 + pick(range(3), year),
        1 + pick(range(12), month),
        1 + pick(range(28), day),
        pick(range(24), hour),
        pick(range(60), minute),
        pick(range(60), second),
        1000 * pick(range(1000), millisecond),
        tzinfo=UTC,
    )
    # Squares make most batches take milliseconds or seconds, and few of them two minutes.
    started = requested + timedelta(milliseconds=2 * waited * waited)
    completed = started + timedelta(milliseconds=2 * worked * worked)
    return format_timestamp(requested), format_timestamp(started), format_timestamp(completed)


def _results(
    pair: ObjectPair, drafts: Sequence[_ResultDraft], source_ids: Sequence[str], *, paged: bool
) -> list[dict[str, Any]]:
    results = []
    known_targets: list[str] = []
    for draft, source_id in zip(drafts, source_ids, strict=True):
        # No source is also a target, so that a rule can exchange ids without breaking another rule.
        used_ids = set(source_ids)
        primary = pair.primary
        to = []
        for association in draft.to:
            # Several contacts work for one company, so some targets occur in several results.
            if known_targets and association.known_target >= 192:
                number = int(known_targets[association.known_target % len(known_targets)])
            else:
                number = association.target_number
            types = [pair.unlabelled]
            if primary is not None and association.primary:
                # An object has at most one primary company.
                types.append(primary)
                primary = None
            type_fields = [association_type.to_json() for association_type in (*types, *association.custom_types)]
            to.append({"toObjectId": _take_id(number, used_ids), "associationTypes": type_fields})
        known_targets += [str(association["toObjectId"]) for association in to]
        result: dict[str, Any] = {"from": {"id": source_id}, "to": to}
        if paged or (draft.paged and to):
            cursor = b64encode(f"{source_id}:{len(to)}".encode()).decode()
            result["paging"] = {"next": {"after": cursor, "link": f"{pair.url}?after={quote(cursor, safe='')}"}}
        results.append(result)
    return results


def _error(pair: ObjectPair, draft: _ErrorDraft, source_id: str) -> dict[str, Any]:
    """Return the error for an object whose associations could not be read."""
    request_context = {"fromObjectId": [source_id], "fromObjectType": [pair.source], "toObjectType": [pair.target]}
    causes: tuple[tuple[str, str, str, dict[str, list[str]]], ...] = (
        (
            "OBJECT_NOT_FOUND",
            "NO_ASSOCIATIONS_FOUND",
            f"The {pair.source} {source_id} has no {pair.target}.",
            request_context,
        ),
        ("OBJECT_NOT_FOUND", "MISSING_OBJECT", f"There is no {pair.source} {source_id}.", {"ids": [source_id]}),
        (
            "VALIDATION_ERROR",
            "INVALID_CURSOR",
            f"'after' is no cursor of {pair.source} {source_id}.",
            {"after": ["0"], "ids": [source_id]},
        ),
        (
            "MISSING_SCOPES",
            "MISSING_SCOPES",
            f"The access token may not read {PLURAL_NAMES[pair.target]}.",
            {"requiredGranularScopes": [f"crm.objects.{PLURAL_NAMES[pair.target]}.read"]},
        ),
    )
    category, subcategory, message, context = pick(causes, draft.cause)
    error: dict[str, Any] = {"status": "error"}
    if draft.has_id:
        error["id"] = source_id
    error |= {"category": category, "message": message}
    if draft.has_details:
        detail = {
            "message": message,
            "code": category,
            "subCategory": f"crm.associations.{subcategory}",
            "in": "inputs",
        }
        error["errors"] = [{**detail, "context": {name: list(values) for name, values in context.items()}}]
        error["links"] = {"object": f"{API_URL}/crm/v4/objects/{PLURAL_NAMES[pair.source]}/{source_id}"}
    return error | {"context": context}
