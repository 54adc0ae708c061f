"""The command ``contractfuzz serve``."""

from __future__ import annotations

import click


@click.command()
@click.argument("name", metavar="[SERVER]", required=False)
@click.option(
    "--port", type=int, default=0, show_default=True, help="Where to listen, on 127.0.0.1; 0 is any free port."
)
@click.option(
    "--kind",
    metavar="valid|invalid|malformed|incoherent|hostile",
    help="Answer with cases of this kind. Default: with what the service would answer.",
)
@click.option("--profile", metavar="NAME", help="The flavour of valid cases.")
@click.option("--only", multiple=True, metavar="GLOB", help="Only cases with these labels.")
@click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same answers.")
@click.option(
    "--script", metavar="ITEM,...", help="What to answer first, in order: statuses and faults, as in 429,cut-body,200."
)
@click.option("--faults", "list_faults", is_flag=True, help="List the faults of the wire, and end.")
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
    """Be the service behind a contract, over HTTP on loopback, until Ctrl-C; a line for each request.

    SERVER is the name of an installed one. Default: the only one that is installed.
    """
    from queue import SimpleQueue

    from contractfuzz.errors import ContractError
    from contractfuzz.payloads.cases.case import parse_kind
    from contractfuzz.server import WIRE_FAULTS, MockServer
    from contractfuzz.server.service import find_service, installed_services

    if list_faults:
        width = max(map(len, WIRE_FAULTS))
        for fault in WIRE_FAULTS.values():
            click.echo(f"{fault.name:<{width}}  {fault.description}")
        return
    if name is None:
        installed = installed_services()
        if len(installed) != 1:
            raise ContractError(f"name the server to run; installed are: {', '.join(installed) or 'none'}")
        name = installed[0]
    if only and kind is None:
        raise ContractError("--only goes with --kind: say which kind of cases to choose from")

    # Printed by this thread, which is the one that Ctrl-C and a closed pipe reach.
    lines: SimpleQueue[str] = SimpleQueue()
    server = MockServer(find_service(name), port=port, seed=seed, on_exchange=lambda exchange: lines.put(str(exchange)))
    if kind is not None or profile is not None:
        server.respond_with_cases(parse_kind(kind or "valid"), profile or "broad", seed=seed, only=only or None)
    if script is not None:
        server.script(*(int(item) if item.isdecimal() else item for item in map(str.strip, script.split(","))))
    with server:
        click.echo(f"{name} listens on {server.url} (Ctrl-C ends it)")
        try:
            while True:
                click.echo(lines.get())
        except KeyboardInterrupt:
            # The way to end it, so no failure.
            return
