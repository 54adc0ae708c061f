"""Rate of a persistent command in Node: ``python -m benchmarks.persistent_command``.

A check of the sample contract feeds each case to the adapter in examples/languages/node, and judges it. The rate counts all
cases of the check, the shrinking of its findings included, and the whole time but for the start of Python.
"""

from __future__ import annotations

import argparse
import time
from pathlib import Path

from contractfuzz import Command, Contract
from contractfuzz.running.run import Run

FOLDER = Path(__file__).parents[1] / "examples" / "languages"


def main() -> None:
    parser = argparse.ArgumentParser(prog="python -m benchmarks.persistent_command", description=__doc__)
    parser.add_argument("--examples", type=int, default=2000, help="random cases of each kind")
    parser.add_argument("--rounds", type=int, default=3, help="number of checks; the best one counts")
    options = parser.parse_args()
    contract = Contract.load(FOLDER / "order.json")
    rates = [measure(contract, options.examples) for _ in range(options.rounds)]
    for cases, seconds in rates:
        print(f"{cases:,} cases in {seconds:.2f} s: {cases / seconds:,.0f} cases per second")
    print(f"best: {max(cases / seconds for cases, seconds in rates):,.0f} cases per second")


def measure(contract: Contract, examples: int) -> tuple[int, float]:
    """Check once; return the number of cases and the seconds."""
    start = time.perf_counter()
    command = Command(["node", str(FOLDER / "node" / "adapter.mjs")], persistent=True)
    run = Run(command, contract, examples=examples)
    run.feed_all()
    seconds = time.perf_counter() - start
    return sum(sum(verdicts.values()) for verdicts in run.report().counts.values()), seconds


if __name__ == "__main__":
    main()
