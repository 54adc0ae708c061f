"""The command ``contractfuzz violations``."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import click

from contractfuzz.cli.arguments.completion import complete_case_labels, complete_words
from contractfuzz.cli.arguments.contracts import find_contract
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    components_option,
    contract_option,
    dialect_option,
    format_option,
    output_option,
    side_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream, print_error
from contractfuzz.errors import ContractError
from contractfuzz.text import json_text, printable

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.payloads.cases.case import Kind

VIOLATION_FIELDS = ("id", "location", "keyword", "variant", "description")
"""Attributes of a violation in the JSON output."""


@click.command(cls=SectionedCommand, short_help="List the ways to break a contract, and other labels.")
@contract_option
@components_option
@side_option
@dialect_option
@click.option(
    "--kind",
    default="invalid",
    show_default=True,
    metavar="valid|invalid|malformed|incoherent|hostile|wire",
    shell_complete=complete_words("valid", "invalid", "malformed", "incoherent", "hostile", "wire"),
    help="Kind of cases whose labels are listed.",
)
@click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="List only matching labels, for example '/status:*'. Repeatable.",
)
@click.option(
    "--count",
    is_flag=True,
    help="Print counts instead of a list: violations by keyword, malformations, incoherences, points of the schema.",
)
@format_option
@output_option
def violations(
    contract_name: str | None,
    components: tuple[str, ...],
    side: str | None,
    dialect: str | None,
    kind: str,
    only: tuple[str, ...],
    count: bool,
    output_format: str,
    output: str | None,
) -> None:
    """List the violations of a contract: the ways to break its schema, each with its id and description.

    The id consists of the location of the fault, the keyword that it breaks and a variant, as in /status:enum.unknown. Options
    such as --only and --tolerate take ids, or globs of them.

    With --kind malformed, incoherent or wire, list the labels of those cases instead. Valid and hostile cases have no labels.
    """
    # Imported within the function, because every command imports this module and this one loads the contract engine.
    from contractfuzz.payloads.cases.case import parse_kind

    contract = find_contract(contract_name, components, side, dialect)
    listed = parse_kind(kind)
    if count and listed != "invalid":
        raise ContractError("--count counts the labels of every kind: leave out --kind")
    if count:
        counts = _count_labels(contract, only)
        rows = [(f"{number:>7,}", counted) for counted, number in counts.items()]
        result: object = counts
    else:
        records = list(
            _violation_records(contract, only) if listed == "invalid" else _label_records(contract, listed, only)
        )
        rows = [(record["id" if listed == "invalid" else "label"], record["description"]) for record in records]
        result = records
    for note in contract.notes:
        print_error(note)
    if not contract.labels(listed):
        print_error(f"{contract.name} has no labels of the kind {listed}")
    with open_output_stream(output, utf_8=output_format == "json") as file:
        if output_format == "json":
            file.write(json_text(result))
        else:
            shown = [(printable(first), printable(second)) for first, second in rows]
            width = max((len(first) for first, _ in shown), default=0)
            file.writelines(f"{first:<{width}}  {second}\n" for first, second in shown)


def _violation_records(contract: Contract, only: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    selected = set(contract.labels("invalid", only or None))
    for violation in contract.violations():
        if violation.id in selected:
            yield {name: getattr(violation, name) for name in VIOLATION_FIELDS}


def _label_records(contract: Contract, kind: Kind, only: tuple[str, ...]) -> Iterator[dict[str, Any]]:
    """Yield the labels of a kind other than ``invalid``, with their descriptions."""
    labels = contract.labels(kind, only or None)
    # A sample starts with one case of each label, in the order of the labels.
    for case in contract.sample(len(labels), kind, only=only or None):
        yield {"label": case.label, "description": case.description}


def _count_labels(contract: Contract, only: tuple[str, ...]) -> dict[str, int]:
    records = list(_violation_records(contract, only))
    by_keyword = Counter(record["keyword"] for record in records)
    return {
        "violations": len(records),
        **{f"violations of {keyword}": number for keyword, number in by_keyword.most_common()},
        "locations of violations": len({record["location"] for record in records}),
        "malformations": len(contract.labels("malformed")),
        "incoherences": len(contract.labels("incoherent")),
        "points of the schema to cover": len(contract.coverage(()).missed),
    }
