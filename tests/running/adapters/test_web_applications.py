"""Web applications: the status decides, the lifespan runs once, factories are called once, and a wrong route is a wrong call."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from flask import Flask, abort, request
from hypothesis import given, settings
from hypothesis import strategies as st
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from contractfuzz import Contract, ContractError, assert_rejects, assert_survives, check
from contractfuzz.running.adapters.registry import adapt

ORDER = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "order",
        "type": "object",
        "properties": {"state": {"enum": ["open", "paid"]}},
        "required": ["state"],
    }
)
ERRORS = (ValueError, KeyError, UnicodeError, SystemExit, asyncio.CancelledError, MemoryError)
FORMATS = [pytest.param(False, id="in process"), pytest.param(True, id="isolated")]


def flask_application(react) -> Flask:
    app = Flask("shop")

    @app.post("/orders")
    def orders():
        try:
            order = request.get_json(force=True, silent=True)
        except RecursionError:
            order = None
        return "", react(order)

    return app


def starlette_application(react, **settings) -> Starlette:
    async def orders(request):
        try:
            order = await request.json()
        except (ValueError, RecursionError):
            order = None
        return Response(status_code=react(order))

    return Starlette(routes=[Route("/orders", orders, methods=["POST"])], **settings)


async def bare_asgi(scope, receive, send):
    assert scope["type"] == "http", "the lifespan is not supported"
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b""})


def bare_wsgi(environ, start_response):
    start_response("200 OK", [])
    return [b""]


KINDS = {"wsgi": flask_application, "asgi": starlette_application}


def honest(order):
    return 200 if ORDER.is_valid(order) else 422


def raising(error):
    def react(order):
        if ORDER.is_valid(order):
            return 200
        raise error("no")

    return react


@pytest.mark.parametrize("kind", KINDS)
@given(status=st.integers(200, 599).filter(lambda status: status not in (301, 307, 308, 404, 405, 204, 304)))
@settings(max_examples=6, deadline=None)
def test_the_status_alone_decides(kind, status):
    app = KINDS[kind](lambda order: status)
    [verdict] = check(app, ORDER, route="/orders", examples=1).counts["valid"]
    assert verdict == ("accepted" if status < 400 else "rejected" if status < 500 else "crashed")


@pytest.mark.thinned(3)
@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize(
    ("error", "isolate"),
    [*((error, False) for error in ERRORS), (SystemExit, True), (asyncio.CancelledError, True)],
    ids=lambda value: getattr(value, "__name__", "isolated" if value else "in process"),
)
def test_an_exception_that_escapes_is_a_crash_whatever_its_class(kind, error, isolate):
    report = check(KINDS[kind](raising(error)), ORDER, route="/orders", examples=0, isolate=isolate)
    assert set(report.counts["invalid"]) == {"crashed"}
    assert set(report.counts["valid"]) == {"accepted"}


def test_a_crash_names_the_place_in_the_application():
    report = check(flask_application(raising(ValueError)), ORDER, route="/orders", examples=0)
    findings = [finding for finding in report.findings if finding.kind == "invalid"]
    assert {finding.raised.line for finding in findings} == {"ValueError: no"}
    assert all("test_web_applications.py" in finding.raised.place for finding in findings)


def test_an_answer_of_500_is_a_crash_even_if_flask_catches_the_exception():
    app = flask_application(raising(ValueError))
    app.config["PROPAGATE_EXCEPTIONS"] = False
    assert set(check(app, ORDER, route="/orders", examples=0).counts["invalid"]) == {"crashed"}


def test_the_application_keeps_its_configuration():
    app = flask_application(honest)
    before = dict(app.config)
    check(app, ORDER, route="/orders", examples=0)
    assert dict(app.config) == before


def test_errors_that_flask_turns_into_a_status_reject():
    def refuse(order):
        if not ORDER.is_valid(order):
            abort(400)
        return 200

    assert set(check(flask_application(refuse), ORDER, route="/orders", examples=0).counts["invalid"]) == {"rejected"}


# --- lifespan -----------------------------------------------------------------------------------------------------------


def with_lifespan(events, *, fail=False):
    @asynccontextmanager
    async def lifespan(app):
        if fail:
            raise RuntimeError("no database")
        events.append("startup")
        loop = asyncio.get_running_loop()
        yield {"loop": loop}
        events.append("shutdown")

    async def orders(request):
        assert request.state.loop is asyncio.get_running_loop()
        events.append("case")
        order = await request.json()
        return Response(status_code=honest(order))

    return Starlette(routes=[Route("/orders", orders, methods=["POST"])], lifespan=lifespan)


def test_the_lifespan_runs_once_around_the_run():
    events = []
    report = check(adapt(with_lifespan(events), "bytes", route="/orders"), ORDER, examples=5)
    assert set(report.counts["valid"]) == {"accepted"}
    assert (events[0], events[-1]) == ("startup", "shutdown")
    assert (events.count("startup"), events.count("shutdown")) == (1, 1)
    assert events.count("case") > 20


def test_the_lifespan_runs_once_around_an_assertion():
    events = []
    assert_rejects(with_lifespan(events), ORDER, route="/orders")
    assert (events.count("startup"), events.count("shutdown")) == (1, 1)
    assert (events[0], events[-1]) == ("startup", "shutdown")


def test_the_lifespan_runs_in_an_async_test():
    events = []

    async def from_within():
        return check(with_lifespan(events), ORDER, route="/orders", examples=2)

    assert asyncio.run(from_within()).ok is False  # it crashes on bodies that are not JSON
    assert (events.count("startup"), events.count("shutdown")) == (1, 1)


# A line that reproduces a finding imports this module, in a process without the helpers of the tests.
@pytest.mark.skipif(not hasattr(os, "fork"), reason="isolation needs fork()")
def test_the_lifespan_runs_in_an_isolated_process(tmp_path):
    class Log:
        def append(self, event):
            with (tmp_path / "log").open("a") as file:
                file.write(event + "\n")

    report = check(with_lifespan(Log()), ORDER, route="/orders", examples=0, isolate=True)
    assert set(report.counts["valid"]) == {"accepted"}
    log = (tmp_path / "log").read_text().split()
    assert log[0] == "startup"
    assert log.count("startup") == log.count("shutdown")


@pytest.mark.parametrize("isolate", FORMATS)
def test_a_startup_that_fails_is_a_wrong_call(isolate):
    with pytest.raises(
        ContractError, match=r"^the startup of .* failed \(RuntimeError: no database\): fix that first$"
    ):
        check(with_lifespan([], fail=True), ORDER, route="/orders", isolate=isolate)


def test_an_application_without_a_lifespan_is_checked():
    assert set(check(bare_asgi, ORDER, route="/orders", examples=0).counts["valid"]) == {"accepted"}


# --- factories ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("is_async", [False, True])
def test_a_factory_is_called_once(kind, is_async):
    calls = []

    def create_app(testing=True):
        calls.append(testing)
        return KINDS[kind](honest)

    async def create_app_later():
        return create_app()

    consumer = create_app_later if is_async else create_app
    assert set(check(consumer, ORDER, route="/orders", examples=5).counts["invalid"]) == {"rejected"}
    assert calls == [True]


def test_the_line_of_a_finding_calls_the_factory():
    report = check(make_careless, ORDER, route="/orders", examples=0)
    line = next(finding.reproduction for finding in report.findings if finding.kind == "invalid")
    assert "web.post(make_careless, '/orders', b" in line
    done = subprocess.run([sys.executable, "-c", line], cwd=Path(__file__).parent, capture_output=True, text=True)
    assert "200 OK" in done.stdout, done.stderr


def make_careless():
    return flask_application(lambda order: 200)


def test_a_factory_that_returns_something_else_is_refused():
    def create_settings():
        return {"debug": True}

    with pytest.raises(ContractError, match="returned dict instead of a WSGI or ASGI application: name an application"):
        check(create_settings, ORDER, route="/orders")


def test_a_class_without_a_signature_is_not_an_application():
    with pytest.raises(ContractError, match=r"dict is not a WSGI or ASGI application: leave out the route '/orders'$"):
        check(dict, ORDER, route="/orders")


def test_a_factory_that_raises_is_refused():
    def create_app():
        raise RuntimeError("no settings")

    with pytest.raises(
        ContractError, match=r"^the factory .*create_app raised RuntimeError: no settings: fix that first$"
    ):
        check(create_app, ORDER, route="/orders")


def test_a_factory_without_a_route_is_refused_with_the_remedy():
    with pytest.raises(ContractError, match="if it makes a web application, give the path to which bodies are posted"):
        check(make_careless, ORDER)


# --- routes -------------------------------------------------------------------------------------------------------------


@pytest.mark.thinned(2)
@pytest.mark.parametrize("isolate", FORMATS)
@pytest.mark.parametrize(
    "status", [307, 404, *(pytest.param(status, marks=pytest.mark.deep) for status in (301, 308, 405))]
)
@pytest.mark.parametrize("kind", KINDS)
def test_a_route_that_takes_no_post_is_a_wrong_call(kind, status, isolate):
    app = KINDS[kind](lambda order: status)
    for call in (check, assert_rejects, assert_survives):
        with pytest.raises(
            ContractError, match="answers every POST to /orders with 404, 405 or a redirect: give the path"
        ):
            call(app, ORDER, route="/orders", isolate=isolate)


@pytest.mark.parametrize("kind", KINDS)
def test_an_unknown_path_is_a_wrong_call(kind):
    with pytest.raises(ContractError, match="answers every POST to /order with 404"):
        check(KINDS[kind](honest), ORDER, route="/order", examples=0)


@pytest.mark.parametrize("isolate", FORMATS)
def test_a_route_that_answers_404_at_times_is_checked(isolate):
    app = flask_application(lambda order: 404 if ORDER.is_valid(order) else 400)
    report = check(app, ORDER, route="/orders", examples=0, isolate=isolate)
    assert report.counts["valid"] == {"rejected": 1}
    assert set(report.counts["invalid"]) == {"rejected"}


def test_declared_errors_do_not_apply_to_a_web_application():
    with pytest.raises(ContractError, match=r"rejects by its status alone: leave out raises \(--raises\)$"):
        check(bare_wsgi, ORDER, route="/orders", raises=KeyError)


def test_a_plain_wsgi_application_is_checked():
    assert set(check(bare_wsgi, ORDER, route="/orders", examples=0).counts["valid"]) == {"accepted"}
