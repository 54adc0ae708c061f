"""Command ``python -m benchmarks``: runs all benchmarks, prints the tables and writes ``docs/performance.md``."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks import start_up
from benchmarks.coverage_phase import run_coverage_phase
from benchmarks.environments import BENCHMARKS_FOLDER
from benchmarks.generators import HYPOTHESIS_JSONSCHEMA, available_generators
from benchmarks.metrics import InvalidMetrics, count_bytes
from benchmarks.reporting import (
    bug_table,
    check_goals,
    goal_table,
    invalid_table,
    page,
    plot,
    start_up_table,
    valid_table,
)  # fmt: skip
from benchmarks.rounds import find_planted_bug, run_rounds
from contractfuzz import Contract

TIMESTAMP = "2000-01-01T00:00:00Z"
SMALLEST_PAYLOAD_WITH_BUG = {
    "status": "PENDING",
    "results": [{"from": {"id": ""}, "to": [], "paging": {"next": {"after": ""}}}],
    "startedAt": TIMESTAMP,
    "completedAt": TIMESTAMP,
}


def main() -> None:
    """Compare contractfuzz with its peers and write docs/performance.md."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="number of rounds; each generator runs once per round")
    parser.add_argument(
        "--seconds", type=float, default=2, help="approximate CPU seconds of one generator in one round"
    )
    parser.add_argument(
        "--seeds", type=int, default=10, help="number of searches for the planted bug, each with another seed"
    )
    parser.add_argument("--starts", type=int, default=40, help="number of times that each command is started")
    parser.add_argument(
        "--output", type=Path, default=BENCHMARKS_FOLDER.parent / "docs", help="folder in which to write performance.md"
    )
    options = parser.parse_args()

    contract = Contract.named("batch_association_response")
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "schema.json"
        schema.write_text(json.dumps(contract.schema))
        results = run_rounds(available_generators(schema), options.rounds, options.seconds)
        find_planted_bug(results, options.seeds, 200)
    bodies, seconds = run_coverage_phase(contract.schema)
    start_up_seconds = start_up.measure(options.starts)
    build_seconds, is_cached = start_up.measure_strategy(5)

    for result in results:
        result.compute_metrics(contract)
    by_name = {result.generator.name: result for result in results}
    smallest_bytes = count_bytes(SMALLEST_PAYLOAD_WITH_BUG)
    valid = [result for result in results if not result.generator.makes_invalid]
    goals = check_goals(by_name, start_up_seconds, build_seconds, is_cached, smallest_bytes)
    tables = {
        "goals": goal_table(goals),
        "valid": valid_table(valid, by_name[HYPOTHESIS_JSONSCHEMA]),
        "invalid": invalid_table(
            [result for result in results if result.generator.makes_invalid],
            (InvalidMetrics(contract, bodies), seconds),
        ),
        "bugs": bug_table([result for result in valid if result.bug_sizes]),
        "start_up": start_up_table(start_up_seconds),
        "smallest_bytes": str(smallest_bytes),
    }
    for name in ("goals", "valid", "invalid", "bugs", "start_up"):
        print(tables[name], end="\n\n")
    text = page(command="make bench", rounds=options.rounds, load=os.getloadavg()[2], tables=tables)
    (options.output / "performance.md").write_text(text)
    plot(valid, options.output / "performance.svg")


if __name__ == "__main__":
    main()
