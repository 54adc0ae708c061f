"""Find mutants with the cases that a default check feeds."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import cache
from typing import Any

from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.run import Run
from mutants.mutant import Mutant, Subject, meets, verdict


@dataclass(frozen=True)
class Find:
    """The first case that shows the bug of a mutant.

    Attributes:
        mutant: the mutant.
        cases: number of cases fed until then, or None if no case shows the bug.
        label: the label of the case; its kind if it has none.

    """

    mutant: Mutant
    cases: int | None
    label: str = ""


@cache
def cases_of(subject: Subject) -> tuple[Case, ...]:
    """Return the cases that a default check feeds to the readers of a subject. They are the same for each reader."""
    run = Run(subject.reader.read, subject.contract)
    fed = (case for case_set in run.case_sets for case in run._selection.cases(case_set, 0))
    return tuple(case for case in fed if run.can_take(case))


@cache
def _argument_maker(subject: Subject) -> Callable[[Case], Any]:
    return Run(subject.reader.read, subject.contract)._feeder.consumer.argument


def find(subject: Subject, mutant: Mutant) -> Find:
    """Feed cases to a mutant until one shows its bug."""
    read, argument = subject.read(mutant), _argument_maker(subject)
    for number, case in enumerate(cases_of(subject), 1):
        if not meets(verdict(read, argument(case)), case.expectation):
            return Find(mutant, number, case.label or case.kind)
    return Find(mutant, None)


def find_all(subject: Subject) -> list[Find]:
    """Feed cases to each mutant of a subject."""
    return [find(subject, mutant) for mutant in subject.mutants]


def survivors(finds: Iterable[Find]) -> list[Mutant]:
    """Return the mutants whose bugs no case shows."""
    return [found.mutant for found in finds if found.cases is None]
