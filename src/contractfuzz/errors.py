"""The one error that a user of contractfuzz can cause."""

from __future__ import annotations

import difflib
from collections.abc import Iterable


class ContractError(Exception):
    """What was given cannot be used: the message names the thing, the place in it and the remedy, in one line.

    Raised for documents that cannot be read or lowered, for contracts, profiles, kinds and violations that do not exist,
    and for consumers that cannot be called. The command line turns it into exit code 2.
    """


class UnusedToleranceWarning(UserWarning):
    """A ``tolerate`` excused nothing: the decision that it writes down is no longer needed."""


def one_line(text: str, longest: int) -> str:
    """Return ``text`` in one line of at most ``longest`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= longest else line[: longest - 3] + "..."


def unknown(what: str, name: object, known: Iterable[str]) -> ContractError:
    """Return the error for a ``name`` that is none of the ``known`` ones: the nearest match, or all where they are few."""
    names = list(known)
    nearest = difflib.get_close_matches(str(name), names, n=1, cutoff=0.5)
    if nearest:
        hint = f"did you mean {nearest[0]!r}?"
    elif len(names) > 12:
        hint = f"there are {len(names)}, {names[0]!r} for one"
    else:
        there = "there is" if len(names) == 1 else "there are"
        hint = f"{there} {', '.join(map(repr, names))}" if names else "there is none"
    return ContractError(f"unknown {what} {name!r}: {hint}")
