"""Coverage-guided fuzzing of a consumer.

libFuzzer mutates bytes, Hypothesis makes cases of them, and Atheris measures which code of the consumer they reach.

libFuzzer ends the process that it runs in, so it gets a process of its own. Both processes share the memory that holds the
current input. When the fuzzer has ended, the parent can feed that input again, without instrumentation, and shrink the case.
"""

from __future__ import annotations

import math
import mmap
import multiprocessing
import os
import struct
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from contractfuzz import platforms
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.consumer import DEFAULT_TIME_LIMIT_SECONDS
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.options import CaseSet
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import confirm
from contractfuzz.running.verdicts.calling import Verdict

if TYPE_CHECKING:
    from hypothesis import settings

MAX_INPUT_BYTES = 1024
"""Size of an input. It is enough for nearly every case, and small enough for a mutation to hit a byte that matters."""

ZERO_PADDING = bytes(2**14)
"""Bytes to append to an input. Zeros are the simplest choices, so no input is too short for a case."""

_FOUND_STATUS = 3
"""Exit status of a fuzzer that found something."""

_INPUT_FILE = "input"
_FINDING_FILE = "finding.txt"

_HEADER = struct.Struct("<?QQ")
"""Head of the shared memory: whether a case is being fed, the number of cases fed before, and the size of the input."""

MIN_HYPOTHESIS_VERSION = (6, 170)
"""Lowest version that makes cases of the fuzzer's bytes as expected. With older ones, fuzzing finds nothing."""


class PrepareRun(Protocol):
    """Makes the run to fuzz. It must be picklable, because both processes call it."""

    def __call__(self, importing: AbstractContextManager[object], *, isolate: bool) -> Run:
        """Return the run.

        Args:
            importing: the context to import the consumer in.
            isolate: True to isolate the consumer.

        Raises:
            ContractError: an argument of the run is wrong.

        """


@dataclass(frozen=True, slots=True)
class FuzzLimits:
    """Limits and settings of the fuzzer.

    Attributes:
        seconds: time after which it ends without a finding; 0 for no limit.
        runs: number of inputs after which it ends without a finding; 0 for no limit.
        time_limit: seconds that the consumer may take for one case.
        seed: seed of the mutations; 0 for a random one.
        corpus: folder of inputs to start with. The fuzzer adds inputs that reach new code.

    """

    seconds: int = 0
    runs: int = 0
    time_limit: float = DEFAULT_TIME_LIMIT_SECONDS
    seed: int = 0
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class FuzzResult:
    """The result of fuzzing.

    Attributes:
        run: the run that was fuzzed.
        cases: number of cases fed.
        finding: the finding with its smallest case, or None.
        unreproduced: a flaky finding in words, which the same case does not show again; empty if there is none.

    """

    run: Run
    cases: int
    finding: Finding | None = None
    unreproduced: str = ""


def fuzz(prepare: PrepareRun, limits: FuzzLimits) -> FuzzResult:
    """Fuzz a consumer until its first finding, guided by the code that each case reaches.

    Args:
        prepare: makes the run, which says what to fuzz with which cases.
        limits: when to end without a finding.

    Raises:
        ContractError: Atheris is not installed, an argument of the run is wrong, or the fuzzer failed.

    """
    _import_atheris()
    run = prepare(nullcontext(), isolate=True)
    try:
        return _fuzz_run(run, prepare, limits)
    finally:
        run.close()


def _fuzz_run(run: Run, prepare: PrepareRun, limits: FuzzLimits) -> FuzzResult:
    case_sets = _feedable_sets(run)
    run.assert_reachable(case for case_set in case_sets for case in run.first_cases(case_set))
    # The fuzzer calls the consumer in a process of its own.
    run.close()
    with TemporaryDirectory(prefix="contractfuzz-") as name:
        folder = Path(name)
        exit_code = _run_fuzzer(prepare, limits, folder)
        cases, data = _last_input(folder)
        words = folder / _FINDING_FILE
        unreproduced = words.read_text(encoding="utf-8") if words.exists() else ""
    if data is None and exit_code == 0:
        return FuzzResult(run, cases)
    finding = None if data is None else _reproduce(run, data)
    if finding is None and not unreproduced:
        raise ContractError(
            f"the fuzzer exited with {exit_code} after {cases:,} cases, but the last input does not reproduce a failure: "
            "see its output"
        )
    return FuzzResult(run, cases, finding, unreproduced)


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Return a mutation of an input. It has the signature of Atheris' ``custom_mutator``.

    One in three is a mutation of libFuzzer: it changes a few bytes, which finds the way from one branch to the next. The others
    replace a range of bytes, short or long, and half of them drop the rest. One byte decides little, so libFuzzer alone hardly
    leaves the small cases.

    Args:
        data: the input.
        max_size: maximum size of the mutation in bytes.
        seed: seed of the mutation.

    """
    random = Random(seed)  # noqa: S311 - libFuzzer's seed makes a run repeatable
    if random.random() < 1 / 3:
        mutation: bytes = _import_atheris().Mutate(data, max_size)
        return mutation
    start = random.randrange(len(data) + 1)
    end = start + min(max_size - start, 1 << random.randrange(10))
    rest = data[end:] if random.random() < 0.5 else b""
    return data[:start] + random.randbytes(end - start) + rest


def _run_fuzzer(prepare: PrepareRun, limits: FuzzLimits, folder: Path) -> int | None:
    """Run the fuzzer in a child, and return its exit code, or the negated number of the signal that killed it."""
    # Spawned, not forked: the child must import the consumer under Atheris, and this process has imported it already.
    process = multiprocessing.get_context("spawn").Process(target=_fuzz_in_child, args=(prepare, limits, folder))
    process.start()
    try:
        process.join()
        return process.exitcode
    finally:
        process.kill()
        process.join()


def _fuzz_in_child(prepare: PrepareRun, limits: FuzzLimits, folder: Path) -> None:
    """Run libFuzzer, which ends this process."""
    os.dup2(2, 1)  # libFuzzer also prints to standard output, which is for the finding
    atheris = _import_atheris()
    run = prepare(atheris.instrument_imports(), isolate=False)
    with (folder / _INPUT_FILE).open("w+b") as file:
        file.truncate(_HEADER.size + MAX_INPUT_BYTES)
        shared = mmap.mmap(file.fileno(), 0)
    cases = 0

    def feed(case: Case) -> None:
        nonlocal cases
        cases += 1
        finding = run.judge(case)
        if finding is not None:
            # These words are shown only if the finding does not show again.
            (folder / _FINDING_FILE).write_text(explain(replace(finding, flaky=True)), encoding="utf-8")
            os._exit(_FOUND_STATUS)

    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import settings

    fuzz_one_input = _hypothesis_test(run, feed, settings(database=None)).hypothesis.fuzz_one_input

    def feed_input(data: bytes) -> None:
        shared[: _HEADER.size + len(data)] = _HEADER.pack(True, cases, len(data)) + data
        fuzz_one_input(data + ZERO_PADDING)
        shared[: _HEADER.size] = _HEADER.pack(False, cases, 0)

    atheris.Setup(["contractfuzz", *_libfuzzer_options(limits, folder)], feed_input, custom_mutator=mutate)
    atheris.Fuzz()


def _libfuzzer_options(limits: FuzzLimits, folder: Path) -> list[str]:
    options = {
        "max_total_time": limits.seconds,
        "runs": limits.runs or -1,
        "timeout": math.ceil(limits.time_limit),
        "seed": limits.seed,
        "max_len": MAX_INPUT_BYTES,
        # No memory limit: it would blame the current case for the memory of all cases before it.
        "rss_limit_mb": 0,
        "artifact_prefix": f"{folder}/",
    }
    corpus = [] if limits.corpus is None else [str(limits.corpus.absolute())]
    return [*corpus, *(f"-{name}={value}" for name, value in options.items())]


def _last_input(folder: Path) -> tuple[int, bytes | None]:
    """Return the number of cases that were fed, and the input that was being fed when the fuzzer ended, or None."""
    file = folder / _INPUT_FILE
    if not file.exists():
        return 0, None
    memory = file.read_bytes()
    being_fed, cases, size = _HEADER.unpack_from(memory)
    return cases, memory[_HEADER.size : _HEADER.size + size] if being_fed else None


def _reproduce(run: Run, data: bytes) -> Finding | None:
    """Return the finding that an input shows, with its smallest case, or None."""
    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import Phase, settings
    from hypothesis.database import InMemoryExampleDatabase
    from hypothesis.errors import Flaky

    first: list[Finding] = []
    calls = 0

    def feed(case: Case) -> None:
        nonlocal calls
        calls += 1
        finding = run.judge(case)
        if finding is not None:
            first.append(finding)
            # Shrinking must not change to another finding.
            if finding.key == first[0].key:
                raise _FoundError(finding)

    test = _hypothesis_test(
        run,
        feed,
        settings(database=InMemoryExampleDatabase(), deadline=None, phases=[Phase.reuse, Phase.shrink]),
    )
    try:
        test.hypothesis.fuzz_one_input(data + ZERO_PADDING)
    except _FoundError:
        if first[0].verdict is Verdict.HUNG:  # each attempt to shrink it would take the whole time limit
            return first[0]
    else:
        return None
    calls = 0
    try:
        # Hypothesis saved the case in the database, so it reuses and shrinks it now.
        test()
    except _FoundError as found:
        return found.finding
    except Flaky:  # the consumer behaves differently on the same case
        return replace(first[0], flaky=True)
    # It fed the case, and the finding did not show. If it did not reuse the case, we feed it.
    return replace(first[0], flaky=True) if calls else confirm(first[0], run.judge)


class _FoundError(Exception):
    """Ends a Hypothesis test at a finding."""

    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def _hypothesis_test(run: Run, feed: Callable[[Case], None], test_settings: settings) -> Any:
    """Return a Hypothesis test that passes each case of the run to ``feed``."""
    # Imported here, so that the command line starts without Hypothesis.
    from hypothesis import given
    from hypothesis import strategies as st

    @test_settings
    @given(st.one_of([run.strategy(case_set) for case_set in _feedable_sets(run)]))
    def test(case: Case) -> None:
        feed(case)

    return test


def _feedable_sets(run: Run) -> list[CaseSet]:
    """Return the sets with cases that the consumer can take."""
    case_sets = [case_set for case_set in run.case_sets if any(map(run.can_take, run.first_cases(case_set)))]
    if not case_sets:
        kinds = ", ".join(dict.fromkeys(case_set.kind for case_set in run.case_sets)) or "such"
        raise ContractError(f"{run.name} takes no {kinds} cases of {run.contract.name}: choose others with --kind")
    return case_sets


def _import_atheris() -> Any:
    # Imported here, because it loads Hypothesis.
    from hypothesis import __version__, __version_info__

    if __version_info__ < MIN_HYPOTHESIS_VERSION:
        raise ContractError(
            f"fuzz needs Hypothesis {'.'.join(map(str, MIN_HYPOTHESIS_VERSION))} or later, but {__version__} is installed: "
            "pip install 'contractfuzz[fuzz]'"
        )
    try:
        return import_module("atheris")
    except ImportError:
        if platforms.IS_WINDOWS:
            remedy = "which does not run on Windows: use check with more --examples"
            raise ContractError(f"fuzz needs Atheris, {remedy}") from None
        raise ContractError("fuzz needs Atheris: pip install 'contractfuzz[fuzz]'") from None
