"""Checksums of the files of a shard folder, in the format of the program ``sha256sum``, which can check them too."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping
from pathlib import Path

from contractfuzz.files import atomic_write

CHECKSUMS = "SHA256SUMS"

_LINE = re.compile(r"(?P<digest>[0-9a-f]{64})  (?P<name>[^\n]+)\n")


def read_checksums(folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file by its name. A line that was cut off is ignored.

    Args:
        folder: the folder; without the file ``SHA256SUMS``, the result is empty.

    """
    try:
        text = (folder / CHECKSUMS).read_text(encoding="utf-8", errors="replace")
    except FileNotFoundError:
        return {}
    matches = map(_LINE.fullmatch, text.splitlines(keepends=True))
    return {match["name"]: match["digest"] for match in matches if match}


def write_checksums(folder: Path, digests: Mapping[str, str]) -> None:
    """Write the checksums of all files, in the order of their names; without any, remove the file ``SHA256SUMS``."""
    if not digests:
        (folder / CHECKSUMS).unlink(missing_ok=True)
        return
    with atomic_write(folder / CHECKSUMS) as file:
        file.writelines(_line(name, digests[name]) for name in sorted(digests))


def add_checksum(folder: Path, name: str) -> None:
    """Add the checksum of one file, after it was written."""
    with (folder / CHECKSUMS).open("ab") as file:
        file.write(_line(name, file_digest(folder / name)))


def file_digest(path: Path) -> str:
    """Return the SHA-256 of a file (FIPS 180-4), in hexadecimal digits."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _line(name: str, digest: str) -> bytes:
    return f"{digest}  {name}\n".encode()
