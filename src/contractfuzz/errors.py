"""The one error that a user of contractfuzz can cause."""

from __future__ import annotations

from collections.abc import Iterable

from contractfuzz.text import closest_match


class ContractError(Exception):
    """What was given cannot be used: the message names the thing, the place in it and the remedy, in one line.

    Raised for documents that cannot be read or lowered, for contracts, profiles, kinds and violations that do not exist,
    and for consumers that cannot be called. The command line turns it into exit code 2.
    """


class UnusedToleranceWarning(UserWarning):
    """A ``tolerate`` excused nothing: the decision that it writes down is no longer needed."""


def unknown(what: str, name: object, known: Iterable[str]) -> ContractError:
    """Return the error for a ``name`` that is none of the ``known`` ones: the nearest match, or all where they are few."""
    names = list(known)
    nearest = closest_match(name, names, cutoff=0.5)
    if nearest is not None:
        hint = f"did you mean {nearest!r}?"
    elif len(names) > 12:
        hint = f"there are {len(names)}, {names[0]!r} for one"
    else:
        there = "there is" if len(names) == 1 else "there are"
        hint = f"{there} {', '.join(map(repr, names))}" if names else "there is none"
    return ContractError(f"unknown {what} {name!r}: {hint}")
