"""Findings in words, for people to read."""

from __future__ import annotations

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.calling import Verdict
from contractfuzz.running.findings import Finding
from contractfuzz.testing.round_trips import RoundTripError
from contractfuzz.text import printable

LONGEST_BODY = 1000
"""Characters of a body that are shown."""

_NAMES = {"invalid": "violation", "malformed": "malformation", "incoherent": "rule"}


def explain(finding: Finding) -> str:
    """Return all there is to say about a finding, several lines."""
    case = finding.case
    if isinstance(finding.error, RoundTripError):
        rows = [("expected", "that it comes back as it went in"), ("got", printable(str(finding.error)))]
    else:
        rows = [("expected", finding.expected), ("got", got(finding))]
    if case.label is not None:
        rows += [(_NAMES[case.kind], case.label), ("in words", case.description)]
    if case.pointer is not None:
        rows.append(("at", case.pointer or "the payload itself"))
    rows.append(("payload" if case.payload is not ABSENT else "body", show_body(case)))
    rows.append(("reproduce", finding.reproduction))
    lines = [headline(finding), "", *(f"  {name:<13}{text}" for name, text in rows)]
    if finding.raised is not None and not isinstance(finding.error, RoundTripError):
        lines += ["", *(f"  {line}" for line in finding.raised.traceback.splitlines())]
    return "\n".join(lines)


def headline(finding: Finding) -> str:
    """Return a finding in one line."""
    what = {
        "valid": "a valid payload",
        "invalid": "a payload that breaks the contract",
        "malformed": "a malformed body",
        "incoherent": "a payload that is valid but incoherent",
        "hostile": "a hostile payload",
    }[finding.kind]
    if isinstance(finding.error, RoundTripError):
        return f"{finding.consumer} does not keep {what}"
    if finding.verdict in (Verdict.CRASHED, Verdict.HUNG, Verdict.DIED):
        return f"{finding.consumer} {finding.verdict} on {what}"
    return f"{finding.consumer} {finding.verdict} {what}"


def got(finding: Finding) -> str:
    """Return what the consumer did: ``crashed with KeyError: 'id'``."""
    if finding.raised is not None:
        return f"{finding.verdict} with {finding.raised.line}"
    return f"{finding.verdict}: {finding.detail}" if finding.detail else str(finding.verdict)


def show_body(case: Case, longest: int = LONGEST_BODY) -> str:
    """Return the body of a case in one line that no terminal chokes on."""
    body = case.body
    if not body:
        return "(no bytes)"
    shown = printable(body[: longest * 4].decode(errors="backslashreplace"))
    if len(shown) <= longest and len(body) <= longest * 4:
        return shown
    return f"{shown[:longest]}... ({len(body):,} bytes)"
