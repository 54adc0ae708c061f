"""Last pages: payloads without a cursor, so that a client that asks for all pages comes to an end."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.payloads.wire.cursors import (
    cursor_tokens,
    flag_tokens,
    remove_location,
    set_location,
    without_cursors,
)


def as_last_page(payload: Any, contract: Contract) -> Any:
    """Return a payload without the cursors and flags of a next page, as long as it stays valid.

    Args:
        payload: a valid payload.
        contract: its contract.

    """
    cursors, flags = cursor_tokens(payload), flag_tokens(payload)
    if not cursors and not flags:
        return payload
    changed = without_cursors(payload)
    if changed == payload or contract.is_valid(changed):
        return changed
    for tokens in [*cursors, *flags]:
        payload = next(filter(contract.is_valid, _replacements(payload, tokens, is_flag=tokens in flags)), payload)
    return payload


def _replacements(payload: Any, tokens: tuple[str, ...], *, is_flag: bool) -> Iterator[Any]:
    """Yield copies of a payload without the cursor or with its flag false, the best one first."""
    if is_flag:
        yield set_location(payload, tokens, False)
    yield remove_location(payload, tokens)
    if not is_flag:
        yield set_location(payload, tokens, None)
        yield set_location(payload, tokens, "")
