"""Payloads before a change: valid ones that the consumer accepts, and that together have many locations.

Readers expect more than a schema states: dates in one notation, ids of digits. So each payload that is made is also tried with
plain values in place of its texts, numbers and dates.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.errors import ContractError
from contractfuzz.evolution.change_type import DoesNotApplyError
from contractfuzz.evolution.impact import ImpactMeter
from contractfuzz.evolution.scalar_changes import is_date_time, is_listed, is_number
from contractfuzz.json_values import canonical, copy_json, put_at
from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.payloads.places import PlacedValue
from contractfuzz.running.run import Run
from contractfuzz.running.verdicts.reactions import Reaction
from contractfuzz.text import truncate

PAYLOADS_PER_PROFILE = 40
"""Number of payloads of each profile to choose from."""

MAX_TRIED_PAYLOADS = 120
"""Number of payloads that the consumer gets in search of those that it accepts."""

MAX_REASON_CHARACTERS = 160

_PLAIN_DATE_TIME, _PLAIN_DATE = "2024-05-17T10:30:00Z", "2024-05-17"


@dataclass(frozen=True)
class Twin:
    """A valid payload that the consumer accepts.

    Attributes:
        case: the case with the payload.
        places: its values by location.
        tag_paths: the paths to the tags of unions.
        branch_paths: the paths to the values whose branch of a union has a location.

    """

    case: Case
    places: dict[str, list[PlacedValue]]
    tag_paths: frozenset[tuple[str | int, ...]]
    branch_paths: frozenset[tuple[str | int, ...]]

    @property
    def payload(self) -> Any:
        """The payload, which must not be changed."""
        return self.case.payload

    @classmethod
    def of(cls, contract: Contract, payload: Any) -> Twin:
        """Return the twin with a payload."""
        places: dict[str, list[PlacedValue]] = {}
        found = contract.places(payload)
        for place in found:
            places.setdefault(place.location, []).append(place)
        tags = frozenset((*place.path, name) for place in found for name in place.tag_names)
        return cls(Case("valid", payload), places, tags, frozenset(place.path for place in found if place.is_branch))


def find_twins(contract: Contract, meter: ImpactMeter, run: Run, seed: int = 0) -> list[Twin]:
    """Return payloads that the consumer accepts, those with the most locations first.

    Args:
        contract: the contract. A base that it has is the only payload.
        meter: feeds the payloads.
        run: the run of the consumer.
        seed: the seed of the payloads.

    Raises:
        ContractError: the consumer accepts none of them, or no call reaches it.

    """
    search = _TwinSearch(meter, set(contract.locations()))
    for payloads in _batches(contract, seed):
        if not search.is_over:
            search.try_all([Twin.of(contract, payload) for payload in payloads])
    run.assert_reached()
    if not search.accepted:
        reason = "it cannot take them" if search.refusal is None else _reason(search.refusal)
        raise ContractError(
            f"{run.name} accepts no payload to compare with ({reason}): correct it with contractfuzz check, or give a valid "
            "payload that it accepts (--base FILE)"
        )
    return search.accepted


class _TwinSearch:
    """A search for payloads that a consumer accepts, until they have all locations."""

    def __init__(self, meter: ImpactMeter, locations: set[str]) -> None:
        self.accepted: list[Twin] = []
        self.refusal: Reaction | None = None
        self._meter, self._missing = meter, locations
        self._tries = 0

    @property
    def is_over(self) -> bool:
        """True if the accepted payloads have all locations, or if too many were tried."""
        return (bool(self.accepted) and not self._missing) or self._tries >= MAX_TRIED_PAYLOADS

    def try_all(self, twins: list[Twin]) -> None:
        """Feed payloads, at each step the one with the most locations that are missing."""
        waiting = list(twins)
        while waiting and not self.is_over:
            best = max(waiting, key=lambda twin: len(twin.places.keys() & self._missing))
            if self.accepted and not best.places.keys() & self._missing:
                return
            waiting.remove(best)
            self._tries += 1
            reaction = self._meter.twin_reaction(best.case)
            if reaction.is_accepted:
                self.accepted.append(best)
                self._missing = self._missing - best.places.keys()
            else:
                self.refusal = self.refusal or reaction.reaction


def _reason(reaction: Reaction) -> str:
    text = reaction.detail or reaction.verdict.value
    return truncate(text if reaction.raised is None else reaction.raised.line, MAX_REASON_CHARACTERS)


def _batches(contract: Contract, seed: int) -> Iterator[list[Any]]:
    """Yield lists of payloads, those first that readers are most likely to accept."""
    options = contract.fault_options
    if options is not None and options.base is not ABSENT:
        yield [copy_json(options.base)]
        return
    if "realistic" in contract.profiles:
        yield [case.payload for case in contract.sample(PAYLOADS_PER_PROFILE, profile="realistic", seed=seed)]
    made = [case.payload for case in contract.sample(PAYLOADS_PER_PROFILE, profile="closed", seed=seed)]
    for style in (_as_digits, _as_words):
        yield [_plainly(contract, payload, style) for payload in made]
    yield made


_Style = Callable[[PlacedValue, int], Any]
"""Returns the plain value for a place and its number; DoesNotApplyError if its value stays."""


def _plainly(contract: Contract, payload: Any, style: _Style) -> Any:
    """Return a payload with plain values wherever it stays valid."""
    edits = list(_plain_values(contract, payload, style))
    plain = copy_json(payload)
    for path, value in edits:
        plain = put_at(plain, path, value)
    if contract.is_valid(plain):
        return plain
    plain = copy_json(payload)
    for path, value in edits:
        changed = put_at(copy_json(plain), path, value)
        plain = changed if contract.is_valid(changed) else plain
    return plain


def _plain_values(contract: Contract, payload: Any, style: _Style) -> Iterator[tuple[tuple[str | int, ...], Any]]:
    own = {canonical(value) for values in contract.values.values() for value in values}
    for number, place in enumerate(contract.places(payload)):
        if isinstance(place.value, dict | list | None) or is_listed(place) or canonical(place.value) in own:
            continue
        try:
            yield place.path, _example(place) or style(place, number)
        except DoesNotApplyError:
            continue


def _example(place: PlacedValue) -> Any:
    """Return the first example that the document gives for a place; None if it gives none."""
    examples = place.schema.get("examples")
    if isinstance(examples, list) and examples:
        return examples[0]
    return place.schema.get("example", place.schema.get("default"))


def _as_digits(place: PlacedValue, number: int) -> Any:
    """Return a number, a text of digits, or a date in the usual notation."""
    return _plain(place, str(1001 + number), 1001 + number)


def _as_words(place: PlacedValue, number: int) -> Any:
    """Return a small number, a text of letters, or a date in the usual notation."""
    letters = "".join(chr(ord("a") + int(digit)) for digit in str(number))
    return _plain(place, f"text{letters}", 2 + number % 7)


def _plain(place: PlacedValue, text: str, number: int) -> Any:
    if is_number(place.value):
        return number if isinstance(place.value, int) else number + 0.5
    if not isinstance(place.value, str) or ANNOTATION in place.schema:
        raise DoesNotApplyError
    if place.schema.get("format") == "date-time" or is_date_time(place.value):
        return _PLAIN_DATE_TIME
    if place.schema.get("format") == "date":
        return _PLAIN_DATE
    if "format" in place.schema:
        raise DoesNotApplyError
    return text
