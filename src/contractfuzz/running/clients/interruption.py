"""Interruption of a client that sends requests without end."""

from __future__ import annotations

import ctypes


class InterruptedClientError(BaseException):
    """Ends a client that goes on although its requests are refused. No handler of ``Exception`` catches it."""


def interrupt_thread(thread_id: int) -> None:
    """Raise ``InterruptedClientError`` in a thread, as soon as it runs Python code.

    Args:
        thread_id: number of the thread, as ``threading.get_ident()`` returns it.

    """
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), ctypes.py_object(InterruptedClientError))


def cancel_interruption(thread_id: int) -> None:
    """Remove an interruption that was not raised yet."""
    ctypes.pythonapi.PyThreadState_SetAsyncExc(ctypes.c_ulong(thread_id), None)
