"""Remarks as SARIF, the format that code scanning services read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from contractfuzz.lint.remarks import Remark

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"


def as_sarif(remarks: Iterable[Remark], rules: Mapping[str, str], version: str) -> dict[str, Any]:
    """Return remarks as a log of the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS).

    Args:
        remarks: the results.
        rules: all lint rules: a summary by name.
        version: the version of contractfuzz.

    Returns:
        The log, a JSON object with one run.

    """
    driver = {
        "name": "contractfuzz",
        "version": version,
        "rules": [{"id": rule, "shortDescription": {"text": summary}} for rule, summary in rules.items()],
    }
    run = {"tool": {"driver": driver}, "results": [_as_result(remark) for remark in remarks]}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _as_result(remark: Remark) -> dict[str, Any]:
    location = {
        "physicalLocation": {"artifactLocation": {"uri": remark.source}},
        "logicalLocations": [{"fullyQualifiedName": remark.pointer, "kind": "value"}],
    }
    return {
        "ruleId": remark.rule,
        "level": "warning",
        "message": {"text": remark.message},
        "locations": [location],
    }
