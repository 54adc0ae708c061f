"""Possible changes of the shape of a payload: other types, properties, lists and maps."""

from __future__ import annotations

import json
import re
from typing import Any

from contractfuzz.evolution.change_type import DoesNotApplyError
from contractfuzz.evolution.scalar_changes import is_date_time, is_number
from contractfuzz.json_values import copy_json
from contractfuzz.payloads.places import PlacedValue

LONG_LIST_ITEMS = 200
"""Number of items of a list that gets long, if the items are small."""

MAX_LONG_LIST_BYTES = 200_000
"""Size of a list that gets long."""

NEW_PROPERTY, NEW_PROPERTY_SNAKE = "addedLater", "added_later"
WRAPPER = "details"
"""The object that a property moves into."""

ENVELOPE = "data"
"""The property that holds the whole payload once it is wrapped."""

_WORD_START = re.compile(r"(?<=[a-z0-9])(?=[A-Z])|(?<=[A-Z])(?=[A-Z][a-z])")
_SEPARATED = re.compile(r"[_-]+([A-Za-z0-9])")


# --- null, absent, added ----------------------------------------------------------------------------------------------------


def nullable(place: PlacedValue) -> None:
    """Return null in place of another value."""
    if place.value is None:
        raise DoesNotApplyError


def absent(name: str, parent: dict[str, Any]) -> dict[str, Any]:
    """Return an object without a property."""
    del parent[name]
    return parent


def renamed(name: str, parent: dict[str, Any]) -> dict[str, Any]:
    """Return an object with a property in another spelling: ``createdAt`` for ``created_at``, and the other way round."""
    new = other_spelling(name)
    if new in parent or new == name:
        raise DoesNotApplyError
    return {new if key == name else key: value for key, value in parent.items()}


def moved(name: str, parent: dict[str, Any]) -> dict[str, Any]:
    """Return an object with a property a level deeper."""
    if WRAPPER in parent:
        raise DoesNotApplyError
    return {WRAPPER if key == name else key: {name: value} if key == name else value for key, value in parent.items()}


def added(place: PlacedValue) -> dict[str, Any]:
    """Return an object with a property more."""
    names = (NEW_PROPERTY_SNAKE, NEW_PROPERTY) if any("_" in name for name in place.value) else (NEW_PROPERTY,)
    name = next((name for name in names if name not in place.value), None)
    if name is None:
        raise DoesNotApplyError
    return {**copy_json(place.value), name: "new"}


def new_branch(place: PlacedValue) -> Any:
    """Return an object with a tag that no branch of its union has."""
    return place.in_unknown_branch()


def other_spelling(name: str) -> str:
    """Return a name in another convention: ``createdAt`` and ``created_at`` become each other, ``id`` becomes ``Id``."""
    if _SEPARATED.search(name[1:]):
        return name[:1] + _SEPARATED.sub(lambda match: match[1].upper(), name[1:])
    words = _WORD_START.split(name)
    return "_".join(words).lower() if len(words) > 1 else name[:1].swapcase() + name[1:]


# --- other types ------------------------------------------------------------------------------------------------------------


def number_as_string(place: PlacedValue) -> str:
    """Return a number as a string."""
    if not is_number(place.value):
        raise DoesNotApplyError
    return json.dumps(place.value)


def boolean_as_string(place: PlacedValue) -> tuple[bool, str]:
    """Return false, and the same as a string, which programs take for true."""
    if not isinstance(place.value, bool):
        raise DoesNotApplyError
    return False, "false"


def boolean_as_number(place: PlacedValue) -> tuple[bool, int]:
    """Return true, and the same as a number."""
    if not isinstance(place.value, bool):
        raise DoesNotApplyError
    return True, 1


def string_as_number(place: PlacedValue) -> int:
    """Return the number that a string holds, or another one."""
    if not isinstance(place.value, str) or is_date_time(place.value):
        raise DoesNotApplyError
    return int(place.value) if re.fullmatch("[1-9][0-9]{0,14}", place.value) else 1042


def string_as_object(place: PlacedValue) -> dict[str, Any]:
    """Return an object in place of a scalar, such as the thing itself in place of its id."""
    if isinstance(place.value, bool | dict | list | None) or is_date_time(place.value):
        raise DoesNotApplyError
    return {"id": place.value}


def object_as_string(place: PlacedValue) -> Any:
    """Return the id of an object in place of the object."""
    if not isinstance(place.value, dict) or not place.path:
        raise DoesNotApplyError
    found = place.value.get("id")
    return found if isinstance(found, str | int) else "1042"


def as_list(place: PlacedValue) -> list[Any]:
    """Return a list with the value, which was sent alone."""
    if isinstance(place.value, list | None):
        raise DoesNotApplyError
    return [copy_json(place.value)]


def enveloped(place: PlacedValue) -> dict[str, Any]:
    """Return an object that holds the whole payload."""
    if place.path:
        raise DoesNotApplyError
    return {ENVELOPE: copy_json(place.value)}


# --- lists and maps ---------------------------------------------------------------------------------------------------------


def _items(place: PlacedValue) -> list[Any]:
    if not isinstance(place.value, list) or not place.value:
        raise DoesNotApplyError
    return place.value


def as_single(place: PlacedValue) -> tuple[list[Any], Any]:
    """Return a list of one item, and the item alone."""
    items = _items(place)
    return [copy_json(items[0])], copy_json(items[0])


def paged(place: PlacedValue) -> dict[str, Any]:
    """Return an object with the list, and the number of all items."""
    items = _items(place)
    return {"items": copy_json(items), "total": len(items)}


def keyed(place: PlacedValue) -> dict[str, Any]:
    """Return a map of the items of a list, by their ids or numbers."""
    ids = [item.get("id", index) if isinstance(item, dict) else index for index, item in enumerate(_items(place))]
    return {str(key): copy_json(item) for key, item in zip(ids, place.value, strict=True)}


def empty_list(place: PlacedValue) -> list[Any]:
    """Return a list without items."""
    _items(place)
    return []


def long_list(place: PlacedValue) -> list[Any]:
    """Return a list with many items."""
    items = _items(place)
    if place.schema.get("uniqueItems"):
        raise DoesNotApplyError
    size = len(json.dumps(items))
    count = min(LONG_LIST_ITEMS, MAX_LONG_LIST_BYTES * len(items) // size)
    if count <= len(items):
        raise DoesNotApplyError
    return [copy_json(items[index % len(items)]) for index in range(count)]


def _entries(place: PlacedValue) -> dict[str, Any]:
    if not place.is_map or not place.value:
        raise DoesNotApplyError
    return dict(place.value)


def as_listed(place: PlacedValue) -> list[Any]:
    """Return the values of a map as a list."""
    return [copy_json(value) for value in _entries(place).values()]


def empty_map(place: PlacedValue) -> dict[str, Any]:
    """Return a map without entries."""
    _entries(place)
    return {}


def new_entry(place: PlacedValue) -> dict[str, Any]:
    """Return a map with an entry more."""
    entries = _entries(place)
    name = next(name for name in ("new", "new2") if name not in entries)
    return {**copy_json(entries), name: copy_json(next(iter(entries.values())))}
