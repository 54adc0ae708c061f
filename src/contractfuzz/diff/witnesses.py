"""Search for witnesses: payloads that one version of a contract accepts and the other rejects.

They are valid cases of one version and invalid cases of the other: what violates one version may be valid in the other.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import chain
from typing import TYPE_CHECKING, Any, NamedTuple

from contractfuzz.claims import REPORTED_AT_PARENT, broken_keyword, marks_of
from contractfuzz.contract import Contract
from contractfuzz.diff import rules
from contractfuzz.diff.change import Change, Witness
from contractfuzz.diff.edits import Path, find_value, with_value
from contractfuzz.diff.places import Places, SchemaPlace
from contractfuzz.diff.rules import LIMITS, ChangeRule, Direction
from contractfuzz.json_pointer import MISSING
from contractfuzz.json_values import canonical, json_type
from contractfuzz.oracle import Oracle
from contractfuzz.text import one_line
from contractfuzz.unions.branch import encode_location

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

SAMPLES_PER_PROFILE = 300
"""Number of valid payloads of each profile, and of random invalid ones after one for each violation."""

MAX_WITNESSES = 10
"""Number of witnesses of one change."""

_MAX_MESSAGE_LENGTH = 120
_VALUE_KEYWORDS = ("enum", "const")
_NULL_KEYWORDS = ("type", "enum", "const", "anyOf", "oneOf")
_FALSE = "None"
"""Keyword of the error of a schema that is ``false``."""

_CLOSING_KEYWORDS = ("additionalProperties", "unevaluatedProperties")


class _Evidence(NamedTuple):
    """One error of the version that rejects a payload, as evidence of a change."""

    location: str
    rule: ChangeRule
    keyword: str
    tokens: tuple[str, ...]
    kind: str
    witness: Witness

    @property
    def key(self) -> tuple[str, str]:
        return self.location, self.rule.id


@dataclass(slots=True)
class _Findings:
    """The evidence of one change.

    Attributes:
        smallest: the smallest evidence for each kind of value.
        largest: for a limit, the evidence with the value that is farthest beyond it.
        count: the number of payloads.

    """

    smallest: dict[str, _Evidence] = field(default_factory=dict)
    largest: _Evidence | None = None
    count: int = 0

    def add(self, evidence: _Evidence) -> None:
        self.count += 1
        known = self.smallest.get(evidence.kind)
        has_room = len(self.smallest) < MAX_WITNESSES
        if has_room if known is None else evidence.witness.size < known.witness.size:
            self.smallest[evidence.kind] = evidence
        if evidence.keyword in LIMITS and (self.largest is None or _extent(evidence) > _extent(self.largest)):
            self.largest = evidence

    def change(self, direction: Direction) -> Change:
        ordered = sorted(self.smallest.values(), key=lambda one: one.witness.size)
        smallest = ordered[0]
        witnesses = [one.witness for one in ordered]
        message = smallest.witness.message
        # With as many witnesses as may be kept, any value may be allowed, and these are chosen at random.
        if smallest.keyword in _VALUE_KEYWORDS and 1 < len(witnesses) < MAX_WITNESSES:
            values = (find_value(one.payload, one.path) for one in witnesses)
            message = ", ".join(sorted(json.dumps(value, ensure_ascii=False) for value in values))
        if self.largest is not None and self.largest.witness not in witnesses:
            witnesses.append(self.largest.witness)
        return Change(
            smallest.location,
            smallest.rule,
            _describe(direction, message),
            smallest.keyword,
            smallest.tokens,
            direction,
            tuple(witnesses),
            self.count,
        )


def _extent(evidence: _Evidence) -> float:
    value = find_value(evidence.witness.payload, evidence.witness.path)
    return abs(value) if isinstance(value, int | float) else len(value)


def find_witnessed(old: Contract, new: Contract, seed: int = 0) -> list[Change]:
    """Return the changes that payloads show. The oracles of both versions confirm each witness.

    Args:
        old: the earlier version.
        new: the later version.
        seed: the seed of the random payloads.

    """
    places = Places(old.schema, new.schema)
    return [
        *_WitnessSearch(old, new, "narrower", places).changes(seed),
        *_WitnessSearch(new, old, "wider", places).changes(seed),
    ]


class _WitnessSearch:
    """The search for payloads that one version accepts and the other rejects."""

    def __init__(self, accepting: Contract, rejecting: Contract, direction: Direction, places: Places) -> None:
        self._accepting, self._rejecting, self._direction = accepting, rejecting, direction
        self._places = places
        self._oracle = Oracle(rejecting.schema)

    def changes(self, seed: int) -> list[Change]:
        """Return the changes. Evidence with several errors counts only where no payload shows one of them alone."""
        isolated: dict[tuple[str, str], _Findings] = {}
        mixed = [*self._collect(self._candidates(seed), isolated)]
        mixed += self._collect(list(self._smaller_candidates(isolated.values())), isolated)
        others: dict[tuple[str, str], _Findings] = {}
        for evidence in mixed:
            if not any(_is_near(one.location, location) for one in evidence for location, _ in isolated):
                _add(others, evidence[0])
        found = {**isolated, **others}
        for stronger, weaker in _COVERED.items():
            for location, _ in [key for key in found if key[1] == stronger]:
                found.pop((location, weaker), None)
        return [findings.change(self._direction) for findings in found.values()]

    def _collect(
        self, payloads: Iterable[Any], isolated: dict[tuple[str, str], _Findings]
    ) -> Iterator[list[_Evidence]]:
        """Add the evidence of payloads that show one change. Yield that of payloads that show several."""
        for payload in payloads:
            evidence = self._evidence(payload)
            if len({one.key for one in evidence}) == 1:
                _add(isolated, evidence[0])
            elif evidence:
                yield evidence

    def _candidates(self, seed: int) -> Iterator[Any]:
        count = len(self._rejecting.violations()) + SAMPLES_PER_PROFILE
        samples = (
            self._accepting.sample(1, profile="minimal"),
            self._accepting.sample(SAMPLES_PER_PROFILE, profile="closed", seed=seed),
            self._accepting.sample(SAMPLES_PER_PROFILE, seed=seed),
            self._rejecting.sample(count, "invalid", seed=seed),
        )
        yield from (case.payload for case in chain(*samples))

    def _smaller_candidates(self, found: Iterable[_Findings]) -> Iterator[Any]:
        """Yield the smallest payload with the values that showed changes at their places."""
        for case in self._accepting.sample(1, profile="minimal"):
            for witness in (one.witness for findings in found for one in findings.smallest.values()):
                payload = with_value(case.payload, witness.path, find_value(witness.payload, witness.path))
                if payload is not MISSING:
                    yield payload

    def _evidence(self, payload: Any) -> list[_Evidence]:
        """Return the errors in a payload that the accepting version accepts; none for any other payload."""
        if not self._accepting.is_valid(payload):
            return []
        found = [one for error in self._oracle.find_errors(payload) for one in self._read(error, payload)]
        # A value of another type is none of the listed ones either.
        of_type = {one.witness.path for one in found if one.keyword == "type"}
        return [one for one in found if one.keyword not in _VALUE_KEYWORDS or one.witness.path not in of_type]

    def _read(self, error: ValidationError, payload: Any) -> Iterator[_Evidence]:
        keyword, path = broken_keyword(error), tuple(error.absolute_path)
        if keyword in REPORTED_AT_PARENT:
            path = (*path, _missing_name(error))
        elif keyword == _FALSE:
            keyword, path = _locate_false(error, find_value(payload, path), path)
        elif keyword in _CLOSING_KEYWORDS:
            names = self._forbidden_names(payload, path, error.instance)
            if names:
                yield from (self._as_evidence(error, keyword, payload, (*path, name)) for name in names)
                return
        yield self._as_evidence(error, keyword, payload, path)

    def _forbidden_names(self, payload: Any, path: Path, instance: Any) -> list[str]:
        """Return the names of the forbidden properties if the accepting version declares them all."""
        names = []
        for name in instance if isinstance(instance, dict) else ():
            place = self._places.find(payload, (*path, name))
            accepted, rejected = (place.in_new, place.in_old) if self._is_wider else (place.in_old, place.in_new)
            if rejected:
                continue
            if not accepted:
                return []
            names.append(name)
        return names

    @property
    def _is_wider(self) -> bool:
        return self._direction == "wider"

    def _as_evidence(self, error: ValidationError, keyword: str, payload: Any, path: Path) -> _Evidence:
        place, value = self._places.find(payload, path), find_value(payload, path)
        if keyword in REPORTED_AT_PARENT:  # the keyword names the property, even if no other keyword does
            place = replace(place, tokens=(*place.tokens[:-1], str(path[-1])))
        rule, tokens = self._rule(keyword, value, place)
        marks = [(depth, name) for depth, name in marks_of(error) if depth < max(1, len(tokens))]
        kind = "missing" if value is MISSING else canonical(value) if keyword in _VALUE_KEYWORDS else json_type(value)
        return _Evidence(
            encode_location(tokens, marks),
            rule,
            keyword,
            tokens,
            kind,
            Witness(payload, path, place.tokens, error.message),
        )

    def _rule(self, keyword: str, value: Any, place: SchemaPlace) -> tuple[ChangeRule, tuple[str, ...]]:
        """Return the rule of an error, and the tokens of the location to report it at."""
        plain = rules.rule_for(keyword, self._direction)
        is_property, is_removed = place.only_tokens == place.tokens, place.only_in == "old"
        if is_removed and self._is_wider:
            required = keyword == "required" and is_property
            return rules.REQUIRED_REMOVED if required else rules.PROPERTY_REMOVED, place.only_tokens
        if place.only_in == "new" and not self._is_wider:
            required = keyword == "required" and is_property
            return rules.REQUIRED_ADDED if required else rules.PROPERTY_ADDED, place.only_tokens
        if is_removed and keyword in _CLOSING_KEYWORDS and is_property:
            return rules.DECLARED_FORBIDDEN, place.tokens
        if value is None and keyword in _NULL_KEYWORDS:
            return rules.BECAME_NULLABLE if self._is_wider else rules.BECAME_NOT_NULLABLE, place.tokens
        return plain, place.tokens


_COVERED = {
    rules.REQUIRED_REMOVED.id: rules.PROPERTY_REMOVED.id,
    rules.REQUIRED_ADDED.id: rules.PROPERTY_ADDED.id,
}
"""Rules by which another one is reported, too, at the same location: it would say the same again."""


def _add(found: dict[tuple[str, str], _Findings], evidence: _Evidence) -> None:
    found.setdefault(evidence.key, _Findings()).add(evidence)


def _is_near(one: str, other: str) -> bool:
    """Return True if two locations are equal, or one is inside the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


def _missing_name(error: ValidationError) -> str:
    """Return the name of the property whose absence an error of ``required`` or ``dependentRequired`` reports."""
    required: Any = error.validator_value
    names: Iterable[str] = (
        required if isinstance(required, list) else (name for some in required.values() for name in some)
    )
    instance: Any = error.instance
    missing = [name for name in names if name not in instance]
    # Each missing property has an error of its own, whose message starts with its name.
    return next((name for name in missing if error.message.startswith(f"{name!r} is a ")), missing[0])


def _locate_false(error: ValidationError, holder: Any, path: Path) -> tuple[str, Path]:
    """Return the keyword of the error of a schema that is ``false``, and the path to the value, which the error lacks."""
    if isinstance(holder, list):
        return "items", path
    names = holder if isinstance(holder, dict) else ()
    forbidden = next((name for name in names if holder[name] is error.instance), None)
    return _FALSE, path if forbidden is None else (*path, forbidden)


def _describe(direction: Direction, message: str) -> str:
    line = one_line(message, _MAX_MESSAGE_LENGTH)
    return f"no longer allowed: {line}" if direction == "narrower" else f"newly allowed; rejected before: {line}"
