"""An evolution as text for terminals and pipes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TextIO

from rich.text import Text

from contractfuzz.evolution.catalogue import SAFE_CHANGES
from contractfuzz.evolution.evolution import Evolution, PossibleChange
from contractfuzz.evolution.groups import ChangeGroup, free_locations, group_changes, safe_words
from contractfuzz.evolution.impact import Impact
from contractfuzz.reports.text_report import make_console
from contractfuzz.text import list_names, pluralize, printable, wrap_words

MAX_MISSING_LOCATIONS = 4
"""Locations without changes that a note lists."""

MAX_FREE_LOCATIONS = 8
"""Locations that may change in every way that a line lists."""

DEFAULT_ROWS = 5
"""Locations that each group shows."""

_ALLOWED_MARK = "*"
_MAX_LOCATION_WIDTH = 32

_STYLES = {
    Impact.DIED: "red",
    Impact.HUNG: "red",
    Impact.CRASHED: "red",
    Impact.SILENTLY_WRONG: "magenta",
    Impact.REFUSED: "yellow",
    Impact.PASSED_ON: "green",
    Impact.UNAFFECTED: "green",
    Impact.UNKNOWN: "dim",
}
"""Colour of each impact."""

_EXPLANATIONS = {
    Impact.SILENTLY_WRONG: "the result hides the change",
    Impact.REFUSED: "a declared error",
    Impact.PASSED_ON: "the result shows the change",
    Impact.UNAFFECTED: "the result is the same",
    Impact.UNKNOWN: "the results cannot be compared",
}
"""Impacts that need an explanation."""


def answer(evolution: Evolution) -> str:
    """Return in one sentence what the provider may do without breaking the consumer."""
    total, broken = len(evolution.changes), sum(change.impact.is_break for change in evolution.changes)
    return (
        f"The provider may make {total - broken:,} of {total:,} possible changes of {evolution.contract} "
        f"without breaking {evolution.consumer}."
    )


def write_evolution(evolutions: Sequence[Evolution], file: TextIO, *, rows: int = DEFAULT_ROWS) -> None:
    """Write evolutions as text, with colours if ``file`` is a terminal.

    Args:
        evolutions: the evolutions.
        file: the text file to write to.
        rows: number of locations that each group shows, 1 or more.

    """
    console = make_console(file)
    for index, evolution in enumerate(evolutions):
        if index:
            console.print()
        for line, style in _lines(evolution, rows):
            indent = len(line) - len(line.lstrip(" "))
            first, *rest = wrap_words(printable(line), max(console.width, 40))
            for part in [first, *wrap_words(" ".join(rest), max(console.width - indent - 4, 20))] if rest else [first]:
                text = part if part is first else f"{' ' * (indent + 4)}{part}"
                console.print(Text(text, style), soft_wrap=True)


def evolution_text(evolution: Evolution, rows: int = DEFAULT_ROWS) -> str:
    """Return an evolution as text without colours, for messages.

    Args:
        evolution: the evolution.
        rows: number of locations that each group shows, 1 or more.

    """
    return "\n".join(printable(line) for line, _ in _lines(evolution, rows))


def _lines(evolution: Evolution, rows: int) -> Iterator[tuple[str, str]]:
    """Yield the lines with their styles."""
    yield answer(evolution), "bold green" if evolution.ok else "bold red"
    yield "", ""
    width = max((len(f"{count:,}") for count in evolution.counts.values()), default=1)
    for impact, count in evolution.counts.items():
        explanation = f"  ({_EXPLANATIONS[impact]})" if impact in _EXPLANATIONS else ""
        yield f"  {count:>{width},} {impact}{explanation}", _STYLES[impact]
    for group in group_changes([change for change in evolution.changes if change.is_break]):
        yield "", ""
        yield from _group_lines(group, rows)
    yield "", ""
    yield from _answers(evolution)
    yield from _notes(evolution)


def _group_lines(group: ChangeGroup, rows: int) -> Iterator[tuple[str, str]]:
    yield f"{group.title}: {pluralize(len(group.changes), 'change')}", _STYLES[group.impact]
    shown = list(group.by_location.items())[:rows]
    width = min(max(len(location) for location, _ in shown), _MAX_LOCATION_WIDTH)
    for location, changes in shown:
        detail = next((f" [{change.detail}]" for change in changes if change.detail and not group.error), "")
        yield f"  {location or '(payload)':<{width}}  {_words(changes)}{detail}", ""
    more = len(group.by_location) - len(shown)
    if more:
        yield f"  and {pluralize(more, 'more location')}", "dim"


def _words(changes: Sequence[PossibleChange]) -> str:
    words = (f"{change.words}{_ALLOWED_MARK if change.is_allowed else ''}" for change in changes)
    return ", ".join(dict.fromkeys(words))


def _answers(evolution: Evolution) -> Iterator[tuple[str, str]]:
    """Yield the lines about changes that break nothing."""
    safe, free = safe_words(evolution), free_locations(evolution)
    if safe:
        yield f"Safe wherever it was tried: {', '.join(safe)}.", "green"
    if free:
        yield (
            f"Free to change in every way: {list_names((one or '(payload)' for one in free), MAX_FREE_LOCATIONS)}.",
            "green",
        )
    yield f"Never a break, so not tried: {', '.join(SAFE_CHANGES)}.", "dim"


def _notes(evolution: Evolution) -> Iterator[tuple[str, str]]:
    if any(change.is_allowed and change.is_break for change in evolution.changes):
        yield f"{_ALLOWED_MARK} The contract allows this today.", ""
    tolerated = sum(change.is_tolerated and change.impact.is_break for change in evolution.changes)
    if tolerated:
        yield f"{pluralize(tolerated, 'break')} tolerated.", "dim"
    for pattern in evolution.unused:
        yield f"tolerance {pattern} was not needed: remove it", "yellow"
    if evolution.missing:
        names = list_names(evolution.missing, MAX_MISSING_LOCATIONS)
        yield f"Not tried, because no accepted payload has it: {names}.", "yellow"
    if evolution.cut_short:
        yield f"Not every change was tried: {evolution.cut_short}.", "yellow"
