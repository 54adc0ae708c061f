"""The command ``contractfuzz lint``."""

from __future__ import annotations

import json
from dataclasses import asdict

import click

from contractfuzz.cli.options import HONOURED, NOT_HONOURED, components_option, output_option
from contractfuzz.cli.streams import opened
from contractfuzz.version import installed_version


@click.command()
@click.argument("documents", metavar="DOCUMENT...", nargs=-1, required=True)
@components_option
@click.option("--format", "form", type=click.Choice(["text", "json", "sarif"]), default="text", show_default=True)
@output_option
def lint(documents: tuple[str, ...], components: tuple[str, ...], form: str, output: str | None) -> int:
    """Say what is wrong with a published DOCUMENT, each with its JSON Pointer, the rule and what to do."""
    from contractfuzz.lint import RULES
    from contractfuzz.lint import lint as find_remarks
    from contractfuzz.lint.sarif import as_sarif
    from contractfuzz.text import printable

    remarks = find_remarks(documents, components)
    with opened(output, utf_8=form != "text") as file:
        if form == "text":
            for remark in remarks:
                file.write(printable(str(remark)) + "\n")
        else:
            told = (
                as_sarif(remarks, RULES, installed_version())
                if form == "sarif"
                else [asdict(remark) for remark in remarks]
            )
            file.write(json.dumps(told, indent=2, ensure_ascii=False) + "\n")
    return NOT_HONOURED if remarks else HONOURED
