"""One thing that a publisher should mend, in words and as SARIF."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Remark:
    """One thing that is wrong with a document.

    Attributes:
        source: the document.
        pointer: where in it, as a JSON Pointer (RFC 6901); ``""`` is the whole.
        rule: the name of the rule that it breaks.
        message: what is wrong, and what to do, in one line.

    """

    source: str
    pointer: str
    rule: str
    message: str

    def __str__(self) -> str:
        return f"{self.source}{f' at {self.pointer}' if self.pointer else ''}: {self.rule}: {self.message}"


def as_sarif(remarks: Iterable[Remark], rules: Mapping[str, str], version: str) -> dict[str, Any]:
    """Return remarks as a log of the Static Analysis Results Interchange Format (SARIF 2.1.0, OASIS)."""
    return {
        "$schema": "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json",
        "version": "2.1.0",
        "runs": [
            {
                "tool": {
                    "driver": {
                        "name": "contractfuzz",
                        "version": version,
                        "rules": [{"id": rule, "shortDescription": {"text": text}} for rule, text in rules.items()],
                    }
                },
                "results": [
                    {
                        "ruleId": remark.rule,
                        "level": "warning",
                        "message": {"text": remark.message},
                        "locations": [
                            {
                                "physicalLocation": {"artifactLocation": {"uri": remark.source}},
                                "logicalLocations": [{"fullyQualifiedName": remark.pointer, "kind": "value"}],
                            }
                        ],
                    }
                    for remark in remarks
                ],
            }
        ],
    }
