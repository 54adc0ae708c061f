"""Interruption of a client that sends requests without end."""

from __future__ import annotations

import ctypes

SETTLING_STEPS = 1000
"""Steps of a loop, each of which raises a pending exception."""


class InterruptedClientError(BaseException):
    """Ends a client that goes on although its requests are refused. No handler of ``Exception`` catches it."""


def interrupt_thread(thread_id: int) -> None:
    """Raise ``InterruptedClientError`` in a thread, as soon as it runs Python code.

    Args:
        thread_id: number of the thread, as ``threading.get_ident()`` returns it.

    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(InterruptedClientError))


def settle_interruption() -> None:
    """Raise an interruption of this thread that was not raised yet, and drop it.

    Setting no exception instead would leave a flag of the interpreter set for good. In CPython 3.11, a traced function then never
    starts, for example under coverage.py.
    """
    try:
        for _ in range(SETTLING_STEPS):
            pass
    except InterruptedClientError:
        pass
