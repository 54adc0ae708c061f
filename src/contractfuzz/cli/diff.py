"""The command ``contractfuzz diff``."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import click

from contractfuzz.cli.arguments.completion import complete_contracts
from contractfuzz.cli.arguments.contracts import find_contract
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    HONOURED,
    NOT_HONOURED,
    components_option,
    format_option,
    output_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream
from contractfuzz.text import json_text, printable

if TYPE_CHECKING:
    from contractfuzz.diff.changes import Change


@click.command(cls=SectionedCommand, short_help="List what changed between two versions of a contract.")
@click.argument("old", metavar="OLD", shell_complete=complete_contracts)
@click.argument("new", metavar="NEW", shell_complete=complete_contracts)
@components_option
@click.option(
    "--side",
    type=click.Choice(["producer", "consumer", "both"]),
    default="both",
    show_default=True,
    help="Side whose breaking changes lead to exit code 1.",
)
@format_option
@output_option
def diff(old: str, new: str, components: tuple[str, ...], side: str, output_format: str, output: str | None) -> int:
    """List what changed between two versions of a contract, with a payload that proves each change.

    OLD and NEW are files, or names of installed contracts. The payload of a change, its witness, is valid under one version and
    invalid under the other. A change breaks the producer if it forbids a payload that the producer may send today. It breaks the
    consumer if it allows a payload that the consumer never had to read.

    Exit codes: 0 no change breaks the chosen --side, 1 a change breaks it, 2 a contract cannot be read.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from contractfuzz.diff.changes import find_changes

    before, after = find_contract(old, components), find_contract(new, components)
    changes = find_changes(before, after)
    with open_output_stream(output, utf_8=output_format == "json") as file:
        if output_format == "json":
            file.write(json_text([_as_json(change) for change in changes]))
        else:
            file.writelines(_as_text(change) for change in changes)
            if not changes:
                although = ", although their schemas differ" if before.schema != after.schema else ""
                file.write(f"no payload was found that one version allows and the other does not{although}\n")
    breaking = any("breaking" in _effects(change, side) for change in changes)
    return NOT_HONOURED if breaking else HONOURED


def _effects(change: Change, side: str) -> tuple[str, ...]:
    effects = {"producer": change.producer, "consumer": change.consumer}
    return tuple(effects.values()) if side == "both" else (effects[side],)


def _as_text(change: Change) -> str:
    location = change.location or "the payload itself"
    witness = json.dumps(change.witness, ensure_ascii=False, separators=(",", ":"))
    lines = (
        f"{location}: {change.keyword} is {change.direction}: {change.description}",
        f"    producer: {change.producer}, consumer: {change.consumer}",
        f"    witness:  {witness}",
    )
    return "".join(f"{printable(line)}\n" for line in lines)


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
