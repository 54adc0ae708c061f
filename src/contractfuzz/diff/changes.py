"""All changes between two versions of a contract: those that payloads show, and those of annotations."""

from __future__ import annotations

from contractfuzz.contract import Contract
from contractfuzz.diff.annotations import compare_annotations
from contractfuzz.diff.change import Change
from contractfuzz.diff.witnesses import find_witnessed

_DECLARATIONS = frozenset({"property-added", "property-removed"})
_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "type")


def find_changes(old: Contract, new: Contract, seed: int = 0) -> list[Change]:
    """Find the changes between two versions of a contract.

    Args:
        old: the earlier version.
        new: the later version.
        seed: the seed of the random payloads; the same seed gives the same changes.

    Returns:
        The changes, sorted by location. The oracles of both versions confirm each witness.

    Raises:
        ContractError: a document that a contract was loaded from cannot be read any more.

    """
    changes = find_witnessed(old, new, seed)
    shown: dict[str, list[Change]] = {}
    for change in changes:
        shown.setdefault(change.location, []).append(change)
    changes += [
        change for change in compare_annotations(old, new) if not _is_shown(change, shown.get(change.location, []))
    ]
    unique = {change.id: change for change in reversed(changes)}
    return sorted(unique.values(), key=lambda change: (change.location, change.direction or "", change.rule.id))


def _is_shown(change: Change, witnessed: list[Change]) -> bool:
    """Return True if changes with witnesses at the same location show a change without one."""
    if change.rule.id in _DECLARATIONS:
        return any("property" in other.rule.id for other in witnessed)
    if change.rule.id == "unchecked-format-changed":  # the bounds of int32 and int64
        return any(other.keyword in _BOUNDS for other in witnessed)
    return False
