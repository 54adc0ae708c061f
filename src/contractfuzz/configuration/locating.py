"""Search for the files of a configuration. Every pytest run imports this module, so it imports nothing that takes time."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

OWN_FILE = "contractfuzz.toml"
PROJECT_FILE = "pyproject.toml"

MENTION = b"contractfuzz"
"""Text that a pyproject.toml with a configuration contains. Another one must not cost time, nor end a command by its mistakes."""

_MAX_SEARCHED_BYTES = 2**24


def folders_to_read(start: Path) -> Iterator[Path]:
    """Yield the folders whose files may have a configuration, the nearest first.

    Args:
        start: the folder to start from. The search goes upwards.

    """
    # resolve() would follow links, and the paths in messages would not be those that the user knows.
    folder = Path(os.path.abspath(start))  # noqa: PTH100
    for parent in (folder, *folder.parents):
        if os.path.isfile(parent / OWN_FILE) or _mentions_us(parent / PROJECT_FILE):  # noqa: PTH113 - never raises
            yield parent


def _mentions_us(file: Path) -> bool:
    if not os.path.isfile(file):  # noqa: PTH113 - never raises
        return False
    try:
        with file.open("rb") as opened:
            return MENTION in opened.read(_MAX_SEARCHED_BYTES)
    except OSError:  # its reader reports the error
        return True
