"""What goes over the wire: the request that was received and the answer to it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import Any, Literal
from urllib.parse import quote

from contractfuzz.payloads.cases.case import Case

LABEL_HEADER = "X-Contractfuzz-Label"
"""The header of every answer that breaks something: it names the case's label or the fault."""

JSON = "application/json;charset=utf-8"


@dataclass(frozen=True)
class Received:
    """A request as it came in.

    Attributes:
        number: how many requests came before it, in this test.
        method, path, query: ``POST``, the path decoded, what follows the question mark.
        headers: by their names in lower case.
        body: the bytes, dechunked.
        endpoint, variables: the name of the service's route that it took, and the variables of its path; empty without a route.

    """

    number: int
    method: str
    path: str
    query: str
    headers: Mapping[str, str]
    body: bytes
    endpoint: str = ""
    variables: Mapping[str, str] = field(default_factory=dict)

    @cached_property
    def json(self) -> Any:
        """The body as a JSON value; ValueError where it is none."""
        try:
            return json.loads(self.body)
        except RecursionError:
            raise ValueError("nested too deep") from None

    @property
    def target(self) -> str:
        """The path with its query, as a redirect to the same place names it."""
        return quote(self.path) + (f"?{self.query}" if self.query else "")


@dataclass(frozen=True)
class Answer:
    """What is sent back, and how.

    Attributes:
        status, headers, body: of the response; ``Content-Length`` is added, and ``Date`` and ``Server``.
        label: what the answer breaks, sent as ``X-Contractfuzz-Label``; None for nothing.
        chunked: whether the body goes in chunks, without a ``Content-Length`` (RFC 9112, section 7.1).
        sent: how many bytes of the body go out before the connection ends, whatever was announced; None for all.
        ending: how the connection ends: ``close`` in order, ``reset`` with a TCP reset.
        silent: whether the connection ends before a single byte is sent.
        pause: how many seconds pass before each piece of the body.

    """

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=lambda: {"Content-Type": JSON})
    body: bytes = b""
    label: str | None = None
    chunked: bool = False
    sent: int | None = None
    ending: Literal["close", "reset"] = "close"
    silent: bool = False
    pause: float = 0

    @classmethod
    def of(cls, what: Any, status: int = 200) -> Answer:
        """Return the answer that carries a case (malformed ones too) or any JSON value."""
        case = what if isinstance(what, Case) else Case("valid", what)
        return cls(status, body=case.body, label=case.label)

    def spoiled(self, fault: str) -> Answer:
        """Return this answer with a fault of the wire, named as in ``FAULTS``; ContractError for an unknown one."""
        from contractfuzz.server.faults import find_fault

        found = find_fault(fault)
        return replace(found.spoil(self), label=found.name)


@dataclass(frozen=True)
class Exchange:
    """A request with the answer that it got: what the log holds."""

    request: Received
    answer: Answer

    @property
    def status(self) -> int:
        """The status that was sent."""
        return self.answer.status

    @property
    def label(self) -> str | None:
        """What the answer broke: a case's label or a fault's name."""
        return self.answer.label

    def __str__(self) -> str:
        return " ".join(filter(None, (self.request.method, self.request.path, str(self.status), self.label)))
