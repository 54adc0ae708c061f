"""Policies: what a run expects of a consumer."""

from __future__ import annotations

import fnmatch
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from typing import Literal

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases.case import Case, Expectation
from contractfuzz.payloads.cases.recipes import match_labels
from contractfuzz.payloads.wire.wire_cases import RETRIED_LABELS
from contractfuzz.running.verdicts.calling import Verdict

PolicyName = Literal["strict", "tolerant"]
POLICIES: tuple[PolicyName, ...] = ("strict", "tolerant")
"""The names of the policies.

- ``strict``: the consumer rejects every violation.
- ``tolerant``: the consumer may accept a violation that does not change its result, as Martin Fowler's tolerant reader does. It
  accepts compatible growth of the contract: unknown properties and unknown values of an ``enum``.
"""

GROWTH = ("*:additionalProperties.extra", "*:unevaluatedProperties.extra", "*:enum.unknown")
"""Violations that a later version of the contract may allow: the policy ``tolerant`` expects that they are accepted."""

UNKNOWN_VALUES = ("*:enum.*",)
"""Other violations that a reader cannot tell from compatible growth: it may accept or reject them."""

_EXCUSED_ON_WIRE = (Verdict.ACCEPTED, Verdict.REJECTED, Verdict.REPEATED)


class Policy:
    """The expectations of a run.

    Attributes:
        name: ``strict`` or ``tolerant``.
        must_accept: labels that the consumer must accept, as ids or globs of them.
        used: for each pattern of ``tolerate``, the number of accepted violations that it excused.

    """

    def __init__(
        self,
        name: str = "strict",
        tolerate: str | Iterable[str] = (),
        must_accept: str | Iterable[str] = (),
        labels: Sequence[Sequence[str]] | None = None,
        *,
        retries: bool = False,
    ) -> None:
        """Make a policy.

        Args:
            name: ``strict`` or ``tolerant``.
            tolerate: violations that the consumer may accept, as ids or globs of them; or malformations, or wire cases.
            must_accept: violations that the consumer must accept, as ids or globs of them; or malformations.
            labels: the ids of all violations, and the names of all malformations. A pattern that matches a violation names no
                malformation. None if the labels are not known, so that no pattern is refused.
            retries: True if a client must send a request again when the server asks for that.

        Raises:
            ContractError: the policy does not exist, a pattern matches no label, or a label is in both lists.

        """
        self.name = _parse_name(name)
        tolerated, required = _as_tuple(tolerate), _as_tuple(must_accept)
        self.must_accept = required
        self._retries = retries
        self.used: Counter[str] = Counter(dict.fromkeys(tolerated, 0))
        self._tolerated = {pattern: _matching(pattern, labels) for pattern in tolerated}
        self._required = {pattern: _matching(pattern, labels) for pattern in required}
        for one in tolerated:
            for other in required:
                if one == other or (both := self._tolerated[one] & self._required[other]):
                    label = one if one == other else min(both)
                    raise ContractError(f"{label} is in tolerate and in must_accept: remove it from one of them")

    def apply(self, case: Case) -> Case:
        """Return a case with the expectation of this policy."""
        expectation = self._expectation(case)
        return case if expectation == case.expectation else replace(case, expectation=expectation)

    def demands_retry(self, case: Case) -> bool:
        """Return True if the client must send the request of a wire case again."""
        return self._retries and case.kind == "wire" and case.label in RETRIED_LABELS

    def excuses(self, case: Case, verdict: Verdict) -> bool:
        """Return True if ``tolerate`` matches all labels of a case and excuses the verdict. Counts the patterns.

        A tolerated violation may be accepted. A tolerated wire case may be rejected too, and its request repeated.
        """
        excused = _EXCUSED_ON_WIRE if case.kind == "wire" else (Verdict.ACCEPTED,)
        if verdict not in excused or not _matches_all(case, self._tolerated):
            return False
        self.used.update(
            pattern
            for pattern, labels in self._tolerated.items()
            if any(_is_match(label, pattern, labels) for label in case.labels)
        )
        return True

    def _expectation(self, case: Case) -> Expectation:
        if self.demands_retry(case):
            return "accepts"
        if case.label is None or (self.name == "strict" and not self._required):
            return case.expectation
        if _matches_all(case, self._required):
            return "accepts"
        if self.name == "strict" or case.kind != "invalid":
            return case.expectation
        if _all_match_any(case, GROWTH) and not _matches_all(case, self._tolerated):
            return "accepts"
        return "survives" if _all_match_any(case, (*GROWTH, *UNKNOWN_VALUES)) else "tolerates"


def _parse_name(text: str) -> PolicyName:
    for name in POLICIES:
        if text == name:
            return name
    raise unknown("policy", text, POLICIES)


def _as_tuple(patterns: str | Iterable[str]) -> tuple[str, ...]:
    return (patterns,) if isinstance(patterns, str) else tuple(patterns)


def _matching(pattern: str, labels: Sequence[Sequence[str]] | None) -> frozenset[str]:
    if labels is None:
        return frozenset()
    matching = (some for some in labels if pattern in some or fnmatch.filter(some, pattern))
    return frozenset(match_labels(pattern, next(matching, labels[0])))


def _all_match_any(case: Case, patterns: Sequence[str]) -> bool:
    """Return True if each label of a case matches one of some patterns."""
    return all(any(fnmatch.fnmatchcase(label, pattern) for pattern in patterns) for label in case.labels)


def _matches_all(case: Case, patterns: Mapping[str, frozenset[str]]) -> bool:
    """Return True if each label of a case, which has some, matches one of some patterns with the labels that they match."""
    return bool(case.labels) and all(
        any(_is_match(label, pattern, labels) for pattern, labels in patterns.items()) for label in case.labels
    )


def _is_match(label: str, pattern: str, labels: frozenset[str]) -> bool:
    """Return True if a pattern matches a label; ``labels`` are those that it matches, empty if they are not known."""
    if labels:
        return label in labels
    return label == pattern or fnmatch.fnmatchcase(label, pattern)
