"""Consumers that tests of several folders feed."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from contractfuzz import Contract


def honest(contract: Contract) -> Callable[[bytes], Any]:
    """Return a consumer of bytes that honours a contract."""

    def read(body: bytes) -> Any:
        # Decoded first, because json.loads(body) accepts surrogates. Both calls reject with a ValueError.
        try:
            payload = json.loads(body.decode())
        except RecursionError:
            raise ValueError("nested too deep") from None
        if not contract.is_valid(payload):
            raise ValueError(payload)
        return payload

    return read


def accept(payload: Any) -> Any:
    """Accept everything."""
    return payload


def reject(payload: Any) -> Any:
    """Reject everything."""
    raise ValueError(payload)
