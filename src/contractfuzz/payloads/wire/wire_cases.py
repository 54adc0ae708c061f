"""The table of wire cases: what a server, a gateway or a connection does besides sending a payload, by label."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from contractfuzz.json_values import copy_json
from contractfuzz.payloads.cases.case import ABSENT, Case, Expectation
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class WireCase:
    """One way in which a response can reach a client.

    Attributes:
        description: one line on what the client receives.
        expectation: what a client should do.
        has_payload: True if the response has a payload of the contract, or a part of one.
        expects_json: False if the body is not JSON, or not the client's to parse. Then an error of a JSON parser is a crash.

    """

    description: str
    expectation: Expectation
    has_payload: bool = True
    expects_json: bool = True


def _error(description: str) -> WireCase:
    return WireCase(description, "rejects", has_payload=False, expects_json=False)


WIRE_CASES: dict[str, WireCase] = {
    "status.201": WireCase("the payload with the status 201 Created", "accepts"),
    "status.202": WireCase("the payload with the status 202 Accepted", "accepts"),
    "status.207": WireCase("the payload with the status 207 Multi-Status", "accepts"),
    "status.204": WireCase(
        "the status 204 No Content, without a body", "survives", has_payload=False, expects_json=False
    ),
    "status.301": WireCase(
        "a redirect to another URL of the server, which has the payload", "survives", expects_json=False
    ),
    "status.304": WireCase("the status 304 Not Modified, without a body", "survives", has_payload=False),
    "status.redirect-loop": WireCase(
        "redirects to the same URL, without end", "rejects", has_payload=False, expects_json=False
    ),
    "status.400": _error("the status 400 with an error as JSON"),
    "status.401": _error("the status 401 without a body"),
    "status.403": _error("the status 403 with plain text"),
    "status.404": _error("the status 404 with an error as JSON"),
    "status.409": _error("the status 409 with a JSON object"),
    "status.422": _error("the status 422 with an error as JSON"),
    "status.429": _error("the status 429 without Retry-After"),
    "status.429.retry-after-seconds": _error("the status 429 with Retry-After: 1"),
    "status.429.retry-after-date": _error("the status 429 with a date in Retry-After, one to two seconds ahead"),
    "status.429.retry-after-zero": _error("the status 429 with Retry-After: 0"),
    "status.429.retry-after-negative": _error("the status 429 with Retry-After: -1"),
    "status.429.retry-after-absurd": _error("the status 429 with Retry-After: 31536000, a year"),
    "status.500": _error("the status 500 with an error as JSON"),
    "status.502": _error("the status 502 with the HTML page of a gateway"),
    "status.503": _error("the status 503 with Retry-After: 1 and an empty body"),
    "header.content-type-missing": WireCase("the payload without a Content-Type", "survives"),
    "header.content-type-wrong": WireCase("the payload with Content-Type: text/html", "survives"),
    "header.content-type-charset": WireCase(
        'the payload with Content-Type: application/json; charset="UTF-8"', "accepts"
    ),
    "header.lower-case": WireCase("the payload with the names of all headers in lower case", "accepts"),
    "header.content-length-too-long": WireCase("the payload with a Content-Length that is too long", "survives"),
    "header.content-length-too-short": WireCase("the payload with a Content-Length of half its length", "rejects"),
    "encoding.chunked": WireCase("the payload in small chunks, which split characters", "accepts"),
    "encoding.gzip": WireCase("the payload in gzip, if the request accepts it", "accepts"),
    "encoding.deflate": WireCase("the payload in deflate, if the request accepts it", "accepts"),
    "encoding.false-gzip": WireCase(
        "the plain payload with Content-Encoding: gzip, if the request accepts it", "survives"
    ),
    "body.html": WireCase("an HTML page with the status 200", "rejects", has_payload=False),
    "body.empty": WireCase("the status 200 without a body", "rejects", has_payload=False),
    "connection.refused": WireCase("a port that refuses connections", "rejects", has_payload=False),
    "connection.closed-before-headers": WireCase(
        "a connection that closes without a response", "rejects", has_payload=False
    ),
    "connection.reset-before-headers": WireCase("a reset before the response", "rejects", has_payload=False),
    "connection.reset-in-headers": WireCase("a reset within the headers", "rejects", has_payload=False),
    "connection.reset-after-headers": WireCase("a reset between the headers and the body", "rejects"),
    "connection.cut-body": WireCase("half of the body, and then the end of the connection", "rejects"),
    "connection.closed-between-requests": WireCase(
        "two calls: the server closes the connection, which it had kept open, between them", "accepts"
    ),
    "connection.slow-bytes": WireCase("the payload, with pauses before each of its last three bytes", "survives"),
    "connection.silent": WireCase("an open connection on which nothing is sent", "rejects", has_payload=False),
}
"""All wire cases that need no pages, by label."""


RETRIED_LABELS = (
    "status.429.retry-after-seconds",
    "status.429.retry-after-date",
    "status.429.retry-after-zero",
    "status.503",
)
"""Wire cases after which a client that retries gets its payload within seconds: the server names the time."""


@dataclass(frozen=True, slots=True)
class WireRecipe:
    """The recipe of the wire case of one label. It has one payload only, which has as much in it as a client reads.

    Attributes:
        label: the label.
        wire_case: what the response is like.
        payload: the payload.

    """

    label: str
    wire_case: WireCase
    payload: Any

    def case(self, choices: Choices) -> Case:  # noqa: ARG002
        """Return the case. It does not depend on choices."""
        described = Case(
            "wire", ABSENT, self.label, self.wire_case.description, None, self.wire_case.expectation, bytes
        )
        if not self.wire_case.has_payload:
            return described
        return replace(described, payload=copy_json(self.payload), raw=None)


def wire_recipes(payload: Any) -> tuple[WireRecipe, ...]:
    """Return the recipe of each wire case.

    Args:
        payload: a valid payload that has much in it.

    """
    return tuple(WireRecipe(label, wire_case, payload) for label, wire_case in WIRE_CASES.items())
