"""Mock HTTP server for a contract: tests code that receives payloads through an HTTP client."""

from contractfuzz.server.messages import LABEL_HEADER, Exchange, Request, Response
from contractfuzz.server.mock_server import MockServer
from contractfuzz.server.service import Route, Service
from contractfuzz.server.wire_faults import WIRE_FAULTS, WireFault, with_fault

__all__ = [
    "LABEL_HEADER",
    "WIRE_FAULTS",
    "Exchange",
    "MockServer",
    "Request",
    "Response",
    "Route",
    "Service",
    "WireFault",
    "with_fault",
]
