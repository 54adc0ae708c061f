"""Files: written as a whole or not at all, compressed by their suffix, with errors in one line."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO, cast

from contractfuzz.errors import ContractError

GZIP_LEVEL = 1
"""Compression level of ``.gz`` files. Level 9 makes them a quarter smaller and takes ten times as long."""

_TEMPORARY_SUFFIX = ".tmp"


@contextmanager
def atomic_write(path: Path, *, durable: bool = True) -> Iterator[IO[bytes]]:
    """Open a file for bytes that appears, or replaces an older one, only when everything is written.

    A path that ends in ``.gz`` is compressed (RFC 1952) without name and time, so that equal content gives equal bytes.

    Args:
        path: the file.
        durable: whether to wait until the bytes are on disk, so that the file survives a power failure.

    Raises:
        OSError: the file cannot be written.

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
        temporary.replace(path)
    except BaseException:
        temporary.unlink(missing_ok=True)
        raise


@contextmanager
def compressed(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Compress what is written to ``file`` if ``name`` ends in ``.gz``."""
    if not name.endswith(".gz"):
        yield file
        return
    # Loaded only when a file is compressed: every command imports this module.
    from gzip import GzipFile

    with GzipFile(filename="", mode="wb", compresslevel=GZIP_LEVEL, fileobj=file, mtime=0) as packed:
        yield cast("IO[bytes]", packed)


@contextmanager
def open_output(path: Path) -> Iterator[IO[bytes]]:
    """Open an output file as ``atomic_write`` does; write directly to a pipe or a device."""
    if path.exists() and not path.is_file():
        with path.open("wb") as raw, compressed(raw, path.name) as file:
            yield file
        return
    # Write to the target of a symbolic link, so that the link stays.
    with atomic_write(path.resolve()) as file:
        yield file


def remove_leftovers(folder: Path) -> None:
    """Remove the half-written files that killed runs left in ``folder``."""
    for path in folder.glob(f".*{_TEMPORARY_SUFFIX}"):
        path.unlink(missing_ok=True)


@contextmanager
def write_errors(output: str, remedy: str = "name a file in a folder that exists") -> Iterator[None]:
    """Turn an OSError into a ContractError that names ``output`` and the ``remedy``."""
    try:
        yield
    except OSError as error:
        raise ContractError(f"{output} cannot be written ({error.strerror or error}): {remedy}") from None
