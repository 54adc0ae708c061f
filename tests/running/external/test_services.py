"""Running services: the status decides, and a service that is slow, closes connections or ends is named as what it is."""

from __future__ import annotations

import hashlib
import json
import shutil
import subprocess
import threading
import time
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from external_programs import feed, feed_all

from contractfuzz import ContractError, Url, Verdict
from contractfuzz.running.external import services
from contractfuzz.running.run import Run


@contextmanager
def service(react, *, closes=False):
    """A service whose ``react`` returns a status for a handler and a body, or None to close the connection."""
    seen = []

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_POST(self):
            body = self.rfile.read(int(self.headers["content-length"]))
            seen.append((body, dict(self.headers), self.client_address))
            status = react(self, body)
            self.close_connection = closes or status is None
            if status is not None:
                answer = json.dumps({"bytes": len(body)}).encode()
                self.send_response(status)
                self.send_header("content-length", str(len(answer)))
                self.end_headers()
                self.wfile.write(answer)

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}/hook", seen, server
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.mark.parametrize(
    ("status", "verdict"),
    [(200, "accepted"), (204, "accepted"), (302, "accepted"), (422, "rejected"), (500, "crashed")],
)
def test_the_status_decides(status, verdict):
    with service(lambda handler, body: status) as (url, _, _):
        assert feed(Url(url), b"\xff").verdict == verdict


def test_one_connection_carries_all_bodies_as_json():
    with service(lambda handler, body: 200) as (url, seen, _):
        feed_all(Url(url), b"", b"{}", b"\xff")
    assert [body for body, _, _ in seen] == [b"", b"{}", b"\xff"]
    assert {headers["content-type"] for _, headers, _ in seen} == {"application/json"}
    assert len({address for _, _, address in seen}) == 1


def test_header_fields_and_the_signature_of_the_body_are_sent():
    def sign(body):
        return {"X-Signature": hashlib.sha256(body).hexdigest()}

    with service(lambda handler, body: 200) as (url, seen, _):
        feed(Url(url, headers={"X-Shop": "7", "Content-Type": "application/cloudevents+json"}, sign=sign), b"{}")
    [(_, headers, _)] = seen
    assert (headers["X-Shop"], headers["Content-Type"]) == ("7", "application/cloudevents+json")
    assert headers["X-Signature"] == hashlib.sha256(b"{}").hexdigest()


def test_a_response_that_takes_too_long_hangs():
    done = threading.Event()
    with service(lambda handler, body: done.wait(10) and 200) as (url, _, _):
        result = feed(Url(url), time_limit=0.2)
        done.set()
    assert (result.verdict, result.detail) == (Verdict.HUNG, "no answer within 0.2 s")


def test_a_response_that_never_ends_hangs():
    def drip(handler, body):
        handler.send_response(200)
        handler.send_header("content-length", "1000000")
        handler.end_headers()
        for _ in range(100):
            handler.wfile.write(b" ")
            time.sleep(0.02)

    with service(drip) as (url, _, _):
        assert feed(Url(url), time_limit=0.2).verdict is Verdict.HUNG


def test_a_connection_that_is_closed_without_a_response_is_a_death():
    with service(lambda handler, body: None if body == b"die" else 200) as (url, _, _):
        results = feed_all(Url(url), b"{}", b"die", b"{}")
    assert [result.verdict for result in results] == ["accepted", "died", "accepted"]
    assert str(results[1].error) == "the connection was closed without a response"


def test_a_service_that_closes_each_connection_after_its_response_does_not_die():
    with service(lambda handler, body: 200, closes=True) as (url, _, _):
        results = feed_all(Url(url), *[b"{}"] * 5)
    assert [result.verdict for result in results] == ["accepted"] * 5


def test_a_service_that_does_not_run_is_a_wrong_call():
    with service(lambda handler, body: 200) as (url, _, _):
        pass
    with pytest.raises(ContractError, match=r"cannot be reached \(.*refused\): start the service, or correct the URL"):
        feed(Url(url))


def test_a_path_without_a_route_is_a_wrong_call(counter):
    with service(lambda handler, body: 404) as (url, _, _), pytest.raises(ContractError, match="takes POST"):
        Run(Url(url), counter, examples=0, only="/n:*").feed_all()


def test_a_service_that_ends_during_a_run_ends_the_run_with_a_report(counter, monkeypatch):
    monkeypatch.setattr(services, "RESTART_SECONDS", 0.2)
    with service(lambda handler, body: 200 if len(seen) < 10 else None, closes=True) as (url, seen, server):
        run = Run(Url(url), counter, examples=50)

        def stop(kind, done, total):
            if len(seen) >= 10:
                server.socket.close()

        run.feed_all(stop)
    report = run.report()
    assert not report.complete
    assert sum(sum(verdicts.values()) for verdicts in report.counts.values()) in (10, 11)


def test_a_signer_that_raises_is_a_wrong_call():
    def sign(body):
        raise KeyError("secret")

    with service(lambda handler, body: 200) as (url, _, _), pytest.raises(ContractError, match="signs raised KeyError"):
        feed(Url(url, sign=sign))


def test_a_signer_that_returns_no_header_fields_is_a_wrong_call():
    with service(lambda handler, body: 200) as (url, _, _):
        with pytest.raises(ContractError, match="not the name of a header field"):
            feed(Url(url, sign=lambda body: {"X Y": "7"}))
        with pytest.raises(ContractError, match="function that signs"):
            feed(Url(url, sign=lambda body: 7))


@pytest.mark.parametrize(
    "url", ["", "127.0.0.1:80", "ftp://a/b", "http://", "http://a:b/", "http://a b/", "http://a\n/"]
)
def test_a_text_that_is_not_a_url_is_refused(url):
    with pytest.raises(ContractError, match="is not the URL of a service"):
        Url(url)


def test_the_line_of_a_finding_posts_the_same_request(counter):
    if shutil.which("curl") is None:
        pytest.skip("curl is not installed")
    with service(lambda handler, body: 500) as (url, seen, _):
        run = Run(
            Url(url, headers={"X-Shop": "7"}, sign=lambda body: {"X-Length": str(len(body))}), counter, examples=0
        )
        [case] = counter.sample(1)
        finding = run.judge(case)
        run.close()
        before = seen[-1]
        seen.clear()
        subprocess.run(["sh", "-c", finding.reproduction], check=True, capture_output=True)
        [(body, headers, _)] = seen
    assert body == finding.case.body
    assert {name: headers[name] for name in ("X-Shop", "X-Length")} == {"X-Shop": "7", "X-Length": str(len(body))}
    assert before[1]["content-type"] == headers["content-type"]
