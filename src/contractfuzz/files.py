"""Output files: written completely or not at all, and compressed according to their suffix."""

from __future__ import annotations

import errno
import os
import re
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, cast

from contractfuzz import platforms
from contractfuzz.errors import ContractError

GZIP_LEVEL = 1
"""Compression level of ``.gz`` files. Level 9 makes them a quarter smaller and takes ten times as long."""

MAX_FILE_NAME_CHARACTERS = 80
"""Length limit of the part of a file or folder name that comes from a label or a contract's name."""

MAX_INPUT_BYTES = 2**28
"""Size limit of a file that is read as a whole. A device such as ``/dev/zero`` never ends."""

REPLACING_SECONDS = 2.0
"""Time to wait on Windows for programs that read a file that is replaced."""

_TEMPORARY_SUFFIX = ".tmp"

_RESERVED_NAMES = re.compile(r"(?i:con|prn|aux|nul|com\d|lpt\d)(\..*)?")
"""Names that Windows gives to devices, with any suffix."""


def safe_file_name(text: str, default: str, limit: int = MAX_FILE_NAME_CHARACTERS) -> str:
    """Return a name for a file or folder that every system allows: no path, no hidden file, no device.

    Args:
        text: any text, for example a label. Different texts may give the same name.
        default: the name if ``text`` has no character that file names may have.
        limit: the maximum length in characters.

    Example:
        >>> safe_file_name("/lines/*/sku:type.null", "payload")
        'lines-any-sku-type.null'

    """
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text.replace("*", "any")).strip("-.")[:limit].rstrip(".")
    return f"_{name}"[:limit] if _RESERVED_NAMES.fullmatch(name) else name or default


def read_whole(path: Path) -> bytes:
    """Return the content of a file.

    Args:
        path: the file.

    Raises:
        OSError: it cannot be read, or is larger than ``MAX_INPUT_BYTES``.

    """
    with path.open("rb") as file:
        content = file.read(MAX_INPUT_BYTES + 1)
    if len(content) > MAX_INPUT_BYTES:
        raise OSError(errno.EFBIG, f"it is larger than {MAX_INPUT_BYTES:,} bytes", str(path))
    return content


@contextmanager
def atomic_write(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """Open a binary file for writing that appears, or replaces an older file, when the block ends without an exception.

    Args:
        path: the file. If it ends in ``.gz``, the content is compressed (RFC 1952) without name and time, so that equal content
            gives equal bytes.
        durable: True to wait until the bytes are on disk, so that the file survives a power failure.

    Yields:
        The open file.

    Raises:
        OSError: the file cannot be written. An older file is unchanged.

    Example:
        >>> with atomic_write(Path("cases.jsonl.gz")) as file:
        ...     file.write(b"...")

    """
    # The process id keeps two runs in one folder apart; remove_leftovers deletes the files of killed runs.
    temporary = path.with_name(f".{path.name}.{os.getpid()}{_TEMPORARY_SUFFIX}")
    try:
        with temporary.open("wb") as raw:
            with compressed(raw, path.name) as file:
                yield file
            if durable:
                raw.flush()
                os.fsync(raw.fileno())
        _replace(temporary, path)
    except BaseException:
        with suppress(PermissionError):  # on Windows, a virus scanner may read it: the next run removes it
            temporary.unlink(missing_ok=True)
        raise


def _replace(temporary: Path, path: Path) -> None:
    """Move a file to its place. Windows refuses that while another process reads the older file, which is soon over."""
    deadline = time.monotonic() + (REPLACING_SECONDS if platforms.IS_WINDOWS else 0)
    while True:
        try:
            temporary.replace(path)
        except PermissionError:
            if time.monotonic() >= deadline:
                raise
            time.sleep(0.01)
        else:
            return


@contextmanager
def compressed(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Compress what is written to a file if its name ends in ``.gz``.

    Args:
        file: the file that the compressed or unchanged bytes go to. It stays open.
        name: the file name.

    Yields:
        The file to write to.

    """
    if not name.endswith(".gz"):
        yield file
        return
    # Loaded here because every command imports this module, and few compress.
    from gzip import GzipFile

    with GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=file, mtime=0) as packed:
        yield cast("IO[bytes]", packed)


@contextmanager
def open_output(path: Path) -> Iterator[IO[bytes]]:
    """Open a binary output file for writing.

    Args:
        path: the output. A file is written by ``atomic_write``; a pipe or a device is written directly.

    Yields:
        The open file.

    Raises:
        OSError: the output cannot be written.

    """
    if path.exists() and not path.is_file():
        with path.open("wb") as raw, compressed(raw, path.name) as file:
            yield file
        return
    # Write to the target of a symbolic link, so that the link stays. For a link that leads to itself, resolve() raises a
    # RuntimeError on some Pythons, and realpath() never raises.
    target = Path(os.path.realpath(path))
    if target.is_symlink():
        raise OSError(errno.ELOOP, os.strerror(errno.ELOOP))
    with atomic_write(target) as file:
        yield file


def remove_leftovers(folder: Path) -> None:
    """Remove the incomplete files of killed runs from a folder.

    Args:
        folder: the folder that ``atomic_write`` wrote to.

    """
    for path in folder.glob(f".*{_TEMPORARY_SUFFIX}"):
        path.unlink(missing_ok=True)


@contextmanager
def write_errors(output: str, remedy: str = "name a file in a folder that exists") -> Iterator[None]:
    """Convert an OSError to a ContractError.

    Args:
        output: the name of the output, for the message.
        remedy: what the user should do.

    Raises:
        ContractError: the block raised an OSError.

    """
    try:
        yield
    except OSError as error:
        raise ContractError(f"{output} cannot be written ({error.strerror or error}): {remedy}") from None
