"""Adapter for web applications: a route of a WSGI or ASGI application."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.awaiting import run_coroutine
from contractfuzz.running.consumer import AdapterOptions, Consumer

if TYPE_CHECKING:
    import httpx

ORIGIN = "http://webhook.test"

_HEADERS = {"content-type": "application/json"}


class RejectedByStatusError(Exception):
    """The application answered with a status of 400 to 499."""


class FailedByStatusError(Exception):
    """The application answered with a status of 500 or more."""


def adapt(target: Any, options: AdapterOptions) -> Consumer | None:
    """Return a consumer that posts bodies to ``options.route``, or None for other targets.

    A status below 400 accepts the body and one of 400 to 499 rejects it. A higher status or an exception is a crash.
    """
    is_asgi = _is_asgi(target)
    if options.route is None:
        if is_asgi or hasattr(type(target), "wsgi_app"):
            raise ContractError(
                f"{options.name} is a web application: give the path to which bodies are posted, as in --route /webhook"
            )
        return None
    if not is_asgi and not _may_be_wsgi(target):
        return None
    if options.feed not in (None, "bytes"):
        raise ContractError(f"{options.name} takes bytes over HTTP: leave out the feed {options.feed!r}")
    if find_spec("httpx") is None:
        raise ContractError(f"{options.name} needs httpx, which is not installed: install it")
    if hasattr(target, "wsgi_app") and hasattr(target, "testing"):
        # Flask then raises exceptions instead of logging them and answering 500.
        target.testing = True
    interface = "ASGI" if is_asgi else "WSGI"
    post = _post_asgi(target, options.route) if is_asgi else _post_wsgi(target, options.route)
    client = (
        f"httpx.{'Async' if is_asgi else ''}Client(transport=httpx.{interface}Transport(NAME), base_url='{ORIGIN}')"
    )
    request = f"{client}.post({options.route!r}, content=ARGUMENT, headers={dict(_HEADERS)!r})"
    return Consumer(
        options.name,
        lambda body: _check_status(post(body)),
        "bytes",
        rejections=(RejectedByStatusError,),
        settings=("route",),
        expression=f"print(asyncio.run({request}))" if is_asgi else f"print({request})",
        imports="asyncio, httpx" if is_asgi else "httpx",
    )


def _is_asgi(target: Any) -> bool:
    # An ASGI application is an async callable of scope, receive and send.
    call = target if inspect.isfunction(target) or not callable(target) else type(target).__call__
    if not inspect.iscoroutinefunction(call):
        return False
    parameters = [name for name in inspect.signature(call).parameters if name != "self"]
    return parameters[:3] == ["scope", "receive", "send"]


def _may_be_wsgi(target: Any) -> bool:
    # PEP 3333: a WSGI application is a callable of environ and start_response. Their names do not matter.
    if not callable(target):
        return False
    try:
        inspect.signature(target).bind(None, None)
    except ValueError:  # some callables in C have no signature
        return True
    except TypeError:
        return False
    return True


def _post_wsgi(application: Any, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    client = httpx.Client(transport=httpx.WSGITransport(application), base_url=ORIGIN)
    return lambda body: client.post(route, content=body, headers=_HEADERS)


def _post_asgi(application: Any, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    async def post(body: bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ORIGIN) as client:
            return await client.post(route, content=body, headers=_HEADERS)

    return lambda body: run_coroutine(lambda: post(body))


def _check_status(response: httpx.Response) -> int:
    message = f"status {response.status_code}: {response.text[:200]}"
    if response.status_code >= 500:
        raise FailedByStatusError(message)
    if response.status_code >= 400:
        raise RejectedByStatusError(message)
    return response.status_code
