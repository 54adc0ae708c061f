"""The command ``contractfuzz differ``."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_case_labels, complete_targets
from contractfuzz.cli.arguments.contracts import print_unread_patterns
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    RunArguments,
    output_option,
    run_options,
    seed_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, redirect_consumer_output
from contractfuzz.cli.arguments.targets import Target, find_targets, make_runs
from contractfuzz.errors import ContractError
from contractfuzz.progress import progress_bar

if TYPE_CHECKING:
    from contractfuzz.differential.differ_run import DifferRun


@click.command(cls=SectionedCommand, short_help="Feed the same cases to several targets, and compare them.")
@click.argument("targets", metavar="TARGET|PACKAGE.MODULE:CALLABLE...", nargs=-1, shell_complete=complete_targets)
@run_options(has_expectations=False, compares_targets=True)
@click.option(
    "--examples",
    type=COUNT,
    default=200,
    show_default=True,
    help="Random cases of each kind, in addition to one for each label.",
)
@seed_option
@click.option(
    "--command",
    "commands",
    multiple=True,
    metavar="COMMAND",
    help="Another target: a command, as in 'node read.js'. Each case gets a process, with the body on standard input. "
    "Repeatable.",
)
@click.option(
    "--persistent",
    is_flag=True,
    help="With --command: one process gets all cases, as lines of JSON ('Other languages' in the documentation).",
)
@click.option(
    "--url",
    "urls",
    multiple=True,
    metavar="URL",
    help="Another target: a running service. Each body is posted to the URL, and the status decides. Repeatable.",
)
@click.option("--header", multiple=True, metavar="'NAME: VALUE'", help="With --url: header field. Repeatable.")
@click.option(
    "--sign",
    metavar="PACKAGE.MODULE:CALLABLE",
    help="With --url: function of the body that returns a dict of header fields, for signed webhooks.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Feed only the cases with matching labels, for example '/status:*'. Repeatable.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "markdown"]),
    default="text",
    show_default=True,
    help="text is for people, json for programs, markdown for job summaries and comments.",
)
@click.option(
    "--top", type=COUNT, default=5, show_default=True, help="In text and Markdown: patterns to show of each kind."
)
@output_option
def differ(
    targets: tuple[str, ...],
    run_arguments: RunArguments,
    examples: int,
    seed: int,
    commands: tuple[str, ...],
    urls: tuple[str, ...],
    only: tuple[str, ...],
    output_format: str,
    top: int,
    output: str | None,
) -> int:
    """Feed the same cases to two or more targets, and report those on which they disagree.

    Targets disagree if one accepts a case and another rejects it or crashes, or if all accept it with different results. Compare
    an old and a new version, a rewrite, or two parsers. No target is taken to be right.

    A TARGET is the name of a target in the configuration. Options hold for all targets, and override those of the configuration.

    Exit codes: 0 the targets agree, 1 they disagree, 2 the call or its input is wrong.
    """
    # Imported here, so that --help loads neither Hypothesis nor jsonschema.
    from contractfuzz.differential.differ_reports import write_differ_report
    from contractfuzz.differential.differ_run import DifferRun
    from contractfuzz.running.isolation.workers import hide_from_workers

    found = _find_all(targets, commands, urls, run_arguments)
    runs = make_runs(found)
    contracts = {run.contract.name: run.contract for run in runs}
    if len(contracts) > 1:
        raise ContractError(
            f"the targets have different contracts ({', '.join(contracts)}): choose one with --contract"
        )
    names = [target.name or run.name for target, run in zip(found, runs, strict=True)]
    for contract in contracts.values():
        print_unread_patterns(contract)
    run = DifferRun(runs, next(iter(contracts.values())), examples=examples, seed=seed, only=only, names=names)
    with open_output_stream(output, utf_8=output_format != "text") as file:
        # A consumer must not write to the report, nor keep it open.
        with redirect_consumer_output(), hide_from_workers(*([file.fileno()] if output else [])):
            interrupted = _feed(run)
        report = run.report()
        write_differ_report(report, file, output_format, top=top)
    if interrupted:
        return INTERRUPTED
    return HONOURED if report.ok else NOT_HONOURED


def _find_all(
    names: tuple[str, ...], commands: tuple[str, ...], urls: tuple[str, ...], run_arguments: RunArguments
) -> list[Target]:
    """Return the targets that the command line names.

    Raises:
        ContractError: there are fewer than two, one of them does not exist, or an option applies to none of them.

    """
    if len(names) + len(commands) + len(urls) < 2:
        raise ContractError("name at least two targets to compare, as in: differ old.service:read new.service:read")
    if run_arguments.persistent and not commands:
        raise ContractError("--persistent needs a command: name it with --command, as in --command 'node read.js'")
    if (run_arguments.header or run_arguments.sign is not None) and not urls:
        option = "--header" if run_arguments.header else "--sign"
        raise ContractError(f"{option} needs a URL: name it with --url, as in --url http://127.0.0.1:8080/webhook")
    python = replace(run_arguments, persistent=False, header=(), sign=None)
    # Commands and services take bodies, and reject them in their own ways.
    external = replace(run_arguments, feed=None, strict=None, route=None, raises=(), isolate=False)
    found = [target for name in names for target in find_targets(name, python, verb="compare")]
    found += [Target("", command, replace(external, command=command, header=(), sign=None)) for command in commands]
    return found + [Target("", url, replace(external, url=url, persistent=False)) for url in urls]


def _feed(run: DifferRun) -> bool:
    """Feed every case, and return True if the user interrupted that."""
    try:
        with progress_bar(transient=True, expected=run.case_count) as bar:
            run.feed_all(bar.update)
    except KeyboardInterrupt:
        return True
    return False
