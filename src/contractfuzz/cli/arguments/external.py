"""Arguments of commands that run a consumer outside of Python: a command, or a service."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from contractfuzz.configuration.settings import RunSettings
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.running.external.targets import Command, Url

persistent_option = click.option(
    "--persistent",
    is_flag=True,
    help="With --command: one process gets all cases, as lines of JSON ('Other languages' in the documentation).",
)
header_option = click.option(
    "--header", multiple=True, metavar="'NAME: VALUE'", help="With --url: header field. Repeatable."
)
sign_option = click.option(
    "--sign",
    metavar="PACKAGE.MODULE:CALLABLE",
    help="With --url: function of the body that returns a dict of header fields, for signed webhooks.",
)
EXTERNAL_OPTIONS = [
    click.option(
        "--command",
        metavar="COMMAND",
        help="Check a command instead of CALLABLE, as in 'node read.js'. Each case gets a process, with the body on standard "
        "input. Exit code 0 accepts, 1 rejects, any other is a crash.",
    ),
    persistent_option,
    click.option(
        "--url",
        metavar="URL",
        help="Check a running service instead of CALLABLE: each body is posted to the URL, and the status decides.",
    ),
    header_option,
    sign_option,
]
"""Options that name the consumer, and say how to call it."""


def is_external(settings: RunSettings) -> bool:
    """Return True if the arguments name a command or a URL."""
    return settings.command is not None or settings.url is not None


def check_external(settings: RunSettings, target: str | None = None) -> None:
    """Check that the arguments name one consumer.

    Args:
        settings: the arguments.
        target: the consumer or the target that the command line names, too; None if it names none.

    Raises:
        ContractError: they name two consumers, or an option does not apply to the one that they name.

    """
    named = {"--command": settings.command, "--url": settings.url, target: target}
    given = [str(name) for name, value in named.items() if value is not None]
    if len(given) > 1:
        raise ContractError(f"{given[0]} and {given[1]} name two consumers: leave one of them out")
    if not is_external(settings):
        return
    for option, value in {"--operation": settings.operation, "--api": settings.api, "--call": settings.call}.items():
        if value:
            raise ContractError(f"{option} is for a client in Python, not for {given[0]}: leave it out")


def check_external_options(settings: RunSettings, *, has_command: bool, has_url: bool) -> None:
    """Raise ContractError if an option says how to call a command or a service, and none is named."""
    if settings.persistent and not has_command:
        raise ContractError("--persistent needs a command: name it with --command, as in --command 'node read.js'")
    if (settings.header or settings.sign is not None) and not has_url:
        option = "--header" if settings.header else "--sign"
        raise ContractError(f"{option} needs a URL: name it with --url, as in --url http://127.0.0.1:8080/webhook")


def make_external(settings: RunSettings, folder: str | None) -> Command | Url | None:
    """Return the command or the URL that the arguments name; None if they name neither.

    Args:
        settings: the arguments.
        folder: the folder to start a command in; None for the current one.

    Raises:
        ContractError: an argument is wrong, or an option does not apply.

    """
    # Imported here, so that --help loads no consumer.
    from contractfuzz.running.adapters.targets import load_target
    from contractfuzz.running.external.targets import Command, Url, parse_header

    check_external(settings)
    check_external_options(settings, has_command=settings.command is not None, has_url=settings.url is not None)
    if settings.command is not None:
        return Command(settings.command, settings.persistent, folder)
    if settings.url is None:
        return None
    sign = None if settings.sign is None else load_target(settings.sign)
    if sign is not None and not callable(sign):
        raise ContractError(f"{settings.sign} is not a function: name one that takes a body and returns header fields")
    return Url(settings.url, dict(map(parse_header, settings.header)), sign)
