"""The answer that every report begins with, and the words for the kinds of cases."""

from __future__ import annotations

from contractfuzz.running.report import Report

KIND_DESCRIPTIONS = {
    "valid": "keep the contract",
    "invalid": "break it in one place",
    "malformed": "are no JSON that all read alike",
    "incoherent": "keep the schema, break a rule",
    "hostile": "are valid and nasty",
}
"""What the cases of each kind do."""


def answer(report: Report) -> str:
    """Return in one sentence whether the consumer honours the contract."""
    if not report.counts:
        return f"{report.consumer} was fed no case of {report.contract}."
    if not report.ok:
        return f"{report.consumer} does not honour {report.contract}."
    return f"{report.consumer} honours {report.contract}" + ("." if report.complete else " so far.")
