"""Sessions of ASGI applications: one event loop and one lifespan for many requests."""

from __future__ import annotations

import asyncio
import os
from collections.abc import Callable, Coroutine, MutableMapping
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.running.adapters.awaiting import run_coroutine

Message = MutableMapping[str, Any]


class AsgiSession:
    """An ASGI application between its startup and its shutdown (ASGI, section "Lifespan Protocol").

    The requests and the lifespan share one event loop, as in a server, so that what the startup opens can be used.
    """

    def __init__(self, application: Any, name: str) -> None:
        """Make a session. It starts nothing yet.

        Args:
            application: the application.
            name: its name in messages.

        """
        self._application, self._name = application, name
        self._runner: asyncio.Runner | None = None
        self._process_id = 0
        self._lifespan: _Lifespan | None = None

    def open(self) -> None:
        """Run the startup of the application, unless it is running already.

        Raises:
            ContractError: the startup failed.

        """
        if self._runner is not None and self._process_id == os.getpid():  # a forked process has no loop of its own yet
            return
        self._runner, self._process_id = asyncio.Runner(), os.getpid()
        self._lifespan = _Lifespan(self._application)
        failure = self.run(self._lifespan.start)
        if failure is not None:
            self.close()
            raise ContractError(f"the startup of {self._name} failed ({failure}): fix that first")

    def close(self) -> None:
        """Run the shutdown of the application, and end its event loop."""
        runner, lifespan = self._runner, self._lifespan
        self._runner = self._lifespan = None
        if runner is None or lifespan is None or self._process_id != os.getpid():
            return
        try:
            run_coroutine(lifespan.end, runner)
        finally:
            run_coroutine(None, runner)

    def run(self, start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
        """Run a coroutine in the event loop of the application, and return its result."""
        self.open()
        return run_coroutine(start, self._runner)

    async def handle(self, scope: Message, receive: Any, send: Any) -> None:
        """Pass a request to the application, with a copy of the state of its lifespan."""
        state = {} if self._lifespan is None else self._lifespan.state
        await self._application({**scope, "state": dict(state)} if state else scope, receive, send)


class _Lifespan:
    """The lifespan of an application.

    Attributes:
        state: what the startup put into ``scope["state"]``.

    """

    def __init__(self, application: Any) -> None:
        self.state: dict[str, Any] = {}
        self._application = application
        self._sent: asyncio.Queue[Message] = asyncio.Queue()
        self._received: asyncio.Queue[Message] = asyncio.Queue()
        self._task: asyncio.Task[None] | None = None

    async def start(self) -> str | None:
        """Run the startup. Return the message of its failure, or None."""
        scope = {"type": "lifespan", "asgi": {"version": "3.0", "spec_version": "2.0"}, "state": self.state}
        self._task = asyncio.create_task(self._application(scope, self._sent.get, self._received.put))
        answer = await self._exchange("lifespan.startup")
        if answer is None:  # the application does not support the protocol
            self._task = None
        elif answer["type"] == "lifespan.startup.failed":
            if self._task is not None:  # it may raise the same exception once more, which asyncio would log
                await asyncio.wait({self._task}, timeout=1)
                self._retrieve_exception()
            lines = str(answer.get("message") or "").strip().splitlines()
            return lines[-1] if lines else "without a message"
        return None

    async def end(self) -> None:
        """Run the shutdown."""
        if self._task is not None:
            await self._exchange("lifespan.shutdown")
            self._task = None

    async def _exchange(self, message: str) -> Message | None:
        """Send a message, and return the answer, or None if the application ends without one."""
        task = self._task
        if task is None:
            return None
        self._sent.put_nowait({"type": message})
        answer = asyncio.create_task(self._received.get())
        await asyncio.wait({task, answer}, return_when=asyncio.FIRST_COMPLETED)
        self._retrieve_exception()
        if not answer.done() and not self._received.empty():
            await answer
        if answer.done():
            return answer.result()
        answer.cancel()
        return None

    def _retrieve_exception(self) -> None:
        # asyncio logs exceptions that nobody retrieves.
        if self._task is not None and self._task.done() and not self._task.cancelled():
            self._task.exception()
