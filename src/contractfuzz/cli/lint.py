"""The command ``contractfuzz lint``."""

from __future__ import annotations

from dataclasses import asdict

import click

from contractfuzz.cli.arguments.completion import complete_files
from contractfuzz.cli.arguments.help_sections import SectionedCommand
from contractfuzz.cli.arguments.options import HONOURED, NOT_HONOURED, components_option, output_option
from contractfuzz.cli.arguments.streams import open_output_stream
from contractfuzz.text import json_text, printable


@click.command(cls=SectionedCommand, short_help="Report mistakes in published documents.")
@click.argument("documents", metavar="DOCUMENT...", nargs=-1, required=True, shell_complete=complete_files)
@components_option
@click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json", "sarif"]),
    default="text",
    show_default=True,
    help="text is for people, json for programs, sarif for code scanning services.",
)
@output_option
def lint(documents: tuple[str, ...], components: tuple[str, ...], output_format: str, output: str | None) -> int:
    """Check published documents for mistakes and print one remark per mistake.

    A DOCUMENT is a JSON Structure, JSON Schema or OpenAPI file. A remark names the file, the JSON Pointer of the location, the
    lint rule, the problem and what to do.

    Exit codes: 0 without remarks, 1 with remarks, 2 a DOCUMENT cannot be read.
    """
    # Imported within the function, because every command imports this module and these load the contract engine.
    from contractfuzz.lint import RULES
    from contractfuzz.lint import lint as find_remarks
    from contractfuzz.sarif import SarifResult, sarif_log

    remarks = find_remarks(documents, components)
    with open_output_stream(output, utf_8=output_format != "text") as file:
        if output_format == "text":
            file.writelines(printable(str(remark)) + "\n" for remark in remarks)
        elif output_format == "sarif":
            results = [
                SarifResult(one.rule, "warning", one.message, one.source, pointer=one.pointer) for one in remarks
            ]
            file.write(json_text(sarif_log(results, RULES)))
        else:
            file.write(json_text([asdict(remark) for remark in remarks]))
    return NOT_HONOURED if remarks else HONOURED
