"""Exchanges: a request of a client and the response to it, in words that outlive them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Any

from contractfuzz.json_values import member
from contractfuzz.text import pluralize


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

    def rows(self) -> list[tuple[str, str]]:
        """Return the exchange as names and texts: the request, the response, and the beginning of its body."""
        more = f" ({pluralize(self.requests - 1, 'more request')} in the same call)" if self.requests > 1 else ""
        return [
            ("request", self.request + more),
            ("response", self.response),
            *([("body", self.body)] if self.body else []),
        ]

    def as_json(self) -> dict[str, Any]:
        """Return the exchange as a JSON object."""
        return {**asdict(self), "headers": [list(header) for header in self.headers]}

    @classmethod
    def from_json(cls, data: Mapping[str, Any]) -> ExchangeSummary:
        """Return the exchange that a JSON object represents.

        Args:
            data: an object with the attributes.

        Raises:
            KeyError, TypeError, ValueError: the object does not represent an exchange.

        """
        texts = {name: member(data, name, str) for name in ("request", "transport", "body")}
        headers = tuple((str(name), str(value)) for name, value in member(data, "headers", list))
        status = member(data, "status", int, type(None))
        return cls(**texts, status=status, headers=headers, requests=member(data, "requests", int))
