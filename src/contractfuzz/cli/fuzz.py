"""The command ``contractfuzz fuzz``."""

from __future__ import annotations

from contextlib import AbstractContextManager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.options import (
    HONOURED,
    NOT_HONOURED,
    SOME,
    components_option,
    contract_option,
    find_contract,
    load_consumer,
    raises_option,
    tolerate_option,
)
from contractfuzz.cli.streams import open_output_stream
from contractfuzz.files import write_errors

if TYPE_CHECKING:
    from contractfuzz.running.fuzzing import Fuzzed
    from contractfuzz.running.run import CaseSet, Run

SECONDS = 60


@click.command()
@click.argument("target", metavar="PACKAGE.MODULE:CALLABLE")
@contract_option
@components_option
@click.option(
    "--kind", "kinds", multiple=True, metavar="valid|invalid|malformed|incoherent|hostile", help="Default: all."
)
@click.option("--feed", metavar="object|text|bytes|url", help="What the callable takes. Default: as it is annotated.")
@raises_option
@tolerate_option
@click.option(
    "--seconds", type=SOME, metavar="N", help=f"How long to look. Default: {SECONDS}, or as long as --runs takes."
)
@click.option("--runs", type=SOME, metavar="N", help="How many inputs to try.")
@click.option("--time-limit", type=SOME, default=5, show_default=True, help="Seconds for one case.")
@click.option("--seed", type=click.IntRange(0, 2**32 - 1), default=0, help="Of the mutations. Default: by chance.")
@click.option(
    "--corpus", metavar="DIR", help="Inputs to begin with; those that reach something new in the code are added."
)
def fuzz(
    target: str,
    contract_name: str | None,
    components: tuple[str, ...],
    kinds: tuple[str, ...],
    feed: str | None,
    raises: tuple[str, ...],
    tolerate: tuple[str, ...],
    seconds: int | None,
    runs: int | None,
    time_limit: int,
    seed: int,
    corpus: str | None,
) -> int:
    """Fuzz CALLABLE with cases that are led by what they reach in its code, until it does what it should not.

    Needs Atheris (pip install 'contractfuzz[fuzz]'). The fuzzer's log goes to standard error, and what was found to standard
    output, with the smallest case that shows it.
    """
    from contractfuzz.running import fuzzing

    folder = None
    if corpus is not None:
        with write_errors(corpus):
            folder = Path(corpus)
            folder.mkdir(parents=True, exist_ok=True)
    limits = fuzzing.Limits(
        seconds=seconds or (0 if runs else SECONDS),
        runs=runs or 0,
        time_limit=time_limit,
        seed=seed,
        corpus=folder,
    )
    prepare = partial(
        prepare_run,
        target=target,
        contract_name=contract_name,
        components=components,
        kinds=kinds,
        feed=feed,
        raises=raises,
        tolerate=tolerate,
        time_limit=time_limit,
    )
    fuzzed = fuzzing.fuzz(prepare, limits)
    with open_output_stream(None) as file:
        file.write(_words(fuzzed) + "\n")
    return NOT_HONOURED if fuzzed.finding or fuzzed.unsteady else HONOURED


def prepare_run(
    importing: AbstractContextManager[object],
    *,
    isolate: bool,
    target: str,
    contract_name: str | None,
    components: tuple[str, ...],
    kinds: tuple[str, ...],
    feed: str | None,
    raises: tuple[str, ...],
    tolerate: tuple[str, ...],
    time_limit: int,
) -> Run:
    """Return the run of the target, which is imported within ``importing``; the fuzzer's process calls this as well as ours."""
    from contractfuzz.running.run import Run

    # Before the contract, whose package may be the consumer's own.
    with importing:
        consumer, errors = load_consumer(target, raises)
    return Run(
        consumer,
        find_contract(contract_name, components),
        feed=feed,
        raises=errors,
        tolerate=tolerate,
        isolate=isolate,
        time_limit=time_limit,
        case_sets=_case_sets(kinds),
    )


def _case_sets(kinds: tuple[str, ...]) -> list[CaseSet]:
    from contractfuzz.payloads.cases.case import parse_kind
    from contractfuzz.running.run import CASE_SETS

    chosen = [parse_kind(kind) for kind in kinds]
    return [case_set for case_set in CASE_SETS if not chosen or case_set.kind in chosen]


def _words(fuzzed: Fuzzed) -> str:
    from contractfuzz.running.messages import explain

    if fuzzed.finding is not None:
        return explain(fuzzed.finding)
    if fuzzed.unsteady:
        return f"{fuzzed.unsteady}\n\n  The same case does not show it again: the consumer does not do the same twice."
    run = fuzzed.run
    return f"{run.name}: nothing found in {fuzzed.cases:,} cases of {run.contract.name}"
