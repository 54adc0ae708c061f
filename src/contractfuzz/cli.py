"""The command line."""

from __future__ import annotations

import io
import json
import os
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn, TextIO

import click

from contractfuzz import __version__
from contractfuzz.errors import ContractError
from contractfuzz.serve import serve

if TYPE_CHECKING:
    from contractfuzz.consumers.checking import Progress, Report, Run
    from contractfuzz.contract import Contract
    from contractfuzz.oracle import PayloadError


class _PipeClosedError(Exception):
    """Whoever read our output has gone."""


HONOURED, NOT_HONOURED, WRONG_CALL, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141

_contract = click.option(
    "--contract",
    "contract_name",
    metavar="NAME|FILE",
    help="An installed contract, or the document of one. Default: the only one that is installed.",
)
_components = click.option(
    "--components", multiple=True, metavar="PATH", help="A file or folder that the document's $refs lead to."
)
_output = click.option("--output", metavar="FILE", help="Write to this file instead of standard output.")
_count = click.IntRange(0, 10**9)
_some = click.IntRange(1, 10**9)
_seed = click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same cases.")


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(__version__, message="%(prog)s %(version)s")
def cli() -> None:
    """Say whether code honours a published JSON contract, and make payloads that keep or break it.

    Exit codes: 0 it does, 1 it does not, 2 the call or its input is wrong.
    """


@cli.command()
@click.argument("target", metavar="PACKAGE.MODULE:CALLABLE")
@_contract
@_components
@click.option(
    "--feed",
    metavar="object|text|bytes|url",
    help="What the callable takes; url is that of a server which answers with the case. Default: as its parameter says.",
)
@click.option("--strict/--lax", default=None, help="For pydantic and msgspec: convert nothing, or what they can.")
@click.option("--route", metavar="PATH", help="For a web application: the path to which bodies are posted.")
@click.option("--raises", multiple=True, metavar="NAME", help="Errors that reject a payload. Default: ValueError.")
@click.option("--examples", type=_count, default=200, show_default=True, help="Random cases of each class.")
@_seed
@click.option("--tolerate", multiple=True, metavar="GLOB", help="Violations that may be accepted.")
@click.option("--only", multiple=True, metavar="GLOB", help="Feed only the cases with these labels.")
@click.option("--isolate", is_flag=True, help="Call it in a process of its own: one that hangs or dies is judged so.")
@click.option("--time-limit", type=float, default=5.0, show_default=True, help="With --isolate: seconds for one case.")
@click.option(
    "--top", type=_count, default=5, show_default=True, help="Causes to show of each sort of finding, as text."
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_output
def check(
    target: str,
    contract_name: str | None,
    components: tuple[str, ...],
    feed: str | None,
    strict: bool | None,
    route: str | None,
    raises: tuple[str, ...],
    examples: int,
    seed: int,
    tolerate: tuple[str, ...],
    only: tuple[str, ...],
    isolate: bool,
    time_limit: float,
    top: int,
    form: str,
    output: str | None,
) -> int:
    """Feed every class of cases to CALLABLE and say what it should not have done."""
    from contractfuzz.consumers.checking import Run
    from contractfuzz.consumers.targets import load_error, load_target

    with _consumer_prints_elsewhere():
        consumer = load_target(target)
        errors = [load_error(name) for name in raises]
    run = Run(
        consumer,
        _find_contract(contract_name, components),
        feed=feed,
        strict=strict,
        route=route,
        raises=errors or (ValueError,),
        tolerate=tolerate,
        examples=examples,
        seed=seed,
        only=only,
        isolate=isolate,
        time_limit=time_limit,
    )
    with _opened(output, utf_8=form == "json") as file:
        with _consumer_prints_elsewhere():
            interrupted = _feed_all(run)
        report = run.report()
        _write_report(report, form, top, file)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


@cli.command()
@click.option("-n", "number", type=_count, default=10, show_default=True, help="How many cases.")
@click.option("--kind", default="valid", show_default=True, metavar="valid|invalid|malformed|incoherent")
@click.option("--profile", default="broad", show_default=True, metavar="NAME", help="The flavour of valid payloads.")
@click.option("--only", multiple=True, metavar="GLOB", help="Only cases with these labels.")
@_seed
@_contract
@_components
@click.option("--labels", is_flag=True, help='Make each line {"label":…,"pointer":…,"payload":…}.')
@click.option("--output", metavar="FILE|DIR", help="Where to write. Default: standard output.")
@click.option("--each", is_flag=True, help="Into DIR, each case as a file of its own, named by its number and label.")
@click.option("--shard-size", type=_some, metavar="N", help="Cases in each file in DIR. Default: 10000.")
@click.option("--suffix", type=click.Choice([".jsonl", ".jsonl.gz"]), help="Of the files in DIR. Default: .jsonl.")
@click.option("--workers", type=click.IntRange(1, 1000), metavar="N", help="Fill DIR with N processes. Default: 1.")
@click.option("--scheduler", metavar="ADDRESS", help="Fill DIR with the workers of this Dask cluster.")
@click.option("--resume", is_flag=True, help="Go on with the DIR that this command began.")
def sample(
    number: int,
    kind: str,
    profile: str,
    only: tuple[str, ...],
    seed: int,
    contract_name: str | None,
    components: tuple[str, ...],
    labels: bool,
    output: str | None,
    each: bool,
    shard_size: int | None,
    suffix: str | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
) -> int:
    """Write cases as JSON Lines: one payload on each line.

    They go to standard output, into a FILE (compressed if its name ends in .gz), or into a folder DIR (one that is there, or a
    path that ends in a slash or has no suffix): --shard-size of them into each file, beside a manifest.json that says what they
    are. A file is there as a whole or not at all. Case i depends on --seed and i alone, so that the files are the same whoever
    makes them.

    A malformed body may hold any bytes: its line is {"label":…,"body":…} with the body in base64. With --each a file holds the
    bytes themselves.
    """
    from contractfuzz.bulk import sampling
    from contractfuzz.bulk.job import SHARD_SIZE, Shard, make_job

    in_shards = {
        "--shard-size": shard_size,
        "--suffix": suffix,
        "--workers": workers,
        "--scheduler": scheduler,
        "--resume": resume,
    }
    if output is None or not sampling.is_folder(output):
        _refuse_options({"--each": each, **in_shards}, "goes with a folder: end --output with a slash, as in cases/")
    elif each:
        _refuse_options({"--labels": labels, **in_shards}, "does not go with --each: leave one of the two out")
    if workers is not None and scheduler is not None:
        raise ContractError("--workers does not go with --scheduler: the cluster has its own, leave one of the two out")
    job = make_job(
        _find_contract(contract_name, components),
        number,
        kind,
        profile,
        seed,
        only=only,
        labels=labels,
        shard_size=shard_size or SHARD_SIZE,
        suffix=suffix or ".jsonl",
    )
    if output is None:
        with _opened(None) as file:
            job.write(Shard("", 0, job.n), file.buffer)
    elif each:
        sampling.sample_each(job, output)
    elif not sampling.is_folder(output):
        sampling.sample_to_file(job, output)
    else:
        try:
            sampling.sample_to_folder(job, output, workers=workers or 1, scheduler=scheduler, resume=resume)
        except sampling.InterruptedRunError as interruption:
            _complain(str(interruption))
            return INTERRUPTED
    return HONOURED


def _refuse_options(options: dict[str, Any], why: str) -> None:
    for option, value in options.items():
        if value:
            raise ContractError(f"{option} {why}")


@cli.command()
@_contract
@_components
@click.option("--only", multiple=True, metavar="GLOB", help="Only these.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@_output
def violations(
    contract_name: str | None, components: tuple[str, ...], only: tuple[str, ...], form: str, output: str | None
) -> None:
    """List every way to break the contract: its id, and what it is in words."""
    contract = _find_contract(contract_name, components)
    chosen = set(contract.labels("invalid", only or None))
    found = [violation for violation in contract.violations() if violation.id in chosen]
    with _opened(output, utf_8=form == "json") as file:
        if form == "json":
            names = ("id", "location", "keyword", "variant", "description")
            rows = [{name: getattr(violation, name) for name in names} for violation in found]
            file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
            return
        width = max((len(violation.id) for violation in found), default=0)
        for violation in found:
            file.write(f"{violation.id:<{width}}  {violation.description}\n")


@cli.command()
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@_contract
@_components
def validate(files: tuple[str, ...], contract_name: str | None, components: tuple[str, ...]) -> int:
    """Say of each FILE that holds a payload (- is standard input) whether it keeps the contract, and what is wrong."""
    from contractfuzz.consumers.raised import printable

    contract = _find_contract(contract_name, components)
    kept = True
    with _opened(None) as file:
        for name in files:
            errors = _judge(name, contract)
            kept = kept and not errors
            file.write(f"{printable(name)}: {'valid' if not errors else 'invalid'}\n")
            for error in errors:
                place = printable(error.pointer) or "the payload itself"
                file.write(f"  {place}: {error.keyword}: {printable(_short(error.message))}\n")
    return HONOURED if kept else NOT_HONOURED


cli.add_command(serve)


def main() -> NoReturn:
    """Run the command line; every wrong call ends in one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # Names of files, and what a consumer says, may hold characters that the terminal's encoding does not know.
        _forgive_characters(stream)
    try:
        # Not standalone: click would print the usage as well, and we promise one line.
        code = cli.main(prog_name="contractfuzz", standalone_mode=False)
    except ContractError as error:
        _fail(str(error))
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "contractfuzz"
        _fail(f"{' '.join(error.format_message().split())} ({name} --help tells more)")
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except _PipeClosedError:
        sys.exit(PIPE_CLOSED)
    sys.exit(code if isinstance(code, int) else HONOURED)


def _fail(message: str) -> NoReturn:
    _complain(message)
    sys.exit(WRONG_CALL)


def _complain(message: str) -> None:
    from contractfuzz.consumers.raised import printable

    # What was given is quoted, line breaks and all; yet we promise one line.
    click.echo(f"contractfuzz: {printable(message)}", err=True)


def _find_contract(name: str | None, components: tuple[str, ...]) -> Contract:
    from contractfuzz.contract import Contract

    if name is None:
        installed = Contract.installed()
        if len(installed) != 1:
            there = ", ".join(installed) or "none"
            raise ContractError(f"name a contract with --contract NAME or a file; installed are: {there}")
        name = installed[0]
    if name in Contract.installed() and not components:
        return Contract.named(name)
    if components or "." in name or os.sep in name or os.path.exists(name):  # noqa: PTH110 - never raises
        return Contract.load(name, components)
    return Contract.named(name)


def _feed_all(run: Run) -> bool:
    """Run a check, with a progress bar where somebody watches; return whether it was interrupted."""
    try:
        with _progress() as tell:
            run.feed_all(tell)
    except KeyboardInterrupt:
        return True
    return False


@contextmanager
def _progress() -> Iterator[Progress]:
    from rich.console import Console
    from rich.progress import Progress as Bars

    # On standard error, so that the report can go into a pipe or a file meanwhile.
    with Bars(console=Console(stderr=True), transient=True, disable=not _is_terminal(sys.stderr)) as bars:
        bar = bars.add_task("", total=None)

        def tell(doing: str, done: int, total: int) -> None:
            if done % 16 == 0:
                bars.update(bar, description=doing, completed=done, total=total)

        yield tell


def _is_terminal(stream: TextIO | None) -> bool:
    return stream is not None and stream.isatty()


@contextmanager
def _consumer_prints_elsewhere() -> Iterator[None]:
    """Send what a consumer prints to standard error: standard output is the report's."""
    with redirect_stdout(sys.stderr):
        yield


def _write_report(report: Report, form: str, top: int, file: TextIO) -> None:
    if form == "json":
        from contractfuzz.consumers.reports.as_json import report_as_json

        file.write(json.dumps(report_as_json(report), indent=2) + "\n")
        return
    from rich.console import Console

    from contractfuzz.consumers.reports.as_text import print_report

    class Output(Console):
        def on_broken_pipe(self) -> NoReturn:
            # The original ends the program, and says that the contract is not honoured.
            raise BrokenPipeError

    # Where a line is too long for the terminal, that may wrap it; a table that rich makes to fit has its numbers cut.
    wide = max(Console(file=file).width, 120)
    print_report(report, Output(file=file, highlight=False, width=wide), top)


def _judge(name: str, contract: Contract) -> list[PayloadError]:
    """Return what is wrong with the payload in a file."""
    try:
        return contract.errors(_parse(name))
    except RecursionError:
        raise ContractError(f"{name} is nested too deep to be judged: name a file that holds a payload") from None
    except ValueError as error:
        raise ContractError(f"{name} holds no JSON payload: {_short(str(error))}") from None
    except OSError as error:
        raise ContractError(f"{name} cannot be read ({error.strerror}): name a file that holds a payload") from None


def _parse(name: str) -> Any:
    if name != "-":
        body = Path(name).read_bytes()
    elif sys.stdin is None:
        raise ContractError("standard input is closed: name a file that holds a payload")
    else:
        body = sys.stdin.buffer.read()
    return json.loads(body, parse_constant=_refuse_constant)


def _refuse_constant(word: str) -> NoReturn:
    msg = f"{word} is no JSON value"
    raise ValueError(msg)


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 200 else line[:197] + "..."


@contextmanager
def _opened(output: str | None, *, utf_8: bool = False) -> Iterator[TextIO]:
    """Open the file to write to, before any work is done for it; None is standard output, in UTF-8 where programs read it."""
    if output is None:
        with _standard_output() as file:
            if utf_8:
                _forgive_characters(file, encoding="utf-8")
            yield file
        return
    with _writing(output), Path(output).open("w", encoding="utf-8", errors="backslashreplace") as file:
        yield file


@contextmanager
def _standard_output() -> Iterator[TextIO]:
    if sys.stdout is None:
        raise ContractError("standard output is closed: name a file with --output")
    try:
        yield sys.stdout
        sys.stdout.flush()
    except OSError as error:
        # What is still in the buffer goes nowhere, or Python would complain about it on the way out.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        if isinstance(error, BrokenPipeError):
            raise _PipeClosedError from None
        raise ContractError(
            f"standard output cannot be written ({error.strerror}): name a file with --output"
        ) from None


def _forgive_characters(stream: TextIO | None, encoding: str | None = None) -> None:
    """Let ``stream`` escape what its encoding does not know."""
    if isinstance(stream, io.TextIOWrapper):  # under test it may be something else
        stream.reconfigure(encoding=encoding, errors="backslashreplace")


@contextmanager
def _writing(output: str) -> Iterator[None]:
    try:
        yield
    except OSError as error:
        raise ContractError(
            f"{output} cannot be written ({error.strerror}): name a file in a folder that exists"
        ) from None
