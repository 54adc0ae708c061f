"""The command line."""

from __future__ import annotations

import sys
from typing import NoReturn

import click

from contractfuzz.cli.check import check
from contractfuzz.cli.diff import diff
from contractfuzz.cli.fuzz import fuzz
from contractfuzz.cli.init import init
from contractfuzz.cli.lint import lint
from contractfuzz.cli.options import HONOURED, INTERRUPTED, PIPE_CLOSED, WRONG_CALL
from contractfuzz.cli.replay import replay
from contractfuzz.cli.sample import sample
from contractfuzz.cli.serve import serve
from contractfuzz.cli.streams import PipeClosedError, escape_unencodable, print_error
from contractfuzz.cli.validate import validate
from contractfuzz.cli.violations import violations
from contractfuzz.errors import ContractError


@click.group(context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.version_option(package_name="contractfuzz", message="%(prog)s %(version)s")
def cli() -> None:
    """Check whether code honours a published JSON contract, and make payloads that keep or break it.

    Exit codes: 0 the contract is honoured, 1 it is not, 2 the call or its input is wrong.
    """


for command in (check, diff, fuzz, init, lint, replay, sample, serve, validate, violations):
    cli.add_command(command)


def main() -> NoReturn:
    """Run the command line. A wrong call ends with one line on standard error and exit code 2."""
    for stream in (sys.stdout, sys.stderr):
        # File names and messages of consumers may contain characters that the terminal's encoding lacks.
        escape_unencodable(stream)
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
    sys.exit(code if isinstance(code, int) else HONOURED)


def _fail(message: str) -> NoReturn:
    print_error(message)
    sys.exit(WRONG_CALL)
