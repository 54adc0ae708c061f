"""Who takes part, and the processes that they run in."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.environments import HERE, node_folder, python_of

WORKERS = HERE / "workers"


@dataclass(frozen=True)
class Contestant:
    """One generator.

    Attributes:
        name: as the tables call it.
        command: what runs its worker; the schema's file is its first argument.
        hypothesis: whether Hypothesis draws its payloads.
        breaks: whether its payloads are meant to break the contract.

    """

    name: str
    command: tuple[str, ...]
    hypothesis: bool = True
    breaks: bool = False


OURS = "contractfuzz valid()"
OURS_INVALID = "contractfuzz invalid()"
OURS_BULK = "contractfuzz sample()"
HYPOTHESIS_JSONSCHEMA = "hypothesis-jsonschema"
SCHEMATHESIS = "schemathesis, positive"
SCHEMATHESIS_NEGATIVE = "schemathesis, negative"
HAND_WRITTEN = "hand-written strategy"
POLYFACTORY = "polyfactory"
JSF = "jsf"
JSON_SCHEMA_FAKER = "json-schema-faker (Node)"


def contestants(schema: Path) -> list[Contestant]:
    """Return all that can run on this machine, with their environments made."""

    def worker(python: Path | str, name: str, *arguments: str) -> tuple[str, ...]:
        return (str(python), str(WORKERS / f"{name}_worker.py"), str(schema), *arguments)

    ours = sys.executable
    schemathesis = python_of("schemathesis")
    found = [
        Contestant(OURS, worker(ours, "contractfuzz", "valid")),
        Contestant(HYPOTHESIS_JSONSCHEMA, worker(python_of("hypothesis-jsonschema"), "hypothesis_jsonschema")),
        Contestant(SCHEMATHESIS, worker(schemathesis, "schemathesis", "positive")),
        Contestant(HAND_WRITTEN, worker(ours, "hand_written")),
        Contestant(OURS_INVALID, worker(ours, "contractfuzz", "invalid"), breaks=True),
        Contestant(SCHEMATHESIS_NEGATIVE, worker(schemathesis, "schemathesis", "negative"), breaks=True),
        Contestant(OURS_BULK, worker(ours, "contractfuzz", "sample"), hypothesis=False),
        Contestant(POLYFACTORY, worker(python_of("polyfactory"), "polyfactory"), hypothesis=False),
        Contestant(JSF, worker(python_of("jsf"), "jsf"), hypothesis=False),
    ]
    if (node := node_folder()) is not None:
        script = str(node / "json_schema_faker_worker.mjs")
        found.append(Contestant(JSON_SCHEMA_FAKER, ("node", script, str(schema)), hypothesis=False))
    return found


@dataclass
class Run:
    """What a worker made: the payloads of each run, and the CPU seconds that all took together."""

    payloads: list[list[Any]]
    seconds: float

    @property
    def rate(self) -> float:
        """Payloads a CPU second."""
        return sum(map(len, self.payloads)) / self.seconds


@dataclass
class Worker:
    """A running worker, which waits for requests."""

    process: subprocess.Popen[str]
    folder: Path
    asked: int = field(default=0)

    def ask(self, **request: Any) -> tuple[list[Any], float]:
        """Return the lines that the worker wrote, and the CPU seconds that it took."""
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        file = self.folder / "payloads.jsonl"
        self.process.stdin.write(json.dumps({**request, "file": str(file)}) + "\n")
        self.process.stdin.flush()
        answer = self.process.stdout.readline()
        if not answer:
            raise RuntimeError(f"{self.process.args} ended")
        with file.open() as lines:
            return [json.loads(line) for line in lines], json.loads(answer)["seconds"]

    def make(self, examples: int, seconds: float, seed: int) -> Run:
        """Return runs of ``examples`` payloads, as many as fit into so many CPU seconds, but one at least."""
        return Run(*self.ask(examples=examples, seconds=seconds, seed=seed))

    def find_bug(self, examples: int, seed: int) -> tuple[Any, float]:
        """Return the payload to which the planted bug shrank, None where it was not found, and the CPU seconds."""
        [payload], seconds = self.ask(bug=True, examples=examples, seed=seed)
        return payload, seconds


@contextmanager
def working(contestant: Contestant, **environment: str) -> Iterator[Worker]:
    """Run a contestant's worker in a folder of its own, until the end of the block."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            contestant.command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            text=True,
            cwd=folder,
            env={**os.environ, **environment},
        )
        try:
            yield Worker(process, Path(folder))
        finally:
            process.kill()
            process.wait()


def count_choices(contestant: Contestant, examples: int) -> float:
    """Return how many choices Hypothesis makes for a payload, on average, as its observability reports them."""
    with working(
        contestant, HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY="1", HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY_CHOICES="1"
    ) as worker:
        worker.make(examples, 0, 0)
        [file] = (worker.folder / ".hypothesis" / "observed").glob("*_testcases.jsonl")
        with file.open() as lines:
            tests = [json.loads(line) for line in lines]
    counts = [len(one["metadata"]["choice_nodes"]) for one in tests if one["status"] == "passed"]
    return sum(counts) / len(counts)
