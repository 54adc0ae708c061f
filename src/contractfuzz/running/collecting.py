"""Collection of the results of a run."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from contractfuzz.payloads.cases.case import Kind
from contractfuzz.running.feeding import Judgement
from contractfuzz.running.findings import Finding
from contractfuzz.running.options import CaseSet
from contractfuzz.running.report import Report, severity_order
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.running.verdicts.policy import Policy

MAX_SHRUNK_FINDINGS = 40
"""Findings that a run shrinks, or more if they have more causes. The first case of most findings is already the smallest."""

MAX_CONFIRMED_HANGS = 2
"""Findings of a consumer that hung that a run shows again. A consumer that hangs more often is not flaky."""

_LIKE_VALID = ("incoherent", "hostile", "malformed")
"""Kinds of cases that reach the code that valid payloads reach."""

FindingKey = tuple[object, ...]


class Collector:
    """The verdicts and findings of a run, as they come in."""

    def __init__(self, labels: Mapping[Kind, Iterable[str]], policy: Policy) -> None:
        """Make a collector.

        Args:
            labels: the labels of each kind that has some.
            policy: the expectations of the run.

        """
        self._policy = policy
        self._counts: defaultdict[str, Counter[str]] = defaultdict(Counter)
        self._labels: dict[str, dict[str, Verdict | None]] = {
            kind: dict.fromkeys(names) for kind, names in labels.items()
        }
        self._findings: dict[FindingKey, Finding] = {}
        self._unshrunk: dict[FindingKey, CaseSet] = {}

    def count(self, kind: Kind, verdict: Verdict) -> None:
        """Count one case."""
        self._counts[kind][verdict.value] += 1

    def set_label(self, kind: Kind, label: str, verdict: Verdict) -> None:
        """Set the verdict on the first case of a label."""
        self._labels[kind][label] = verdict

    def unexcused(self, judgement: Judgement) -> Finding | None:
        """Return the finding of a judgement, unless the policy excuses it."""
        finding = judgement.finding
        return None if finding is None or self._policy.excuses(finding.case, finding.verdict) else finding

    def add(self, judgement: Judgement, case_set: CaseSet, *, minimal: bool) -> None:
        """Add the finding of a judgement, if there is one. Of several with the same key, the smallest stays.

        Args:
            judgement: the result of a case.
            case_set: the set that the case is from.
            minimal: True if the case is the smallest of its label, so that its finding needs no shrinking.

        """
        finding = self.unexcused(judgement)
        if finding is None:
            return
        known = self._findings.get(finding.key)
        if known is None:
            self._findings[finding.key] = finding
            is_twin = finding.revealed_by is not None
            if (
                not minimal or is_twin
            ) and finding.verdict is not Verdict.HUNG:  # each attempt takes the whole time limit
                self._unshrunk[finding.key] = CaseSet("valid") if is_twin else case_set
        else:
            smaller = min(known, finding, key=lambda one: len(one.case.body))
            self._findings[finding.key] = replace(smaller, seen=known.seen + 1)

    def to_shrink(self) -> list[tuple[Finding, CaseSet]]:
        """Return findings that may have smaller cases: first one of each cause, then the others, small ones first."""
        relevant = {finding.key for finding in self._relevant_findings()}
        causes = {finding.cause for key, finding in self._findings.items() if key not in self._unshrunk}
        first: list[tuple[Finding, CaseSet]] = []
        later: list[tuple[Finding, CaseSet]] = []
        unshrunk = [(self._findings[key], case_set) for key, case_set in self._unshrunk.items() if key in relevant]
        for finding, case_set in sorted(unshrunk, key=lambda pair: len(pair[0].case.body)):
            (later if finding.cause in causes else first).append((finding, case_set))
            causes.add(finding.cause)
        first.sort(key=lambda pair: severity_order(pair[0]))
        return first + later[: max(0, MAX_SHRUNK_FINDINGS - len(first))]

    def to_confirm(self) -> list[Finding]:
        """Return the findings to show again.

        Of those that hung, only few, because each takes the whole time limit. None without effect: the twin was read alike. None
        that waited for a silent server: a client that has no timeout does not get one.
        """
        relevant = {finding.key for finding in self._relevant_findings()}
        findings = [
            finding
            for key, finding in self._findings.items()
            if key in relevant and not finding.flaky and finding.effect is not Effect.NONE and not _is_silence(finding)
        ]
        hung = [finding for finding in findings if finding.verdict is Verdict.HUNG]
        return [finding for finding in findings if finding not in hung or len(hung) <= MAX_CONFIRMED_HANGS]

    def replace(self, finding: Finding) -> None:
        """Replace the finding that has the same key."""
        self._findings[finding.key] = finding

    def report(self, consumer: str, contract: str, cut_short: str, unshrunk: int = 0) -> Report:
        """Return a report of the results so far.

        Args:
            consumer: the consumer's name.
            contract: the contract's name.
            cut_short: the reason why some cases were not fed; empty if all were.
            unshrunk: number of findings whose shrinking ended early.

        """
        return Report(
            consumer,
            contract,
            counts={kind: dict(verdicts) for kind, verdicts in self._counts.items()},
            findings=sorted(self._relevant_findings(), key=severity_order),
            tolerated=dict(self._policy.used),
            cut_short=cut_short,
            labels={kind: dict(labels) for kind, labels in self._labels.items()},
            policy=self._policy.name,
            must_accept=self._policy.must_accept,
            unshrunk=unshrunk,
        )

    def _relevant_findings(self) -> list[Finding]:
        """Return the findings, without those that another one explains.

        A label that was accepted with the effect ``changed`` needs no finding with a smaller effect. A payload that satisfies the
        schema and fails like a valid one shows the same bug.
        """
        changed = {finding.case.label for finding in self._findings.values() if finding.effect is Effect.CHANGED}
        relevant = {
            key: finding
            for key, finding in self._findings.items()
            if finding.effect in (None, Effect.CHANGED) or finding.case.label not in changed
        }
        valid = {finding.raised_at: key for key, finding in relevant.items() if finding.kind == "valid"}
        for key, finding in list(relevant.items()):
            same = valid.get(finding.raised_at) if finding.raised_at else None
            if same is not None and finding.kind in _LIKE_VALID and finding.verdict is relevant[same].verdict:
                del relevant[key]
                relevant[same] = replace(relevant[same], seen=relevant[same].seen + finding.seen)
        return list(relevant.values())


def _is_silence(finding: Finding) -> bool:
    return finding.kind == "wire" and finding.verdict is Verdict.HUNG
