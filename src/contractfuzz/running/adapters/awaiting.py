"""Coroutines, finished where nobody awaits them."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from concurrent.futures import ThreadPoolExecutor
from typing import Any


def finish(start: Callable[[], Coroutine[Any, Any, Any]]) -> Any:
    """Run the coroutine that ``start`` makes in a loop of its own and return its result.

    In a test that is async itself a loop is running in this thread already; then it runs in another thread.
    """
    if not _in_a_running_loop():
        return asyncio.run(start())
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(start())).result()


def _in_a_running_loop() -> bool:
    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return False
    return True
