"""An evolution as JSON, for programs."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TextIO

from contractfuzz.evolution.evolution import Evolution, PossibleChange
from contractfuzz.json_values import canonical
from contractfuzz.text import json_texts
from contractfuzz.version import installed_version

EVOLUTION_FORMAT = 1
"""Number of the format. It grows when a property is removed, renamed or changes its meaning."""

MAX_PAYLOAD_CHARACTERS = 20_000
"""Length of the JSON text of a payload that is written; a longer one is left out."""


def write_evolution_json(evolutions: Sequence[Evolution], file: TextIO) -> None:
    """Write one evolution as a JSON object, several as an array of them.

    Args:
        evolutions: the evolutions.
        file: the text file to write to.

    """
    file.write(json_texts([evolution_as_json(evolution) for evolution in evolutions]))


def evolution_as_json(evolution: Evolution) -> dict[str, Any]:
    """Return an evolution as a JSON object."""
    return {
        "format": EVOLUTION_FORMAT,
        "contractfuzz": installed_version(),
        "consumer": evolution.consumer,
        "contract": evolution.contract,
        "ok": evolution.ok,
        "counts": {impact.value: count for impact, count in evolution.counts.items()},
        "changes": [_change_as_json(change) for change in evolution.changes],
        "missing": list(evolution.missing),
        "unused": list(evolution.unused),
        "cut_short": evolution.cut_short,
    }


def _change_as_json(change: PossibleChange) -> dict[str, Any]:
    payloads = {}
    if change.impact.is_break and len(canonical(change.payload)) <= MAX_PAYLOAD_CHARACTERS:
        payloads = {"before": change.twin, "after": change.payload}
    return {
        "id": change.id,
        "location": change.location,
        "change": change.words,
        "impact": change.impact.value,
        "break": change.is_break,
        "tolerated": change.is_tolerated,
        "allowed": change.is_allowed,
        "place": change.place,
        "error": change.error,
        "detail": change.detail,
        **payloads,
    }
