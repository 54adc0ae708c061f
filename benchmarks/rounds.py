"""Benchmark rounds: the generators run in turn, so that other load on the machine slows all of them equally."""

from __future__ import annotations

import sys
from collections.abc import Iterable
from contextlib import ExitStack
from dataclasses import dataclass, field
from statistics import median
from typing import Any

from benchmarks.generators import Generator, Worker, WorkerRuns, count_choices, start_worker
from benchmarks.metrics import InvalidMetrics, count_bytes, count_leaves, flatten, mean, percentile
from benchmarks.workers.serving import NOT_JSON
from contractfuzz import Contract

SHORT_RUN = 100
"""Payloads per run of a round, for generators that Hypothesis draws from."""

BULK_RUN = 1000
"""Payloads per run of a round, for generators that people use for many payloads at once."""

LONG_RUN = 1000
"""Payloads of the long run of a generator of valid payloads."""

LONG_INVALID_RUN = 400
"""Payloads of the long run of a generator of invalid payloads."""

SLOW_PAYLOADS_PER_SECOND = 20
"""Rate up to which a generator searches for the planted bug with at most ``MAX_SLOW_SEEDS`` seeds."""

MAX_SLOW_SEEDS = 3
MAX_COVERAGE_RUNS = 30
"""Maximum number of runs per round whose coverage is measured."""


@dataclass
class GeneratorResult:
    """Measurements of one generator.

    Attributes:
        generator: generator under test.
        rounds: runs of each round.
        long_run: payloads of the long run.
        choices: mean number of Hypothesis choices per payload; None without Hypothesis.
        bug_sizes: size in bytes of each shrunk payload that triggers the planted bug; None for a search that failed.
        bug_seconds: median CPU seconds of a search for the planted bug.

    """

    generator: Generator
    rounds: list[WorkerRuns] = field(default_factory=list)
    long_run: list[Any] = field(default_factory=list)
    choices: float | None = None
    bug_sizes: list[int | None] = field(default_factory=list)
    bug_seconds: float = 0.0

    def compute_metrics(self, contract: Contract) -> None:
        """Compute the metrics of the tables and goals from the payloads."""
        values = [payload for runs in self.rounds for payload in flatten(runs.payloads) if payload != NOT_JSON]
        self.rate = median(runs.rate for runs in self.rounds)
        self.bytes = mean(map(count_bytes, values))
        self.bytes_95 = percentile(map(count_bytes, values), 0.95)
        self.leaves = mean(map(count_leaves, values))
        self.leaf_rate = median(
            runs.rate * mean(count_leaves(payload) for payload in flatten(runs.payloads) if payload != NOT_JSON)
            for runs in self.rounds
        )
        sampled_runs = [payloads[:SHORT_RUN] for runs in self.rounds for payloads in runs.payloads[:MAX_COVERAGE_RUNS]]
        if self.generator.makes_invalid:
            self.invalid_metrics = InvalidMetrics(contract, self.long_run)
        else:
            self.short_run_coverage = median(contract.coverage(payloads).ratio for payloads in sampled_runs)
            complete = sum(not contract.coverage(payloads).missed for payloads in sampled_runs)
            self.complete_runs = complete / len(sampled_runs)
            self.long_run_coverage = contract.coverage(self.long_run).ratio
            self.valid = mean(contract.is_valid(payload) for payload in values[:LONG_RUN])


def run_rounds(generators: Iterable[Generator], rounds: int, seconds: float) -> list[GeneratorResult]:
    """Run every generator in every round, then its long run, then count its choices.

    Args:
        generators: generators to compare.
        rounds: number of rounds.
        seconds: approximate CPU seconds of one generator in one round.

    """
    results = [GeneratorResult(generator) for generator in generators]
    with ExitStack() as stack:
        workers = [stack.enter_context(start_worker(result.generator)) for result in results]
        for worker in workers:
            worker.generate(10, 0, 999)  # warm-up: loads and compiles modules
        for number in range(rounds):
            for result, worker in zip(results, workers, strict=True):
                _print_progress(f"round {number + 1} of {rounds}: {result.generator.name}")
                length = SHORT_RUN if result.generator.uses_hypothesis else BULK_RUN
                result.rounds.append(worker.generate(length, seconds, number))
        for result, worker in zip(results, workers, strict=True):
            examples = LONG_INVALID_RUN if result.generator.makes_invalid else LONG_RUN
            _print_progress(f"{examples} payloads: {result.generator.name}")
            result.long_run = worker.generate(examples, 0, 0).payloads[0]
    for result in results:
        if _finds_bugs(result.generator):
            _print_progress(f"choices: {result.generator.name}")
            result.choices = count_choices(result.generator, SHORT_RUN)
    return results


def find_planted_bug(results: Iterable[GeneratorResult], seeds: int, examples: int) -> None:
    """Let Hypothesis find and shrink the planted bug with each generator of valid payloads that it draws from.

    Args:
        results: results to add the searches to.
        seeds: number of searches. A slow generator, which takes minutes, gets at most ``MAX_SLOW_SEEDS``.
        examples: maximum number of payloads per search.

    """
    for result in results:
        if _finds_bugs(result.generator):
            slow = result.rounds[0].rate <= SLOW_PAYLOADS_PER_SECOND
            with start_worker(result.generator) as worker:
                _search(result, worker, min(seeds, MAX_SLOW_SEEDS) if slow else seeds, examples)


def _finds_bugs(generator: Generator) -> bool:
    return generator.uses_hypothesis and not generator.makes_invalid


def _search(result: GeneratorResult, worker: Worker, seeds: int, examples: int) -> None:
    spent = []
    for seed in range(seeds):
        _print_progress(f"planted bug, seed {seed + 1} of {seeds}: {result.generator.name}")
        payload, seconds = worker.find_bug(examples, seed)
        result.bug_sizes.append(None if payload is None else count_bytes(payload))
        spent.append(seconds)
    result.bug_seconds = median(spent)


def _print_progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)
