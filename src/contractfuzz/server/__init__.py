"""A mock of the service behind a contract, over real HTTP on loopback: for code whose input comes out of a client."""

from contractfuzz.server.answers import LABEL_HEADER, Answer, Exchange, Received
from contractfuzz.server.faults import FAULTS, Fault
from contractfuzz.server.mock import MockServer
from contractfuzz.server.service import Route, Service

__all__ = [
    "FAULTS",
    "LABEL_HEADER",
    "Answer",
    "Exchange",
    "Fault",
    "MockServer",
    "Received",
    "Route",
    "Service",
]
