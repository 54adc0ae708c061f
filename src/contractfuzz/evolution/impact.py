"""Impact: what a change of a payload does to the consumer, compared with the same payload before the change.

The consumer gets both payloads. An error decides at once. Otherwise, the parts of the two results are compared: a change that the
caller can see is passed on; a result that hides the change is silently wrong.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import Any, NamedTuple

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Parts, differences, is_container, parts_of
from contractfuzz.running.verdicts.exceptions import ExceptionSummary
from contractfuzz.running.verdicts.reactions import Reaction
from contractfuzz.text import printable, truncate

MAX_PART_CHARACTERS = 40
"""Length of one part of a result in the words for a difference."""


class Impact(StrEnum):
    """Effect of a change of a payload on the consumer, the worst first."""

    DIED = "died"
    """It ended its process. Only an isolated consumer, a command or a service has this impact."""
    HUNG = "hung"
    """It exceeded the time limit, or a client sent too many requests."""
    CRASHED = "crashed"
    """It raised an error that it does not declare."""
    SILENTLY_WRONG = "silently wrong"
    """It returned a result that hides the change: neither the new value nor a visible gap."""
    REFUSED = "refused"
    """It raised a declared error."""
    PASSED_ON = "passed on"
    """Its result has the new value, or a visible gap, such as None."""
    UNAFFECTED = "unaffected"
    """Its result is the same."""
    UNKNOWN = "unknown"
    """The results cannot be compared, or the consumer does not accept the payload before the change."""

    @property
    def is_break(self) -> bool:
        """True if the change breaks the consumer."""
        return self not in (Impact.PASSED_ON, Impact.UNAFFECTED, Impact.UNKNOWN)

    @property
    def severity(self) -> int:
        """The position among all impacts: 0 for the worst."""
        return list(Impact).index(self)


class ResultRule(StrEnum):
    """Parts of the result that may differ if the consumer accepts a change."""

    VISIBLE = "visible"
    """A part that differs is absent, empty text, None, or the new value."""
    RETYPED = "retyped"
    """A part that differs is absent, empty text or None: the new value would be of another type than the caller expects."""
    VALUE = "value"
    """As ``VISIBLE``. What is computed from the value may differ too, but a copy of the value must stay one."""
    LOSSLESS = "lossless"
    """As ``VALUE``. A copy of the value must differ."""
    ANY = "any"
    """Every part may differ."""


class PartDifference(NamedTuple):
    """A part of a result that differs.

    Attributes:
        path: the path to the part in the result.
        before: the part for the payload before the change; None if it is absent.
        after: the part for the changed payload; None if it is absent.

    """

    path: tuple[str, ...]
    before: object
    after: object

    def __str__(self) -> str:
        """Return the difference in words: ``['amount']: 5 -> '5'``."""
        path = "".join(token if token.startswith("[") else f"[{token}]" for token in self.path)
        before, after = (truncate(_part_text(part), MAX_PART_CHARACTERS) for part in (self.before, self.after))
        return printable(f"result{path}: {before} -> {after}")


@dataclass(frozen=True, slots=True)
class Measurement:
    """The impact of one change, with what shows it.

    Attributes:
        impact: the impact.
        raised: the summary of the exception, or None if the call returned.
        detail: how the consumer's process ended, why the impact is unknown, or the part of the result that is wrong, in words.

    """

    impact: Impact
    raised: ExceptionSummary | None = None
    detail: str = ""

    @property
    def place(self) -> str:
        """The place in the consumer that raised the exception: ``service.py:14``; empty if it is not known."""
        if self.raised is None or not self.raised.file:
            return ""
        return f"{Path(self.raised.file).name}:{self.raised.number}"

    @property
    def error(self) -> str:
        """The class of the exception; empty if the call returned."""
        return "" if self.raised is None else self.raised.name


@dataclass(frozen=True, slots=True)
class TwinReaction:
    """The consumer's reaction to a payload before the change.

    Attributes:
        is_accepted: True if the consumer accepts it.
        parts: the parts of the result; None if they cannot be compared.
        unstable: the paths to the parts that differ between two calls, such as a time or a random id.
        reaction: the reaction to the first call; None if the consumer cannot take the payload.

    """

    is_accepted: bool
    parts: Parts | None
    unstable: frozenset[tuple[str, ...]]
    reaction: Reaction | None


_IMPACTS = {
    Verdict.REJECTED: Impact.REFUSED,
    Verdict.CRASHED: Impact.CRASHED,
    Verdict.DIED: Impact.DIED,
    Verdict.HUNG: Impact.HUNG,
    Verdict.LOOPED: Impact.HUNG,
    Verdict.REPEATED: Impact.HUNG,
}

_NOTHING: Parts = {(): repr(None)}
"""The parts of the result None."""


class ImpactMeter:
    """Measures impacts on one consumer. It feeds each twin at most twice.

    Args:
        react: feeds one case, such as ``Run.react``.

    Example:
        >>> meter = ImpactMeter(run.react)
        >>> meter.measure(Case("invalid", {"id": "7"}), Case("valid", {"id": 7})).impact
        <Impact.CRASHED: 'crashed'>

    """

    def __init__(self, react: Callable[[Case], Reaction | None]) -> None:
        self._react = react
        self._twins: dict[bytes, TwinReaction] = {}

    def twin_reaction(self, twin: Case) -> TwinReaction:
        """Return the consumer's reaction to a payload before the change.

        Args:
            twin: the case with the payload.

        """
        key = twin.body
        if key not in self._twins:
            self._twins[key] = self._feed_twin(twin)
        return self._twins[key]

    def measure(self, changed: Case, twin: Case, rule: ResultRule = ResultRule.VISIBLE) -> Measurement:
        """Return the impact of a change.

        Args:
            changed: the case with the payload after the change.
            twin: the case with the same payload before the change.
            rule: what the result may show if the consumer accepts the change.

        """
        before = self.twin_reaction(twin)
        if not before.is_accepted:
            return Measurement(Impact.UNKNOWN, detail="the consumer does not accept the payload before the change")
        after = self._react(changed)
        if after is None:
            return Measurement(Impact.UNKNOWN, detail="the consumer cannot take the changed payload")
        if after.verdict is not Verdict.ACCEPTED:
            return Measurement(_IMPACTS[after.verdict], after.raised, after.detail)
        if before.parts is None or after.parts is None:
            return Measurement(Impact.UNKNOWN, detail="the results cannot be compared")
        if before.parts == after.parts == _NOTHING:
            return Measurement(Impact.UNKNOWN, detail="the consumer returns None")
        return _Comparison(before, after.parts, twin.payload, changed.payload, rule).measurement()

    def _feed_twin(self, twin: Case) -> TwinReaction:
        first = self._react(twin)
        if first is None or first.verdict is not Verdict.ACCEPTED:
            return TwinReaction(False, None, frozenset(), first)
        second = self._react(twin)
        if first.parts is None or second is None or second.parts is None:
            return TwinReaction(True, None, frozenset(), first)
        return TwinReaction(True, first.parts, frozenset(differences(first.parts, second.parts)), first)


class _Comparison:
    """The comparison of the result for a changed payload with that for its twin."""

    def __init__(self, twin: TwinReaction, after: Parts, old: Any, new: Any, rule: ResultRule) -> None:
        self._before, self._after, self._rule = twin.parts or {}, after, rule
        self._different = sorted(differences(self._before, after) - twin.unstable)
        self._old_payload = old
        old_parts, new_parts = _payload_differences(old, new)
        self._old_values = {part for part in old_parts if not is_container(part)}
        self._new_values = {part for part in new_parts if not is_container(part)}
        self._new_kinds = {_kind(part) for part in new_parts if is_container(part)}

    def measurement(self) -> Measurement:
        wrong = [path for path in self._different if not self._is_fine(self._before.get(path), self._after.get(path))]
        if wrong:
            return Measurement(Impact.SILENTLY_WRONG, detail=str(self._difference(wrong[0])))
        if self._different:
            return Measurement(Impact.PASSED_ON, detail=str(self._difference(self._different[0])))
        if self._rule is ResultRule.LOSSLESS:
            counts = Counter(parts_of(self._old_payload).values())
            for path, part in self._before.items():
                if part in self._old_values and counts[part] == 1:
                    return Measurement(Impact.SILENTLY_WRONG, detail=f"{self._difference(path)}, without the change")
        return Measurement(Impact.UNAFFECTED)

    def _difference(self, path: tuple[str, ...]) -> PartDifference:
        return PartDifference(path, self._before.get(path), self._after.get(path))

    def _is_fine(self, before: object, after: object) -> bool:
        """Return True if the rule allows a part that differs."""
        if self._rule is ResultRule.ANY or after in (None, repr(None), ("text", "''")):
            return True
        if is_container(after):
            # The members of a container are parts of their own.
            is_same_kind = before is None or (is_container(before) and _kind(before) == _kind(after))
            return is_same_kind or (self._rule is not ResultRule.RETYPED and _kind(after) in self._new_kinds)
        if self._rule is ResultRule.RETYPED:
            return False
        if after in self._new_values:
            return True
        return self._rule is not ResultRule.VISIBLE and before not in self._old_values


def _payload_differences(old: Any, new: Any) -> tuple[list[object], list[object]]:
    """Return the parts that only one of two payloads has at their paths: those of the old one, and those of the new one."""
    if old is new or old is ABSENT or new is ABSENT:
        return [], []
    if isinstance(old, dict) and isinstance(new, dict):
        keys: Iterable[Any] = old.keys() & new.keys()
        old_rest = [old[key] for key in old.keys() - new.keys()]
        new_rest = [new[key] for key in new.keys() - old.keys()]
    elif isinstance(old, list) and isinstance(new, list):
        common = min(len(old), len(new))
        keys, old_rest, new_rest = range(common), old[common:], new[common:]
    else:
        one, other = parts_of(old), parts_of(new)
        return ([], []) if one == other else ([*one.values()], [*other.values()])
    inner = [_payload_differences(old[key], new[key]) for key in keys]
    old_parts = [part for some, _ in inner for part in some]
    new_parts = [part for _, some in inner for part in some]
    old_parts += [part for value in old_rest for part in parts_of(value).values()]
    new_parts += [part for value in new_rest for part in parts_of(value).values()]
    return old_parts, new_parts


def _kind(part: Any) -> str:
    """Return the kind of a container."""
    return str(part[0])


def _part_text(part: object) -> str:
    """Return a part in words."""
    if part is None:
        return "absent"
    if not isinstance(part, tuple):
        return str(part)
    if is_container(part):
        return f"a {part[0]} of {part[1]}"
    return str(part[1]) if len(part) == 2 else str(part[0])
