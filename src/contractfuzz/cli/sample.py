"""The command ``contractfuzz sample``."""

from __future__ import annotations

from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Any, TextIO, cast

import click

from contractfuzz.cli.arguments.completion import complete_case_labels, complete_words
from contractfuzz.cli.arguments.contracts import find_contract, print_unread_patterns
from contractfuzz.cli.arguments.faults import base_option, faults_option, print_fault_notes, with_faults
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    POSITIVE_COUNT,
    components_option,
    contract_option,
    dialect_option,
    seed_option,
    side_option,
    values_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, print_error
from contractfuzz.errors import ContractError
from contractfuzz.text import printable

if TYPE_CHECKING:
    from contractfuzz.bulk.job import Job

SAMPLE_EXAMPLES = """\b
Examples:
  contractfuzz sample -n 3 --profile realistic
  contractfuzz sample --kind invalid --only '*:type.null' --labels
  contractfuzz sample -n 1000000 --workers 4 --output cases/
"""


@dataclass(frozen=True)
class OutputOptions:
    """Options of the command that decide the destination and the form of the output."""

    labels: bool
    output: str | None
    each: bool
    as_tests: str | None
    shard_size: int | None
    suffix: str | None
    workers: int | None
    scheduler: str | None
    resume: bool

    def check(self, *, into_folder: bool) -> None:
        """Raise ContractError if two of the options exclude each other.

        Args:
            into_folder: True if ``output`` names a folder.

        """
        folder_only = {
            "--shard-size": self.shard_size,
            "--suffix": self.suffix,
            "--workers": self.workers,
            "--scheduler": self.scheduler,
            "--resume": self.resume,
        }
        if self.as_tests is not None:
            others = {"--output": self.output, "--labels": self.labels, "--each": self.each, **folder_only}
            _refuse_options(others, "cannot be combined with --as-tests: leave one of them out")
        elif not into_folder:
            _refuse_options(
                {"--each": self.each, **folder_only}, "needs a folder: end --output with a slash, as in cases/"
            )
        elif self.each:
            others = {"--labels": self.labels, **folder_only}
            _refuse_options(others, "cannot be combined with --each: leave one of them out")
        if self.workers is not None and self.scheduler is not None:
            raise ContractError(
                "--workers cannot be combined with --scheduler: the cluster has its own workers, leave one of them out"
            )


def _refuse_options(options: dict[str, Any], problem: str) -> None:
    for option, value in options.items():
        if value:
            raise ContractError(f"{option} {problem}")


@click.command(cls=SectionedCommand, short_help="Write cases to standard output or to files.", epilog=SAMPLE_EXAMPLES)
@click.option("-n", "number", type=COUNT, metavar="N", default=10, show_default=True, help="Number of cases.")
@click.option(
    "--kind",
    default="valid",
    show_default=True,
    metavar="valid|invalid|malformed|incoherent|hostile",
    shell_complete=complete_words("valid", "invalid", "malformed", "incoherent", "hostile"),
    help="Kind of the cases.",
)
@click.option(
    "--profile",
    default="broad",
    show_default=True,
    metavar="NAME",
    help="Profile of valid payloads, for example minimal or realistic.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Only cases with matching labels, for example '/status:*'. Repeatable.",
)
@seed_option
@contract_option
@components_option
@side_option
@dialect_option
@values_option
@base_option
@faults_option
@click.option("--labels", is_flag=True, help='Write {"label":…,"pointer":…,"payload":…} on each line.')
@click.option("--output", metavar="FILE|DIR", help="File or folder to write to. Default: standard output.")
@click.option(
    "--each", is_flag=True, help="Write each case to a file of its own in DIR, named by its number and label."
)
@click.option(
    "--as-tests",
    metavar="FILE",
    help="Write a plain pytest file (FILE ends in .py) or JSON fixtures (FILE ends in .json) instead of lines.",
)
@click.option("--shard-size", type=POSITIVE_COUNT, metavar="N", help="Cases per file in DIR. Default: 10000.")
@click.option(
    "--suffix",
    type=click.Choice([".jsonl", ".jsonl.gz"]),
    help="Suffix of the files in DIR; .gz compresses them. Default: .jsonl.",
)
@click.option(
    "--workers", type=click.IntRange(1, 1000), metavar="N", help="Number of processes that fill DIR. Default: 1."
)
@click.option(
    "--scheduler",
    metavar="ADDRESS",
    help="Fill DIR with the Dask cluster of this scheduler, for example tcp://host:8786.",
)
@click.option(
    "--resume", is_flag=True, help="Write only the files that an earlier run of this command did not write to DIR."
)
def sample(
    number: int,
    kind: str,
    profile: str,
    only: tuple[str, ...],
    seed: int,
    contract_name: str | None,
    components: tuple[str, ...],
    side: str | None,
    dialect: str | None,
    values_file: str | None,
    base_file: str | None,
    faults: int,
    **output_options: Any,
) -> int:
    """Generate cases and write them as JSON Lines: one payload per line.

    Without --output, the lines go to standard output. With --output FILE, they go to one file, which is compressed if its name
    ends in .gz. With --output DIR, they go to several files of --shard-size lines each, and manifest.json describes them. A path
    is a DIR if it is an existing folder, ends in a slash, or has no suffix.

    The same options give the same bytes, with any number of --workers: case number i depends on --seed and i only. A file
    appears when it is complete. After an interruption, run the same command with --resume to write the missing files.

    A malformed body may contain any bytes, so its line is {"label":…,"body":…} with the body in base64. With --each, the file
    contains the bytes themselves.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from contractfuzz.bulk.generated_tests import write_test_file
    from contractfuzz.bulk.job import DEFAULT_SHARD_SIZE, make_job
    from contractfuzz.bulk.sampling import is_folder
    from contractfuzz.payloads.cases.case import parse_kind

    options = OutputOptions(**output_options)
    options.check(into_folder=options.output is not None and is_folder(options.output))
    contract = find_contract(contract_name, components, side, dialect, values_file)
    if kind == "wire":
        raise ContractError("wire cases are responses, not bodies: feed them to a client with contractfuzz check")
    if kind == "invalid":
        contract = with_faults(contract, base_file, faults)
    elif base_file is not None or faults != 1:
        option = "--base" if base_file is not None else "--faults"
        raise ContractError(f"{option} goes with invalid cases only: add --kind invalid, or leave it out")
    print_unread_patterns(contract)
    print_fault_notes(contract)
    if options.as_tests is not None:
        cases = list(contract.sample(number, parse_kind(kind), profile, seed, only=only or None))
        write_test_file(cases, contract.name, options.as_tests)
        if number and not cases:
            _explain_no_cases(contract.name, kind)
        return HONOURED
    job = make_job(
        contract,
        number,
        parse_kind(kind),
        profile,
        seed,
        only=only,
        labels=options.labels,
        shard_size=options.shard_size or DEFAULT_SHARD_SIZE,
        suffix=options.suffix or ".jsonl",
    )
    code = _write_job(job, options)
    if number and not job.n:
        _explain_no_cases(contract.name, kind)
    return code


def _explain_no_cases(contract: str, kind: str) -> None:
    """Print why the output is empty. That is not an error: a script may sample every kind of every contract."""
    reason = "it has no rules" if kind == "incoherent" else "nothing breaks its schema"
    print_error(f"{contract} has no {kind} cases, because {reason}: the output is empty")


class _TerminalLines:
    """Writes lines of JSON to a terminal, with escapes for the characters that it would obey or not show."""

    def __init__(self, terminal: TextIO) -> None:
        self._terminal = terminal

    def write(self, line: bytes) -> None:
        self._terminal.write(printable(line.decode(), keep="\n"))


def _write_job(job: Job, options: OutputOptions) -> int:
    """Write the cases to their destination and return the exit code."""
    # Imported within the function for the same reason as in the command.
    from contractfuzz.bulk import sampling
    from contractfuzz.bulk.job import Shard

    if options.output is None:
        with open_output_stream(None) as file:
            shown = cast("IO[bytes]", _TerminalLines(file)) if file.isatty() else file.buffer
            job.write(Shard("", 0, job.n), shown)
    elif options.each:
        sampling.sample_to_case_files(job, options.output)
    elif not sampling.is_folder(options.output):
        sampling.sample_to_file(job, options.output)
    else:
        try:
            sampling.sample_to_folder(
                job,
                options.output,
                workers=options.workers or 1,
                scheduler=options.scheduler,
                resume=options.resume,
            )
        except sampling.SamplingInterruptedError as interruption:
            print_error(str(interruption))
            return INTERRUPTED
    return HONOURED
