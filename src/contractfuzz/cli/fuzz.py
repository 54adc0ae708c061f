"""The command ``contractfuzz fuzz``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_targets, complete_words
from contractfuzz.cli.arguments.contracts import print_unread_patterns
from contractfuzz.cli.arguments.external import is_external
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    POSITIVE_COUNT,
    RunArguments,
    run_options,
)
from contractfuzz.cli.arguments.streams import open_output_stream
from contractfuzz.cli.arguments.targets import Target, find_targets
from contractfuzz.errors import ContractError
from contractfuzz.files import write_errors
from contractfuzz.text import printable

if TYPE_CHECKING:
    from contractfuzz.running.fuzzing import FuzzResult
    from contractfuzz.running.options import CaseSet
    from contractfuzz.running.run import Run

DEFAULT_SECONDS = 60


@click.command(cls=SectionedCommand, short_help="Search for a finding, guided by code coverage.")
@click.argument("target", metavar="[TARGET|PACKAGE.MODULE:CALLABLE]", required=False, shell_complete=complete_targets)
@run_options(always_isolated=True)
@click.option(
    "--kind",
    "kinds",
    multiple=True,
    metavar="valid|invalid|malformed|incoherent|hostile",
    shell_complete=complete_words("valid", "invalid", "malformed", "incoherent", "hostile"),
    help="Kind of cases to feed. Repeatable. Default: all.",
)
@click.option(
    "--seconds",
    type=POSITIVE_COUNT,
    metavar="N",
    help=f"End after N seconds. Default: {DEFAULT_SECONDS}, or no limit with --runs.",
)
@click.option("--runs", type=POSITIVE_COUNT, metavar="N", help="End after N inputs.")
@click.option(
    "--seed",
    type=click.IntRange(0, 2**32 - 1),
    metavar="N",
    default=0,
    help="Seed of the mutations. Default: a random one.",
)
@click.option(
    "--corpus", metavar="DIR", help="Folder of inputs to start with. Inputs that reach new code are added to it."
)
def fuzz(
    target: str | None,
    run_arguments: RunArguments,
    kinds: tuple[str, ...],
    seconds: int | None,
    runs: int | None,
    seed: int,
    corpus: str | None,
) -> int:
    """Fuzz CALLABLE, guided by the code that each case reaches, until its first finding.

    TARGET is the name of a target in the configuration; it may be left out if there is only one. Options override those of the
    target.

    CALLABLE runs in a separate process. The finding with its smallest case goes to standard output, the fuzzer's log to
    standard error.

    Needs Atheris: pip install 'contractfuzz[fuzz]'.

    Exit codes: 0 nothing was found, 1 there is a finding, 2 the call or its input is wrong.
    """
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.running import fuzzing
    from contractfuzz.running.consumer import DEFAULT_TIME_LIMIT_SECONDS

    chosen = _find_target(target, run_arguments)
    folder = None if corpus is None else _corpus_folder(corpus)
    limits = fuzzing.FuzzLimits(
        seconds=seconds or (0 if runs else DEFAULT_SECONDS),
        runs=runs or 0,
        time_limit=chosen.run_arguments.time_limit or DEFAULT_TIME_LIMIT_SECONDS,
        seed=seed,
        corpus=folder,
    )
    with chosen.named_errors():
        result = fuzzing.fuzz(partial(prepare_run, target=chosen, kinds=kinds), limits)
    print_unread_patterns(result.run.contract)
    with open_output_stream(None) as file:
        file.write(printable(_as_text(result), keep="\n") + "\n")
    return NOT_HONOURED if result.finding or result.unreproduced else HONOURED


def _find_target(name: str | None, run_arguments: RunArguments) -> Target:
    """Return the target that the command line names, or the only one of the configuration."""
    targets = find_targets(name, run_arguments, {"only": ()}, verb="fuzz")
    if len(targets) > 1:
        names = ", ".join(target.name for target in targets)
        raise ContractError(f"fuzz takes one target at a time: name one of {names}")
    if is_external(targets[0].run_arguments):
        raise ContractError(
            f"target {targets[0].name}: fuzz follows the Python code that a case reaches, which a command or a service does not "
            "show: feed it more random cases, as in check --examples 100000"
        )
    return targets[0]


def _corpus_folder(corpus: str) -> Path:
    """Return the folder of inputs, which is created if it does not exist."""
    if not corpus:
        raise ContractError("--corpus is empty: name a folder")
    folder = Path(corpus)
    try:
        str(folder.absolute()).encode()
    except UnicodeEncodeError:
        raise ContractError(f"Atheris cannot open the folder {corpus!r}: name one whose path is UTF-8") from None
    with write_errors(corpus, "name a folder that can be written"):
        folder.mkdir(parents=True, exist_ok=True)
    return folder


def prepare_run(
    importing: AbstractContextManager[object],
    *,
    isolate: bool,
    target: Target,
    kinds: tuple[str, ...],
) -> Run:
    """Return the run to fuzz. This process and the fuzzer's process call it; see ``PrepareRun``."""
    return target.make_run(isolate=isolate, importing=importing, case_sets=_case_sets(kinds))


def _case_sets(kinds: tuple[str, ...]) -> list[CaseSet]:
    from contractfuzz.payloads.cases.case import parse_kind
    from contractfuzz.running.options import BODY_SETS

    chosen = [parse_kind(kind) for kind in kinds]
    if "wire" in chosen:
        raise ContractError("wire cases have nothing to mutate: leave out --kind wire, and feed them with check")
    return [case_set for case_set in BODY_SETS if not chosen or case_set.kind in chosen]


def _as_text(result: FuzzResult) -> str:
    from contractfuzz.running.messages import explain

    if result.finding is not None:
        return explain(result.finding)
    if result.unreproduced:
        return result.unreproduced
    run = result.run
    return f"{run.name}: nothing found in {result.cases:,} cases of {run.contract.name}"
