"""The command ``contractfuzz diff``."""

from __future__ import annotations

import os
from contextlib import ExitStack
from dataclasses import fields, replace
from typing import TYPE_CHECKING, Literal

import click
from click.core import ParameterSource

from contractfuzz.cli.arguments.completion import complete_contracts, complete_targets
from contractfuzz.cli.arguments.contracts import find_contract, project_configuration
from contractfuzz.cli.arguments.external import is_external
from contractfuzz.cli.arguments.faults import changes_base_option, with_faults
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    RunArguments,
    components_option,
    output_option,
    run_options,
)
from contractfuzz.cli.arguments.revisions import checked_out, find_revision
from contractfuzz.cli.arguments.streams import open_output_stream, print_error, redirect_consumer_output
from contractfuzz.cli.arguments.targets import find_targets
from contractfuzz.diff.rules import SEVERITIES, SIDES, Severity, Side
from contractfuzz.errors import ContractError
from contractfuzz.progress import progress_bar

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.diff.change import Change


@click.command(cls=SectionedCommand, short_help="List what changed between two versions of a contract.")
@click.argument("old", metavar="OLD", shell_complete=complete_contracts)
@click.argument("new", metavar="NEW", shell_complete=complete_contracts)
@components_option
@click.option(
    "--side",
    "reader_or_sender",
    type=click.Choice(SIDES),
    default="consumer",
    show_default=True,
    help="Side whose severities count: programs that read payloads, that send them, or both.",
)
@click.option(
    "--ignore",
    multiple=True,
    metavar="GLOB",
    help="Change to ignore, LOCATION:RULE, as in '/status:enum-*'. Repeatable.",
)
@click.option(
    "--fail-on",
    type=click.Choice([*SEVERITIES, "none"]),
    default="error",
    show_default=True,
    help="Severity from which a change leads to exit code 1.",
)
@click.option(
    "--consumer",
    metavar="TARGET",
    shell_complete=complete_targets,
    help="Code that reads the payloads, PACKAGE.MODULE:CALLABLE or a target of the configuration: each change is fed to it, and "
    "its answer decides the severities. The options below are for it; --command and --url name a consumer, too.",
)
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "markdown", "sarif"]),
    default="text",
    show_default=True,
    help="text is for people, json for programs, markdown for job summaries, sarif for code scanning services.",
)
@output_option
@changes_base_option
@run_options(has_contract=False, has_expectations=False)
def diff(
    old: str,
    new: str,
    components: tuple[str, ...],
    reader_or_sender: Side,
    ignore: tuple[str, ...],
    fail_on: Severity | Literal["none"],
    consumer: str | None,
    output_format: str,
    output: str | None,
    run_arguments: RunArguments,
) -> int:
    """List what changed between two versions of a contract, with a payload that proves each change.

    OLD and NEW are files, names of contracts, or files at a revision of git, as in main:contracts/order.json. The payload of a
    change, its witness, is valid under one version and invalid under the other. Annotations, such as default and deprecated, have
    no witness.

    A change breaks a consumer, which reads payloads, if it allows what the consumer never had to read. It breaks a producer,
    which sends payloads, if it forbids what the producer may send today. With --consumer, the code decides.

    Exit codes: 0 no change is an error, 1 a change is an error (see --fail-on), 2 a contract cannot be read.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from contractfuzz.diff.changes import find_changes
    from contractfuzz.diff.ignoring import check_entries
    from contractfuzz.diff.ignoring import ignore as leave_out
    from contractfuzz.diff.rendering import RENDERINGS, ChangeReport

    check_entries(ignore)
    has_consumer = consumer is not None or is_external(run_arguments)
    _check_consumer_options(reader_or_sender, has_consumer=has_consumer)
    entries = [*project_configuration().ignored_changes, *ignore]
    with ExitStack() as stack, open_output_stream(output, utf_8=output_format != "text") as file:
        before, after = (
            find_contract(*stack.enter_context(checked_out(version, components))) for version in (old, new)
        )
        filtered = leave_out(find_changes(before, after), entries)
        changes, name = filtered.kept, ""
        if has_consumer:
            changes, name = _feed(consumer, run_arguments, changes, before, after)
        report = ChangeReport(
            changes, reader_or_sender, _document(new), name, len(filtered.ignored), before.schema == after.schema
        )
        file.write(RENDERINGS[output_format](report))
    for entry in filtered.unused:
        print_error(f"the entry {entry!r} to ignore matches no change: remove it")
    return NOT_HONOURED if fail_on != "none" and report.has(fail_on) else HONOURED


def _check_consumer_options(side: Side, *, has_consumer: bool) -> None:
    """Raise a ContractError for options that do not fit together."""
    if has_consumer:
        if side != "consumer":
            raise ContractError(f"a consumer reads payloads: leave out --side {side}")
        return
    context = click.get_current_context()
    for field in fields(RunArguments):
        if field.name != "components" and context.get_parameter_source(field.name) is ParameterSource.COMMANDLINE:
            option = field.name.replace("_", "-")
            raise ContractError(f"--{option} is about the code of a consumer: name it with --consumer TARGET")


def _feed(
    consumer: str | None, run_arguments: RunArguments, changes: list[Change], old: Contract, new: Contract
) -> tuple[list[Change], str]:
    """Feed the changes to a consumer.

    Returns:
        The changes with their impacts, and the name of the consumer.

    """
    # Imported here, so that --help loads no consumer.
    from contractfuzz.evolution.consumer_changes import measure_changes

    [target] = find_targets(consumer, run_arguments)
    # Expectations of a target are about violations, and no case of a change is one.
    plain = replace(target.run_arguments, policy="strict", tolerate=(), must_accept=())
    base = with_faults(old, target.run_arguments.base_file, 1)
    with target.named_errors(), redirect_consumer_output(), progress_bar(transient=True, expected=len(changes)) as bar:
        run = replace(target, run_arguments=plain).make_run(base)
        measured = measure_changes(changes, base, new, run, lambda done: bar.update("changes", done, len(changes)))
    return measured, run.name


def _document(version: str) -> str:
    """Return the path of the document of a version; empty if an argument names a contract otherwise."""
    revised = find_revision(version)
    if revised is not None:
        return revised.path
    file = version if os.path.exists(version) else version.partition("#")[0]  # noqa: PTH110 - never raises
    return file if os.path.isfile(file) else ""  # noqa: PTH113 - never raises
