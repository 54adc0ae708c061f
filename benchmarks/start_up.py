"""Start-up times: the plugin in a project that does not use it, the contract, and the import of a peer for comparison."""

from __future__ import annotations

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import pairwise
from pathlib import Path

from benchmarks.environments import python_of

PYTEST = (sys.executable, "-m", "pytest", "--collect-only", "-p", "no:cacheprovider")
PYTEST_WITHOUT_HYPOTHESIS = (*PYTEST, "-p", "no:hypothesispytest")
WITHOUT_PLUGIN = ("-p", "no:contractfuzz")
LOAD_CONTRACT_CODE = "from contractfuzz import Contract; contract = Contract.named('batch_association_response')"

COLLECT = "pytest --collect-only, all plugins"
COLLECT_WITHOUT_PLUGIN = "pytest --collect-only, without contractfuzz's plugin"
COLLECT_WITHOUT_HYPOTHESIS = "pytest --collect-only, without Hypothesis' plugin"
COLLECT_WITHOUT_BOTH = "pytest --collect-only, without both plugins"
LOAD_CONTRACT = "load contractfuzz and the contract"
BUILD_VALID = "load contractfuzz and the contract, build valid()"
IMPORT_PEER = "import hypothesis_jsonschema"
HELP = "contractfuzz --help"


def measure(rounds: int) -> dict[str, list[float]]:
    """Return the CPU seconds of each command in each round.

    Args:
        rounds: number of rounds; each command runs once per round.

    """
    commands = {
        COLLECT: PYTEST,
        COLLECT_WITHOUT_PLUGIN: (*PYTEST, *WITHOUT_PLUGIN),
        COLLECT_WITHOUT_HYPOTHESIS: PYTEST_WITHOUT_HYPOTHESIS,
        COLLECT_WITHOUT_BOTH: (*PYTEST_WITHOUT_HYPOTHESIS, *WITHOUT_PLUGIN),
        LOAD_CONTRACT: (sys.executable, "-c", LOAD_CONTRACT_CODE),
        BUILD_VALID: (sys.executable, "-c", f"{LOAD_CONTRACT_CODE}; contract.valid().validate()"),
        IMPORT_PEER: (str(python_of("hypothesis-jsonschema")), "-c", IMPORT_PEER),
        HELP: (sys.executable, "-m", "contractfuzz", "--help"),
    }
    spent: dict[str, list[float]] = {name: [] for name in commands}
    with tempfile.TemporaryDirectory() as folder:
        for number in range(rounds + 1):
            # Reverse every other round, so that no command always runs after the same one.
            names = list(commands) if number % 2 else list(commands)[::-1]
            for name in names:
                seconds = _run(commands[name], folder)
                if number:  # the first round compiles modules and warms caches
                    spent[name].append(seconds)
    return spent


def added_share(seconds: Sequence[float], base: Sequence[float]) -> float:
    """Return the share of CPU time that a command takes more than another one.

    The machine's speed varies more from round to round than the commands differ. So the times of the same round, and of the next
    one with the reverse order, are compared with each other, and the mean is that of the middle half of the ratios.

    Args:
        seconds: CPU seconds of the command in each round, at least two.
        base: CPU seconds of the other command in each round.

    """
    both = list(zip(seconds, base, strict=True))
    ratios = sorted((a + c) / (b + d) for (a, b), (c, d) in pairwise(both))
    cut = len(ratios) // 4
    return statistics.mean(ratios[cut : len(ratios) - cut]) - 1


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
        check=False,  # pytest exits with 5 if it finds no tests
    )
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime


BUILD_VALID_CODE = f"""
import hypothesis.strategies, time
{LOAD_CONTRACT_CODE}
start = time.process_time()
strategy = contract.valid()
strategy.validate()
print(time.process_time() - start, strategy is contract.valid())
"""


def measure_strategy(rounds: int) -> tuple[float, bool]:
    """Return the median CPU seconds to build ``valid()``, and True if a second call returns the same strategy."""
    seconds, cached = [], True
    for _ in range(rounds):
        output = subprocess.run(
            [sys.executable, "-c", BUILD_VALID_CODE], capture_output=True, text=True, check=True
        ).stdout.split()
        seconds.append(float(output[0]))
        cached &= output[1] == "True"
    return statistics.median(seconds), cached
