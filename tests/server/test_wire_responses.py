"""Wire cases on the wire: the bytes that a client receives are what the label says."""

from __future__ import annotations

import gzip
import json
import socket
import time
import zlib
from dataclasses import replace

import pytest

from contractfuzz.running.clients.answers import CaseAnswers
from contractfuzz.running.clients.conversation import Conversation
from contractfuzz.server.lazy_server import LazyServer
from contractfuzz.server.messages import Request, Response
from contractfuzz.server.wire_responses import WIRE_RESPONSES, accepts_coding, wire_response

PAYLOAD = {"name": "Zoë", "items": ["日本"] * 30}
BODY = json.dumps(PAYLOAD, ensure_ascii=False).encode()


def respond(label, request):
    return wire_response(label, Response(body=BODY), request)


def receive(label, delay_seconds=0, **headers):
    """Return the head and the body that the server sends, and how the connection ends: ``end`` or ``reset``."""
    conversation = Conversation(
        CaseAnswers(lambda request: replace(respond(label, request), delay_seconds=delay_seconds), None), 5
    )
    server = LazyServer(lambda: conversation)
    lines = ["GET /orders?page=1 HTTP/1.1", "Host: test", *(f"{name}: {value}" for name, value in headers.items())]
    received, end = b"", "end"
    try:
        with socket.create_connection(("127.0.0.1", int(server.url.rpartition(":")[2])), timeout=5) as connection:
            connection.sendall("\r\n".join([*lines, "", ""]).encode())
            time.sleep(0.05)  # a reset discards what was not read
            try:
                while part := connection.recv(65536):
                    received += part
            except ConnectionResetError:
                end = "reset"
    finally:
        conversation.end()
        server.close()
    head, separator, body = received.partition(b"\r\n\r\n")
    return head.decode("latin-1") + ("\r\n" if separator else ""), body, end


@pytest.mark.parametrize(
    "label", [label for label in WIRE_RESPONSES if label.startswith("status.") and label != "status.redirect-loop"]
)
def test_a_status_is_that_of_the_label(label):
    head, body, end = receive(label)
    assert head.startswith(f"HTTP/1.1 {label.split('.')[1]} ")
    assert end == "end"
    assert f"\r\nX-Contractfuzz-Label: {label}\r\n" in head
    has_payload = label in ("status.201", "status.202", "status.207")
    assert (body == BODY) == has_payload
    assert not body or label not in ("status.204", "status.304", "status.401", "status.503")


@pytest.mark.parametrize(
    ("name", "value"),
    [("seconds", "1"), ("zero", "0"), ("negative", "-1"), ("absurd", "31536000"), ("date", "GMT")],
)
def test_retry_after_has_the_form_of_the_label(name, value):
    head, _, _ = receive(f"status.429.retry-after-{name}")
    assert f"{value}\r\n" in head.partition("\r\nRetry-After: ")[2]


def test_redirects_lead_to_another_url_or_to_the_same():
    assert "\r\nLocation: /orders?page=1&contractfuzz=moved\r\n" in receive("status.301")[0]
    assert "\r\nLocation: /orders?page=1\r\n" in receive("status.redirect-loop")[0]


def test_headers_are_those_of_the_label():
    assert "\r\ncontent-type:" not in receive("header.content-type-missing")[0].lower()
    assert "\r\nContent-Type: text/html; charset=utf-8\r\n" in receive("header.content-type-wrong")[0]
    assert '\r\nContent-Type: application/json; charset="UTF-8"\r\n' in receive("header.content-type-charset")[0]
    fields = receive("header.lower-case")[0].splitlines()[1:]
    assert len(fields) >= 5
    assert all(field.partition(":")[0].islower() for field in fields)
    for label, length in (("long", len(BODY) + 10), ("short", len(BODY) // 2)):
        head, body, _ = receive(f"header.content-length-too-{label}")
        assert (f"\r\nContent-Length: {length}\r\n" in head, body) == (True, BODY)


@pytest.mark.parametrize(("coding", "decode"), [("gzip", gzip.decompress), ("deflate", zlib.decompress)])
def test_a_body_is_encoded_if_the_request_accepts_it(coding, decode):
    head, body, _ = receive(f"encoding.{coding}", **{"Accept-Encoding": "br, deflate;q=0.5, gzip"})
    assert f"\r\nContent-Encoding: {coding}\r\n" in head
    assert f"\r\nContent-Length: {len(body)}\r\n" in head
    assert decode(body) == BODY
    head, body, _ = receive(f"encoding.{coding}")
    assert "Content-Encoding" not in head
    assert body == BODY


def test_false_gzip_is_a_plain_body():
    head, body, _ = receive("encoding.false-gzip", **{"Accept-Encoding": "gzip"})
    assert "\r\nContent-Encoding: gzip\r\n" in head
    assert body == BODY


@pytest.mark.parametrize(
    ("header", "is_accepted"),
    [
        ("gzip", True),
        ("br, GZIP;q=0.1", True),
        ("gzip;q=0", False),
        ("gzip; q=0.0", False),
        ("identity", False),
        ("", False),
    ],
)
def test_an_encoding_is_accepted_unless_its_weight_is_zero(header, is_accepted):
    assert accepts_coding(Request(0, "GET", "/", "", {"accept-encoding": header}, b""), "gzip") is is_accepted


def test_chunks_are_the_whole_body():
    head, body, _ = receive("encoding.chunked")
    assert "\r\nTransfer-Encoding: chunked\r\n" in head
    assert body.endswith(b"\r\n0\r\n\r\n")
    assert b"".join(body.split(b"\r\n")[1::2]) == BODY


def test_a_connection_ends_where_the_label_says():
    assert receive("connection.closed-before-headers") == ("", b"", "end")
    assert receive("connection.reset-before-headers") == ("", b"", "reset")
    head, body, end = receive("connection.reset-in-headers")
    assert (end, body, head.endswith("\r\n")) == ("reset", b"", False)
    assert receive("connection.reset-after-headers")[1:] == (b"", "reset")
    head, body, end = receive("connection.cut-body")
    assert f"\r\nContent-Length: {len(BODY)}\r\n" in head
    assert (end, body) == ("end", BODY[: len(BODY) // 2])


def test_the_end_of_a_connection_is_not_announced():
    head, body, end = receive("connection.closed-between-requests")
    assert (body, end) == (BODY, "end")
    assert "Connection" not in head
    assert "\r\nConnection: close\r\n" in receive("status.201")[0]


def test_slow_bytes_are_the_whole_body():
    response = respond("connection.slow-bytes", Request(0, "GET", "/", "", {}, b""))
    assert (response.slow_tail_bytes, response.delay_seconds) == (3, 1)
    assert receive("connection.slow-bytes", delay_seconds=0.05)[1] == BODY


def test_html_and_nothing_come_with_the_status_200():
    head, body, _ = receive("body.html")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert body.startswith(b"<!DOCTYPE html>")
    head, body, _ = receive("body.empty")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert (body, "\r\nContent-Length: 0\r\n" in head) == (b"", True)
