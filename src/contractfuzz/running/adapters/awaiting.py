"""Event loops for coroutines of synchronous callers."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def run_coroutine(start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run the coroutine that ``start`` returns in a new event loop, and return its result.

    If a loop is running in this thread, as in an async test, the new loop runs in another thread.
    """
    if not _is_loop_running():
        return asyncio.run(start())
    with ThreadPoolExecutor(1) as executor:
        return executor.submit(lambda: asyncio.run(start())).result()


def _is_loop_running() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
