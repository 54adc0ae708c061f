"""Reader of a series of measured numbers."""

from __future__ import annotations

import json
from typing import Any

from mutants import checks
from mutants.checks import required

UNITS = ("K", "Pa", "m/s")


def read_sample(sample: Any) -> dict[str, Any]:
    checks.record(sample)
    return {
        "at": checks.date_time(required(sample, "at")),
        "value": checks.number(required(sample, "value")),
        "quality": checks.number(sample["quality"], 0, 1) if "quality" in sample else None,
        "count": checks.integer(required(sample, "count"), -(2**63), 2**63 - 1),
        "flags": checks.integer(sample.get("flags", 0), 0, 255),
    }


def read_range(value: Any) -> tuple[Any, Any]:
    if len(checks.items(value)) != 2:
        raise ValueError("not two numbers")
    low, high = value
    return checks.number(low), checks.number(high)


def read_gain(value: Any) -> int | float:
    if not 0 < checks.number(value) < 10:
        raise ValueError(f"{value} is out of range")
    return value


def read_step(value: Any) -> int | float:
    if checks.number(value, 0.5, 100) % 0.25:
        raise ValueError(f"{value} is not a quarter")
    return value


def parse(body: bytes) -> Any:
    try:
        return json.loads(body)
    except RecursionError:
        raise ValueError("nested too deep") from None


def read(body: bytes) -> dict[str, Any]:
    series = checks.record(parse(body))
    samples = checks.items(required(series, "samples"), 0, 1000)
    return {
        "unit": checks.one_of(required(series, "unit"), UNITS),
        "sequence": checks.integer(required(series, "sequence")),
        "total": checks.integer(required(series, "total"), 0),
        "interval": checks.integer(required(series, "interval"), 60, 86400, 60),
        "offset": checks.number(required(series, "offset")),
        "latitude": checks.number(required(series, "latitude"), -90, 90),
        "gain": read_gain(required(series, "gain")),
        "step": read_step(series["step"]) if "step" in series else 0.25,
        "range": read_range(series["range"]) if "range" in series else None,
        "balance": checks.matching(required(series, "balance"), r"-?(0|[1-9]\d*)\.\d{2}"),
        "serial": checks.matching(required(series, "serial"), r"[1-9]\d{0,11}"),
        "samples": [read_sample(sample) for sample in samples],
    }
