"""The webhook route of a WSGI or ASGI application: bodies are posted to it, and its status is the verdict."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.awaiting import finish
from contractfuzz.running.consumer import AdapterOptions, Consumer

if TYPE_CHECKING:
    import httpx

ORIGIN = "http://webhook.test"


class RejectedByStatusError(Exception):
    """The application answered with a status of 400 to 499."""


class FailedByStatusError(Exception):
    """The application answered with a status of 500 or more."""


def adapt(target: Any, how: AdapterOptions) -> Consumer | None:
    """Return how bodies are posted to ``how.route``: below 400 accepts, 400 to 499 rejects, anything else is a crash."""
    if how.route is None:
        if _is_asgi(target) or hasattr(type(target), "wsgi_app"):
            raise ContractError(
                f"{how.name} is a web application: say to which path bodies are posted, as in --route /webhook"
            )
        return None
    if how.feed not in (None, "bytes"):
        raise ContractError(f"{how.name} takes bytes over HTTP: leave the feed {how.feed!r} out")
    if find_spec("httpx") is None:
        raise ContractError(f"posting to {how.name} takes httpx, which is not installed: install it")
    if hasattr(target, "wsgi_app") and hasattr(target, "testing"):
        target.testing = True  # Flask then lets exceptions through, instead of logging them and answering 500
    sort = "ASGI" if _is_asgi(target) else "WSGI"
    post = _post_asgi(target, how.route) if sort == "ASGI" else _post_wsgi(target, how.route)
    client = (
        f"httpx.{'Async' if sort == 'ASGI' else ''}Client(transport=httpx.{sort}Transport(NAME), base_url='{ORIGIN}')"
    )
    request = f"{client}.post({how.route!r}, content=ARGUMENT, headers={dict(_HEADERS)!r})"
    return Consumer(
        how.name,
        lambda body: _judge(post(body)),
        "bytes",
        rejections=(RejectedByStatusError,),
        expression=f"print(asyncio.run({request}))" if sort == "ASGI" else f"print({request})",
        imports="asyncio, httpx" if sort == "ASGI" else "httpx",
    )


_HEADERS = {"content-type": "application/json"}


def _is_asgi(target: Any) -> bool:
    # An ASGI application is awaited with scope, receive and send; a class of them waits in __call__.
    call = target if inspect.isfunction(target) or not callable(target) else type(target).__call__
    if not inspect.iscoroutinefunction(call):
        return False
    named = [name for name in inspect.signature(call).parameters if name != "self"]
    return named[:3] == ["scope", "receive", "send"]


def _post_wsgi(application: Any, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    client = httpx.Client(transport=httpx.WSGITransport(application), base_url=ORIGIN)
    return lambda body: client.post(route, content=body, headers=_HEADERS)


def _post_asgi(application: Any, route: str) -> Callable[[bytes], httpx.Response]:
    import httpx

    async def post(body: bytes) -> httpx.Response:
        async with httpx.AsyncClient(transport=httpx.ASGITransport(application), base_url=ORIGIN) as client:
            return await client.post(route, content=body, headers=_HEADERS)

    return lambda body: finish(lambda: post(body))


def _judge(response: httpx.Response) -> int:
    words = f"status {response.status_code}: {response.text[:200]}"
    if response.status_code >= 500:
        raise FailedByStatusError(words)
    if response.status_code >= 400:
        raise RejectedByStatusError(words)
    return response.status_code
