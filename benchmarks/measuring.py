"""What is measured of payloads."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from benchmarks.workers.serving import NO_JSON
from contractfuzz import Contract


def count_leaves(payload: Any) -> int:
    """Return how many values a payload has that hold no others, empty containers not counted."""
    if isinstance(payload, dict):
        return sum(map(count_leaves, payload.values()))
    if isinstance(payload, list):
        return sum(map(count_leaves, payload))
    return 1


def count_bytes(payload: Any) -> int:
    """Return how long a payload is as compact JSON in UTF-8."""
    return len(json.dumps(payload, ensure_ascii=False, separators=(",", ":")).encode(errors="surrogatepass"))


def mean(numbers: Iterable[float]) -> float:
    """Return the mean; 0 where there is nothing."""
    known = list(numbers)
    return sum(known) / len(known) if known else 0.0


def locate(pointer: str, schema: Mapping[str, Any], root: Mapping[str, Any]) -> str:
    """Return the location of a JSON Pointer: with ``*`` for each item of an array and each value of a map."""
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


def broken_pairs(contract: Contract, payload: Any) -> set[tuple[str, str]]:
    """Return the locations and keywords that a payload breaks."""
    return {
        (locate(error.pointer, contract.schema, contract.schema), error.keyword) for error in contract.errors(payload)
    }


def count_places(contract: Contract, payload: Any) -> int:
    """Return in how many places a payload is broken; each missing property is a place."""
    return len({(e.pointer, e.message if e.keyword == "required" else "") for e in contract.errors(payload)})


def possible_pairs(contract: Contract) -> set[tuple[str, str]]:
    """Return the locations and keywords that can be broken; a missing property is broken at its object."""
    return {
        (v.location.rpartition("/")[0] if v.keyword == "required" else v.location, v.keyword)
        for v in contract.violations()
    }


class Breaking:
    """What some payloads break; ``NO_JSON`` stands for one that is no JSON value.

    Attributes:
        made, json, broken, single: how many there are, are JSON, break anything, and break just one place.
        coverage: the share of the locations and keywords that can be broken and were.

    """

    def __init__(self, contract: Contract, payloads: Iterable[Any]) -> None:
        self.made = self.json = self.broken = self.single = 0
        possible, met = possible_pairs(contract), set()
        for payload in payloads:
            self.made += 1
            if payload == NO_JSON:
                continue
            self.json += 1
            pairs = broken_pairs(contract, payload)
            self.broken += bool(pairs)
            self.single += count_places(contract, payload) == 1
            met |= pairs
        self.coverage = len(met & possible) / len(possible)


def percentile(numbers: Iterable[float], share: float) -> float:
    """Return the number below which ``share`` of all lie."""
    ordered = sorted(numbers)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


def flat(runs: Iterable[Iterable[Any]]) -> Iterator[Any]:
    """Yield the payloads of all runs."""
    return (payload for run in runs for payload in run)
