"""Effects: what a fault that a consumer accepted has changed in its result."""

from __future__ import annotations

import io
import json
import math
import re
import types
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from collections.abc import Set as AbstractSet
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum, StrEnum
from fractions import Fraction
from typing import Any
from uuid import UUID

MAX_PARTS = 20_000
"""Parts of a result that are compared. A larger result has an unknown effect."""

_ADDRESS = re.compile(r" at 0x[0-9a-fA-F]+")

_OPAQUE = (
    Iterator,
    AsyncIterator,
    Awaitable,
    io.IOBase,
    types.FunctionType,
    types.MethodType,
    types.BuiltinFunctionType,
    memoryview,
)
"""Types whose values have a content that cannot be read without changing it, or that has no stable form."""

_OBJECT_TEXT: object = object.__repr__

Parts = dict[tuple[str, ...], object]
"""For the path to each part of a result, a value that equals that of an equal part."""


class Effect(StrEnum):
    """Change of a consumer's result by a fault, compared with the result for the valid twin."""

    NONE = "none"
    """The result is the same. The consumer does not read the value, or its content does not matter."""
    CHANGED = "changed"
    """The result differs, and nothing was raised."""
    UNKNOWN = "unknown"
    """The results cannot be compared."""


class _IncomparableError(Exception):
    """A result has a part that cannot be compared."""


def measure_effect(faulty: Any, read_twin: Callable[[], Any]) -> Effect:
    """Compare the result for a faulty payload with the results for its valid twin.

    Parts that differ between two results for the same twin, such as a time or a random id, are ignored.

    A consumer that always returns None does its work elsewhere, so the effect is unknown.

    Args:
        faulty: the consumer's result for the faulty payload.
        read_twin: feeds the twin to the consumer and returns the result. It is called once, and again if the first result
            differs from ``faulty``.

    Returns:
        The effect of the fault. It is unknown if ``read_twin`` raises an error, or if a result cannot be compared.

    """
    try:
        twin = read_twin()
        if faulty is None and twin is None:
            return Effect.UNKNOWN
        parts, twin_parts = parts_of(faulty), parts_of(twin)
        changed = differences(parts, twin_parts)
        if changed:
            changed -= differences(twin_parts, parts_of(read_twin()))
    except Exception:  # noqa: BLE001 - the consumer's own code runs
        return Effect.UNKNOWN
    return Effect.CHANGED if changed else Effect.NONE


def measure_loss(result: Any, read_twin: Callable[[], Any], status: int | None) -> Effect:
    """Compare a result for a wire case with the results for its twin, the same payload in a plain response.

    The result must have what that for the twin has. It may have more, and objects of other classes: some clients have a class for
    each status. Otherwise, this is ``measure_effect``.

    Args:
        result: the consumer's result for the wire case.
        read_twin: feeds the twin to the consumer and returns the result.
        status: the status of the wire case's response. A part that is this number makes no difference.

    """
    try:
        twin = read_twin()
        if result is None and twin is not None and read_twin() is not None:
            return Effect.CHANGED  # also if the result for the twin cannot be compared with another one
        parts, twin_parts = parts_of(result), parts_of(twin)
        lost = {path for path in _losses(twin_parts, parts) if parts.get(path) != ("number", status)}
        if lost:
            lost -= differences(twin_parts, parts_of(read_twin()))
    except Exception:  # noqa: BLE001 - the consumer's own code runs
        return Effect.UNKNOWN
    return Effect.CHANGED if lost else Effect.NONE


def _losses(twin_parts: Parts, parts: Parts) -> set[tuple[str, ...]]:
    """Return the paths to the parts of a twin's result that another result does not have."""
    lost = set()
    for path, value in twin_parts.items():
        other = parts.get(path)
        differs = not _is_object(other) if _is_object(value) else other != value
        if differs and value != repr(None):
            lost.add(path)
    return lost


def _is_object(part: object) -> bool:
    """Return True if a part stands for an object or a mapping, whose members are parts of their own."""
    return isinstance(part, tuple) and is_container(part) and part[0] not in ("sequence", "set")


def is_container(part: object) -> bool:
    """Return True if a part stands for a collection or an object: its kind and its size."""
    return isinstance(part, tuple) and len(part) == 2 and type(part[1]) is int and part[0] != "number"


def differences(one: Parts, other: Parts) -> set[tuple[str, ...]]:
    """Return the paths to the parts that only one result has, or that differ."""
    return {path for path in one.keys() | other.keys() if one.get(path) != other.get(path)}


def parts_of(result: Any) -> Parts:
    """Return the parts of a result: its numbers, texts and other values without parts, and the sizes of its collections.

    Args:
        result: any Python object. The content of collections, responses of HTTP libraries, and objects with attributes is read.

    Raises:
        Exception: the result cannot be compared, or its own code raised an error.

    """
    parts: Parts = {}
    waiting: list[tuple[tuple[str, ...], Any, tuple[int, ...]]] = [((), result, ())]
    while waiting:
        path, value, parents = waiting.pop()
        if len(parts) >= MAX_PARTS:
            raise _IncomparableError
        content = None if id(value) in parents else _content(value)
        if id(value) in parents:
            parts[path] = "recursive", str(parents.index(id(value)))
        elif content is None:
            parts[path] = _scalar(value)
        else:
            name, members = content
            parts[path] = name, len(members)
            waiting += [((*path, key), member, (*parents, id(value))) for key, member in members]
    return parts


def _content(value: Any) -> tuple[str, list[tuple[str, Any]]] | None:
    """Return the type's name and the named members of a value, or None if it is a scalar."""
    if value is None or isinstance(value, bool | int | float | str | bytes | Decimal | Fraction | Enum | UUID | type):
        return None
    if isinstance(value, _OPAQUE):
        raise _IncomparableError
    if isinstance(value, Mapping):
        return "mapping", [(repr(key), member) for key, member in value.items()]
    if isinstance(value, AbstractSet):
        return "set", [(str(index), member) for index, member in enumerate(sorted(value, key=_stable_text))]
    if isinstance(value, Sequence) and not isinstance(value, bytearray):
        return "sequence", [(str(index), member) for index, member in enumerate(value)]
    if (response := _response_members(value)) is not None:
        return "response", response
    members = _attributes(value)
    return (type(value).__qualname__, members) if members else None


def _response_members(value: Any) -> list[tuple[str, Any]] | None:
    """Return the status and the body of a response of an HTTP library, or None if the value is something else."""
    status = getattr(value, "status_code", None)
    bodies = (getattr(value, name, None) for name in ("content", "body", "data"))
    body = next((body for body in bodies if isinstance(body, bytes)), None)
    if not isinstance(status, int) or body is None:
        return None
    try:
        return [("status", status), ("body", json.loads(body))]
    except ValueError:
        return [("status", status), ("body", body)]


def _attributes(value: Any) -> list[tuple[str, Any]]:
    """Return the attributes that hold the content of an object, without those that Python or a library reserves."""
    attributes: dict[str, Any] = dict(getattr(value, "__dict__", {}))
    slots = [base.__dict__.get("__slots__", ()) for base in type(value).__mro__]
    names = [*getattr(value, "__struct_fields__", ())]  # msgspec
    names += [name for some in slots for name in ([some] if isinstance(some, str) else some)]
    attributes |= {name: getattr(value, name) for name in names if hasattr(value, name)}
    attributes = {name: member for name, member in attributes.items() if not name.startswith("__")}
    extra = getattr(value, "__pydantic_extra__", None)
    return [*attributes.items(), *([("extra", extra)] if extra else [])]


def _scalar(value: Any) -> object:
    """Return a value that equals the values of equal scalars only; of numbers, the type does not matter."""
    if isinstance(value, Enum):
        is_plain = isinstance(value.value, str | int)  # as programs in other languages return it
        return _scalar(value.value) if is_plain else (type(value).__qualname__, value.name)
    if isinstance(value, bool) or value is None:
        return repr(value)
    if isinstance(value, int | float | Decimal | Fraction):
        return ("nan",) if isinstance(value, float | Decimal) and math.isnan(value) else ("number", value)
    if isinstance(value, datetime) and value.utcoffset() is not None:
        return "instant", _instant(value)
    if type(value).__repr__ is _OBJECT_TEXT:  # its content cannot be read
        raise _IncomparableError
    return ("text" if isinstance(value, str) else type(value).__qualname__), _stable_text(value)


def _instant(value: datetime) -> str:
    """Return a text that is equal for times with different offsets that are the same instant."""
    try:
        return value.astimezone(UTC).isoformat()
    except OverflowError:  # at the ends of the calendar
        return value.isoformat()


def _stable_text(value: Any) -> str:
    return _ADDRESS.sub("", repr(value))
