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
"""Places in the code that each impact shows, and locations that each place shows."""

_ALLOWED_MARK = "*"
_ROOT = "(payload)"
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
    Impact.UNKNOWN: "nothing was raised, but the results cannot be compared",
}
"""Impacts that need an explanation."""


def answer(evolution: Evolution) -> str:
    """Return in one sentence what the provider may do without breaking the consumer."""
    counts = evolution.counts
    unknown = counts.get(Impact.UNKNOWN, 0)
    harmless = counts.get(Impact.PASSED_ON, 0) + counts.get(Impact.UNAFFECTED, 0)
    return (
        f"The provider may make {harmless:,} of {len(evolution.changes):,} possible changes of {evolution.contract} "
        f"without breaking {evolution.consumer}." + (f" The impact of {unknown:,} is unknown." if unknown else "")
    )


def write_evolution(evolutions: Sequence[Evolution], file: TextIO, *, rows: int = DEFAULT_ROWS) -> None:
    """Write evolutions as text, with colours if ``file`` is a terminal.

    Args:
        evolutions: the evolutions.
        file: the text file to write to.
        rows: number of places in the code that each impact shows, and of locations that each place shows, 1 or more.

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
        rows: number of places in the code that each impact shows, and of locations that each place shows, 1 or more.

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
    groups = group_changes(evolution.breaks)
    for impact in dict.fromkeys(group.impact for group in groups):
        yield "", ""
        yield from _section_lines(impact, [group for group in groups if group.impact is impact], rows)
    yield "", ""
    yield from _answers(evolution)
    yield from _notes(evolution)


def _section_lines(impact: Impact, groups: Sequence[ChangeGroup], rows: int) -> Iterator[tuple[str, str]]:
    """Yield the lines about the changes with one impact."""
    count = sum(len(group.changes) for group in groups)
    yield f"{impact}: {pluralize(count, 'change')}", _STYLES[impact]
    for group in groups[:rows]:
        locations = list(group.by_location.items())
        if group.cause and len(locations) == 1:
            [(location, changes)] = locations
            yield f"  {group.cause}: {location or _ROOT} {_words(changes)}", ""
            continue
        if group.cause:
            yield f"  {group.cause}: {pluralize(len(group.changes), 'change')}", ""
        indent = "    " if group.cause else "  "
        width = min(max(len(location or _ROOT) for location, _ in locations[:rows]), _MAX_LOCATION_WIDTH)
        for location, changes in locations[:rows]:
            detail = next((f" [{change.detail}]" for change in changes if change.detail and not group.error), "")
            yield f"{indent}{location or _ROOT:<{width}}  {_words(changes)}{detail}", ""
        if len(locations) > rows:
            yield f"{indent}and {pluralize(len(locations) - rows, 'more location')}", "dim"
    if len(groups) > rows:
        yield f"  and {pluralize(len(groups) - rows, 'more place')} in the code", "dim"


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
            f"Free to change in every way: {list_names((one or _ROOT for one in free), MAX_FREE_LOCATIONS)}.",
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
