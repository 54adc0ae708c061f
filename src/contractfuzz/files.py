"""Files that are there as a whole or not at all."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from gzip import GzipFile
from pathlib import Path
from typing import IO, cast

from contractfuzz.errors import ContractError

LEVEL = 1
"""Of gzip: this one takes a tenth of the time that the cases take; the highest makes files a quarter smaller in ten times it."""

_PASSING = ".tmp"


@contextmanager
def whole_file(path: Path, *, lasting: bool = True) -> Iterator[IO[bytes]]:
    """Open the file ``path`` for bytes; it appears, or takes the place of an older one, when all is written, and else not at all.

    Its suffix ``.gz`` has it compressed (RFC 1952), without name and time, so that the same content gives the same bytes.
    A ``lasting`` one survives a power cut from then on, which takes its time. OSError where it cannot be written.
    """
    # Two runs in one folder do not write to the same file; what one that was killed has left is swept away later.
    passing = path.with_name(f".{path.name}.{os.getpid()}{_PASSING}")
    try:
        with passing.open("wb") as raw:
            with compressed(raw, path.name) as file:
                yield file
            if lasting:
                raw.flush()
                os.fsync(raw.fileno())
        passing.replace(path)
    except BaseException:
        passing.unlink(missing_ok=True)
        raise


@contextmanager
def compressed(file: IO[bytes], name: str) -> Iterator[IO[bytes]]:
    """Compress what is written to ``file`` if ``name`` ends in ``.gz``."""
    if not name.endswith(".gz"):
        yield file
        return
    with GzipFile(filename="", mode="wb", compresslevel=LEVEL, fileobj=file, mtime=0) as packed:
        yield cast("IO[bytes]", packed)


@contextmanager
def opened(path: Path) -> Iterator[IO[bytes]]:
    """Open ``path`` as ``whole_file`` does; what is no file, such as a pipe or a device, is written to as it is."""
    if path.exists() and not path.is_file():
        with path.open("wb") as raw, compressed(raw, path.name) as file:
            yield file
        return
    # Where a link leads is written to, and the link stays.
    with whole_file(path.resolve()) as file:
        yield file


def sweep(folder: Path) -> None:
    """Remove what runs that were killed have left half written in ``folder``."""
    for path in folder.glob(f".*{_PASSING}"):
        path.unlink(missing_ok=True)


@contextmanager
def writing(output: str, remedy: str) -> Iterator[None]:
    """Turn an OSError into a ContractError that names ``output`` and the ``remedy``."""
    try:
        yield
    except OSError as error:
        raise ContractError(f"{output} cannot be written ({error.strerror or error}): {remedy}") from None
