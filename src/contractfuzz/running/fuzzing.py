"""Coverage-guided fuzzing of a consumer: libFuzzer changes bytes, Hypothesis makes cases of them, Atheris sees what they reach.

libFuzzer ends the process that it runs in, so it gets one of its own. The bytes under way stand in memory that both processes
share: whatever ended the fuzzer can be shown again here, where nothing is instrumented, and made small.
"""

from __future__ import annotations

import mmap
import multiprocessing
import os
import struct
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from importlib import import_module
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, Protocol

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.run import CaseSet, Run

if TYPE_CHECKING:
    from hypothesis import settings

LONGEST = 1024
"""Bytes of one input: enough for nearly every case, and few enough for a mutation to hit one that matters."""

_FOUND = 3  # the exit code of a fuzzer that found something
_HEADER = struct.Struct("<?QQ")  # whether a case is under way, how many were fed, and how many bytes it is made of

MIN_HYPOTHESIS_VERSION = (6, 170)
"""Lowest version that makes cases of the fuzzer's bytes as expected. With older ones, fuzzing finds nothing."""

SIMPLEST = bytes(2**14)
"""An input that ends too early goes on with zeros, the simplest decisions: so none is too short to be a case."""


class Prepare(Protocol):
    """Makes the run whose cases are fed; it must be picklable, since both processes call it."""

    def __call__(self, importing: AbstractContextManager[object], *, isolate: bool) -> Run:
        """Import the consumer within ``importing`` and return the run; ContractError where something given is wrong."""


@dataclass(frozen=True, slots=True)
class Limits:
    """How long and how the fuzzer looks.

    Attributes:
        seconds, runs: when it ends, if it found nothing; 0 sets no limit.
        time_limit: seconds that the consumer may take for one case.
        seed: of its mutations; 0 is by chance.
        corpus: the folder of inputs to begin with, to which those are added that reach something new.

    """

    seconds: int = 0
    runs: int = 0
    time_limit: int = 5
    seed: int = 0
    corpus: Path | None = None


@dataclass(frozen=True, slots=True)
class Fuzzed:
    """What came of it.

    Attributes:
        run: what was fuzzed.
        cases: how many cases were fed.
        finding: what was found, with its smallest case; None if nothing was.
        unsteady: what was found in words, where the same case does not show it again; empty otherwise.

    """

    run: Run
    cases: int
    finding: Finding | None = None
    unsteady: str = ""


def fuzz(prepare: Prepare, limits: Limits) -> Fuzzed:
    """Look for something that the consumer should not do, guided by what each case reaches in its code, until it is found.

    Raises:
        ContractError: Atheris is not installed, something given is wrong, or the fuzzer ended in a way that says nothing of the
            consumer.

    """
    _atheris()
    run = prepare(nullcontext(), isolate=True)
    _case_sets(run)
    with TemporaryDirectory(prefix="contractfuzz-") as name:
        folder = Path(name)
        ended = _run_fuzzer(prepare, limits, folder)
        cases, data = _under_way(folder)
        words = folder / "finding.txt"
        unsteady = words.read_text(encoding="utf-8") if words.exists() else ""
    if data is None and ended == 0:
        return Fuzzed(run, cases)
    try:
        finding = None if data is None else _smallest(run, data)
    finally:
        run.close()
    if finding is None and not unsteady:
        raise ContractError(
            f"the fuzzer ended with exit code {ended} after {cases:,} cases, and nothing wrong is seen in the next: "
            "see what it printed"
        )
    return Fuzzed(run, cases, finding, unsteady)


def mutate(data: bytes, max_size: int, seed: int) -> bytes:
    """Return ``data`` changed, in at most ``max_size`` bytes, as Atheris asks its ``custom_mutator``.

    A third of the time as libFuzzer would: a few bytes, which finds the way from one branch to the next. Else a stretch, long or
    short, is drawn anew, with what follows or without: a byte decides little, and libFuzzer alone hardly leaves the small cases.
    """
    random = Random(seed)  # noqa: S311 - libFuzzer's seed makes a run repeatable
    if random.random() < 1 / 3:
        changed: bytes = _atheris().Mutate(data, max_size)
        return changed
    start = random.randrange(len(data) + 1)
    end = start + min(max_size - start, 1 << random.randrange(10))
    rest = data[end:] if random.random() < 0.5 else b""
    return data[:start] + random.randbytes(end - start) + rest


def _run_fuzzer(prepare: Prepare, limits: Limits, folder: Path) -> int | None:
    """Run the fuzzer and return its exit code: minus the signal, if one ended it."""
    # Spawned, not forked: the consumer must be imported there under Atheris, and here it is imported already.
    process = multiprocessing.get_context("spawn").Process(target=_fuzz, args=(prepare, limits, folder))
    process.start()
    try:
        process.join()
        return process.exitcode
    finally:
        process.kill()
        process.join()


def _fuzz(prepare: Prepare, limits: Limits, folder: Path) -> None:
    """Run libFuzzer in this process, which it ends."""
    os.dup2(2, 1)  # libFuzzer says some things on standard output, which is for what was found
    atheris = _atheris()
    run = prepare(atheris.instrument_imports(), isolate=False)
    with (folder / "under-way").open("w+b") as file:
        file.truncate(_HEADER.size + LONGEST)
        shared = mmap.mmap(file.fileno(), 0)
    cases = 0

    def see(case: Case) -> None:
        nonlocal cases
        cases += 1
        finding = run.judge(case)
        if finding is not None:
            (folder / "finding.txt").write_text(explain(finding), encoding="utf-8")
            os._exit(_FOUND)

    from hypothesis import settings

    feed = _test(run, see, settings(database=None)).hypothesis.fuzz_one_input

    def call(data: bytes) -> None:
        shared[: _HEADER.size + len(data)] = _HEADER.pack(True, cases, len(data)) + data
        feed(data + SIMPLEST)
        shared[: _HEADER.size] = _HEADER.pack(False, cases, 0)

    atheris.Setup(["contractfuzz", *_options(limits, folder)], call, custom_mutator=mutate)
    atheris.Fuzz()


def _options(limits: Limits, folder: Path) -> list[str]:
    """Return the options of libFuzzer; its memory limit would blame one case for what thousands left behind."""
    options = {
        "max_total_time": limits.seconds,
        "runs": limits.runs or -1,
        "timeout": limits.time_limit,
        "seed": limits.seed,
        "max_len": LONGEST,
        "rss_limit_mb": 0,
        "artifact_prefix": f"{folder}/",
    }
    corpus = [] if limits.corpus is None else [str(limits.corpus.absolute())]
    return [*corpus, *(f"-{name}={value}" for name, value in options.items())]


def _under_way(folder: Path) -> tuple[int, bytes | None]:
    """Return how many cases were done, and the bytes of the one that was not; None if there was none."""
    file = folder / "under-way"
    if not file.exists():
        return 0, None
    memory = file.read_bytes()
    under_way, cases, size = _HEADER.unpack_from(memory)
    return cases, memory[_HEADER.size : _HEADER.size + size] if under_way else None


def _smallest(run: Run, data: bytes) -> Finding | None:
    """Return what the bytes show, with the smallest case that shows it; None if they show nothing."""
    from hypothesis import Phase, settings
    from hypothesis.database import InMemoryExampleDatabase
    from hypothesis.errors import Flaky

    first: list[Finding] = []

    def see(case: Case) -> None:
        finding = run.judge(case)
        if finding is not None:
            first.append(finding)
            # Shrinking must not slip from one finding to another.
            if finding.key == first[0].key:
                raise _FoundError(finding)

    how = settings(database=InMemoryExampleDatabase(), deadline=None, phases=[Phase.reuse, Phase.shrink])
    test = _test(run, see, how)
    try:
        test.hypothesis.fuzz_one_input(data + SIMPLEST)
    except _FoundError:
        if first[0].verdict is Verdict.HUNG:  # each try would cost the time limit
            return first[0]
    else:
        return None
    try:
        # It is in the database now, from which Hypothesis takes it up and shrinks it.
        test()
    except _FoundError as found:
        return found.finding
    except Flaky:  # the consumer does not do the same twice
        pass
    return first[0]


class _FoundError(Exception):
    def __init__(self, finding: Finding) -> None:
        super().__init__(finding)
        self.finding = finding


def _test(run: Run, see: Callable[[Case], None], how: settings) -> Any:
    """Return the test, in Hypothesis' sense, that hands each case to ``see``."""
    from hypothesis import given
    from hypothesis import strategies as st

    @how
    @given(st.one_of([run.strategy(case_set) for case_set in _case_sets(run)]))
    def test(case: Case) -> None:
        see(case)

    return test


def _case_sets(run: Run) -> list[CaseSet]:
    """Return the sets of cases of which the consumer can be fed some."""
    case_sets = [case_set for case_set in run.case_sets if any(map(run.can_take, _one_of_each(run, case_set)))]
    if not case_sets:
        kinds = ", ".join(dict.fromkeys(case_set.kind for case_set in run.case_sets)) or "such"
        raise ContractError(f"{run.name} takes no {kinds} cases of {run.contract.name}: name others with --kind")
    return case_sets


def _one_of_each(run: Run, case_set: CaseSet) -> Any:
    number = max(1, len(run.contract.labels(case_set.kind)))
    return run.contract.sample(number, case_set.kind, case_set.profile)


def _atheris() -> Any:
    # Loads Hypothesis, which the import of this module does not.
    from hypothesis import __version__, __version_info__

    if __version_info__ < MIN_HYPOTHESIS_VERSION:
        raise ContractError(
            f"fuzz needs Hypothesis {'.'.join(map(str, MIN_HYPOTHESIS_VERSION))} or later, but {__version__} is installed: "
            "pip install 'contractfuzz[fuzz]'"
        )
    try:
        return import_module("atheris")
    except ImportError:
        raise ContractError("fuzz needs Atheris: pip install 'contractfuzz[fuzz]'") from None
