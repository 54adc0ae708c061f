"""Run every comparison, print the tables and write ``docs/performance.md``: ``python -m benchmarks``."""

from __future__ import annotations

import argparse
import json
import os
import tempfile
from pathlib import Path

from benchmarks import start_up
from benchmarks.contestants import HYPOTHESIS_JSONSCHEMA, contestants
from benchmarks.coverage_phase import run_coverage_phase
from benchmarks.environments import HERE
from benchmarks.measuring import Breaking, count_bytes
from benchmarks.racing import hunt, race
from benchmarks.reporting import (
    aim_table,
    aims,
    bug_table,
    document,
    invalid_table,
    plot,
    start_up_table,
    valid_table,
)  # fmt: skip
from contractfuzz import Contract

MOMENT = "2000-01-01T00:00:00Z"
SMALLEST_WITH_BUG = {
    "status": "PENDING",
    "results": [{"from": {"id": ""}, "to": [], "paging": {"next": {"after": ""}}}],
    "startedAt": MOMENT,
    "completedAt": MOMENT,
}


def main() -> None:
    """Run the benchmarks."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=main.__doc__)
    parser.add_argument("--rounds", type=int, default=5, help="how often everyone takes a turn")
    parser.add_argument("--seconds", type=float, default=2, help="CPU seconds of a turn, about")
    parser.add_argument("--seeds", type=int, default=10, help="how often the planted bug is looked for")
    parser.add_argument("--starts", type=int, default=40, help="how often each command is started")
    parser.add_argument("--output", type=Path, default=HERE.parent / "docs", help="the folder of performance.md")
    options = parser.parse_args()

    contract = Contract.named("batch_association_response")
    with tempfile.TemporaryDirectory() as folder:
        schema = Path(folder) / "schema.json"
        schema.write_text(json.dumps(contract.schema))
        known = contestants(schema)
        results = race(known, options.rounds, options.seconds)
        hunt(results, options.seeds, 200)
    bodies, seconds = run_coverage_phase(contract.schema)
    loading = start_up.measure(options.starts)
    strategy = start_up.measure_strategy(5)

    for result in results:
        result.measure(contract)
    by_name = {result.contestant.name: result for result in results}
    ideal = count_bytes(SMALLEST_WITH_BUG)
    valid = [result for result in results if not result.contestant.breaks]
    reached = aims(by_name, loading, strategy, ideal)
    tables = {
        "aims": aim_table(reached),
        "valid": valid_table(valid, by_name[HYPOTHESIS_JSONSCHEMA]),
        "invalid": invalid_table(
            [result for result in results if result.contestant.breaks], (Breaking(contract, bodies), seconds)
        ),
        "bugs": bug_table([result for result in valid if result.bugs]),
        "start_up": start_up_table(loading),
        "ideal": str(ideal),
    }
    for name in ("aims", "valid", "invalid", "bugs", "start_up"):
        print(tables[name], end="\n\n")
    page = document(command="make bench", rounds=options.rounds, load=os.getloadavg()[2], tables=tables)
    (options.output / "performance.md").write_text(page)
    plot(valid, options.output / "performance.svg")


if __name__ == "__main__":
    main()
