"""Reports as one web page that needs nothing but a browser: no network, no other file.

Payloads and names are hostile text. Jinja escapes all that goes into the page and ``printable`` all that cannot be seen; the
script makes nodes of text alone, which Trusted Types enforce; and the page's own policy (Content Security Policy, level 3)
lets no other script or style run and nothing be fetched.
"""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Sequence
from importlib.resources import files

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from contractfuzz.reports.comparison import Comparison, comparison_for
from contractfuzz.reports.headline import KIND_DESCRIPTIONS
from contractfuzz.reports.report_page import SYMBOLS, TONES, ReportPage, pieces
from contractfuzz.running.report import Report
from contractfuzz.text import pluralize, printable
from contractfuzz.version import installed_version

MOST_CAUSES = 5
"""How many causes of a sort are shown at once; the others are folded away."""


def reports_as_html(reports: Sequence[Report], others: Sequence[Comparison] = ()) -> str:
    """Return ``reports`` as a page, each beside that of ``others`` which it is compared with."""
    style, script = (
        files(__package__).joinpath("templates", name).read_text("utf-8") for name in ("page.css", "page.js")
    )
    page = _environment().get_template("page.html")
    shown = [ReportPage(report, comparison_for(report, others)) for report in reports]
    return page.render(
        shown=shown,
        style=Markup(style),  # noqa: S704 - our own
        script=Markup(script),  # noqa: S704
        policy=_policy(style, script),
        version=installed_version(),
        tones=TONES,
        symbols=SYMBOLS,
        kinds=KIND_DESCRIPTIONS,
        most_causes=MOST_CAUSES,
    )


def _environment() -> Environment:
    environment = Environment(
        loader=PackageLoader("contractfuzz.reports"),
        autoescape=True,
        undefined=StrictUndefined,
        keep_trailing_newline=True,
        trim_blocks=True,
        lstrip_blocks=True,
        finalize=lambda value: printable(value) if type(value) is str else value,
    )
    environment.filters |= {"pluralize": pluralize, "pieces": pieces}
    environment.policies["json.dumps_kwargs"] = {"separators": (",", ":")}
    return environment


def _policy(style: str, script: str) -> str:
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
