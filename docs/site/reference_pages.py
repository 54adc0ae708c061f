"""Pages of the reference that are written when the site is built: docstrings, command line, configuration."""

from __future__ import annotations

import inspect
import json
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import click

import contractfuzz
import contractfuzz.testing
import hubspot_strategies
from contractfuzz.cli.arguments.help_sections import COMMAND_SECTIONS
from contractfuzz.cli.main import cli

DOCS = Path(__file__).parents[1]

DOCUMENTED_PACKAGES = (contractfuzz, contractfuzz.testing, hubspot_strategies)
"""Packages whose public names the page of docstrings lists."""


def api_page() -> str:
    """Return the page of docstrings: mkdocstrings puts the docstring of each public name in place of its ``:::`` line."""
    lines = [
        "# All public names",
        "",
        "Each name with its docstring. [Python API](python-api.md) shows them in use.",
    ]
    for package in DOCUMENTED_PACKAGES:
        lines += ["", f"## {package.__name__}", ""]
        lines += [f"::: {package.__name__}.{name}\n" for name in package.__all__]
    return "\n".join(lines)


MAX_LINE_LENGTH = 10_000
"""A width in which no sentence is cut."""


class MarkdownFormatter(click.HelpFormatter):
    """Writes the help of a command as Markdown: each group of options is a table."""

    heads: tuple[str, ...] = ("", "")

    def write_usage(self, prog: str, args: str = "", **_: Any) -> None:
        """Write how the command is called, as code."""
        self.write(f"```text\n{prog} {args}\n```\n")

    def write_heading(self, heading: str) -> None:
        """Write the title of a group of options or commands. It is not a heading: each command has the same ones."""
        self.heads = ("command" if heading in COMMAND_SECTIONS else "option", "meaning")
        self.write(f"**{heading}**\n\n")

    def write_paragraph(self) -> None:
        """Write an empty line."""
        self.write("\n")

    def write_text(self, text: str) -> None:
        """Write the text of the command."""
        for paragraph in inspect.cleandoc(text).split("\n\n"):
            # click's mark of a paragraph whose lines stay as they are.
            kept = paragraph.strip().removeprefix("\b\n")
            is_text = kept == paragraph.strip()
            self.write(f"{cell(kept)}\n\n" if is_text else f"```text\n{inspect.cleandoc(kept)}\n```\n\n")

    def write_dl(self, rows: Sequence[tuple[str, str]], **_: Any) -> None:
        """Write options or commands as a table."""
        self.write(f"| {' | '.join(self.heads)} |\n| --- | --- |\n")
        for name, text in rows:
            self.write(f"| `{name.replace('|', chr(92) + '|')}` | {cell(text)} |\n")
        self.write("\n")

    @contextmanager
    def section(self, name: str) -> Iterator[None]:
        """Write a group under its title."""
        self.write_paragraph()
        self.write_heading(name)
        yield


def cell(text: str) -> str:
    """Return text for the cell of a table."""
    return " ".join(text.split()).replace("|", r"\|").replace("*", r"\*").replace("<", "&lt;")


def command_line_page() -> str:
    """Return the page of all commands and their options: their ``--help``."""
    context = click.Context(cli, info_name="contractfuzz")
    pages = ["# Command line", help_of(cli, context)]
    for name in cli.list_commands(context):
        command = cli.commands[name]
        pages += [f"## contractfuzz {name}", help_of(command, click.Context(command, info_name=name, parent=context))]
    return "\n\n".join(pages)


def help_of(command: click.Command, context: click.Context) -> str:
    """Return the help of one command as Markdown."""
    formatter = MarkdownFormatter(width=MAX_LINE_LENGTH)
    command.format_help(context, formatter)
    return formatter.getvalue().strip()


def configuration_page() -> str:
    """Return the page of all keys of the configuration, from its JSON Schema."""
    schema = json.loads((DOCS / "configuration.schema.json").read_text(encoding="utf-8"))
    contract = schema["properties"]["contracts"]["additionalProperties"]["anyOf"][1]
    target = schema["properties"]["targets"]["additionalProperties"]
    return "\n".join(
        [
            "# Keys of the configuration",
            "",
            "The table `tool.contractfuzz` of `pyproject.toml`, or the content of `contractfuzz.toml`, as the",
            "[JSON Schema](configuration.schema.json) of the configuration describes it.",
            "[Configuration](configuration.md) shows it in use.",
            "",
            *keys("", schema),
            *keys("contracts.NAME", contract),
            *keys("targets.NAME", target),
        ]
    )


def keys(title: str, schema: Mapping[str, Any]) -> Iterator[str]:
    """Yield the lines of a table of the keys of an object."""
    yield f"## {title or 'All keys'}\n"
    yield "| key | value | meaning |\n| --- | --- | --- |"
    required = schema.get("required", ())
    for key, value in schema["properties"].items():
        must = " Required." if key in required else ""
        yield f"| `{key}` | {type_of(value)} | {cell(value.get('description', ''))}{must} |"
    yield ""


def type_of(schema: Mapping[str, Any]) -> str:
    """Return the values that a schema allows, in words."""
    if "enum" in schema:
        return ", ".join(f"`{value}`" for value in schema["enum"])
    if "anyOf" in schema:
        return " or ".join(type_of(branch) for branch in schema["anyOf"])
    name = {"object": "table", "array": "list"}.get(schema.get("type", ""), schema.get("type", "any value"))
    bounds = [f"{word} {schema[key]}" for key, word in BOUNDS.items() if key in schema]
    return ", ".join([name, *bounds])


BOUNDS = {"minimum": "at least", "exclusiveMinimum": "more than", "maximum": "at most", "exclusiveMaximum": "less than"}
"""Keywords of numbers, in words."""


def pages() -> dict[str, str]:
    """Return the text of each page by its file name."""
    changelog = (DOCS.parent / "CHANGELOG.md").read_text(encoding="utf-8")
    return {
        "api.md": api_page(),
        "command-line.md": command_line_page(),
        "configuration-keys.md": configuration_page(),
        "changelog.md": changelog.replace("](docs/", "]("),
    }
