"""Import of what packs and other packages provide through entry points."""

from __future__ import annotations

from importlib.metadata import EntryPoint
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.text import one_line

MAX_REASON_CHARACTERS = 200
"""Length limit of the part of an error message that quotes the package's error."""


def load_entry_point(entry_point: EntryPoint) -> Any:
    """Import the object that an entry point names.

    Args:
        entry_point: the entry point of an installed package.

    Raises:
        ContractError: the import of the package raises an error, or the package does not have the object.

    """
    try:
        return entry_point.load()
    except (Exception, SystemExit) as error:
        reason = one_line(f"{type(error).__name__}: {error}", MAX_REASON_CHARACTERS)
        raise ContractError(
            f"the entry point {entry_point.name!r} of {entry_point.value} cannot be imported ({reason}): "
            "fix its package, or install it again"
        ) from error
