"""Lock of an output folder: one process at a time writes to it.

The package filelock is not used. Before version 4, a refused attempt truncates the lock file, so the message cannot name the
process that has the lock; later versions leave the file in the user's folder.
"""

from __future__ import annotations

import contextlib
import errno
import os
import platform
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from contractfuzz.errors import ContractError

if sys.platform == "win32":
    import msvcrt
else:
    import fcntl

LOCK_FILE = ".contractfuzz.lock"

_HELD_ERRORS = (errno.EACCES, errno.EAGAIN, errno.EDEADLK)
"""Errors of a system call that mean that another process has the lock. Others mean that the file system has no locks."""


@contextmanager
def lock_folder(folder: Path) -> Iterator[None]:
    """Keep other processes from writing to a folder.

    The operating system releases the lock of a process that dies, so a lock file that is left over does not matter. The file is
    removed at the end.

    Args:
        folder: the folder, which exists.

    Raises:
        ContractError: another process writes to the folder.
        OSError: the lock file cannot be written.

    """
    path = folder / LOCK_FILE
    descriptor = _acquire(path)
    try:
        yield
    finally:
        # While the file is locked, it is certainly ours. Windows removes only a closed file.
        with contextlib.suppress(OSError):
            path.unlink()
        os.close(descriptor)
        if sys.platform == "win32":
            with contextlib.suppress(OSError):
                path.unlink()


def _acquire(path: Path) -> int:
    """Lock the file and return its descriptor."""
    while True:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
        try:
            _lock(descriptor)
            if _is_file_at(path, descriptor):
                os.ftruncate(descriptor, 0)
                os.write(descriptor, f"process {os.getpid()} on {platform.node()}\n".encode())
                return descriptor
        except BlockingIOError:
            holder = os.pread(descriptor, 100, 0).decode(errors="replace").strip() if sys.platform != "win32" else ""
            os.close(descriptor)
            raise ContractError(
                f"{path.parent} is in use by {holder or 'another process'}: wait until that ends, or name another folder"
            ) from None
        except BaseException:
            os.close(descriptor)
            raise
        # The process that had the lock removed the file after we opened it.
        os.close(descriptor)


def _lock(descriptor: int) -> None:
    """Lock a file until it is closed; raise BlockingIOError if another process has the lock."""
    try:
        if sys.platform == "win32":
            msvcrt.locking(descriptor, msvcrt.LK_NBLCK, 1)
        else:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        if error.errno in _HELD_ERRORS:
            raise BlockingIOError from None


def _is_file_at(path: Path, descriptor: int) -> bool:
    try:
        return os.path.samestat(path.stat(), os.fstat(descriptor))
    except FileNotFoundError:
        return False
