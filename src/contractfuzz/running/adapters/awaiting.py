"""Event loops for coroutines of synchronous callers."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_coroutine(start: Callable[[], Coroutine[Any, Any, Any]] | None, runner: asyncio.Runner | None = None) -> Any:
    """Run the coroutine that ``start`` returns in an event loop, and return its result.

    If a loop is running in this thread, as in an async test, the other loop runs in another thread.

    Args:
        start: returns the coroutine; None to close ``runner``.
        runner: holds the event loop; None for a new loop, which is closed afterwards.

    """

    def run() -> Any:
        if start is None:
            return None if runner is None else runner.close()
        return asyncio.run(start()) if runner is None else runner.run(start())

    if not _is_loop_running():
        return run()
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(run).result()


async def wait_for(awaitable: Awaitable[Any]) -> Any:
    """Return the result of an awaitable."""
    return await awaitable


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
