"""Adapter for web applications: a route of a WSGI or ASGI application."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.asgi_sessions import AsgiSession
from contractfuzz.running.adapters.awaiting import run_coroutine, wait_for
from contractfuzz.running.consumer import AdapterOptions, Consumer
from contractfuzz.running.external.statuses import RejectedByStatusError, check_status
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

if TYPE_CHECKING:
    import httpx

ORIGIN = "http://webhook.test"

_HEADERS = {"content-type": "application/json"}


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that posts bodies to ``options.route``, or None for other targets.

    The status alone decides: one below 400 accepts the body, one of 400 to 499 rejects it, and a higher one is a crash. So is
    an exception that the application does not handle. With a route, a callable without required parameters is a factory:
    it is called once and returns the application.
    """
    if options.route is None:
        if _is_asgi(target) or hasattr(type(target), "wsgi_app"):
            raise ContractError(
                f"{options.name} is a web application: give the path to which bodies are posted, as in --route /webhook"
            )
        return None
    connection = _connect(target, options.name, options.route, options.feed)
    if connection is None:
        return None
    post, session = connection
    return Consumer(
        options.name,
        lambda body: check_status(post(body)),
        "bytes",
        rejections=(RejectedByStatusError,),
        only_own_rejections=True,
        settings=("route",),
        expression=f"print(web.post(NAME, {options.route!r}, ARGUMENT))",
        imports="contractfuzz.running.adapters.web_applications as web",
        open=_open_nothing if session is None else session.open,
        close=_open_nothing if session is None else session.close,
        unreachable=f"{options.name} answers every POST to {options.route} with 404, 405 or a redirect: "
        "give the path of a route that takes POST",
    )


def _open_nothing() -> None:
    """Do nothing: a WSGI application has no lifespan."""


def post(application: Any, route: str, body: bytes) -> httpx.Response:
    """Post a body to a route of a web application, between its startup and its shutdown.

    Args:
        application: a WSGI or ASGI application, or a factory of one.
        route: the path.
        body: the body, sent as ``application/json``.

    Returns:
        The response, of any status.

    Raises:
        ContractError: it is not a web application, or its startup failed.

    """
    name = getattr(application, "__qualname__", repr(application))
    connection = _connect(application, name, route)
    if connection is None:
        raise ContractError(f"{name} is not a WSGI or ASGI application: give one, or a factory that returns one")
    send, session = connection
    try:
        return send(body)
    finally:
        if session is not None:
            session.close()


def _connect(
    target: Any, name: str, route: str, feed: str | None = None
) -> tuple[Callable[[bytes], httpx.Response], AsgiSession | None] | None:
    """Return a function that posts bodies, and the session that it opens; None if the target is not an application."""
    is_factory = not _is_asgi(target) and _takes_nothing(target)
    application = _make_application(target, name) if is_factory else target
    is_asgi = _is_asgi(application)
    if not is_asgi and not _may_be_wsgi(application):
        return None
    if feed not in (None, "bytes"):
        raise ContractError(f"{name} takes bytes over HTTP: leave out the feed {feed!r}")
    if find_spec("httpx") is None:
        raise ContractError(f"{name} needs httpx, which is not installed: install it")
    if not is_asgi:
        return _post_wsgi(application, route), None
    session = AsgiSession(application, name)
    return _post_asgi(session, route), session


def _is_asgi(target: Any) -> bool:
    # An ASGI application is a callable of scope, receive and send that returns an awaitable.
    if not callable(target) or isinstance(target, type):
        return False
    try:
        parameters = [*inspect.signature(target).parameters]
    except (TypeError, ValueError):  # some callables in C have no signature
        return False
    if parameters[:3] == ["scope", "receive", "send"]:
        return True
    is_async = inspect.iscoroutinefunction(target) or inspect.iscoroutinefunction(type(target).__call__)
    return is_async and _takes(target, 3) and not _takes(target, 1)


def _may_be_wsgi(target: Any) -> bool:
    # PEP 3333: a WSGI application is a callable of environ and start_response. Their names do not matter.
    return callable(target) and _takes(target, 2)


def _takes_nothing(target: Any) -> bool:
    # A wrapper of any arguments may be a decorated WSGI application.
    if not callable(target) or not _takes(target, 0):
        return False
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return False
    return not any(parameter.kind is parameter.VAR_POSITIONAL for parameter in parameters)


def _takes(target: Any, number: int) -> bool:
    try:
        inspect.signature(target).bind(*[None] * number)
    except ValueError:  # some callables in C have no signature
        return number == 2 and not isinstance(target, type)
    except TypeError:
        return False
    return True


def _make_application(factory: Callable[[], Any], name: str) -> Any:
    """Return the application that a factory makes."""
    try:
        application = factory()
        if inspect.isawaitable(application):
            awaitable = application
            application = run_coroutine(lambda: wait_for(awaitable))
    except ContractError:
        raise
    except Exception as error:
        raise ContractError(f"the factory {name} raised {ExceptionSummary.line_of(error)}: fix that first") from error
    if not _is_asgi(application) and not _may_be_wsgi(application):
        kind = type(application).__name__
        raise ContractError(
            f"{name} has no required parameters, and returned {kind} instead of a WSGI or ASGI application: "
            "name an application, or a factory that returns one"
        )
    return application


def _post_wsgi(application: Any, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    client = httpx.Client(transport=httpx.WSGITransport(application), base_url=ORIGIN)

    def post(body: bytes) -> httpx.Response:
        with _PropagatedExceptions(application):
            return client.post(route, content=body, headers=_HEADERS)

    return post


class _PropagatedExceptions:
    """Context in which Flask raises unhandled exceptions, instead of logging them and answering 500."""

    def __init__(self, application: Any) -> None:
        config = getattr(application, "config", None) if hasattr(application, "wsgi_app") else None
        # An application that chose a value keeps it.
        is_free = isinstance(config, dict) and config.get("PROPAGATE_EXCEPTIONS", False) is None
        self._config = config if is_free else None

    def __enter__(self) -> None:
        if self._config is not None:
            self._config["PROPAGATE_EXCEPTIONS"] = True

    def __exit__(self, *_: object) -> None:
        if self._config is not None:
            self._config["PROPAGATE_EXCEPTIONS"] = None


def _post_asgi(session: AsgiSession, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    async def post(body: bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(session.handle), base_url=ORIGIN) as client:
            return await client.post(route, content=body, headers=_HEADERS)

    return lambda body: session.run(lambda: post(body))
