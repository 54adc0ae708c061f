"""Does my code honour the contract? Payloads that keep a published JSON contract, and payloads that break it in one named way."""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contractfuzz.consumers.adapting import adapt
    from contractfuzz.consumers.assertions import (
        assert_accepts,
        assert_honours,
        assert_rejects,
        assert_round_trips,
        assert_survives,
    )
    from contractfuzz.consumers.checking import Report, check
    from contractfuzz.consumers.findings import Finding
    from contractfuzz.consumers.judging import Verdict
    from contractfuzz.contract import Contract
    from contractfuzz.errors import ContractError
    from contractfuzz.payloads.cases import Case, Violation
    from contractfuzz.payloads.incoherent import Rule

__version__ = "0.1.0"

__all__ = [
    "Case",
    "Contract",
    "ContractError",
    "Finding",
    "Report",
    "Rule",
    "Verdict",
    "Violation",
    "adapt",
    "assert_accepts",
    "assert_honours",
    "assert_rejects",
    "assert_round_trips",
    "assert_survives",
    "check",
]

_HOMES = {
    "Case": "payloads.cases",
    "Contract": "contract",
    "ContractError": "errors",
    "Finding": "consumers.findings",
    "Report": "consumers.checking",
    "Rule": "payloads.incoherent",
    "Verdict": "consumers.judging",
    "Violation": "payloads.cases",
    "adapt": "consumers.adapting",
    "assert_accepts": "consumers.assertions",
    "assert_honours": "consumers.assertions",
    "assert_rejects": "consumers.assertions",
    "assert_round_trips": "consumers.assertions",
    "assert_survives": "consumers.assertions",
    "check": "consumers.checking",
}


def __getattr__(name: str) -> Any:
    # A name is loaded when it is first used, so that the plugin and `contractfuzz --help` load neither hypothesis nor jsonschema.
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
