"""Change types: the ways in which a provider may change one location of its payloads."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.evolution.impact import ResultRule
from contractfuzz.json_values import canonical, copy_json, value_at
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


def replaced_at(value: Any, path: Sequence[str | int], new: Any) -> Any:
    """Return a JSON value with another value at a path. What is not on the path is shared with the old value.

    Args:
        value: the JSON value, which stays as it is.
        path: the names and indices that lead to the place.
        new: the value to put there.

    """
    if not path:
        return new
    copy = value.copy()
    copy[path[0]] = replaced_at(value[path[0]], path[1:], new)
    return copy


def apply_edits(payload: Any, edits: Sequence[Edit]) -> tuple[Any, Any]:
    """Return a payload before and after a change. They share what does not change, with each other and with the payload.

    Args:
        payload: the payload, which stays as it is.
        edits: the edits, at different places that are not inside each other.

    Returns:
        The two payloads; the first one is ``payload`` itself if it has the values before the change.

    """
    twin = payload
    for edit in edits:
        if canonical(edit.before) != canonical(value_at(payload, edit.path)):
            twin = replaced_at(twin, edit.path, edit.before)
    changed = twin
    for edit in edits:
        changed = replaced_at(changed, edit.path, edit.after)
    return twin, changed
