"""Requests that are not valid HTTP, on raw sockets: each gets an error, and none of them harms the server."""

from __future__ import annotations

import http.client
import io
import json
import socket
import string
import threading
import time
from collections import Counter
from contextlib import redirect_stderr, suppress
from urllib.parse import quote, urlsplit

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from contractfuzz import ContractError
from contractfuzz.running.clients.conversation import REFUSED, Conversation
from contractfuzz.server import Request, Response
from contractfuzz.server.lazy_server import LazyServer
from contractfuzz.server.mock_server import MockServer
from contractfuzz.server.request_reader import MAX_BODY_BYTES, RequestError, RequestReader

NAME = "batch_association_server"
PATH = "/crm/v4/associations/contacts/companies/batch/read"
BODY = b'{"inputs":[{"id":"7"}]}'
THREAD_END_SECONDS = 10
TOKEN_CHARACTERS = f"!#$%&'*+-.^_`|~{string.digits}{string.ascii_letters}"
MEBIBYTE = 1024 * 1024

repeatedly = settings(max_examples=150, derandomize=True, database=None, deadline=None)


def request(line=f"POST {PATH} HTTP/1.1", *headers, body=b"", host="Host: x"):
    """Return the bytes of a request with its headers as they are given."""
    return "\r\n".join([line, *filter(None, [host]), *headers, "", ""]).encode("latin-1") + body


def with_length(length, body=BODY):
    return request(f"POST {PATH} HTTP/1.1", f"Content-Length: {length}", body=body)


def chunked(chunks, *headers):
    return request(f"POST {PATH} HTTP/1.1", "Transfer-Encoding: chunked", *headers, body=chunks)


GOOD = with_length(len(BODY))


def connect(url):
    return socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=30)


def exchange(url, sent):
    """Send bytes, announce that no more follow, and return all that the server sends."""
    received = b""
    with connect(url) as client, suppress(ConnectionError):
        client.sendall(sent)
        client.shutdown(socket.SHUT_WR)
        while piece := client.recv(65536):
            received += piece
    return received


def status_of(reply):
    return int(reply.split(b" ", 2)[1])


def json_of(reply):
    return json.loads(reply.partition(b"\r\n\r\n")[2])


def wait_for_threads(before):
    """Wait until no thread is alive that was not there before."""
    end = time.monotonic() + THREAD_END_SECONDS
    while (left := {*threading.enumerate()} - before) and time.monotonic() < end:
        time.sleep(0.005)
    assert left == set()


@pytest.fixture(scope="module")
def server():
    with MockServer.named(NAME) as started:
        yield started


# --- one malformed request each -----------------------------------------------------------------------------------------

MALFORMED = {
    "chunk size that is not hexadecimal": (400, chunked(b"zz\r\nabc\r\n0\r\n\r\n")),
    "negative chunk size": (400, chunked(b"-5\r\nabc\r\n0\r\n\r\n")),
    "chunk size in Python's spelling": (400, chunked(b"0x3\r\nabc\r\n0\r\n\r\n")),
    "chunk size with an underscore": (400, chunked(b"1_0\r\n" + b"a" * 16 + b"\r\n0\r\n\r\n")),
    "empty chunk size": (400, chunked(b"\r\nabc\r\n0\r\n\r\n")),
    # Bytes count that arrive, and not those announced.
    "huge chunk that is incomplete": (400, chunked(b"fffffffffffffff\r\nabc")),
    "chunk over the limit": (413, chunked(b"fffffffffffffff\r\n" + bytes(MAX_BODY_BYTES + 1))),
    "chunks that exceed the limit together": (
        413,
        chunked(b"1\r\na\r\n%x\r\n" % MAX_BODY_BYTES + bytes(MAX_BODY_BYTES)),
    ),
    "chunk size of thousands of digits": (400, chunked(b"f" * 5000 + b"\r\nabc")),
    "chunk line over the limit": (431, chunked(b"1;" + b"x" * 70_000 + b"\r\na\r\n0\r\n\r\n")),
    "chunk line with spaces before a line feed": (400, chunked(b"1;" + b" " * 8000 + b"\n\r\na\r\n0\r\n\r\n")),
    "chunk longer than announced": (400, chunked(b"3\r\nabcd\r\n0\r\n\r\n")),
    "chunk shorter than announced": (400, chunked(b"3\r\nab")),
    "no last chunk": (400, chunked(b"3\r\nabc\r\n")),
    "incomplete trailers": (400, chunked(b"3\r\nabc\r\n0\r\nX: y\r\n")),
    "flood of trailers": (431, chunked(b"3\r\nabc\r\n0\r\n" + b"X: y\r\n" * 4000 + b"\r\n")),
    "chunks with Content-Length": (400, chunked(b"3\r\nabc\r\n0\r\n\r\n", "Content-Length: 3")),
    "chunks in HTTP/1.0": (400, request(f"POST {PATH} HTTP/1.0", "Transfer-Encoding: chunked", body=b"0\r\n\r\n")),
    "unknown transfer coding": (501, request(f"POST {PATH} HTTP/1.1", "Transfer-Encoding: gzip, chunked")),
    "negative length": (400, with_length(-5)),
    "length that is not a number": (400, with_length("abc")),
    "empty length": (400, with_length("")),
    "length with a sign": (400, with_length("+23")),
    "length in Arabic digits": (400, with_length("٢٣".encode().decode("latin-1"))),
    "two lengths": (400, with_length("23\r\nContent-Length: 20")),
    "length over the limit": (413, with_length(MAX_BODY_BYTES + 1)),
    "length over the limit by one digit": (413, with_length(10 * MAX_BODY_BYTES)),
    "huge length": (413, with_length(10**20 - 1)),
    "length of thousands of digits": (400, with_length("9" * 5000)),
    "body shorter than its length": (400, with_length(len(BODY) + 1)),
    "flood of headers": (431, request(f"POST {PATH} HTTP/1.1", *(f"X-{number}: y" for number in range(3000)))),
    "header over the limit": (431, request(f"POST {PATH} HTTP/1.1", "X: " + "y" * 70_000)),
    "header without a colon": (400, request(f"POST {PATH} HTTP/1.1", "no colon")),
    "header with a space before the colon": (400, request(f"POST {PATH} HTTP/1.1", "X : y")),
    "header with a null character": (400, request(f"POST {PATH} HTTP/1.1", "X: \0")),
    "header with spaces before a null character": (400, request(f"POST {PATH} HTTP/1.1", "X:" + " " * 8000 + "\0")),
    "header whose name is not ASCII": (400, request(f"POST {PATH} HTTP/1.1", "\xed\xa0\x80: y")),
    "incomplete header": (400, request(f"POST {PATH} HTTP/1.1")[:-5]),
    "incomplete headers": (400, request(f"POST {PATH} HTTP/1.1")[:-2]),
    "no host": (400, request(host=None)),
    "two hosts": (400, request(f"POST {PATH} HTTP/1.1", "Host: y")),
    "host that is not a host": (400, request(host="Host: \xff b")),
    "binary data": (400, b"\x00\x01\x02\xff\r\n\r\n"),
    "TLS": (400, bytes.fromhex("16030100a5010000a10303") + b"x" * 50 + b"\r\n\r\n"),
    "empty request line": (400, b"\r\n\r\n"),
    "request line without a version": (400, b"GET /\r\n\r\n"),
    "request line of one word": (400, b"GET\r\n\r\n"),
    "request line of four words": (400, b"GET / x HTTP/1.1\r\n\r\n"),
    "incomplete request line": (400, b"GET / HTTP/1.1"),
    "request line over the limit": (414, b"GET /" + b"a" * 70_000 + b" HTTP/1.1\r\n\r\n"),
    "version that is not a version": (400, request("GET / HTTP/x")),
    "version in superscript digits": (400, request("GET / HTTP/\xb2.1")),
    "version of the future": (505, request("GET / HTTP/9.9")),
    "method that is not a token": (400, request(f"<b> {PATH} HTTP/1.1")),
    "target that is not a path": (400, request("POST nowhere HTTP/1.1")),
    "target with a fragment": (400, request(f"POST {PATH}#part HTTP/1.1")),
    "target of a proxy": (400, request("CONNECT x:80 HTTP/1.1")),
    "path with a raw surrogate": (400, request("POST /\xed\xa0\x80 HTTP/1.1")),
    "path with a raw byte": (400, request("POST /\xff HTTP/1.1")),
    "path with an encoded surrogate": (400, request("POST /%ED%A0%80 HTTP/1.1")),
    "path with a byte that is not UTF-8": (400, request("POST /%FF HTTP/1.1")),
    "path with an invalid percent-encoding": (400, request("POST /%zz HTTP/1.1")),
    "path with an incomplete percent-encoding": (400, request("POST /%4 HTTP/1.1")),
    "query with an encoded surrogate": (400, request(f"POST {PATH}?a=%ED%A0%80 HTTP/1.1")),
    "query with a byte that is not UTF-8": (400, request(f"POST {PATH}?a=%ff HTTP/1.1")),
    "query with an invalid percent-encoding": (400, request(f"POST {PATH}?a=100% HTTP/1.1")),
    "JSON with a surrogate": (400, with_length(28, b'{"inputs":[{"id":"\\ud800"}]}')),
    "JSON that is not UTF-8": (400, with_length(24, b'{"inputs":[{"id":"\xff\xfe"}]}')),
}


@pytest.mark.parametrize("name", MALFORMED)
def test_a_malformed_request_gets_the_services_error_and_is_logged(batch_association_server, name, capfd):
    status, sent = MALFORMED[name]
    started = time.monotonic()
    reply = exchange(batch_association_server.url, sent)
    assert time.monotonic() - started < 5
    assert status_of(reply) == status
    assert {"status", "message", "correlationId"} <= json_of(reply).keys()
    [logged] = batch_association_server.log
    assert logged.status == status
    assert str(logged).isprintable()
    # The service sees no request that is not valid HTTP.
    assert logged.request.endpoint == ("read" if name.startswith("JSON ") else "")
    assert capfd.readouterr().err == ""


def test_a_malformed_request_does_not_consume_a_scripted_response(batch_association_server, read):
    batch_association_server.script(503)
    assert status_of(exchange(batch_association_server.url, with_length("abc"))) == 400
    assert read("7").status == 503


def test_the_log_of_a_malformed_request_has_the_parts_that_were_read(batch_association_server):
    exchange(batch_association_server.url, b"GET /caf\xe9 HTTP/1.1\r\n\r\n")
    exchange(batch_association_server.url, request("GET /caf%E9?a=b HTTP/1.1"))
    exchange(batch_association_server.url, with_length("abc"))
    exchange(batch_association_server.url, b"GET / x HTTP/1.1\r\nX: y\r\n\r\n")
    raw, encoded, wrong_length, four_words = [logged.request for logged in batch_association_server.log]
    assert (raw.method, raw.path) == ("GET", "/caf\xe9")
    assert (encoded.method, encoded.path) == ("GET", "/caf%E9?a=b")
    assert (wrong_length.method, wrong_length.path, wrong_length.headers["content-length"]) == ("POST", PATH, "abc")
    assert (four_words.method, four_words.path, four_words.headers) == ("", "GET / x HTTP/1.1", {"x": "y"})


def test_control_characters_in_a_path_are_escaped_in_the_line_of_the_log(batch_association_server):
    exchange(batch_association_server.url, request("GET /%1B[2J%0D%0A::error::%00 HTTP/1.1"))
    assert str(batch_association_server.log[0]) == r"GET /\u001b[2J\r\n::error::\u0000 404"


def test_a_client_that_sends_a_body_over_the_limit_gets_413(batch_association_server):
    connection = http.client.HTTPConnection(urlsplit(batch_association_server.url).netloc, timeout=30)
    pieces = (bytes(MEBIBYTE) for _ in range(40))
    with suppress(ConnectionError):
        connection.request("POST", PATH, pieces, {"Content-Length": str(40 * MEBIBYTE)})
    assert connection.getresponse().status == 413
    connection.close()


def test_a_body_at_the_limit_is_read(batch_association_server):
    batch_association_server.always(lambda request: Response(201, body=b""))
    body = b'{"inputs":[{"id":"7"}]}'.ljust(MAX_BODY_BYTES)
    assert status_of(exchange(batch_association_server.url, with_length(len(body), body))) == 201
    assert len(batch_association_server.log[0].request.body) == MAX_BODY_BYTES


def test_bytes_after_the_request_do_not_cost_the_client_its_response(batch_association_server):
    with connect(batch_association_server.url) as client:
        client.sendall(GOOD + b"more" * 1000)
        received = b""
        # The client does not announce the end of its data, and waits.
        while piece := client.recv(65536):
            received += piece
    assert status_of(received) == 200


def test_the_client_waits_for_100_only_if_the_server_reads_the_body(batch_association_server):
    expect = "Expect: 100-continue"
    accepted = request(f"POST {PATH} HTTP/1.1", expect, f"Content-Length: {len(BODY)}", body=BODY)
    refused = request(f"POST {PATH} HTTP/1.1", expect, f"Content-Length: {MAX_BODY_BYTES + 1}")
    first, _, second = exchange(batch_association_server.url, accepted).partition(b"\r\n\r\n")
    assert (first, status_of(second)) == (b"HTTP/1.1 100 Continue", 200)
    assert status_of(exchange(batch_association_server.url, refused)) == 413


@pytest.mark.parametrize(
    "sent",
    [
        request(f"POST http://example.com{PATH} HTTP/1.1", "Content-Length: 23", body=BODY),
        request(f"POST {PATH} HTTP/1.0", "Content-Length: 23", body=BODY, host=None),
        b"\r\n" + GOOD,
        GOOD.replace(b"\r\n", b"\n"),
        chunked(b'17;name="value"\r\n' + BODY + b"\r\n0;last\r\nX-Trailer: y\r\n\r\n"),
        chunked(b"00000000000000000017\r\n" + BODY + b"\r\n000\r\n\r\n"),
        GOOD.replace(b"Host", b"X: y\r\n\t z\r\nHost"),
        with_length("23, 23\r\nContent-Length: 23"),
        GOOD.replace(b"Host", b"X: " + b"y" * 15_000 + b"\r\nHost"),
    ],
    ids=[
        "absolute form",
        "HTTP/1.0",
        "empty line before",
        "line feeds",
        "chunk extension and trailer",
        "zeros",
        "header on two lines",
        "repeated length",
        "long header",
    ],
)
def test_unusual_valid_requests_are_accepted(batch_association_server, sent):
    assert status_of(exchange(batch_association_server.url, sent)) == 200


# --- clients that disconnect ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("size", ["fffffffffffffff", "40000000", f"{MAX_BODY_BYTES:x}", "10"])
def test_a_disconnect_in_a_chunk_ends_the_thread(server, size):
    before = {*threading.enumerate()}
    for _ in range(3):
        with connect(server.url) as client:
            client.sendall(chunked(f"{size}\r\nabc".encode()))
    wait_for_threads(before)


def test_a_disconnect_at_any_byte_ends_the_thread(server, capfd):
    before = {*threading.enumerate()}
    for sent in (GOOD, chunked(b"17\r\n" + BODY + b"\r\n0\r\n\r\n")):
        for length in range(0, len(sent), 5):
            with connect(server.url) as client:
                client.sendall(sent[:length])
    wait_for_threads(before)
    assert status_of(exchange(server.url, GOOD)) == 200
    assert capfd.readouterr().err == ""


def test_a_connection_that_a_reset_cuts_is_not_in_the_log_of_the_next_test():
    with MockServer.named(NAME) as server:
        before = {*threading.enumerate()}
        with connect(server.url) as client:
            client.sendall(GOOD[:-5])
            while not {*threading.enumerate()} - before:
                time.sleep(0.005)
            server.reset()
            wait_for_threads(before)
        assert server.log == ()


# --- properties -----------------------------------------------------------------------------------------------------------

PIECES = [
    *(
        b"GET ",
        b"POST ",
        b"HEAD ",
        b"/",
        PATH.encode(),
        b"?a=b",
        b"%",
        b"%ED%A0%80",
        b"\xed\xa0\x80",
        b"http://[",
        b"#",
        b"*",
    ),
    *(b" HTTP/1.1", b" HTTP/1.0", b" HTTP/2.0", b"\r\n", b"\r\n\r\n", b"\n", b"\r", b"\x00", b" ", b"\xff", b":", b","),
    *(
        b"Host: x\r\n",
        b"Host: [\r\n",
        b"Content-Length: ",
        b"Transfer-Encoding: chunked\r\n",
        b"Expect: 100-continue\r\n",
    ),
    *(b"0\r\n", b"5\r\n", b"fffffffffffff\r\n", b"-1", b"99999999999999999999", b"23", b"0x", BODY, b"[" * 2000, GOOD),
    chunked(b"17\r\n" + BODY + b"\r\n0\r\n\r\n"),
]
SENT = st.one_of(
    st.binary(max_size=300),
    st.lists(st.sampled_from(PIECES), max_size=12).map(b"".join),
    # A valid request with a part replaced.
    st.tuples(st.sampled_from([GOOD, PIECES[-1]]), st.integers(0, 160), st.integers(0, 20), st.binary(max_size=8)).map(
        lambda parts: parts[0][: parts[1]] + parts[3] + parts[0][parts[1] + parts[2] :]
    ),
)


def test_no_bytes_harm_the_server(server):
    statuses = Counter()

    @repeatedly
    @given(sent=SENT, waits=st.booleans())
    @example(sent=chunked(b"fffffffffffffff\r\nabc"), waits=False)
    @example(sent=request("POST http://[::1/x HTTP/1.1"), waits=True)
    @example(sent=request("POST http://[x]/y HTTP/1.1"), waits=True)
    @example(sent=request(host="Host: " + "a" * 100 + ".."), waits=True)
    @example(sent=GOOD, waits=True)
    def send(sent, waits):
        before = {*threading.enumerate()}
        if waits:
            reply = exchange(server.url, sent)
            if reply or sent not in {b"", b"\r\n", b"\n"}:
                statuses[status_of(reply)] += 1
        else:
            with connect(server.url) as client:
                client.sendall(sent)
        wait_for_threads(before)
        assert status_of(exchange(server.url, GOOD)) == 200
        wait_for_threads(before)

    with redirect_stderr(io.StringIO()) as printed:
        send()
    assert printed.getvalue() == ""
    assert {200, 400} < {*statuses} <= {100, 200, 207, 400, 404, 405, 413, 414, 431, 501, 505}


def read_request(sent):
    reader = RequestReader(io.BytesIO(sent), lambda data: None)
    return reader.request if reader.read() else None


def test_the_reader_raises_nothing_but_request_errors():
    results = Counter()

    @repeatedly
    @given(SENT)
    @example(GOOD)
    def read(sent):
        received = refusal = None
        try:
            received = read_request(sent)
        except RequestError as error:
            refusal = error
        if refusal is None:
            assert received is None or received.method
            results["accepted"] += 1
        else:
            assert refusal.status in {400, 413, 414, 431, 501, 505}
            assert refusal.message.isprintable()
            results["refused"] += 1

    read()
    assert results["accepted"] > 1
    assert results["refused"] > 50


@repeatedly
@given(st.lists(st.binary(min_size=1, max_size=40), max_size=6))
def test_a_body_is_the_same_in_every_framing(pieces):
    body = b"".join(pieces)
    chunks = b"".join(b"%x\r\n%b\r\n" % (len(piece), piece) for piece in pieces) + b"0\r\n\r\n"
    assert read_request(with_length(len(body), body)).body == body
    assert read_request(chunked(chunks)).body == body


@repeatedly
@given(st.text(st.characters(exclude_categories=["Cs"])), st.text(st.characters(exclude_categories=["Cs"])))
def test_a_percent_encoded_path_is_decoded(path, query):
    received = read_request(request(f"GET /x{quote(path)}?{quote(query)} HTTP/1.1"))
    assert (received.path, received.query) == (f"/x{path}", quote(query))
    assert read_request(request(f"GET {received.target} HTTP/1.1")) == received


def test_every_string_of_a_request_fits_into_a_response():
    results = Counter()
    values = st.recursive(
        st.text(st.characters()), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=3
    )

    @repeatedly
    @given(values)
    @example("\ud800")
    @example({"\udfff": 1})
    @example(["\ud83d\ude00"])
    def read(value):
        # JSON joins a pair of surrogates.
        text = json.dumps(value)
        joined = json.loads(text)
        has_surrogate = any("\ud800" <= c <= "\udfff" for c in json.dumps(joined, ensure_ascii=False))
        received = Request(0, "POST", "/", "", {}, text.encode())
        results[has_surrogate] += 1
        if has_surrogate:
            with pytest.raises(ValueError, match="surrogate without its pair"):
                _ = received.json
        else:
            assert json.loads(Response.from_payload(received.json).body) == joined

    read()
    assert results[True] > 1
    assert results[False] > 20


def test_a_response_header_is_sent_or_refused_when_it_is_made(server):
    results = Counter()

    @repeatedly
    @given(st.text(max_size=8), st.text(st.characters(max_codepoint=0x110), max_size=8))
    @example("", "")
    @example("X", "a\r\nInjected: b")
    @example("X", "€")
    @example("X: a\r\nY", "b")
    def send(suffix, value):
        name = f"X-{suffix}"
        can_send = {*name} <= {*TOKEN_CHARACTERS} and all(c < "\u0100" and c not in "\0\r\n" for c in value)
        results[can_send] += 1
        if not can_send:
            with pytest.raises(ContractError, match="cannot send the header"):
                Response(200, {name: value})
            return
        server.script(Response(200, {name: value}))
        head = exchange(server.url, GOOD).partition(b"\r\n\r\n")[0].decode("latin-1")
        assert f"\r\n{name}: {value}\r\n" in f"{head}\r\n"

    send()
    assert results[True] > 10
    assert results[False] > 10


@repeatedly
@given(st.text(st.characters(), min_size=1))
@example("/\ud800:type")
def test_every_label_is_sent(server, label):
    server.script(Response(label=label))
    head = exchange(server.url, GOOD).partition(b"\r\n\r\n")[0].decode("latin-1")
    assert head.startswith("HTTP/1.1 200 OK\r\n")
    assert "\r\nX-Contractfuzz-Label: " in head


# --- the server of consumers that are clients -----------------------------------------------------------------------------


def test_a_malformed_request_of_a_consumer_gets_a_plain_error():
    conversation = Conversation(lambda request, number: REFUSED, 1)
    lazy_server = LazyServer(lambda: conversation)
    try:
        reply = exchange(lazy_server.url, request("GET /%zz HTTP/1.1"))
        assert status_of(reply) == 400
        assert reply.endswith(b"\r\n\r\ncontractfuzz: The path has a percent sign without two hexadecimal digits.\n")
        assert len(conversation.turns) == 1
    finally:
        lazy_server.close()
