"""Metrics of payloads: size, leaves, and the violations that they contain."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.workers.serving import NOT_JSON
from contractfuzz import Contract


def count_leaves(payload: Any) -> int:
    """Return the number of values that are not containers. Empty containers do not count."""
    if isinstance(payload, dict):
        return sum(map(count_leaves, payload.values()))
    if isinstance(payload, list):
        return sum(map(count_leaves, payload))
    return 1


def count_bytes(payload: Any) -> int:
    """Return the size of a payload in bytes, as compact JSON in UTF-8."""
    return len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))


def mean(numbers: Iterable[float]) -> float:
    """Return the mean, or 0 without numbers."""
    listed = list(numbers)
    return sum(listed) / len(listed) if listed else 0.0


def locate(pointer: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Return the location of a JSON Pointer, with ``*`` for array items and map values.

    Args:
        pointer: JSON Pointer (RFC 6901) into a payload.
        schema: schema of the payload.
        root: schema that contains the definitions.

    """
    location = ""
    for token in pointer.split("/")[1:]:
        while "$ref" in schema:
            schema = root["$defs"][schema["$ref"].removeprefix("#/$defs/")]
        name = token.replace("~1", "/").replace("~0", "~")
        if name in schema.get("properties", {}):
            schema, location = schema["properties"][name], f"{location}/{token}"
        else:
            schema, location = schema.get("items", schema.get("additionalProperties", {})), f"{location}/*"
    return location


def violated_keywords(contract: Contract, payload: Any) -> set[tuple[str, str]]:
    """Return the location and keyword of every error in a payload."""
    return {
        (locate(error.pointer, contract.schema, contract.schema), error.keyword) for error in contract.errors(payload)
    }


def count_faults(contract: Contract, payload: Any) -> int:
    """Return the number of faulty places in a payload. Each missing property counts as one."""
    return len(
        {(error.pointer, error.message if error.keyword == "required" else "") for error in contract.errors(payload)}
    )


def possible_violations(contract: Contract) -> set[tuple[str, str]]:
    """Return the location and keyword of every possible error. A missing property is an error of its object."""
    return {
        (
            violation.location.rpartition("/")[0] if violation.keyword == "required" else violation.location,
            violation.keyword,
        )
        for violation in contract.violations()
    }


class InvalidMetrics:
    """Metrics of payloads that are meant to be invalid.

    Args:
        contract: contract that the payloads should break.
        payloads: payloads; ``NOT_JSON`` stands for a body that is not JSON.

    Attributes:
        total: number of payloads.
        json: number of payloads that are JSON values.
        invalid: number of payloads with at least one error.
        single: number of payloads with exactly one faulty place.
        coverage: share of the possible violations, as pairs of location and keyword, that occurred.

    """

    def __init__(self, contract: Contract, payloads: Iterable[Any]) -> None:
        self.total = self.json = self.invalid = self.single = 0
        possible, found = possible_violations(contract), set()
        for payload in payloads:
            self.total += 1
            if payload == NOT_JSON:
                continue
            self.json += 1
            violated = violated_keywords(contract, payload)
            self.invalid += bool(violated)
            self.single += count_faults(contract, payload) == 1
            found |= violated
        self.coverage = len(found & possible) / len(possible)


def percentile(numbers: Iterable[float], share: float) -> float:
    """Return the number at the given share, 0 to 1, of the sorted numbers."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def flatten(runs: Iterable[Iterable[Any]]) -> Iterator[Any]:
    """Yield the payloads of all runs."""
    return (payload for run in runs for payload in run)
