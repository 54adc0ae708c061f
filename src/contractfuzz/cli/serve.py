"""The command ``contractfuzz serve``."""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_case_labels, complete_servers, complete_words
from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.configuration.reading import short_path
from contractfuzz.platforms import is_path
from contractfuzz.text import one_line, printable

if TYPE_CHECKING:
    from contractfuzz.server.messages import Exchange
    from contractfuzz.server.service import Service

CTRL_C_INTERVAL_SECONDS = 0.5
"""Maximum time until the command notices Ctrl-C."""

SERVE_EXAMPLES = """\b
Examples:
  contractfuzz serve --port 8080
  contractfuzz serve --kind invalid --only '/status:*'
  contractfuzz serve --script 429,cut-body,200
  contractfuzz serve openapi.yaml
"""

MAX_STATUS_DIGITS = 9
"""Length limit of a number in a script. A longer one is refused like a word: Python reads no number of thousands of digits."""

MAX_REASON_CHARACTERS = 500


@click.command(cls=SectionedCommand, short_help="Run a mock server that sends cases.", epilog=SERVE_EXAMPLES)
@click.argument("name", metavar="[SERVER|FILE]", required=False, shell_complete=complete_servers)
@click.option(
    "--port", type=int, default=0, show_default=True, help="Port on 127.0.0.1. 0 lets the system choose a free port."
)
@click.option(
    "--kind",
    metavar="valid|invalid|malformed|incoherent|hostile|wire",
    shell_complete=complete_words("valid", "invalid", "malformed", "incoherent", "hostile", "wire"),
    help="Respond with cases of this kind. Default: respond as the real service does.",
)
@click.option(
    "--profile", metavar="NAME", help="Profile of valid cases, for example minimal or realistic. Default: broad."
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Only cases with matching labels, for example '/status:*'. Repeatable.",
)
@click.option(
    "--seed", type=int, default=0, show_default=True, help="Seed of random responses; the same seed repeats them."
)
@click.option(
    "--script",
    metavar="ITEM,...",
    help="First responses, in order: HTTP statuses and wire faults, for example 429,cut-body,200.",
)
@click.option("--faults", "list_faults", is_flag=True, help="List the wire faults and exit.")
def serve(
    name: str | None,
    port: int,
    kind: str | None,
    profile: str | None,
    only: tuple[str, ...],
    seed: int,
    script: str | None,
    list_faults: bool,
) -> None:
    """Run a mock server on 127.0.0.1 and print one line per request.

    SERVER is the name of an installed server, or an OpenAPI FILE: then every operation of the file responds with valid payloads.
    Default: the API of the configuration, or the only installed server. The first line of the output contains the URL. Ctrl-C
    stops the server.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from queue import Empty, SimpleQueue

    from contractfuzz.errors import ContractError
    from contractfuzz.payloads.cases.case import parse_kind
    from contractfuzz.server import WIRE_FAULTS, MockServer

    if list_faults:
        width = max(map(len, WIRE_FAULTS))
        for fault in WIRE_FAULTS.values():
            click.echo(f"{fault.name:<{width}}  {fault.description}")
        return
    name, service = _find_service(name)
    if only and kind is None:
        raise ContractError("--only needs --kind: add the kind of cases to choose from")

    # The handlers' threads queue the lines and the main thread prints them: only it gets Ctrl-C and a closed pipe.
    lines: SimpleQueue[str] = SimpleQueue()
    server = MockServer(service, port=port, seed=seed, on_exchange=lambda exchange: lines.put(_line(exchange)))
    if kind is not None or profile is not None:
        server.respond_with_cases(parse_kind(kind or "valid"), profile or "broad", seed=seed, only=only or None)
    if script is not None:
        server.script(
            *(
                int(item) if item.isdecimal() and len(item) <= MAX_STATUS_DIGITS else item
                for item in map(str.strip, script.split(","))
            )
        )
    with server:
        click.echo(printable(f"{name} listens on {server.url} (press Ctrl-C to stop)"))
        try:
            while True:
                # A wait without a limit would miss a Ctrl-C that comes just before it.
                with suppress(Empty):
                    click.echo(printable(lines.get(timeout=CTRL_C_INTERVAL_SECONDS)))
        except KeyboardInterrupt:
            # Ctrl-C is the normal end, so the exit code is 0.
            return


def _find_service(name: str | None) -> tuple[str, Service]:
    """Return the service to run with its name."""
    # Imported within the function, so that --help does not load the contract engine.
    from contractfuzz.errors import ContractError
    from contractfuzz.server.service import find_service, installed_services

    installed = installed_services()
    api = project_configuration().api if name is None else name
    if name is None and api is None:
        if len(installed) != 1:
            raise ContractError(
                f"name the server to run, or an OpenAPI file; installed are: {', '.join(installed) or 'none'}"
            )
        name = installed[0]
    is_name = name is not None and (name in installed or not _is_path(name))
    if is_name or api is None:
        return str(name), find_service(str(name))
    from contractfuzz.server.api_service import ApiService

    service = ApiService(short_path(api))
    return service.api.name, service


def _line(exchange: Exchange) -> str:
    """Return the line about an exchange, with the reason if the response could not be made."""
    # Loaded already when the first request arrives.
    from contractfuzz.server.script import FAILURE_PREFIX

    body = exchange.response.body
    if exchange.status != 500 or not body.startswith(FAILURE_PREFIX.encode()):
        return str(exchange)
    return f"{exchange}: {one_line(body.decode().removeprefix(FAILURE_PREFIX), MAX_REASON_CHARACTERS)}"


def _is_path(name: str) -> bool:
    return is_path(name) or Path(name).exists()
