"""Change types: the ways in which a provider may change one location of its payloads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from contractfuzz.evolution.impact import ResultRule
from contractfuzz.json_values import copy_json, put_at, value_at
from contractfuzz.payloads.places import PlacedValue


class DoesNotApplyError(LookupError):
    """A change does not apply to a place."""


@dataclass(frozen=True, slots=True)
class Edit:
    """One value of a payload before and after a change.

    Attributes:
        path: the names and indices that lead to the value.
        before: the value before the change. It may differ from that of the payload, if the change needs another one.
        after: the value after the change.

    """

    path: tuple[str | int, ...]
    before: Any
    after: Any


EditMaker = Callable[[PlacedValue, Any], Edit]
"""Makes the edit for a place and the payload that has it; raises DoesNotApplyError if the change does not apply to it."""


@dataclass(frozen=True, slots=True)
class ChangeType:
    """One way in which a provider may change a location.

    Attributes:
        name: the name, which ids of possible changes end with.
        words: the change as a predicate of the location: ``becomes a string``.
        rule: what the result may show if the consumer accepts the change.
        make_edit: makes the edit for a place.
        breaks_contract: True if the change is none where the contract allows the changed payload already.

    """

    name: str
    words: str
    rule: ResultRule
    make_edit: EditMaker
    breaks_contract: bool = True


def of_value(change: Callable[[PlacedValue], Any]) -> EditMaker:
    """Return an edit that replaces a value.

    Args:
        change: returns the value after the change; raises DoesNotApplyError if the change does not apply.

    """

    def make_edit(place: PlacedValue, _payload: Any) -> Edit:
        if place.is_branch:
            raise DoesNotApplyError
        return Edit(place.path, copy_json(place.value), change(place))

    return make_edit


def of_pair(change: Callable[[PlacedValue], tuple[Any, Any]]) -> EditMaker:
    """Return an edit that replaces a value, which has a certain form before the change, too.

    Args:
        change: returns the values before and after the change; raises DoesNotApplyError if the change does not apply.

    """

    def make_edit(place: PlacedValue, _payload: Any) -> Edit:
        if place.is_branch:
            raise DoesNotApplyError
        return Edit(place.path, *change(place))

    return make_edit


def of_property(change: Callable[[str, dict[str, Any]], dict[str, Any]]) -> EditMaker:
    """Return an edit of the object around a declared property.

    Args:
        change: returns the object after the change, from the name of the property and the object before the change; raises
            DoesNotApplyError if the change does not apply.

    """

    def make_edit(place: PlacedValue, payload: Any) -> Edit:
        if place.name is None or place.is_branch:
            raise DoesNotApplyError
        parent = value_at(payload, place.path[:-1])
        return Edit(place.path[:-1], copy_json(parent), change(place.name, copy_json(parent)))

    return make_edit


def of_object(change: Callable[[PlacedValue], dict[str, Any]]) -> EditMaker:
    """Return an edit of an object with declared properties, also of one in a branch of a union.

    Args:
        change: returns the object after the change; raises DoesNotApplyError if the change does not apply.

    """

    def make_edit(place: PlacedValue, _payload: Any) -> Edit:
        if not isinstance(place.value, dict) or place.is_map or place.tag_names:
            raise DoesNotApplyError
        return Edit(place.path, copy_json(place.value), change(place))

    return make_edit


def apply_edits(payload: Any, edits: list[Edit]) -> tuple[Any, Any]:
    """Return copies of a payload before and after a change.

    Args:
        payload: the payload.
        edits: the edits, at different places that are not inside each other.

    """
    twin, changed = copy_json(payload), copy_json(payload)
    for edit in edits:
        twin = put_at(twin, edit.path, copy_json(edit.before))
        changed = put_at(changed, edit.path, copy_json(edit.after))
    return twin, changed
