"""Generators that the benchmarks compare, and the worker processes that run them."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from benchmarks.environments import BENCHMARKS_FOLDER, node_folder, python_of

WORKERS = BENCHMARKS_FOLDER / "workers"


@dataclass(frozen=True)
class Generator:
    """Generator of payloads under comparison.

    Attributes:
        name: name in the tables.
        command: command of its worker; the first argument is the file of the schema.
        uses_hypothesis: True if Hypothesis draws its payloads.
        makes_invalid: True if its payloads are meant to break the contract.

    """

    name: str
    command: tuple[str, ...]
    uses_hypothesis: bool = True
    makes_invalid: bool = False


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


def available_generators(schema: Path) -> list[Generator]:
    """Return the generators that this machine can run. Creates their environments.

    Args:
        schema: file of the JSON Schema to generate from.

    """

    def worker(python: Path | str, name: str, *arguments: str) -> tuple[str, ...]:
        return (str(python), str(WORKERS / f"{name}_worker.py"), str(schema), *arguments)

    ours = sys.executable
    schemathesis = python_of("schemathesis")
    generators = [
        Generator(OURS, worker(ours, "contractfuzz", "valid")),
        Generator(HYPOTHESIS_JSONSCHEMA, worker(python_of("hypothesis-jsonschema"), "hypothesis_jsonschema")),
        Generator(SCHEMATHESIS, worker(schemathesis, "schemathesis", "positive")),
        Generator(HAND_WRITTEN, worker(ours, "hand_written")),
        Generator(OURS_INVALID, worker(ours, "contractfuzz", "invalid"), makes_invalid=True),
        Generator(SCHEMATHESIS_NEGATIVE, worker(schemathesis, "schemathesis", "negative"), makes_invalid=True),
        Generator(OURS_BULK, worker(ours, "contractfuzz", "sample"), uses_hypothesis=False),
        Generator(POLYFACTORY, worker(python_of("polyfactory"), "polyfactory"), uses_hypothesis=False),
        Generator(JSF, worker(python_of("jsf"), "jsf"), uses_hypothesis=False),
    ]
    if (node := node_folder()) is not None:
        script = str(node / "json_schema_faker_worker.mjs")
        generators.append(Generator(JSON_SCHEMA_FAKER, ("node", script, str(schema)), uses_hypothesis=False))
    return generators


@dataclass
class WorkerRuns:
    """Payloads of one or more runs of a worker, and the CPU seconds of all runs together."""

    payloads: list[list[Any]]
    seconds: float

    @property
    def rate(self) -> float:
        """Payloads per CPU second."""
        return sum(map(len, self.payloads)) / self.seconds


@dataclass
class Worker:
    """Running worker process, which waits for requests. The protocol is described in ``workers/serving.py``."""

    process: subprocess.Popen[str]
    folder: Path

    def request(self, **request: Any) -> tuple[list[Any], float]:
        """Return the lines that the worker wrote for a request, and its CPU seconds.

        Raises:
            RuntimeError: the worker has ended.

        """
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        file = self.folder / "payloads.jsonl"
        self.process.stdin.write(json.dumps({**request, "file": str(file)}) + "\n")
        self.process.stdin.flush()
        reply = self.process.stdout.readline()
        if not reply:
            raise RuntimeError(f"{self.process.args} ended")
        with file.open() as lines:
            return [json.loads(line) for line in lines], json.loads(reply)["seconds"]

    def generate(self, examples: int, seconds: float, seed: int) -> WorkerRuns:
        """Return runs of ``examples`` payloads each: one run, then more until the CPU seconds are spent."""
        return WorkerRuns(*self.request(examples=examples, seconds=seconds, seed=seed))

    def find_bug(self, examples: int, seed: int) -> tuple[Any, float]:
        """Return the shrunk payload that triggers the planted bug, or None if it was not found, and the CPU seconds."""
        [payload], seconds = self.request(bug=True, examples=examples, seed=seed)
        return payload, seconds


@contextmanager
def start_worker(generator: Generator, **environment: str) -> Iterator[Worker]:
    """Run a generator's worker in a temporary folder, with additional environment variables, until the block ends."""
    with tempfile.TemporaryDirectory() as folder:
        process = subprocess.Popen(
            generator.command,
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


def count_choices(generator: Generator, examples: int) -> float:
    """Return the mean number of Hypothesis choices per payload, as Hypothesis' observability reports them."""
    with start_worker(
        generator, HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY="1", HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY_CHOICES="1"
    ) as worker:
        worker.generate(examples, 0, 0)
        [file] = (worker.folder / ".hypothesis" / "observed").glob("*_testcases.jsonl")
        with file.open() as lines:
            tests = [json.loads(line) for line in lines]
    counts = [len(test["metadata"]["choice_nodes"]) for test in tests if test["status"] == "passed"]
    return sum(counts) / len(counts)
