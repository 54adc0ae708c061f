"""The command ``contractfuzz differ``."""

from __future__ import annotations

from dataclasses import replace

import click

from contractfuzz.cli.arguments.completion import complete_targets
from contractfuzz.cli.arguments.contracts import print_unread_patterns
from contractfuzz.cli.arguments.external import check_external_options, header_option, persistent_option, sign_option
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    NOT_HONOURED,
    RunArguments,
    examples_option,
    only_option,
    output_option,
    run_options,
    seed_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, redirect_consumer_output
from contractfuzz.cli.arguments.targets import Target, feed_interruptibly, find_targets, make_runs
from contractfuzz.errors import ContractError


@click.command(cls=SectionedCommand, short_help="Feed the same cases to several targets, and compare them.")
@click.argument("targets", metavar="TARGET|PACKAGE.MODULE:CALLABLE...", nargs=-1, shell_complete=complete_targets)
@run_options(has_expectations=False, compares_targets=True)
@examples_option
@seed_option
@click.option(
    "--command",
    "commands",
    multiple=True,
    metavar="COMMAND",
    help="Another target: a command, as in 'node read.js'. Each case gets a process, with the body on standard input. "
    "Repeatable.",
)
@persistent_option
@click.option(
    "--url",
    "urls",
    multiple=True,
    metavar="URL",
    help="Another target: a running service. Each body is posted to the URL, and the status decides. Repeatable.",
)
@header_option
@sign_option
@only_option
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
            interrupted = feed_interruptibly(run)
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
    check_external_options(run_arguments, has_command=bool(commands), has_url=bool(urls))
    python = replace(run_arguments, persistent=False, header=(), sign=None)
    # Commands and services take bodies, and reject them in their own ways.
    external = replace(run_arguments, feed=None, strict=None, route=None, raises=(), isolate=False)
    found = [target for name in names for target in find_targets(name, python, verb="compare")]
    found += [Target("", command, replace(external, command=command, header=(), sign=None)) for command in commands]
    return found + [Target("", url, replace(external, url=url, persistent=False)) for url in urls]
