"""The command ``contractfuzz diff``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from contractfuzz.cli.options import HONOURED, NOT_HONOURED, components_option, find_contract, output_option
from contractfuzz.cli.streams import opened

if TYPE_CHECKING:
    from contractfuzz.diff.changes import Change


@click.command()
@click.argument("old", metavar="OLD")
@click.argument("new", metavar="NEW")
@components_option
@click.option(
    "--side",
    type=click.Choice(["producer", "consumer", "both"]),
    default="both",
    show_default=True,
    help="Whose breaking changes make the exit code 1.",
)
@click.option("--format", "form", type=click.Choice(["text", "json"]), default="text", show_default=True)
@output_option
def diff(old: str, new: str, components: tuple[str, ...], side: str, form: str, output: str | None) -> int:
    """Say what changed from the contract OLD to NEW (names or documents), each with a payload that shows it.

    A change that breaks the producer forbids what it may send; one that breaks the consumer allows what it never had to read.
    """
    from contractfuzz.diff.changes import find_changes
    from contractfuzz.text import printable

    before, after = find_contract(old, components), find_contract(new, components)
    changes = find_changes(before, after)
    with opened(output, utf_8=form == "json") as file:
        if form == "text" and not changes:
            although = ", although their schemas differ" if before.schema != after.schema else ""
            file.write(f"no payload was found that one version allows and the other does not{although}\n")
        if form == "json":
            file.write(json.dumps([_as_json(change) for change in changes], indent=2, ensure_ascii=False) + "\n")
        for change in changes if form == "text" else ():
            place = change.location or "the payload itself"
            file.write(printable(f"{place}: {change.keyword} is {change.direction}: {change.description}") + "\n")
            file.write(f"    producer: {change.producer}, consumer: {change.consumer}\n")
            witness = json.dumps(change.witness, ensure_ascii=False, separators=(",", ":"))
            file.write(f"    witness:  {printable(witness)}\n")
    breaking = any("breaking" in _effects(change, side) for change in changes)
    return NOT_HONOURED if breaking else HONOURED


def _effects(change: Change, side: str) -> tuple[str, ...]:
    effects = {"producer": change.producer, "consumer": change.consumer}
    return tuple(effects.values()) if side == "both" else (effects[side],)


def _as_json(change: Change) -> dict[str, Any]:
    return {
        "location": change.location,
        "keyword": change.keyword,
        "direction": change.direction,
        "description": change.description,
        "producer": change.producer,
        "consumer": change.consumer,
        "witness": change.witness,
    }
