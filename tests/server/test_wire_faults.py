"""Each wire fault, as a low-level client sees it."""

from __future__ import annotations

import gzip
import http.client
import socket
from urllib.parse import urlsplit

import pytest

from contractfuzz.server import WIRE_FAULTS, Response, with_fault
from hubspot_strategies import contract

CASE = next(contract.sample(1, "valid", "realistic"))


@pytest.fixture
def read_with_fault(batch_association_server, read):
    """Send one request and return the smallest valid case with this fault."""

    def ask(fault):
        batch_association_server.script(with_fault(Response.from_payload(CASE), fault))
        return read("7")

    return ask


@pytest.fixture
def on_the_wire(batch_association_server):
    """Script a response, send a request and return its socket."""
    sockets = []

    def ask(response):
        batch_association_server.script(response)
        client = socket.create_connection(("127.0.0.1", urlsplit(batch_association_server.url).port), timeout=30)
        sockets.append(client)
        body = b'{"inputs":[{"id":"7"}]}'
        head = f"POST /crm/v4/associations/1/2/batch/read HTTP/1.1\r\nHost: x\r\nContent-Length: {len(body)}\r\n\r\n"
        client.sendall(head.encode() + body)
        return client

    yield ask
    for client in sockets:
        client.close()


def all_of(client):
    received = b""
    while piece := client.recv(65536):
        received += piece
    return received


@pytest.mark.parametrize("fault", sorted({*WIRE_FAULTS} - {"cut-body", "reset", "no-answer", "cut-chunked"}))
def test_every_fault_with_a_complete_response_is_its_label(read_with_fault, fault):
    assert read_with_fault(fault).label == fault


def test_html_page(read_with_fault):
    reply = read_with_fault("html-page")
    assert reply.status == 200
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.body.startswith(b"<!DOCTYPE html>")


def test_wrong_content_type(read_with_fault):
    reply = read_with_fault("wrong-content-type")
    assert reply.headers["Content-Type"].startswith("text/html")
    assert reply.body == CASE.body


def test_no_content_type(read_with_fault):
    reply = read_with_fault("no-content-type")
    assert "Content-Type" not in reply.headers
    assert reply.body == CASE.body


def test_empty_body(read_with_fault):
    reply = read_with_fault("empty-body")
    assert (reply.status, reply.headers["Content-Length"], reply.body) == (200, "0", b"")


def test_cut_body(read_with_fault):
    with pytest.raises(http.client.IncompleteRead) as caught:
        read_with_fault("cut-body")
    half = len(CASE.body) // 2
    assert caught.value.partial == CASE.body[:half]
    assert caught.value.expected == len(CASE.body) - half


def test_reset(read_with_fault):
    with pytest.raises(ConnectionResetError):
        read_with_fault("reset")


def test_no_answer(read_with_fault):
    with pytest.raises(http.client.RemoteDisconnected):
        read_with_fault("no-answer")


def test_chunked(on_the_wire):
    head, _, chunks = all_of(on_the_wire(with_fault(Response.from_payload(CASE), "chunked"))).partition(b"\r\n\r\n")
    assert b"Transfer-Encoding: chunked" in head
    assert b"Content-Length" not in head
    assert chunks.count(b"\r\n") > 20
    assert chunks.endswith(b"\r\n0\r\n\r\n")


def test_a_client_that_joins_the_chunks_gets_the_whole_body(read_with_fault):
    assert read_with_fault("chunked").body == CASE.body


def test_cut_chunked(on_the_wire, read_with_fault):
    assert not all_of(on_the_wire(with_fault(Response.from_payload(CASE), "cut-chunked"))).endswith(b"\r\n0\r\n\r\n")
    with pytest.raises(http.client.IncompleteRead) as caught:
        read_with_fault("cut-chunked")
    assert caught.value.partial == CASE.body[: len(CASE.body) // 2]


def test_false_gzip(read_with_fault):
    reply = read_with_fault("false-gzip")
    assert reply.headers["Content-Encoding"] == "gzip"
    assert reply.body == CASE.body
    with pytest.raises(gzip.BadGzipFile):
        gzip.decompress(reply.body)


def test_slow_bytes_are_complete(read_with_fault):
    assert read_with_fault("slow-bytes").body == CASE.body


def test_slow_bytes_come_after_the_headers_and_end_with_the_test(batch_association_server, on_the_wire):
    # The first byte of the body is due in an hour, so only the headers arrive before the connection ends.
    client = on_the_wire(Response(body=b"never seen", delay_seconds=3600))
    first = client.recv(65536)
    while b"\r\n\r\n" not in first:
        first += client.recv(65536)
    assert first.endswith(b"\r\n\r\n")
    batch_association_server.reset()
    assert client.recv(65536) == b""


def test_a_client_that_disconnects_early_is_not_a_failure(batch_association_server, on_the_wire, read):
    on_the_wire(with_fault(Response.from_payload(CASE), "slow-bytes")).close()
    assert read("7").status == 200
