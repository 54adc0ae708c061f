"""Runs that feed the cases of a contract to several targets, and find those on which the targets disagree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import replace
from functools import partial
from time import monotonic
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.differential.comparing import Comparer, Comparison, Similarity
from contractfuzz.differential.disagreements import KINDS_IN_ORDER, DifferReport, Disagreement
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.progress import ShowProgress, ignore_progress
from contractfuzz.running.collecting import MAX_SHRUNK_FINDINGS
from contractfuzz.running.external.failures import ConsumerGoneError
from contractfuzz.running.external.targets import Command, Url
from contractfuzz.running.options import BODY_SETS, CaseSet, ErrorClasses, RunOptions
from contractfuzz.running.reproductions import reproduce
from contractfuzz.running.run import MAX_SHRINK_SECONDS, Run
from contractfuzz.running.selection import Selection
from contractfuzz.running.shrinking import smallest_case
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.policy import Policy

MAX_PATTERNS_WITHOUT_LABEL = 20
"""Disagreements of one kind without labels and with the same verdicts: results have differences without end."""

MAX_FIRST_CASES = 20
"""Valid cases that show what targets return."""

DisagreementKey = tuple[object, ...]


def differ(
    consumers: Sequence[Any],
    contract: Contract,
    *,
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    raises: ErrorClasses = (ValueError,),
    examples: int = 200,
    seed: int = 0,
    only: str | Iterable[str] = (),
    isolate: bool = False,
    time_limit: float | None = None,
) -> DifferReport:
    """Feed the same cases to several consumers, and report those on which they disagree.

    Consumers disagree if their verdicts differ, or if all accept a case and their results differ. Numbers are equal by their
    value, and an object with attributes equals a mapping with the same members.

    Args:
        consumers: at least two consumers, as ``check`` takes them; also commands and services in other languages.
        contract: the contract that has the cases.
        feed: as for ``check``, for all consumers in Python; so are the next three arguments.
        strict: as for ``check``.
        route: as for ``check``.
        raises: the errors by which a consumer rejects a payload. Any other error is a crash.
        examples: number of random cases of each kind, 0 or more. Each label of the kind comes once before them.
        seed: seed of the random cases. The same seed gives the same cases.
        only: labels, or globs of them. Other cases are not fed.
        isolate: True to call each consumer in a process of its own, so that the run survives a consumer that hangs or dies.
        time_limit: seconds that an isolated or external consumer may take for one case, above 0 and at most 86,400; None for 5.

    Returns:
        A report with the disagreements. Each has its smallest case.

    Raises:
        ContractError: an argument is wrong, or no case was fed to two consumers.

    Example:
        >>> report = differ([old.parse, new.parse], contract)
        >>> assert report.ok, report.disagreements

    """
    options = RunOptions(
        feed=feed, strict=strict, route=route, raises=raises, isolate=isolate, time_limit=time_limit, command=()
    )
    # Commands and services take bodies, and reject them in their own ways.
    external = RunOptions(time_limit=time_limit, command=())
    runs = [
        Run(consumer, contract, external if isinstance(consumer, Command | Url) else options, examples=0)
        for consumer in consumers
    ]
    run = DifferRun(runs, contract, examples=examples, seed=seed, only=only)
    run.feed_all()
    return run.report()


class DifferRun:
    """A comparison of targets in progress. It can report its results at any time."""

    def __init__(
        self,
        runs: Sequence[Run],
        contract: Contract,
        *,
        examples: int = 200,
        seed: int = 0,
        only: str | Iterable[str] = (),
        names: Sequence[str] | None = None,
    ) -> None:
        """Prepare a comparison. It feeds nothing yet.

        Args:
            runs: the run of each target: only its ``react`` is called.
            contract: the contract that has the cases.
            examples: number of random cases of each kind, 0 or more.
            seed: seed of the random cases.
            only: labels, or globs of them. Other cases are not fed.
            names: the name of each target; None for those of the runs.

        Raises:
            ContractError: there are fewer than two targets, or another argument is wrong.

        """
        if examples < 0:
            raise ContractError(f"cannot feed {examples} examples: examples must be 0 or more")
        self._runs, self._contract = runs, contract
        self._comparer = Comparer(runs, [run.name for run in runs] if names is None else names)
        self._selection = Selection(contract, BODY_SETS, only, examples, seed, Policy())
        self._counts: Counter[Kind] = Counter()
        self._similar: Counter[Similarity] = Counter()
        self._disagreements: dict[DisagreementKey, Disagreement] = {}
        self._unshrunk: dict[DisagreementKey, CaseSet] = {}
        self._unlisted = self._left = 0
        self._skipped: dict[Kind, None] = {}
        self._finished = False
        self._gone = ""
        self._smallest: Comparison | None = None

    @property
    def case_count(self) -> int:
        """Number of cases that the run feeds to each target, without those for shrinking."""
        return sum(map(self._selection.size, self._selection.case_sets))

    def feed_all(self, progress: ShowProgress = ignore_progress) -> None:
        """Feed every case to every target, then shrink the disagreements.

        Args:
            progress: receives the progress.

        Raises:
            ContractError: no case was fed to two targets, or a target cannot be called.

        """
        try:
            try:
                self._comparer.look_at_results(self._contract.sample(MAX_FIRST_CASES), self._contract.schema)
                for case_set in self._selection.case_sets:
                    self._feed_set(case_set, progress)
            except ConsumerGoneError as error:
                self._gone = str(error)
            for run in self._runs:
                run.assert_reached()
            if not self._counts.total():
                raise ContractError(
                    "no case was fed to two of the targets, because they take different arguments: leave out --only, or "
                    "choose one --feed for all"
                )
            if not self._gone:
                with suppress(ConsumerGoneError):  # the disagreements stay as they are
                    self._shrink(progress, monotonic() + MAX_SHRINK_SECONDS)
            self._merge_hostile()
            self._finished = True
        finally:
            self._comparer.close()

    def report(self) -> DifferReport:
        """Return the results so far."""
        hung = f"a target hung on too many {', '.join(self._skipped)} cases" if self._skipped else ""
        return DifferReport(
            tuple(self._comparer.names),
            self._contract.name,
            {kind: count for kind, count in self._counts.items() if count},
            tuple(map(self._reproducible, sorted(self._disagreements.values(), key=_kind_order))),
            not_comparable=self._similar[Similarity.NOT_COMPARABLE],
            unstable=self._similar[Similarity.UNSTABLE],
            not_shared=self._similar[Similarity.NOT_SHARED],
            silent=tuple(self._comparer.names[index] for index in self._comparer.silent),
            unlisted=self._unlisted,
            unshrunk=self._left,
            cut_short=(self._gone or hung) if self._finished else "interrupted",
        )

    def _reproducible(self, disagreement: Disagreement) -> Disagreement:
        """Return a disagreement whose answers have lines that reproduce them."""
        answers = []
        for answer, run in zip(disagreement.answers, self._runs, strict=True):
            line = "" if answer.verdict is None else reproduce(run.consumer, disagreement.case, ())
            answers.append(replace(answer, reproduction=line))
        return replace(disagreement, answers=tuple(answers))

    # --- feeding ------------------------------------------------------------------------------------------------------------

    def _feed_set(self, case_set: CaseSet, progress: ShowProgress) -> None:
        size, labels = self._selection.size(case_set), len(self._selection.labels[case_set])
        self._comparer.forget_hangs()
        for number, case in enumerate(self._selection.cases(case_set, 0)):
            progress(case_set.kind, number, size)
            compared = self._comparer.compare(case)
            if isinstance(compared, Similarity):
                self._similar[compared] += 1
            else:
                # The first case of each label, or of a set without labels, is the smallest.
                for disagreement in compared:
                    self._add(disagreement, case_set, minimal=number < max(1, labels))
            self._counts[case_set.kind] += compared is not Similarity.NOT_SHARED
            if self._comparer.has_hung_too_often:
                self._skipped[case_set.kind] = None
                break

    def _add(self, disagreement: Disagreement, case_set: CaseSet, *, minimal: bool) -> None:
        """Add a disagreement, or count it if it is known."""
        if self._count_known(disagreement.key, disagreement):
            return
        if (like := self._like_valid(disagreement, minimal=minimal)) is not None:
            if self._count_known(like.key, like):
                return
            disagreement, case_set, minimal = like, CaseSet("valid"), False
        if disagreement.case.label is None and self._count_alike(disagreement) >= MAX_PATTERNS_WITHOUT_LABEL:
            self._unlisted += 1
            return
        self._disagreements[disagreement.key] = disagreement
        if not minimal and Verdict.HUNG not in disagreement.verdicts:
            self._unshrunk[disagreement.key] = case_set

    def _count_known(self, key: DisagreementKey, disagreement: Disagreement) -> bool:
        """Count a disagreement that is known, and keep the smaller case; return False if it is not known."""
        known = self._disagreements.get(key)
        if known is not None:
            smaller = min(known, disagreement, key=lambda one: len(one.case.body))
            self._disagreements[key] = replace(smaller, seen=known.seen + 1)
        return known is not None

    def _like_valid(self, disagreement: Disagreement, *, minimal: bool) -> Disagreement | None:
        """Return the disagreement on a valid payload that explains this one; None if its fault is the cause."""
        if disagreement.kind in ("valid", "hostile"):
            return None
        if disagreement.kind == "invalid":
            twin = disagreement.case.twin()
            return None if twin is None else _find_alike(self._comparer.compare(twin), disagreement)
        known = _find_alike(tuple(self._disagreements.values()), disagreement)
        # The first case of a label is made from the smallest payload, which may show the disagreement, too.
        is_cause = not minimal or _find_alike(self._compare_smallest(), disagreement) is not None
        return known if is_cause else None

    def _compare_smallest(self) -> Comparison:
        """Compare the targets by the smallest payload."""
        if self._smallest is None:
            [case] = self._contract.sample(1, profile="minimal")
            self._smallest = self._comparer.compare(case)
        return self._smallest

    def _count_alike(self, disagreement: Disagreement) -> int:
        """Return the number of disagreements of the same kind with the same verdicts."""
        identity = disagreement.kind, disagreement.verdicts
        return sum((one.kind, one.verdicts) == identity for one in self._disagreements.values())

    # --- shrinking ----------------------------------------------------------------------------------------------------------

    def _shrink(self, progress: ShowProgress, deadline: float) -> None:
        keys = self._keys_to_shrink()
        self._left = len(keys)
        self._comparer.forget_hangs()
        for done, key in enumerate(keys):
            progress("shrinking", done, len(keys))
            case_set, known = self._unshrunk[key], self._disagreements[key]
            only = None if known.case.label is None else (known.case.label,)
            strategy = self._contract.cases(case_set.kind, case_set.profile, only=only)
            smallest = smallest_case(known.case, strategy, partial(self._shows, key), deadline)
            again = None if smallest is None else self._find(smallest, key)
            if again is not None:
                self._disagreements[key] = replace(again, seen=known.seen)
            if monotonic() >= deadline:
                return
            self._left -= 1

    def _keys_to_shrink(self) -> list[DisagreementKey]:
        """Return the disagreements that may have smaller cases: first one of each pattern, then others."""
        shown = {(one.kind, one.pattern) for key, one in self._disagreements.items() if key not in self._unshrunk}
        first: list[DisagreementKey] = []
        later: list[DisagreementKey] = []
        for key in sorted(self._unshrunk, key=lambda key: len(self._disagreements[key].case.body)):
            identity = self._disagreements[key].kind, self._disagreements[key].pattern
            (later if identity in shown else first).append(key)
            shown.add(identity)
        return first + later[: max(0, MAX_SHRUNK_FINDINGS - len(first))]

    def _merge_hostile(self) -> None:
        """Count hostile disagreements for valid ones with the same smallest payload."""
        for key, disagreement in list(self._disagreements.items()):
            if disagreement.kind != "hostile":
                continue
            like = _find_alike(tuple(self._disagreements.values()), disagreement)
            if like is not None and like.case.body == disagreement.case.body:
                del self._disagreements[key]
                self._disagreements[like.key] = replace(like, seen=like.seen + disagreement.seen)

    def _shows(self, key: DisagreementKey, case: Case) -> bool:
        return self._find(case, key) is not None

    def _find(self, case: Case, key: DisagreementKey) -> Disagreement | None:
        """Return the disagreement with a key that a case shows, or None."""
        compared = self._comparer.compare(case)
        found = () if isinstance(compared, Similarity) else compared
        return next((one for one in found if one.key == key), None)


def _find_alike(compared: Comparison, disagreement: Disagreement) -> Disagreement | None:
    """Return the one of some disagreements on valid payloads in which the targets do what they do in another; None if none is."""
    known = () if isinstance(compared, Similarity) else compared
    identity = disagreement.verdicts, disagreement.place
    return next((one for one in known if one.kind == "valid" and (one.verdicts, one.place) == identity), None)


def _kind_order(disagreement: Disagreement) -> int:
    return KINDS_IN_ORDER.index(disagreement.kind)
