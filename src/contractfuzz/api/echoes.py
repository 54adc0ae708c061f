"""Echoes: values of a request that reappear in the payload of its response."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any, NamedTuple

from contractfuzz.api.decoding import decode
from contractfuzz.api.schemas import SchemaFacts
from contractfuzz.contract import Contract
from contractfuzz.json_values import copy_json

MAX_ECHOES = 64
"""Number of properties of a request that may reappear."""

_VARIABLES = re.compile(r"\{([^{}]+)\}")
_ABOUT_PAGES = ("links", "meta", "paging", "pagination")
"""Properties next to the one that holds the resource."""


class _Echo(NamedTuple):
    """A value with the names of the property that it belongs to, normalized.

    Attributes:
        names: the names, the best one first.
        value: a JSON value, or the text of a path variable.
        is_text: True for a path variable.

    """

    names: tuple[str, ...]
    value: Any
    is_text: bool = False


def with_echoes(
    payload: Any, contract: Contract, path: str, variables: Mapping[str, str], body: Mapping[str, Any]
) -> Any:
    """Return a payload in which values of the request reappear. It stays valid.

    A property of the payload gets the value of the path variable or of the property of the request body with the same name;
    ``orderId`` and ``order_id`` are the same. The property ``id`` gets the value of the last path variable. The payload may hold
    the resource as its only property that is an object.

    Args:
        payload: a valid payload.
        contract: its contract.
        path: the path of the operation, with its variables.
        variables: the values of the variables.
        body: the request body; empty if it is not an object.

    """
    if not isinstance(payload, dict):
        return payload
    echoes = [*_of_body(body), *_of_path(path, variables)]
    changed = _apply(payload, contract, echoes)
    if changed == payload or contract.is_valid(changed):
        return changed
    for echo in echoes:
        changed = _apply(payload, contract, [echo])
        if contract.is_valid(changed):
            payload = changed
    return payload


def _of_body(body: Mapping[str, Any]) -> Iterator[_Echo]:
    for name, value in list(body.items())[:MAX_ECHOES]:
        yield _Echo((_normalized(name),), value)


def _of_path(path: str, variables: Mapping[str, str]) -> Iterator[_Echo]:
    names = _VARIABLES.findall(path)
    for name in names:
        if name not in variables:
            continue
        is_last = name == names[-1]
        own = _normalized(name)
        if own != "id" or is_last:
            yield _Echo(tuple(dict.fromkeys((own, "id"))) if is_last else (own,), variables[name], is_text=True)


def _apply(payload: dict[str, Any], contract: Contract, echoes: Iterable[_Echo]) -> dict[str, Any]:
    changed: dict[str, Any] = copy_json(payload)
    for echo in echoes:
        place = _find_place(changed, SchemaFacts(contract.schema, contract.schema), echo.names)
        if place is not None:
            holder, schema, name = place
            holder[name] = decode(echo.value, schema.member(name)) if echo.is_text else copy_json(echo.value)
    return changed


def _find_place(
    payload: dict[str, Any], schema: SchemaFacts, names: tuple[str, ...]
) -> tuple[dict[str, Any], SchemaFacts, str] | None:
    holders = [(payload, schema)]
    objects = [name for name, value in payload.items() if isinstance(value, dict) and name not in _ABOUT_PAGES]
    if len(objects) == 1:
        holders.append((payload[objects[0]], schema.member(objects[0])))
    for holder, facts in holders:
        known = {_normalized(name): name for name in [*facts.names, *holder]}
        for name in names:
            if name in known:
                return holder, facts, known[name]
    return None


def _normalized(name: str) -> str:
    return re.sub("[^a-z0-9]", "", name.lower())
