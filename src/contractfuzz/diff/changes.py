"""What changed between two versions of a contract: nothing is claimed without a payload that shows it.

A change is found by payloads that one version makes and the other judges: its valid cases, and those that break it in one place.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

from contractfuzz.contract import Contract
from contractfuzz.json_pointer import unescape_token
from contractfuzz.payloads.cases.case import Case
from contractfuzz.text import one_line

Effect = Literal["breaking", "loosening", "neutral"]

SAMPLES = 300
"""Valid payloads of each version that the other one judges, and random cases with a fault beyond each once."""


@dataclass(frozen=True)
class Change:
    """One thing that changed.

    Attributes:
        location: where, as a JSON Pointer with ``*`` for any array item or map value; ``""`` is the payload itself.
        keyword: the keyword that one version breaks there and the other does not.
        sort: ``narrower`` (what was allowed no longer is) or ``wider`` (what was not allowed now is).
        words: the change in words.
        witness: the smallest payload found that is valid under one version and invalid under the other.
        seen: how many payloads showed it.

    """

    location: str
    keyword: str
    sort: Literal["narrower", "wider"]
    words: str
    witness: Any
    seen: int = 1

    @property
    def producer(self) -> Effect:
        """What it means for who sends payloads: what is no longer allowed must no longer be sent."""
        return "breaking" if self.sort == "narrower" else "loosening"

    @property
    def consumer(self) -> Effect:
        """What it means for who reads payloads: what was never allowed may now come."""
        return "breaking" if self.sort == "wider" else "neutral"


def find_changes(old: Contract, new: Contract, seed: int = 0) -> list[Change]:
    """Return what changed from ``old`` to ``new``, by location; each witness is confirmed by the oracles of both.

    Args:
        old: the earlier version.
        new: the later version.
        seed: of the random payloads; the same seed finds the same.

    """
    locations = sorted({violation.location for contract in (old, new) for violation in contract.violations()})
    narrower = _differences(old, new, "narrower", locations, seed)
    wider = _differences(new, old, "wider", locations, seed)
    return sorted(chain(narrower, wider), key=lambda change: (change.location, change.sort, change.keyword))


def _differences(
    allowing: Contract, forbidding: Contract, sort: Literal["narrower", "wider"], locations: list[str], seed: int
) -> Iterable[Change]:
    """Return the changes that payloads show which ``allowing`` allows and ``forbidding`` does not."""
    clear: dict[tuple[str, str], Change] = {}
    mixed: dict[tuple[str, str], Change] = {}
    for case in _candidates(allowing, forbidding, seed):
        errors = forbidding.errors(case.payload) if allowing.is_valid(case.payload) else []
        if not errors:
            continue
        places = {(_location(error.pointer, locations), error.keyword) for error in errors}
        place = _location(errors[0].pointer, locations), errors[0].keyword
        # A payload that shows several things at once tells of its first only where none tells of less: of a union, say.
        told = clear if len(places) == 1 else mixed
        change = Change(*place, sort, _words(sort, errors[0].message), case.payload)
        told[place] = _smaller(told[place], change) if place in told else change
    rest = [change for change in mixed.values() if not any(at.startswith(change.location) for at, _ in clear)]
    return [*clear.values(), *rest]


def _smaller(one: Change, other: Change) -> Change:
    smaller = min(one, other, key=lambda change: len(json.dumps(change.witness)))
    return replace(smaller, seen=one.seen + other.seen)


def _candidates(allowing: Contract, forbidding: Contract, seed: int) -> Iterator[Case]:
    yield from allowing.sample(1, profile="minimal")
    yield from allowing.sample(SAMPLES, profile="closed", seed=seed)
    yield from allowing.sample(SAMPLES, seed=seed)
    # What breaks the one version in one place may be what the other one allows.
    yield from forbidding.sample(len(forbidding.violations()) + SAMPLES, "invalid", seed=seed)


def _words(sort: str, message: str) -> str:
    line = one_line(message, 120)
    return f"not allowed any more: {line}" if sort == "narrower" else f"allowed by now, and was not: {line}"


def _location(pointer: str, locations: list[str]) -> str:
    """Return the known location that ``pointer`` lies at; where none is known, itself with ``*`` for numbers."""
    tokens = pointer.split("/")
    fitting = [parts for location in locations if _fits(parts := location.split("/"), tokens)]
    if fitting:
        # A property that the schema names is itself, and no value of the map beside it.
        return "/".join(max(fitting, key=lambda parts: sum(map(str.__eq__, parts, tokens))))
    return "/".join("*" if token.isdecimal() else token for token in tokens)


def _fits(parts: list[str], tokens: list[str]) -> bool:
    return len(parts) == len(tokens) and all(map(_stands_for, parts, tokens))


def _stands_for(part: str, token: str) -> bool:
    """Return whether the token of a location is, or may be, that of a pointer."""
    if part in ("*", token):
        return True
    if not (part.startswith("*(") and part.endswith(")")):
        return False
    pattern, name = (unescape_token(text) for text in (part[2:-1], token))
    try:
        return re.search(pattern, name) is not None
    except re.error:  # no pattern, since a contract's are read when it is loaded, but a property of such a name
        return False
