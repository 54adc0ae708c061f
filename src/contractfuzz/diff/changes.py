"""Changes between two versions of a contract. Each has a payload that one version accepts and the other rejects.

The payloads are valid cases of one version and invalid cases of the other: what violates one version may be valid in the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import chain
from typing import Any, Literal

from contractfuzz.contract import Contract
from contractfuzz.json_pointer import unescape_token
from contractfuzz.patterns.engine import PatternError, compile_pattern
from contractfuzz.payloads.cases.case import Case
from contractfuzz.text import one_line

Direction = Literal["narrower", "wider"]
Effect = Literal["breaking", "loosening", "neutral"]

SAMPLES_PER_PROFILE = 300
"""Number of valid payloads of each profile, and of random invalid ones after one for each violation."""

_MAX_MESSAGE_LENGTH = 120


@dataclass(frozen=True)
class Change:
    """One change between two versions of a contract.

    Attributes:
        location: where it is, as a JSON Pointer with ``*`` for any array item or map value; ``""`` is the payload itself.
        keyword: the keyword that one version's schema reports there and the other's does not.
        direction: ``narrower`` if valid payloads became invalid, ``wider`` if invalid payloads became valid.
        description: the change in one line.
        witness: the smallest payload found that is valid in one version and invalid in the other.
        payload_count: the number of payloads that showed the change.

    """

    location: str
    keyword: str
    direction: Direction
    description: str
    witness: Any
    payload_count: int = 1

    @property
    def producer(self) -> Effect:
        """Effect on programs that send payloads: a narrower contract rejects what they may send today."""
        return "breaking" if self.direction == "narrower" else "loosening"

    @property
    def consumer(self) -> Effect:
        """Effect on programs that read payloads: a wider contract sends what they never had to read."""
        return "breaking" if self.direction == "wider" else "neutral"


def find_changes(old: Contract, new: Contract, seed: int = 0) -> list[Change]:
    """Find the changes between two versions of a contract.

    Args:
        old: the earlier version.
        new: the later version.
        seed: the seed of the random payloads; the same seed gives the same changes.

    Returns:
        The changes, sorted by location. The oracles of both versions confirm each witness.

    """
    locations = sorted({violation.location for contract in (old, new) for violation in contract.violations()})
    narrower = _find_in_one_direction(old, new, "narrower", locations, seed)
    wider = _find_in_one_direction(new, old, "wider", locations, seed)
    return sorted(chain(narrower, wider), key=lambda change: (change.location, change.direction, change.keyword))


def _find_in_one_direction(
    accepting: Contract, rejecting: Contract, direction: Direction, locations: list[str], seed: int
) -> list[Change]:
    """Return the changes that payloads show which one version accepts and the other rejects."""
    isolated: dict[tuple[str, str], Change] = {}
    mixed: dict[tuple[str, str], Change] = {}
    for case in _candidates(accepting, rejecting, seed):
        errors = rejecting.errors(case.payload) if accepting.is_valid(case.payload) else []
        if not errors:
            continue
        found = [(_find_location(error.pointer, locations), error.keyword) for error in errors]
        # A payload with several errors counts for its first one only, and only if no payload shows that one alone.
        changes = isolated if len(set(found)) == 1 else mixed
        change = Change(*found[0], direction, _describe(direction, errors[0].message), case.payload)
        changes[found[0]] = _merge(changes[found[0]], change) if found[0] in changes else change
    rest = [
        change for change in mixed.values() if not any(location.startswith(change.location) for location, _ in isolated)
    ]
    return [*isolated.values(), *rest]


def _merge(one: Change, other: Change) -> Change:
    smaller = min(one, other, key=lambda change: len(json.dumps(change.witness)))
    return replace(smaller, payload_count=one.payload_count + other.payload_count)


def _candidates(accepting: Contract, rejecting: Contract, seed: int) -> Iterator[Case]:
    yield from accepting.sample(1, profile="minimal")
    yield from accepting.sample(SAMPLES_PER_PROFILE, profile="closed", seed=seed)
    yield from accepting.sample(SAMPLES_PER_PROFILE, seed=seed)
    yield from rejecting.sample(len(rejecting.violations()) + SAMPLES_PER_PROFILE, "invalid", seed=seed)


def _describe(direction: Direction, message: str) -> str:
    line = one_line(message, _MAX_MESSAGE_LENGTH)
    return f"no longer allowed: {line}" if direction == "narrower" else f"newly allowed; rejected before: {line}"


def _find_location(pointer: str, locations: list[str]) -> str:
    """Return the known location of a pointer. If none is known, return the pointer with ``*`` for numbers."""
    tokens = pointer.split("/")
    matching = [parts for location in locations if _matches(parts := location.split("/"), tokens)]
    if matching:
        # A property that the schema names wins over a map value.
        return "/".join(max(matching, key=lambda parts: sum(map(str.__eq__, parts, tokens))))
    return "/".join("*" if token.isdecimal() else token for token in tokens)


def _matches(parts: list[str], tokens: list[str]) -> bool:
    return len(parts) == len(tokens) and all(map(_part_matches, parts, tokens))


def _part_matches(part: str, token: str) -> bool:
    """Return True if a token of a location matches a token of a pointer; ``*(pattern)`` matches names by its pattern."""
    if part in ("*", token):
        return True
    if not (part.startswith("*(") and part.endswith(")")):
        return False
    pattern, name = (unescape_token(text) for text in (part[2:-1], token))
    try:
        return compile_pattern(pattern).search(name)
    except PatternError:  # a property with such a name: the patterns of a contract are checked when it is loaded
        return False
