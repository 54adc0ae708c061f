"""Words and columns that the text report and the page share: the answer, the kinds of cases, the verdicts."""

from __future__ import annotations

from collections.abc import Callable

from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.text import list_names, pluralize

KIND_DESCRIPTIONS = {
    "valid": "satisfy the contract",
    "invalid": "break it at one location",
    "malformed": "are not interoperable JSON",
    "incoherent": "satisfy the schema, break a rule",
    "hostile": "are valid, but parsers disagree",
    "wire": "come with another status, header or connection",
}
"""For each kind, a predicate for its cases."""

MAX_FIXED_ENTRIES = 8
"""Number of fixed entries of a baseline that a sentence lists."""

_USUAL_VERDICTS = (Verdict.ACCEPTED, Verdict.REJECTED, Verdict.CRASHED)


def answer(report: Report, quote: Callable[[str], str] = str) -> str:
    """Return the answer of a report in one sentence: the consumer honours the contract, or it does not.

    Args:
        report: the report.
        quote: quotes the names of the consumer and of the contract.

    """
    consumer, contract = quote(report.consumer), quote(report.contract)
    if not report.counts:
        return f"{consumer} was fed no case of {contract}."
    if not report.ok:
        return f"{consumer} does not honour {contract}."
    known = f", apart from {pluralize(len(report.known), 'known finding')}" if report.known else ""
    return f"{consumer} honours {contract}{known}" + ("." if report.complete else " so far.")


def baseline_sentences(report: Report, quote: Callable[[str], str] = str) -> list[str]:
    """Return sentences about the findings of the baseline: how many were found, and which are fixed.

    Args:
        report: the report.
        quote: quotes the list of fixed entries.

    """
    sentences = []
    if report.known:
        are = "is" if len(report.known) == 1 else "are"
        sentences.append(f"{pluralize(len(report.known), 'finding')} {are} known: the baseline has them.")
    if report.fixed:
        are = "is" if len(report.fixed) == 1 else "are"
        names = list_names(report.fixed, MAX_FIXED_ENTRIES)
        sentences.append(f"{pluralize(len(report.fixed), 'finding')} of the baseline {are} fixed: {quote(names)}.")
    return sentences


def incompleteness(report: Report, quote: Callable[[str], str] = str) -> str:
    """Return one sentence about why not every case was fed; empty if every case was.

    Args:
        report: the report.
        quote: quotes the reason.

    """
    if not report.cut_short:
        return ""
    return f"Not every case was fed ({quote(report.cut_short)}): these are the findings so far."


def policy_line(report: Report, quote: Callable[[str], str] = str) -> str:
    """Return the policy in one line; empty for the default.

    Args:
        report: the report.
        quote: quotes the name of the policy, and the list of labels that must be accepted.

    """
    required = f", must accept {quote(', '.join(report.must_accept))}" if report.must_accept else ""
    return f"policy {quote(report.policy)}{required}" if required or report.policy != "strict" else ""


def shrinking_limit(report: Report) -> str:
    """Return one sentence about findings that were not shrunk; empty if all were."""
    if not report.unshrunk:
        return ""
    findings = pluralize(report.unshrunk, "finding")
    return f"The time for shrinking was used up: {findings} may have smaller payloads."


def verdict_columns(report: Report) -> list[Verdict]:
    """Return the verdicts that a table of counts has columns for: the usual ones, and those of any case."""
    return [
        verdict
        for verdict in Verdict
        if verdict in _USUAL_VERDICTS or any(verdict in verdicts for verdicts in report.counts.values())
    ]


def tolerance_use(cases: int) -> str:
    """Return in words how often a tolerance was used.

    Args:
        cases: number of accepted violations that it excused.

    """
    return f"excused {pluralize(cases, 'case')}" if cases else "excused nothing: remove it"
