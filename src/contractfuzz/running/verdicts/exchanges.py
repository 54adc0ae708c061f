"""Exchanges: a request of a client and the response to it, in words that outlive them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class ExchangeSummary:
    """A request and its response as text.

    Attributes:
        request: method and target of the request: ``GET /orders/7?full=yes``.
        status: status code of the response; None if nothing with a status was sent.
        transport: what happened to the connection, in words; empty if the response was sent as it is.
        headers: header fields of the response.
        body: beginning of the body of the response.
        requests: number of requests of the call.

    """

    request: str
    status: int | None
    transport: str
    headers: Sequence[tuple[str, str]]
    body: str
    requests: int = 1

    @property
    def response(self) -> str:
        """Status and headers of the response in one line: ``429, Retry-After: 1``."""
        parts = [] if self.status is None else [str(self.status)]
        parts += [f"{name}: {value}" for name, value in self.headers]
        return ", ".join([*parts, *([self.transport] if self.transport else [])])
