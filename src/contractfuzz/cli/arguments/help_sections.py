"""Help in sections: the commands by what they are for, and the options of a command with many of them.

cloup has such sections, too. It needs newer versions of click than contractfuzz does.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

import click

COMMAND_SECTIONS: dict[str, tuple[str, ...]] = {
    "Check your code": ("check", "fuzz", "replay", "evolve", "differ"),
    "Cases": ("sample", "violations", "explain", "serve"),
    "Documents": ("lint", "diff", "validate"),
    "Project": ("init",),
}
"""The commands of each section."""

OPTION_SECTIONS: dict[str, tuple[str, ...]] = {
    "Contract": ("--contract", "--components", "--side", "--dialect", "--values"),
    "Changes": ("--consumer", "--fail-on", "--ignore"),
    "Cases": (
        *("-n", "--kind", "--profile", "--only", "--examples", "--seed", "--base", "--faults", "--corpus"),
        *("--seconds", "--runs", "--time-budget"),
    ),
    "Verdicts": ("--raises", "--policy", "--tolerate", "--must-accept"),
    "Running": ("--feed", "--strict", "--route", "--isolate", "--time-limit"),
    "Clients": ("--timeout", "--max-requests", "--paging", "--retries"),
    "APIs": ("--api", "--operation", "--call"),
    "Other languages": ("--command", "--persistent", "--url", "--header", "--sign"),
    "Output": (
        *("--format", "--output", "--top", "--show", "--compare", "--baseline", "--update-baseline"),
        *("--labels", "--each", "--as-tests", "--shard-size", "--suffix", "--workers", "--scheduler", "--resume"),
    ),
}
"""The options of each section, by the first name of each."""

OTHER_OPTIONS = "Other"

MAX_COUNT = 10**9

MAX_PLAIN_OPTIONS = 12
"""Number of options up to which the help of a command has one list."""

MAX_FIRST_WIDTH = 30
"""Width of the first column: the text of a longer option starts on the next line."""

_Row = tuple[str, str]


class Count(click.ParamType):  # type: ignore[type-arg]  # generic in new versions of click only
    """A number of things. The help does not show its limits, which nobody meets.

    Args:
        least: the smallest number.

    """

    name = "n"

    def __init__(self, least: int = 0) -> None:
        self._range = click.IntRange(least, MAX_COUNT)

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number; fail if it is out of range."""
        return self._range.convert(value, param, ctx)


def option_section(name: str) -> str:
    """Return the section of an option."""
    return next((title for title, names in OPTION_SECTIONS.items() if name in names), OTHER_OPTIONS)


class SectionedCommand(click.Command):
    """A command whose help shows many options in sections."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options."""
        params = [param for param in self.get_params(ctx) if isinstance(param, click.Option)]
        rows = [(param.opts[0], param.get_help_record(ctx)) for param in params]
        options = [(name, row) for name, row in rows if row is not None]
        if len(options) <= MAX_PLAIN_OPTIONS:
            super().format_options(ctx, formatter)
            return
        sections: dict[str, list[_Row]] = {title: [] for title in (*OPTION_SECTIONS, OTHER_OPTIONS)}
        for name, row in options:
            sections[option_section(name)].append(row)
        _write_sections(formatter, sections)


class SectionedGroup(click.Group):
    """A group whose help shows its commands in sections, without cutting what they do."""

    command_class = SectionedCommand

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the commands."""
        _write_sections(formatter, {title: self._rows(ctx, names) for title, names in COMMAND_SECTIONS.items()})

    def _rows(self, ctx: click.Context, names: Iterable[str]) -> Iterator[_Row]:
        for name in names:
            command = self.get_command(ctx, name)
            if command is not None:
                # click cuts the first sentence of the help at the limit, but not a short help.
                yield name, command.get_short_help_str()


def _write_sections(formatter: click.HelpFormatter, sections: Mapping[str, Iterable[_Row]]) -> None:
    """Write sections with one width of the first column. Empty sections are left out."""
    written = {title: list(rows) for title, rows in sections.items()}
    width = min(max((len(first) for rows in written.values() for first, _ in rows), default=0), MAX_FIRST_WIDTH)
    for title, rows in written.items():
        if rows:
            with formatter.section(title):
                formatter.write_dl([(first.ljust(width), text) for first, text in rows])
