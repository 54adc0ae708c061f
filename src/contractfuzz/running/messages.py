"""Findings as text for people."""

from __future__ import annotations

import builtins

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.findings import Finding
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.running.verdicts.exceptions import RoundTripError
from contractfuzz.text import printable

MAX_BODY_CHARACTERS = 1000
"""Characters of a body that are shown."""

FLAKY = "the same case did not show this again: the consumer depends on more than its argument"

EFFECT_WORDS = {
    Effect.NONE: "none: the result is the same as for the valid twin",
    Effect.CHANGED: "changed: the result differs from that for the valid twin, and nothing was raised",
    Effect.UNKNOWN: "unknown: the results for the payload and its valid twin cannot be compared",
}
"""Each effect in words."""

_LABEL_NAMES = {"invalid": "violation", "malformed": "malformation", "incoherent": "rule", "wire": "wire case"}

_CASE_NAMES = {
    "valid": "a valid payload",
    "invalid": "a payload that breaks the contract",
    "malformed": "a malformed body",
    "incoherent": "a payload that is valid but incoherent",
    "hostile": "a hostile payload",
    "wire": "a wire case",
}


_PARSER_ERRORS = ("JSONDecodeError", "DecodeError", "ValidationError")
"""Errors that a client raises because it reads a body that is not a payload."""


def explain(finding: Finding) -> str:
    """Return a finding in full, on several lines."""
    case = finding.case
    if isinstance(finding.error, RoundTripError):
        rows = [("expected", "the same payload after parse and dump"), ("got", printable(str(finding.error)))]
    else:
        rows = [("expected", finding.expected), ("got", got(finding))]
    if case.label is not None:
        rows += [(_LABEL_NAMES[case.kind], case.label), ("in words", case.description)]
    if case.is_spelled:
        rows.append(("spelling", case.description))
    if case.pointer is not None:
        rows.append(("at", fault_locations(case)))
    if finding.effect is not None:
        rows.append(("effect", EFFECT_WORDS[finding.effect]))
    if finding.revealed_by is not None:
        rows.append(("revealed by", f"{finding.revealed_by}, which fails in the same way"))
    rows += [] if finding.exchange is None else finding.exchange.rows()[:2]
    if finding.kind == "wire" and case.payload is ABSENT:
        rows += [] if finding.exchange is None else finding.exchange.rows()[2:]
    else:
        rows.append(("payload" if case.payload is not ABSENT else "body", show_body(case)))
    if finding.flaky:
        rows.append(("flaky", FLAKY))
    rows += [("remedy", remedy) for remedy in [remedy_of(finding)] if remedy]
    rows.append(("reproduce", finding.reproduction))
    lines = [printable(headline(finding)), "", *(f"  {name:<13}{printable(text)}" for name, text in rows)]
    if finding.raised is not None and not isinstance(finding.error, RoundTripError):
        lines += ["", *(f"  {line}" for line in finding.raised.traceback.splitlines())]
    return "\n".join(lines)


def remedy_of(finding: Finding) -> str:
    """Return what to do if a client rejects wire cases by an error that is not declared; empty for other findings."""
    if finding.kind != "wire" or finding.verdict is not Verdict.CRASHED or finding.case.expectation == "accepts":
        return ""
    name = "" if finding.raised is None else finding.raised.name
    if not name or hasattr(builtins, name) or name in _PARSER_ERRORS:
        return ""
    error = type(finding.error)
    target = f"{error.__module__}:{error.__qualname__}" if finding.error is not None else f"PACKAGE.MODULE:{name}"
    return f"if the client should reject by this error, declare it: --raises {target}"


def fault_locations(case: Case) -> str:
    """Return the locations of the faults of a case in its payload; empty for a case without."""
    return " and ".join(pointer or "the payload itself" for pointer in case.pointers)


def headline(finding: Finding) -> str:
    """Return a finding in one line."""
    line = _headline(finding)
    return f"{line} (flaky)" if finding.flaky else line


def _headline(finding: Finding) -> str:
    case = _CASE_NAMES[finding.kind]
    if isinstance(finding.error, RoundTripError):
        return f"{finding.consumer} does not keep {case}"
    if finding.verdict in (Verdict.CRASHED, Verdict.HUNG, Verdict.DIED, Verdict.LOOPED):
        return f"{finding.consumer} {finding.verdict} on {case}"
    if finding.verdict is Verdict.REPEATED:
        return f"{finding.consumer} repeated a request on {case}"
    return f"{finding.consumer} {finding.verdict} {case}"


def got(finding: Finding) -> str:
    """Return the verdict with its reason: ``crashed with KeyError: 'id'``."""
    if finding.raised is not None:
        return f"{finding.verdict} with {finding.raised.line}"
    return f"{finding.verdict}: {finding.detail}" if finding.detail else str(finding.verdict)


def show_body(case: Case, limit: int = MAX_BODY_CHARACTERS) -> str:
    """Return the body of a case as one printable line of about ``limit`` characters."""
    body = case.body
    if not body:
        return "(no bytes)"
    shown = printable(body[: limit * 4].decode(errors="backslashreplace"))
    if len(shown) <= limit and len(body) <= limit * 4:
        return shown
    return f"{shown[:limit]}... ({len(body):,} bytes)"
