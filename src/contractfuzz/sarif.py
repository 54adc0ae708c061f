"""Logs of the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS), which code scanning services read."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any, Literal
from urllib.parse import quote

from contractfuzz.version import installed_version

SARIF_SCHEMA = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

FINGERPRINT_NAME = "contractfuzz/v1"
"""Name of our fingerprints. GitHub computes its own from the line, under another name."""

SarifLevel = Literal["error", "warning", "note"]
"""Severity of a result."""


@dataclass(frozen=True, slots=True)
class SarifResult:
    """One result of a log.

    Attributes:
        rule: the id of its rule.
        level: its severity.
        message: the problem, as plain text.
        file: the path of the file that has the problem; empty if it is not in a file.
        line: the line in this file, from 1; 0 if it is not known.
        pointer: the location in a document or a payload, as a JSON Pointer; None if the result has none.
        properties: more data for programs, a JSON object.
        fingerprint: a text that is the same for the same result in another run, also if its line has moved; empty if there is
            none.
        is_in_repository: True if the path is relative to the root of the repository.

    """

    rule: str
    level: SarifLevel
    message: str
    file: str = ""
    line: int = 0
    pointer: str | None = None
    properties: Mapping[str, Any] = field(default_factory=dict)
    fingerprint: str = ""
    is_in_repository: bool = False


def sarif_log(results: Iterable[SarifResult], rules: Mapping[str, str]) -> dict[str, Any]:
    """Return a log with one run.

    Args:
        results: the results.
        rules: a one-sentence description of each rule, by its id.

    Returns:
        The log, a JSON object.

    Example:
        >>> log = sarif_log([SarifResult("bounds-crossed", "warning", "minimum 5 is greater than 3")], {})
        >>> log["runs"][0]["results"][0]["ruleId"]
        'bounds-crossed'

    """
    driver = {
        "name": "contractfuzz",
        "version": installed_version(),
        "rules": [{"id": rule, "shortDescription": {"text": summary}} for rule, summary in rules.items()],
    }
    run = {"tool": {"driver": driver}, "results": [_as_json(result) for result in results]}
    return {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [run]}


def _as_json(result: SarifResult) -> dict[str, Any]:
    written: dict[str, Any] = {
        "ruleId": result.rule,
        "level": result.level,
        "message": {"text": result.message},
    }
    location: dict[str, Any] = {}
    if result.file:
        region = {"region": {"startLine": result.line}} if result.line else {}
        base = {"uriBaseId": "%SRCROOT%"} if result.is_in_repository else {}
        location["physicalLocation"] = {"artifactLocation": {"uri": _uri(result.file), **base}, **region}
    if result.pointer is not None:
        location["logicalLocations"] = [{"fullyQualifiedName": result.pointer, "kind": "value"}]
    if location:
        written["locations"] = [location]
    if result.fingerprint:
        written["partialFingerprints"] = {FINGERPRINT_NAME: result.fingerprint}
    if result.properties:
        written["properties"] = dict(result.properties)
    return written


def _uri(file: str) -> str:
    """Return the URI of a path: relative if the path is, or if it is inside the current folder."""
    path = Path(file)
    if path.is_absolute():
        with suppress(ValueError, OSError):  # outside, or the current folder is deleted
            path = path.relative_to(Path.cwd())
    return _uri_of(path)


def _uri_of(path: PurePath) -> str:
    text = path.as_posix()
    if not path.is_absolute():
        return quote(text, errors="backslashreplace")
    if path.drive:  # on Windows: a drive, or the host and the name of a share
        return ("file:" if text.startswith("//") else "file:///") + quote(text, safe="/:", errors="backslashreplace")
    return "file://" + quote(text, errors="backslashreplace")
