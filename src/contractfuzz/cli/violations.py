"""The command ``contractfuzz violations``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.options import components_option, contract_option, find_contract, output_option
from contractfuzz.cli.streams import open_output_stream

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases.violation import Violation


@click.command()
@contract_option
@components_option
@click.option("--only", multiple=True, metavar="GLOB", help="Only these.")
@click.option("--count", is_flag=True, help="Only say how many there are of everything that can go wrong.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
def violations(
    contract_name: str | None,
    components: tuple[str, ...],
    only: tuple[str, ...],
    count: bool,
    form: str,
    output: str | None,
) -> None:
    """List every way to break the contract: its id, and what it is in words."""
    contract = find_contract(contract_name, components)
    chosen = set(contract.labels("invalid", only or None))
    found = [violation for violation in contract.violations() if violation.id in chosen]
    with open_output_stream(output, utf_8=form == "json") as file:
        if count:
            counts = _counts(contract, found)
            if form == "json":
                file.write(json.dumps(counts, indent=2) + "\n")
            else:
                file.writelines(f"{number:>7,}  {what}\n" for what, number in counts.items())
            return
        if form == "json":
            names = ("id", "location", "keyword", "variant", "description")
            rows = [{name: getattr(violation, name) for name in names} for violation in found]
            file.write(json.dumps(rows, indent=2, ensure_ascii=False) + "\n")
            return
        width = max((len(violation.id) for violation in found), default=0)
        for violation in found:
            file.write(f"{violation.id:<{width}}  {violation.description}\n")


def _counts(contract: Contract, violations: Sequence[Violation]) -> dict[str, int]:
    by_keyword = Counter(violation.keyword for violation in violations)
    return {
        "violations": len(violations),
        **{f"violations of {keyword}": number for keyword, number in by_keyword.most_common()},
        "locations of violations": len({violation.location for violation in violations}),
        "malformations": len(contract.labels("malformed")),
        "incoherences": len(contract.labels("incoherent")),
        "points of the schema to cover": len(contract.coverage(()).missed),
    }
