"""What loading costs: the plugin in a project that does not use it, and a contract beside the import of a peer."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from benchmarks.environments import python_of

PYTEST = (sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider")
ALONE = (*PYTEST, "-p", "no:hypothesispytest")
OFF = ("-p", "no:contractfuzz")
CONTRACT = "from contractfuzz import Contract; contract = Contract.named('batch_association_response')"
COLLECT, COLLECT_WITHOUT = "pytest --collect-only, as installed", "the same without contractfuzz's plugin"
COLLECT_ALONE, COLLECT_NEITHER = "pytest --collect-only without Hypothesis' plugin", "the same with neither"
IMPORT = "import hypothesis_jsonschema"
BUILD, BUILD_VALID = "load contractfuzz and the contract", "the same and build valid()"
HELP = "contractfuzz --help"


def measure(rounds: int) -> dict[str, float]:
    """Return the median CPU seconds of each command, in rounds that take turns."""
    commands = {
        COLLECT: PYTEST,
        COLLECT_WITHOUT: (*PYTEST, *OFF),
        COLLECT_ALONE: ALONE,
        COLLECT_NEITHER: (*ALONE, *OFF),
        BUILD: (sys.executable, "-c", CONTRACT),
        BUILD_VALID: (sys.executable, "-c", f"{CONTRACT}; contract.valid().validate()"),
        IMPORT: (str(python_of("hypothesis-jsonschema")), "-c", IMPORT),
        HELP: (sys.executable, "-m", "contractfuzz.cli.main", "--help"),
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            # There and back again: so nobody always runs after the same other.
            names = list(commands) if number % 2 else list(commands)[::-1]
            for name in names:
                seconds = _run(commands[name], folder)
                if number:  # the first round compiles and warms up
                    spent[name].append(seconds)
    return {name: statistics.median(seconds) for name, seconds in spent.items()}


def _run(command: Sequence[str], folder: str) -> float:
    environment = {key: value for key, value in os.environ.items() if key != "PYTHONDONTWRITEBYTECODE"}
    project = Path(folder) / "project"
    project.mkdir(exist_ok=True)
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run(
        command,
        cwd=project,
        env={**environment, "PYTHONPYCACHEPREFIX": f"{folder}/compiled"},
        capture_output=True,
        check=False,  # pytest ends with 5 where it finds no tests
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


BUILDING = f"""
import hypothesis.strategies, time
{CONTRACT}
start = time.process_time()
strategy = contract.valid()
strategy.validate()
print(time.process_time() - start, strategy is contract.valid())
"""


def measure_strategy(rounds: int) -> tuple[float, bool]:
    """Return the median CPU seconds that it takes to build ``valid()``, and whether it is built once only."""
    seconds, cached = [], True
    for _ in range(rounds):
        out = subprocess.run(
            [sys.executable, "-c", BUILDING], capture_output=True, text=True, check=True
        ).stdout.split()
        seconds.append(float(out[0]))
        cached &= out[1] == "True"
    return statistics.median(seconds), cached
