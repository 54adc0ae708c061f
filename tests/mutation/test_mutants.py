"""A default check finds the bugs of mutants: copies of a correct reader with one bug each."""

from __future__ import annotations

import pytest
from mutants.measuring import cases_of, find, find_all, survivors
from mutants.mutant import Mutant, meets, verdict
from mutants.subjects import SUBJECTS

from contractfuzz import check

EACH_SUBJECT = pytest.mark.parametrize("subject", SUBJECTS, ids=lambda subject: subject.name)

MIN_MUTANTS = 40
MAX_SURVIVING = 0.02
"""Share of the mutants of a contract that a check may miss."""


@EACH_SUBJECT
def test_witnesses_show_that_mutants_are_wrong_and_their_reader_is_right(subject):
    names = [mutant.name for mutant in subject.mutants]
    assert len(set(names)) == len(names) >= MIN_MUTANTS
    for mutant in subject.mutants:
        expectation = subject.expectation(mutant.witness)
        assert meets(verdict(subject.reader.read, subject.argument(mutant.witness)), expectation), mutant.name
        assert not meets(verdict(subject.read(mutant), subject.argument(mutant.witness)), expectation), mutant.name


@EACH_SUBJECT
def test_a_check_finds_nothing_in_a_correct_reader(subject):
    report = check(subject.reader.read, subject.contract)
    assert report.findings == []
    # The cases that the next test feeds are those of a check.
    assert sum(sum(verdicts.values()) for verdicts in report.counts.values()) == len(cases_of(subject))


@EACH_SUBJECT
def test_a_check_finds_nearly_all_mutants(subject):
    surviving = [mutant.name for mutant in survivors(find_all(subject))]
    assert len(surviving) <= len(subject.mutants) * MAX_SURVIVING, surviving


@EACH_SUBJECT
def test_a_check_reports_what_its_cases_find(subject):
    mutant = next(mutant for mutant in subject.mutants if find(subject, mutant).cases is not None)
    assert not check(subject.read(mutant), subject.contract).ok


def test_a_mutation_that_does_not_apply_once_is_an_error():
    subject = SUBJECTS[0]
    for old in ("not in the source", "return"):
        with pytest.raises(ValueError, match="occurs"):
            subject.read(Mutant("a bug", old, "", None))
