"""Lines of Markdown for the findings of one library."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Iterator
from itertools import groupby
from operator import itemgetter

from measurement import Measurement, descend

from contractfuzz import Contract, Finding, Verdict, Violation
from contractfuzz.running.messages import show_body

MAX_LABELS = 8
MAX_VALUE_LENGTH = 70
MAX_ERROR_LENGTH = 90


def finding_lines(measurement: Measurement) -> list[str]:
    """Return one line for each cause of findings, in Markdown."""
    return [
        *_rejected_valid(measurement),
        *_crashes_on_invalid(measurement),
        *_crashes_on_other_kinds(measurement),
        *_accepted_malformed(measurement),
        *_accepted_invalid(measurement),
    ]


def labels_of(findings: Iterable[Finding]) -> set[str]:
    """Return the labels of the findings' cases."""
    return {finding.case.label for finding in findings if finding.case.label is not None}


# --- one line per cause -------------------------------------------------------------------------------------------------


def _rejected_valid(measurement: Measurement) -> Iterator[str]:
    for finding in (*measurement.found("valid", Verdict.REJECTED), *measurement.found("valid", Verdict.CRASHED)):
        yield f"**rejects a valid payload**: {_error(finding)} for {_code(show_body(finding.case, 100))}"


def _crashes_on_invalid(measurement: Measurement) -> Iterator[str]:
    for expected, findings in _by_expected_value(measurement, measurement.found("invalid", Verdict.CRASHED)):
        example = _example(measurement, findings)
        variants = _variants(measurement, expected, findings)
        yield f"**crashes** on {variants} in place of {expected}: {_error(example)} for {_fault(example)}"


def _crashes_on_other_kinds(measurement: Measurement) -> Iterator[str]:
    crashes = [
        finding
        for kind in ("malformed", "incoherent", "hostile")
        for finding in measurement.found(kind, Verdict.CRASHED)
    ]
    for name in sorted({_exception_name(finding) for finding in crashes}):
        findings = [finding for finding in crashes if _exception_name(finding) == name]
        smallest = _code(show_body(findings[0].case, 40))
        yield f"**crashes** on {_label_list(findings)}: {_error(findings[0])} for {smallest}"


def _accepted_malformed(measurement: Measurement) -> Iterator[str]:
    # A body that does not even start like a payload is the most surprising one.
    accepted = sorted(
        measurement.found("malformed", Verdict.ACCEPTED),
        key=lambda finding: finding.case.body.lstrip()[:1] in (b"{", b"["),
    )
    if accepted:
        yield f"**accepts** bodies that are not JSON ({_label_list(accepted)}): {_code(show_body(accepted[0].case, 150))}"


def _accepted_invalid(measurement: Measurement) -> Iterator[str]:
    for expected, findings in _by_expected_value(measurement, measurement.found("invalid", Verdict.ACCEPTED)):
        variants = _variants(measurement, expected, findings)
        yield f"**accepts** {variants} in place of {expected}: {_fault(_example(measurement, findings))}"


# --- groups of findings -------------------------------------------------------------------------------------------------


def _expected_value(contract: Contract, violation: Violation) -> str:
    """Return a description of the value that the contract requires where this violation breaks it."""
    schema = contract.schema
    for step in violation.location.split("/")[1:]:
        schema, _ = descend(contract, schema, step)
    if violation.keyword == "required":
        return "a required property"
    if violation.keyword == "enum":
        return "an enumerated value"
    if violation.keyword in ("minimum", "maximum"):
        return "a 32-bit integer"
    if "format" in schema:
        return "a date-time" if violation.keyword == "type" else "a well-formed date-time"
    if schema["type"] == "object" and "properties" not in schema:
        return "a map"
    return f"{'an' if schema['type'][0] in 'aeiou' else 'a'} {schema['type']}"


def _by_expected_value(measurement: Measurement, findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Group findings by expected value and exception. The group with the most violations comes first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        expected = _expected_value(measurement.contract, measurement.violations[finding.case.label or ""])
        groups.setdefault((expected, _exception_name(finding)), []).append(finding)
    largest_first = sorted(groups.items(), key=lambda item: (-len(labels_of(item[1])), item[0]))
    return [(expected, group) for (expected, _), group in largest_first]


def _locations_per_variant(measurement: Measurement, findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return the number of locations of each variant: most locations first, and `null` last."""
    labels = labels_of(findings)
    locations = Counter(_variant(violation) for violation in measurement.violations.values() if violation.id in labels)
    return sorted(locations.items(), key=lambda item: (item[0] == "null", -item[1]))


def _variants(measurement: Measurement, expected: str, findings: list[Finding]) -> str:
    """Return the variants with their share of locations: ``` `boolean` `null` (2 of 7) ```."""
    totals = Counter(
        _variant(violation)
        for violation in measurement.violations.values()
        if _expected_value(measurement.contract, violation) == expected
    )
    shares = [
        (f"{count} of {totals[variant]}", f"`{variant}`")
        for variant, count in _locations_per_variant(measurement, findings)
    ]
    grouped = [(share, [name for _, name in names]) for share, names in groupby(shares, key=itemgetter(0))]
    return ", ".join(f"{' '.join(names)} ({share})" for share, names in grouped)


def _example(measurement: Measurement, findings: list[Finding]) -> Finding:
    variant, _ = _locations_per_variant(measurement, findings)[0]
    return next(
        finding for finding in findings if _variant(measurement.violations[finding.case.label or ""]) == variant
    )


def _variant(violation: Violation) -> str:
    prefix = f"{violation.keyword}." if violation.keyword in ("minimum", "maximum") else ""
    return prefix + violation.variant


def _label_list(findings: Iterable[Finding]) -> str:
    labels = [
        f"`{label}`" for label in dict.fromkeys(finding.case.label or f"{finding.kind} payload" for finding in findings)
    ]
    more = len(labels) - MAX_LABELS
    return ", ".join(labels[:MAX_LABELS]) + (f" and {more} more" if more > 0 else "")


# --- one finding --------------------------------------------------------------------------------------------------------


def _fault(finding: Finding) -> str:
    """Return the faulty value with its location, or the object that lacks a property."""
    value, steps = finding.case.payload, (finding.case.pointer or "").split("/")[1:]
    missing = finding.case.label is not None and finding.case.label.endswith(":required.missing")
    for step in steps[:-1] if missing else steps:
        value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
    text = json.dumps(value)
    shown = _code(text if len(text) <= MAX_VALUE_LENGTH else f"{text[:MAX_VALUE_LENGTH]}...")
    if missing:
        return f"{shown} without `{finding.case.pointer}`"
    return f"{shown} at `{finding.case.pointer}`" if steps else f"{shown} as the payload"


def _error(finding: Finding) -> str:
    line = finding.raised.line if finding.raised else str(finding.verdict)
    return _code(line if len(line) <= MAX_ERROR_LENGTH else f"{line[:MAX_ERROR_LENGTH]}...")


def _exception_name(finding: Finding) -> str:
    return finding.raised.name if finding.raised and finding.verdict is Verdict.CRASHED else ""


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"
