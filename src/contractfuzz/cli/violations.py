"""The command ``contractfuzz violations``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Sequence
from typing import TYPE_CHECKING, TextIO

import click

from contractfuzz.cli.options import components_option, contract_option, find_contract, output_option
from contractfuzz.cli.streams import opened
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases.case import Kind
    from contractfuzz.payloads.cases.violation import Violation


@click.command()
@contract_option
@components_option
@click.option(
    "--kind",
    default="invalid",
    show_default=True,
    metavar="valid|invalid|malformed|incoherent|hostile",
    help="The kind of cases whose labels to list.",
)
@click.option("--only", multiple=True, metavar="GLOB", help="List only these labels.")
@click.option("--count", is_flag=True, help="Only say how many there are of everything that can go wrong.")
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
def violations(
    contract_name: str | None,
    components: tuple[str, ...],
    kind: str,
    only: tuple[str, ...],
    count: bool,
    form: str,
    output: str | None,
) -> None:
    """List every way to break the contract: its label and its description.

    With --kind malformed or --kind incoherent, list the labels of those cases instead. Valid and hostile cases have no labels.
    """
    from contractfuzz.payloads.cases.case import parse_kind

    contract = find_contract(contract_name, components)
    known = parse_kind(kind)
    if count and known != "invalid":
        raise ContractError("--count counts the labels of every kind: leave out --kind")
    if known != "invalid":
        _list_labels(contract, known, only, form, output)
        return
    chosen = set(contract.labels("invalid", only or None))
    found = [violation for violation in contract.violations() if violation.id in chosen]
    with opened(output, utf_8=form == "json") as file:
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
        _write_table([(violation.id, violation.description) for violation in found], file)


def _list_labels(contract: Contract, kind: Kind, only: tuple[str, ...], form: str, output: str | None) -> None:
    """List the labels of a kind other than ``invalid``, with their descriptions."""
    labels = contract.labels(kind, only or None)
    # The first cases of a kind hold each of its labels once.
    cases = contract.sample(len(labels), kind, only=only or None)
    rows = [(label, case.description) for label, case in zip(labels, cases, strict=True)]
    with opened(output, utf_8=form == "json") as file:
        if form == "json":
            objects = [{"label": label, "description": description} for label, description in rows]
            file.write(json.dumps(objects, indent=2, ensure_ascii=False) + "\n")
        else:
            _write_table(rows, file)


def _write_table(rows: Sequence[tuple[str, str]], file: TextIO) -> None:
    width = max((len(label) for label, _ in rows), default=0)
    file.writelines(f"{label:<{width}}  {description}\n" for label, description in rows)


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
