"""The list of changes to ignore: globs of their ids."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from contractfuzz.diff.change import Change
from contractfuzz.diff.rules import RULES
from contractfuzz.errors import ContractError, unknown


@dataclass(frozen=True, slots=True)
class Filtered:
    """Changes without those to ignore.

    Attributes:
        kept: the changes to report.
        ignored: the changes that an entry matches.
        unused: the entries that match no change.

    """

    kept: list[Change]
    ignored: list[Change]
    unused: list[str]


def check_entries(entries: Iterable[str]) -> None:
    """Check a list of changes to ignore.

    Args:
        entries: the entries, ``LOCATION:RULE``. Both parts may have ``*``, which also matches ``/``, ``?`` and ``[...]``.

    Raises:
        ContractError: an entry has no rule, or no rule matches it.

    """
    for entry in entries:
        _, colon, rule = entry.rpartition(":")
        if not colon:
            raise ContractError(f"{entry!r} names no rule: write LOCATION:RULE, such as '{entry}:*'")
        if not fnmatch.filter(RULES, rule):
            raise unknown("rule of a change", rule, RULES)


def ignore(changes: Iterable[Change], entries: Sequence[str]) -> Filtered:
    """Return changes without those to ignore.

    Args:
        changes: the changes.
        entries: globs of their ids, see ``check_entries``.

    """
    kept: list[Change] = []
    ignored: list[Change] = []
    used: set[str] = set()
    for change in changes:
        matching = [entry for entry in entries if entry == change.id or fnmatch.fnmatchcase(change.id, entry)]
        used.update(matching)
        (ignored if matching else kept).append(change)
    return Filtered(kept, ignored, [entry for entry in entries if entry not in used])
