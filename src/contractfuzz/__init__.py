"""Contract fuzzing of JSON APIs: payloads that satisfy a published contract, and payloads that break it in one labelled way."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

from contractfuzz.version import installed_version as _installed_version

if TYPE_CHECKING:
    from contractfuzz.api.api import Api
    from contractfuzz.contract import Contract
    from contractfuzz.differential.differ_run import differ
    from contractfuzz.differential.disagreements import DifferReport, Disagreement
    from contractfuzz.errors import ContractError
    from contractfuzz.payloads.cases.case import Case
    from contractfuzz.payloads.cases.violation import Violation
    from contractfuzz.payloads.incoherent import Rule
    from contractfuzz.running.adapters.registry import adapt
    from contractfuzz.running.external.targets import Command, Url
    from contractfuzz.running.findings import Finding
    from contractfuzz.running.report import Report
    from contractfuzz.running.run import check
    from contractfuzz.running.verdicts.calling import Verdict
    from contractfuzz.testing.assertions import (
        assert_accepts,
        assert_honours,
        assert_rejects,
        assert_round_trips,
        assert_survives,
    )
    from contractfuzz.testing.change_assertions import assert_survives_changes

__all__ = [
    "Api",
    "Case",
    "Command",
    "Contract",
    "ContractError",
    "DifferReport",
    "Disagreement",
    "Finding",
    "Report",
    "Rule",
    "Url",
    "Verdict",
    "Violation",
    "adapt",
    "assert_accepts",
    "assert_honours",
    "assert_rejects",
    "assert_round_trips",
    "assert_survives",
    "assert_survives_changes",
    "check",
    "differ",
]

_MODULE_BY_NAME = {
    "Api": "api.api",
    "Case": "payloads.cases.case",
    "Command": "running.external.targets",
    "Contract": "contract",
    "ContractError": "errors",
    "DifferReport": "differential.disagreements",
    "Disagreement": "differential.disagreements",
    "Finding": "running.findings",
    "Report": "running.report",
    "Rule": "payloads.incoherent",
    "Url": "running.external.targets",
    "Verdict": "running.verdicts.calling",
    "Violation": "payloads.cases.violation",
    "adapt": "running.adapters.registry",
    "assert_accepts": "testing.assertions",
    "assert_honours": "testing.assertions",
    "assert_rejects": "testing.assertions",
    "assert_round_trips": "testing.assertions",
    "assert_survives": "testing.assertions",
    "assert_survives_changes": "testing.change_assertions",
    "check": "running.run",
    "differ": "differential.differ_run",
}


def __getattr__(name: str) -> Any:
    if name == "__version__":
        return _installed_version()
    # Names are loaded on first use, so that the pytest plugin and `contractfuzz --help` load neither hypothesis nor jsonschema.
    if name not in _MODULE_BY_NAME:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_MODULE_BY_NAME[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
