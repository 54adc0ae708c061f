"""The races: every contestant in turn, round after round, so that what else the machine does slows all of them alike."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.contestants import Contestant, Run, Worker, count_choices, working
from benchmarks.measuring import Breaking, count_bytes, count_leaves, flat, mean, percentile
from benchmarks.workers.serving import NO_JSON
from contractfuzz import Contract

FEW, MANY, BROKEN = 100, 1000, 400
"""Payloads of a run, of the long run, and of the long run of those that break the contract."""

SLOW = 20
"""Payloads a second."""


MOST_MEASURED = 30
"""The coverage of so many runs of a round is measured."""


@dataclass
class Result:
    """What one contestant did.

    Attributes:
        runs: each round's.
        long: a run of ``MANY`` payloads, or ``BROKEN`` ones.
        choices: of Hypothesis a payload; None where Hypothesis takes no part.
        bugs: the size of each payload to which the planted bug shrank, None where it was not found; and the median seconds.

    """

    contestant: Contestant
    runs: list[Run] = field(default_factory=list)
    long: list[Any] = field(default_factory=list)
    choices: float | None = None
    bugs: list[int | None] = field(default_factory=list)
    bug_seconds: float = 0.0

    def measure(self, contract: Contract) -> None:
        """Work out the figures that tables and aims need."""
        values = [payload for run in self.runs for payload in flat(run.payloads) if payload != NO_JSON]
        self.rate = median(run.rate for run in self.runs)
        self.bytes = mean(map(count_bytes, values))
        self.bytes_95 = percentile(map(count_bytes, values), 0.95)
        self.leaves = mean(map(count_leaves, values))
        self.leaf_rate = median(
            run.rate * mean(count_leaves(p) for p in flat(run.payloads) if p != NO_JSON) for run in self.runs
        )
        firsts = [payloads for run in self.runs for payloads in run.payloads[:MOST_MEASURED]]
        if self.contestant.breaks:
            self.breaking = Breaking(contract, self.long)
        else:
            self.coverage_few = median(contract.coverage(first).ratio for first in firsts)
            self.full = sum(not contract.coverage(first).missed for first in firsts) / len(firsts)
            self.coverage_many = contract.coverage(self.long).ratio
            self.valid = mean(contract.is_valid(payload) for payload in values[:MANY])


def race(contestants: Iterable[Contestant], rounds: int, seconds: float) -> list[Result]:
    """Return what the contestants did in so many rounds of about so many CPU seconds."""
    results = [Result(contestant) for contestant in contestants]
    with ExitStack() as stack:
        workers = [stack.enter_context(working(result.contestant)) for result in results]
        for worker in workers:
            worker.make(10, 0, 999)  # loads and compiles what it needs
        for number in range(rounds):
            for result, worker in zip(results, workers, strict=True):
                _tell(f"round {number + 1} of {rounds}: {result.contestant.name}")
                result.runs.append(worker.make(FEW, seconds, number))
        for result, worker in zip(results, workers, strict=True):
            examples = BROKEN if result.contestant.breaks else MANY
            _tell(f"{examples} payloads: {result.contestant.name}")
            result.long = worker.make(examples, 0, 0).payloads[0]
    for result in results:
        if result.contestant.hypothesis and not result.contestant.breaks:
            _tell(f"choices: {result.contestant.name}")
            result.choices = count_choices(result.contestant, FEW)
    return results


def hunt(results: Iterable[Result], seeds: int, examples: int) -> None:
    """Let those that Hypothesis draws find and shrink the planted bug; those that take minutes for it, with three seeds only."""
    for result in results:
        if result.contestant.hypothesis and not result.contestant.breaks:
            with working(result.contestant) as worker:
                _hunt(result, worker, seeds if result.runs[0].rate > SLOW else min(seeds, 3), examples)


def _hunt(result: Result, worker: Worker, seeds: int, examples: int) -> None:
    spent = []
    for seed in range(seeds):
        _tell(f"planted bug, seed {seed + 1} of {seeds}: {result.contestant.name}")
        payload, seconds = worker.find_bug(examples, seed)
        result.bugs.append(None if payload is None else count_bytes(payload))
        spent.append(seconds)
    result.bug_seconds = median(spent)


def _tell(what: str) -> None:
    print(what, file=sys.stderr, flush=True)
