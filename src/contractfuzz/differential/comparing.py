"""Comparison of what several targets do with one case."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from enum import Enum, auto
from typing import Any

from contractfuzz.differential.disagreements import Answer, Disagreement
from contractfuzz.differential.results import (
    PlainResult,
    ResultPath,
    compare_results,
    difference_in_words,
    place_of,
    usual_names,
)
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import MAX_HANGS
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.reactions import Reaction
from contractfuzz.text import pluralize


class Similarity(Enum):
    """Result of a comparison that is not a disagreement."""

    AGREE = auto()
    NOT_COMPARABLE = auto()
    """All targets accepted the case, and some parts of their results cannot be compared."""
    UNSTABLE = auto()
    """A target did not do the same when it got the case again."""
    NOT_SHARED = auto()
    """Fewer than two targets can take the case."""


Comparison = tuple[Disagreement, ...] | Similarity
"""The disagreements on one case, at least one; or the reason why there is none."""


class Comparer:
    """Feeds cases to several targets.

    Attributes:
        names: the name of each target; those of equal targets have numbers.
        silent: the numbers of the targets that return nothing, because they do their work elsewhere.

    """

    def __init__(self, runs: Sequence[Run], names: Sequence[str]) -> None:
        """Make a comparer.

        Args:
            runs: the run of each target: only its ``react`` is called.
            names: the name of each target.

        Raises:
            ContractError: there are fewer than two targets.

        """
        if len(runs) < 2:
            raise ContractError(f"cannot compare {pluralize(len(runs), 'consumer')}: give at least two")
        self._runs = runs
        self.names = _distinct(names)
        self.silent: tuple[int, ...] = ()
        self._result_names: frozenset[str] = frozenset()
        self._hangs = Counter[int]()

    @property
    def has_hung_too_often(self) -> bool:
        """True if a target hung so often since ``forget_hangs`` that it gets no more cases."""
        return any(hangs >= MAX_HANGS for hangs in self._hangs.values())

    def forget_hangs(self) -> None:
        """Let targets that hung too often get cases again."""
        self._hangs.clear()

    def close(self) -> None:
        """End the processes and servers of the targets."""
        for run in self._runs:
            run.close()

    def look_at_results(self, cases: Iterable[Case], schema: Any) -> None:
        """Feed valid cases to find out which targets return nothing, and what the members of results are called.

        Args:
            cases: the cases.
            schema: the schema of their payloads.

        """
        cases = list(cases)
        results: list[PlainResult] = []
        silent = []
        for index in range(len(self._runs)):
            reactions = [reaction for case in cases if (reaction := self._react(index, case)) is not None]
            accepted = [reaction for reaction in reactions if reaction.verdict is Verdict.ACCEPTED]
            some = [result for reaction in accepted if (result := _plain_result(reaction)) is not None]
            if accepted and len(some) == len(accepted) and all(result.is_nothing for result in some):
                silent.append(index)
            results += some
        self.silent = tuple(silent)
        self._result_names = usual_names(results, schema)

    def compare(self, case: Case) -> Comparison:
        """Feed one case to every target, and again to those that differ.

        Args:
            case: any case of the contract.

        Returns:
            The disagreements, one for each place at which results differ; or the reason why there is none.

        """
        reactions = [self._react(index, case) for index in range(len(self._runs))]
        verdicts = {reaction.verdict for reaction in reactions if reaction is not None}
        if sum(reaction is not None for reaction in reactions) < 2:
            return Similarity.NOT_SHARED
        if len(verdicts) > 1:
            return self._confirmed(case, reactions)
        if verdicts != {Verdict.ACCEPTED}:
            return Similarity.AGREE
        results = [None if reaction is None else _plain_result(reaction) for reaction in reactions]
        comparable = {
            index: result for index, result in enumerate(results) if result is not None and index not in self.silent
        }
        is_whole = len(comparable) == sum(reaction is not None for reaction in reactions)
        if len({result.is_response for result in comparable.values()}) > 1:
            # A function and a service agree if the body of the response is what the function returns.
            comparable = {index: _body_of(result) for index, result in comparable.items()}
        return self._compare_results(case, comparable, reactions, is_whole=is_whole)

    def _react(self, index: int, case: Case) -> Reaction | None:
        if self._hangs[index] >= MAX_HANGS:  # each hang takes the whole time limit
            return None
        reaction = self._runs[index].react(case)
        self._hangs[index] += reaction is not None and reaction.verdict is Verdict.HUNG
        return reaction

    def _confirmed(self, case: Case, reactions: Sequence[Reaction | None]) -> Comparison:
        """Return the disagreement in verdict, unless a target does something else when it gets the case again."""
        for index, reaction in enumerate(reactions):
            if reaction is None or reaction.verdict is Verdict.HUNG:
                continue
            again = self._react(index, case)
            if again is None or again.verdict is not reaction.verdict:
                return Similarity.UNSTABLE
        return (Disagreement(case, self._answers(reactions)),)

    def _compare_results(
        self,
        case: Case,
        results: dict[int, PlainResult],
        reactions: Sequence[Reaction | None],
        *,
        is_whole: bool,
    ) -> Comparison:
        """Compare the results of targets, by their numbers, with that of the first one."""
        if len(results) < 2:
            return Similarity.NOT_COMPARABLE
        first, *others = results
        unstable: dict[int, set[ResultPath]] = {}
        differences: dict[str, str] = {}
        for index in others:
            one, other = results[first], results[index]
            comparison = compare_results(one, other)
            is_whole &= comparison.is_whole
            if not comparison.different:
                continue
            for number in (first, index):
                if number not in unstable:
                    unstable[number] = self._unstable_paths(number, case, results[number])
            ignored = unstable[first] | unstable[index]
            stable = [path for path in comparison.different if not _overlaps(path, ignored)]
            names = self.names[first], self.names[index]
            for path in stable:
                place = place_of(path, one, other, self._result_names)
                differences.setdefault(place, difference_in_words(names, one, other, path))
        if differences:
            answers = self._answers(reactions)
            return tuple(Disagreement(case, answers, place, words) for place, words in sorted(differences.items()))
        if unstable:
            return Similarity.UNSTABLE
        return Similarity.AGREE if is_whole else Similarity.NOT_COMPARABLE

    def _unstable_paths(self, index: int, case: Case, result: PlainResult) -> set[ResultPath]:
        """Return the paths to the parts of a target's result that differ when it gets the case again."""
        again = self._react(index, case)
        second = None if again is None else _plain_result(again)
        if second is not None and not result.is_response:
            second = _body_of(second)
        return {()} if second is None else set(compare_results(result, second).different)

    def _answers(self, reactions: Sequence[Reaction | None]) -> tuple[Answer, ...]:
        return tuple(Answer.of(name, reaction) for name, reaction in zip(self.names, reactions, strict=True))


def _plain_result(reaction: Reaction) -> PlainResult | None:
    return None if reaction.parts is None else PlainResult.of(reaction.parts)


def _body_of(result: PlainResult) -> PlainResult:
    """Return the body of a response; any other result as it is."""
    return result.body() if result.is_response else result


def _overlaps(path: ResultPath, others: Iterable[ResultPath]) -> bool:
    """Return True if the part at a path contains one of some other parts, or is in one of them."""
    return any(path[: len(other)] == other or other[: len(path)] == path for other in others)


def _distinct(names: Sequence[str]) -> list[str]:
    """Return names with numbers after those that occur more than once."""
    numbers: Counter[str] = Counter()
    distinct = []
    for name in names:
        numbers[name] += 1
        distinct.append(name if names.count(name) == 1 else f"{name} ({numbers[name]})")
    return distinct
