"""Testing: assertions, kept cases, baselines, and the session of one test run."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from contractfuzz.testing.client_machine import ClientMachine

__all__ = ["ClientMachine"]


def __getattr__(name: str) -> Any:
    # Loaded on first use, because every pytest run imports this package, and the machine loads Hypothesis.
    if name not in __all__:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    from contractfuzz.testing.client_machine import ClientMachine

    return ClientMachine
