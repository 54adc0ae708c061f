"""The command line."""

from __future__ import annotations

import os
import platform
import shlex
import sys
import traceback
from tempfile import NamedTemporaryFile
from typing import NoReturn

import click

from contractfuzz.cli.arguments.help_sections import SectionedGroup
from contractfuzz.cli.arguments.options import HONOURED, INTERNAL_ERROR, INTERRUPTED, PIPE_CLOSED, WRONG_CALL
from contractfuzz.cli.arguments.streams import PipeClosedError, escape_unencodable, print_error
from contractfuzz.cli.check import check
from contractfuzz.cli.diff import diff
from contractfuzz.cli.differ import differ
from contractfuzz.cli.evolve import evolve
from contractfuzz.cli.explain import explain
from contractfuzz.cli.fuzz import fuzz
from contractfuzz.cli.init import init
from contractfuzz.cli.lint import lint
from contractfuzz.cli.replay import replay
from contractfuzz.cli.sample import sample
from contractfuzz.cli.serve import serve
from contractfuzz.cli.validate import validate
from contractfuzz.cli.violations import violations
from contractfuzz.errors import ContractError
from contractfuzz.text import printable
from contractfuzz.version import installed_version

COMPLETION_VARIABLE = "_CONTRACTFUZZ_COMPLETE"
"""Environment variable that makes the command print completions for a shell, or the script that asks for them."""

MAX_HELP_WIDTH = 100
"""Width of --help in wider terminals."""


@click.group(
    cls=SectionedGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": MAX_HELP_WIDTH},
    no_args_is_help=False,
)
@click.version_option(package_name="contractfuzz", message="%(prog)s %(version)s")
def cli() -> None:
    """Check whether code honours a published JSON contract, and make payloads that satisfy or break it.

    Exit codes: 0 the contract is honoured, 1 it is not, 2 the call or its input is wrong, 70 an internal error.
    """


for command in (check, diff, differ, evolve, explain, fuzz, init, lint, replay, sample, serve, validate, violations):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line. A wrong call or an internal error ends with one line on standard error."""
    for stream in (sys.stdout, sys.stderr):
        # File names and messages of consumers may contain characters that the terminal's encoding lacks.
        escape_unencodable(stream)
    if COMPLETION_VARIABLE in os.environ:
        # Imported here, because it loads what only completion needs.
        from contractfuzz.cli.arguments.bash_completion import install_bash_completion

        install_bash_completion()
    try:
        # In standalone mode, click would print its usage as well, and an error is one line.
        code = cli.main(prog_name="contractfuzz", standalone_mode=False)
    except ContractError as error:
        _fail(str(error))
    except click.UsageError as error:
        name = error.ctx.command_path if error.ctx else "contractfuzz"
        _fail(f"{' '.join(error.format_message().split())} (see {name} --help)")
    except (click.Abort, KeyboardInterrupt):
        sys.exit(INTERRUPTED)
    except PipeClosedError:
        sys.exit(PIPE_CLOSED)
    except Exception as error:  # noqa: BLE001 - nothing may end with exit code 1, which is a verdict
        print_error(_internal_error(error))
        sys.exit(INTERNAL_ERROR)
    sys.exit(code if isinstance(code, int) else HONOURED)


def _internal_error(error: Exception) -> str:
    """Write the traceback of an error to a file; return the message that asks for a report."""
    text = "".join(traceback.format_exception(error))
    details = f"contractfuzz {installed_version()}, Python {platform.python_version()}, {shlex.join(sys.argv[1:])}\n\n"
    try:
        with NamedTemporaryFile(
            "w", prefix="contractfuzz-", suffix=".txt", delete=False, encoding="utf-8", errors="backslashreplace"
        ) as file:
            file.write(printable(details + text, keep="\n"))
        place = f"in {file.name}"
    except OSError:
        click.echo(printable(text, keep="\n"), err=True)
        place = "above"
    return f"internal error ({type(error).__name__}): please report this mistake of contractfuzz with the traceback {place}"


def _fail(message: str) -> NoReturn:
    print_error(message)
    sys.exit(WRONG_CALL)
