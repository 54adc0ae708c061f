"""The report as one web page that loads nothing: no network, no other file.

Payloads and names may be hostile text. Jinja escapes every value, ``printable`` escapes invisible characters, the script creates
text nodes only, which Trusted Types enforce, and the page's Content Security Policy (level 3) allows its own script and style
and no request.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Sequence
from importlib.resources import files
from typing import TextIO

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from contractfuzz.reports.comparison import Comparison, comparison_for
from contractfuzz.reports.headline import (
    KIND_DESCRIPTIONS,
    baseline_sentences,
    incompleteness,
    shrinking_limit,
    tolerance_use,
)
from contractfuzz.reports.page.report_page import SYMBOLS, TONES, ReportPage, strip_segments
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable
from contractfuzz.version import installed_version

MAX_UNFOLDED_CAUSES = 5
"""Causes per section that the page shows at once; a click unfolds the others."""


_BREAKS = re.compile(r"(?<=_)(?=[^_])|(?<=\S)(?=/)")
"""Places in a name where a line may be broken: after underscores, and before slashes."""


MAX_LISTED_CAUSES = 30
"""Causes per section that the page lists. The tree has the findings of the others."""


def write_html(reports: Sequence[Report], file: TextIO, *, comparisons: Sequence[Comparison] = ()) -> None:
    """Write reports as one web page.

    Args:
        reports: the reports.
        file: the text file to write to, in UTF-8.
        comparisons: earlier or other reports; each report is compared with the one of them that fits, if any does.

    """
    style, script = (
        files(__package__).joinpath("templates", name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    page = (
        _environment()
        .get_template("page.html")
        .render(
            reports=[ReportPage(report, comparison_for(report, comparisons)) for report in reports],
            style=Markup(style),  # noqa: S704 - a file of this package
            script=Markup(script),  # noqa: S704
            policy=_content_security_policy(style, script),
            version=installed_version(),
            tones=TONES,
            symbols=SYMBOLS,
            kind_descriptions=KIND_DESCRIPTIONS,
            max_unfolded_causes=MAX_UNFOLDED_CAUSES,
            max_listed_causes=MAX_LISTED_CAUSES,
        )
    )
    file.write(page)


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("contractfuzz.reports.page"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {
        "baseline_sentences": baseline_sentences,
        "breakable": _breakable,
        "incompleteness": incompleteness,
        "pluralize": pluralize,
        "shrinking_limit": shrinking_limit,
        "strip_segments": strip_segments,
        "tolerance_use": tolerance_use,
    }
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment


def _breakable(text: str) -> Markup:
    """Return a name as markup that may be broken after underscores and before slashes."""
    escaped = str(escape(printable(text)))
    return Markup(_BREAKS.sub("<wbr>", escaped))  # noqa: S704 - it is escaped


def _content_security_policy(style: str, script: str) -> str:
    hashes = [
        f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'" for text in (style, script)
    ]
    return "; ".join(
        [
            "default-src 'none'",
            f"style-src {hashes[0]}",
            f"script-src {hashes[1]}",
            "base-uri 'none'",
            "form-action 'none'",
            "require-trusted-types-for 'script'",
            "trusted-types 'none'",
        ]
    )
