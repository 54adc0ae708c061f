"""Time limits of a whole run: a budget for feeding, and the time for shrinking."""

from __future__ import annotations

import time

import pytest

from contractfuzz import ContractError, check
from contractfuzz.reports.rendering import render
from contractfuzz.running import run as running
from contractfuzz.running.run import Run

SECONDS_PER_CALL = 0.002


def slow(payload: dict) -> int:
    time.sleep(SECONDS_PER_CALL)
    return payload["n"] + 0


def run_within(counter, seconds, **options):
    run = Run(slow, counter, time_budget=seconds, **options)
    start = time.monotonic()
    run.feed_all()
    return run.report(), time.monotonic() - start


def test_labels_come_before_random_cases(counter):
    report, _ = run_within(counter, 1.0, examples=10_000)
    assert None not in report.labels["invalid"].values()
    assert sum(report.counts["valid"].values()) > 1
    assert sum(report.counts["hostile"].values()) > 1


def test_the_report_counts_what_was_left_out(counter):
    report, seconds = run_within(counter, 0.5, examples=10_000)
    assert seconds < 5
    assert not report.complete
    assert report.cut_short.startswith("the time budget of 0.5 s left out ")
    assert "Not every case was fed (the time budget of 0.5 s left out" in render(report, "text")


def test_labels_that_were_not_fed_are_counted(counter):
    report, _ = run_within(counter, 0.004, examples=0)
    assert "among them all of " in report.cut_short
    assert None in report.labels["invalid"].values()


def test_a_budget_that_suffices_changes_nothing(counter):
    run = Run(slow, counter, time_budget=60.0, examples=20)
    run.feed_all()
    assert run.report().complete
    assert run.report().counts == check(slow, counter, examples=20).counts


@pytest.mark.parametrize("seconds", [0, -1, float("nan"), float("inf")])
def test_a_budget_out_of_range_is_refused(counter, seconds):
    with pytest.raises(ContractError, match="time budget"):
        Run(slow, counter, time_budget=seconds)


def test_the_report_says_when_the_time_for_shrinking_was_used_up(counter, monkeypatch):
    def picky(payload: dict) -> None:
        if payload["n"] > 3:
            raise KeyError(payload["n"])

    assert check(picky, counter, examples=50).unshrunk == 0
    monkeypatch.setattr(running, "MAX_SHRINK_SECONDS", 0.0)
    report = check(picky, counter, examples=50)
    assert report.unshrunk >= 1
    assert "The time for shrinking was used up: " in render(report, "text")
    assert "The time for shrinking was used up: " in render(report, "html")
