"""The command ``contractfuzz violations``."""

from __future__ import annotations

import json

import click

from contractfuzz.commands.options import components_option, contract_option, find_contract, output_option
from contractfuzz.commands.streams import opened


@click.command()
@contract_option
@components_option
@click.option("--only", multiple=True, metavar="GLOB", help="Only these.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
def violations(
    contract_name: str | None, components: tuple[str, ...], only: tuple[str, ...], form: str, output: str | None
) -> None:
    """List every way to break the contract: its id, and what it is in words."""
    contract = find_contract(contract_name, components)
    chosen = set(contract.labels("invalid", only or None))
    found = [violation for violation in contract.violations() if violation.id in chosen]
    with opened(output, utf_8=form == "json") as file:
        if form == "json":
            names = ("id", "location", "keyword", "variant", "description")
            rows = [{name: getattr(violation, name) for name in names} for violation in found]
            file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
            return
        width = max((len(violation.id) for violation in found), default=0)
        for violation in found:
            file.write(f"{violation.id:<{width}}  {violation.description}\n")
