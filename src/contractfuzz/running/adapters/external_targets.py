"""Adapter for commands and for the URLs of services."""

from __future__ import annotations

from dataclasses import replace
from functools import partial
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.consumer import AdapterOptions, Consumer
from contractfuzz.running.external.targets import Command, Url

if TYPE_CHECKING:
    from contractfuzz.running.external.persistent import PersistentProgram


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer for a ``Command`` or a ``Url``, or None for other targets."""
    if not isinstance(target, Command | Url):
        return None
    if options.feed not in (None, "bytes"):
        raise ContractError(f"{options.name} takes bytes: leave out the feed {options.feed!r}")
    return _adapt_command(target, options) if isinstance(target, Command) else _adapt_url(target, options)


def _adapt_command(command: Command, options: AdapterOptions) -> Consumer:
    # Imported here, because only commands need processes.
    from contractfuzz.running.external.commands import SingleUseProgram
    from contractfuzz.running.external.failures import ProgramRejectedError, observe
    from contractfuzz.running.external.persistent import PersistentProgram
    from contractfuzz.running.external.shell_lines import command_line

    command.assert_startable()
    single = SingleUseProgram(command, options.time_limit)
    consumer = Consumer(
        options.name,
        single.call,
        "bytes",
        rejections=(ProgramRejectedError,),
        only_own_rejections=True,
        observe=observe,
        is_external=True,
        notes=single.notes,
        shell_line=lambda case: command_line(command, case.body),
    )
    if not command.persistent:
        return consumer
    program = PersistentProgram(command, options.time_limit)
    return replace(consumer, call=program.call, announce=partial(_announce, program), close=program.close, notes=list)


def _adapt_url(url: Url, options: AdapterOptions) -> Consumer:
    if find_spec("httpx") is None:
        raise ContractError(f"{options.name} needs httpx, which is not installed: install it")
    # Imported here, because only services need HTTP.
    from contractfuzz.running.external.failures import WrongUseError, observe
    from contractfuzz.running.external.services import ServiceConnection
    from contractfuzz.running.external.shell_lines import request_command
    from contractfuzz.running.external.statuses import RejectedByStatusError, check_status

    service = ServiceConnection(url, options.time_limit)

    def shell_line(case: Case) -> str | None:
        try:
            return request_command(url, case.body, service.signature(case.body))
        except WrongUseError:
            return None

    return Consumer(
        options.name,
        lambda body: check_status(service.post(body)),
        "bytes",
        rejections=(RejectedByStatusError,),
        only_own_rejections=True,
        close=service.close,
        observe=observe,
        unreachable=f"{options.name} answers every POST with 404, 405 or a redirect: give the URL of a route that takes POST",
        is_external=True,
        shell_line=shell_line,
    )


def _announce(program: PersistentProgram, case: Case | None) -> None:
    if case is None:
        program.forget()
    else:
        program.announce(case.body)
