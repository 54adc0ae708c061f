"""The command ``contractfuzz explain``."""

from __future__ import annotations

import shutil
from collections.abc import Iterator, Sequence
from dataclasses import asdict
from typing import TYPE_CHECKING

import click

from contractfuzz.cli.arguments.completion import complete_explained
from contractfuzz.cli.arguments.contracts import find_contract, has_default_contract
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import (
    components_option,
    contract_option,
    dialect_option,
    format_option,
    output_option,
    side_option,
)
from contractfuzz.cli.arguments.streams import open_output_stream
from contractfuzz.text import json_text, list_names, pluralize, printable, wrap_words

if TYPE_CHECKING:
    from contractfuzz.explanations.explanation import Explanation

MAX_WIDTH = 100
"""Width of the text in wider terminals."""

MAX_LISTED_LABELS = 3
_MIN_WIDTH = 40
_NAME_WIDTH = 12


@click.command(cls=SectionedCommand, short_help="Explain a label: its meaning, its causes and its handling.")
@click.argument("label", shell_complete=complete_explained)
@contract_option
@components_option
@side_option
@dialect_option
@format_option
@output_option
def explain(
    label: str,
    contract_name: str | None,
    components: tuple[str, ...],
    side: str | None,
    dialect: str | None,
    output_format: str,
    output: str | None,
) -> None:
    """Explain what a label of a report means, why such a case happens in production, and how consumers handle it.

    LABEL is the id of a violation (/status:enum.unknown), a keyword and a variant (enum.unknown), a malformation (cut-in-string),
    a wire case (status.204), a rule of the contract, or a possible change (/id:nullable or nullable). A glob such as 'enum.*'
    lists the labels that it matches.
    """
    # Imported within the function, because every command imports this module and this one loads the contract engine.
    from contractfuzz.explanations.explaining import explain as explain_labels

    contract = None
    if contract_name is not None or has_default_contract():
        contract = find_contract(contract_name, components, side, dialect)
    explanations = explain_labels(label, contract)
    with open_output_stream(output, utf_8=output_format == "json") as file:
        if output_format == "json":
            file.write(json_text([asdict(one) for one in explanations]))
            return
        width = min(shutil.get_terminal_size().columns, MAX_WIDTH) if output is None else MAX_WIDTH
        lines = _table(explanations) if len(explanations) > 2 else _full(explanations, max(width, _MIN_WIDTH))
        file.writelines(f"{printable(line)}\n" for line in lines)


def _table(explanations: Sequence[Explanation]) -> Iterator[str]:
    width = max(len(one.label) for one in explanations)
    for one in explanations:
        yield f"{one.label:<{width}}  {one.definition}"


def _full(explanations: Sequence[Explanation], width: int) -> Iterator[str]:
    for index, one in enumerate(explanations):
        if index:
            yield ""
        yield from wrap_words(f"{one.label}: {one.definition}", width)
        yield ""
        for name, text in _rows(one):
            first, *others = [text] if name in _COPIED else wrap_words(text, width - _NAME_WIDTH - 2)
            yield f"  {name:<{_NAME_WIDTH}}{first}"
            yield from (f"  {'':<{_NAME_WIDTH}}{other}" for other in others)


_COPIED = ("code", "example", "instead of")
"""Rows that people copy: a terminal copies a line that it has wrapped itself as one line."""


def _rows(one: Explanation) -> Iterator[tuple[str, str]]:
    """Yield the rows of one explanation: name and text."""
    yield "expected", one.expectation
    yield "why", one.advice.why
    yield "strict", one.advice.strict
    yield "tolerant", one.advice.tolerant
    yield "code", one.advice.hint
    if one.example is not None:
        if one.example.label != one.label:
            yield "case", f"{one.example.label} of {one.example.contract}"
        yield "example", one.example.body
        if one.example.twin is not None:
            yield "instead of", one.example.twin
    if one.labels:
        more = list_names(one.labels, MAX_LISTED_LABELS)
        yield "labels", f"{pluralize(len(one.labels), 'label')}: {more}"
    for index, option in enumerate(one.options):
        yield "" if index else "options", option
