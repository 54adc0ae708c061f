"""Errors and warnings that users of contractfuzz see, also those of packages that are found by their entry points."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from contractfuzz.text import closest_match, one_line, printable, truncate

if TYPE_CHECKING:  # it takes longer to import than the rest of contractfuzz
    from importlib.metadata import EntryPoint

MAX_REASON_CHARACTERS = 200
"""Length limit of the part of an error message that quotes the error of a package."""

_MIN_SIMILARITY = 0.5
_MAX_NAMES_IN_HINT = 12
_MAX_NAME_CHARACTERS = 500


class ContractError(Exception):
    """The input cannot be used. The message names the input, the location in it, the problem and the remedy, in one line.

    Raised for documents that cannot be read or lowered, for contracts, profiles, kinds and violations that do not exist, and
    for consumers that cannot be called. The command line exits with code 2.

    Args:
        message: the message. What it quotes from documents may contain anything, so it is made printable.

    """

    def __init__(self, message: str) -> None:
        super().__init__(printable(message))


class UnusedToleranceWarning(UserWarning):
    """An entry of ``tolerate`` had no effect: no accepted violation matched it, so it can be deleted."""


def unknown(what: str, name: object, known: Iterable[str], *, listed_by: str = "") -> ContractError:
    """Return the error for a name that does not exist.

    Args:
        what: the kind of thing that the name should refer to: ``contract``.
        name: the name that was given.
        known: the names that exist.
        listed_by: a command that lists the names; empty if there is none.

    Returns:
        The error. Its message suggests the closest name. If no name is close, it lists a few names, or an example of many.

    Example:
        >>> str(unknown("profile", "brod", ["broad", "minimal"]))
        "unknown profile 'brod': did you mean 'broad'?"

    """
    names = list(known)
    closest = closest_match(name, names, cutoff=_MIN_SIMILARITY)
    if closest is not None:
        hint = f"did you mean {closest!r}?"
    elif not names:
        hint = "none is available"
    elif len(names) == 1:
        hint = f"the only one is {names[0]!r}"
    elif len(names) <= _MAX_NAMES_IN_HINT:
        hint = f"use one of {', '.join(map(repr, names))}"
    else:
        hint = f"there are {len(names)}, for example {names[0]!r}"
        hint += f"; {listed_by} lists them" if listed_by else ""
    return ContractError(f"unknown {what} {truncate(repr(name), _MAX_NAME_CHARACTERS)}: {hint}")


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
