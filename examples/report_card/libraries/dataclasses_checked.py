"""The same dataclasses with hand-written checks of types, presence, enumerations and offsets."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from typing import Any

from libraries.dataclasses_unchecked import Association, AssociationType, Category, Problem, Response, Result, Status


def read(body: bytes) -> Response:
    payload = json.loads(body)
    return Response(
        status=Status(_get(payload, "status", str)),
        results=_list(payload, "results", _result),
        started_at=_instant(payload, "startedAt"),
        completed_at=_instant(payload, "completedAt"),
        num_errors=_get(payload, "numErrors", int, 0),
        errors=_list(payload, "errors", _problem, []),
    )


def _result(item: Any) -> Result:
    paging = _get(item, "paging", dict, {})
    return Result(
        from_id=_get(_get(item, "from", dict), "id", str),
        to=_list(item, "to", _association),
        after=_get(_get(paging, "next", dict, {}), "after", str, None),
    )


def _association(item: Any) -> Association:
    return Association(_get(item, "toObjectId", str), _list(item, "associationTypes", _association_type))


def _association_type(item: Any) -> AssociationType:
    return AssociationType(
        category=Category(_get(item, "associationCategory", str)),
        type_id=_get(item, "associationTypeId", int),
        label=_get(item, "label", str, None),
    )


def _problem(item: Any) -> Problem:
    context = _get(item, "context", dict, {})
    return Problem(
        status=_get(item, "status", str),
        category=_get(item, "category", str),
        message=_get(item, "message", str),
        context={name: _list(context, name, _text) for name in context},
    )


def _text(item: Any) -> str:
    _expect(isinstance(item, str), f"{item!r} is not a string")
    return item


def _instant(item: Any, name: str) -> datetime:
    instant = datetime.fromisoformat(_get(item, name, str))
    _expect(instant.tzinfo is not None, f"{name} has no offset")
    return instant


def _list(item: Any, name: str, read_one: Callable[[Any], Any], *default: Any) -> list[Any]:
    return [read_one(one) for one in _get(item, name, list, *default)]


def _get(item: Any, name: str, kind: type, *default: Any) -> Any:
    """Return a property, or the default, if given, for a missing property."""
    _expect(isinstance(item, dict), f"the parent of {name} is not an object")
    if name not in item and default:
        return default[0]
    _expect(name in item, f"{name} is missing")
    _expect(isinstance(item[name], kind), f"{name} is not of the type {kind.__name__}")
    return item[name]


def _expect(condition: bool, message: str) -> None:
    if not condition:
        raise ValueError(message)
