"""Arguments of a request: one valid value for each parameter of an operation and for its body."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from contractfuzz.api.operation import Operation, Parameter
from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError

MAX_SAMPLES = 20
"""Number of payloads to try, for a value that a path can hold."""

_PLAIN_VALUES = (1, "1", "a")


def parameter_value(parameter: Parameter) -> Any:
    """Return a valid value of a parameter: an example of the document, or else a small value. It is the same for every call.

    The value of a parameter in the path can be written in a path: its text is not empty and has no slash.

    Args:
        parameter: the parameter.

    Raises:
        ContractError: no value was found, or the schema cannot be lowered.

    """
    for value in [*parameter.examples, *_candidates(parameter.contract)]:
        if parameter.place != "path" or _fits_in_path(value):
            return value
    raise ContractError(
        f"no value of the parameter {parameter.name!r} fits in a path: give the document an example of it"
    )


def header_text(header: Parameter) -> str | None:
    """Return a valid value of a header as its text (OpenAPI 3.1, style ``simple``); None if no value was found.

    Args:
        header: the header.

    Raises:
        ContractError: the schema cannot be lowered.

    """
    values = [*header.examples, *_candidates(header.contract)]
    texts = (_as_text(value, header) for value in values)
    return next((text for text in texts if text and text.isprintable() and text.isascii()), None)


def _as_text(value: Any, parameter: Parameter) -> str:
    match value:
        case _ if parameter.is_json:
            return json.dumps(value)
        case str():
            return value
        case list():
            return ",".join(_as_text(item, parameter) for item in value)
        case dict():
            separator = "=" if parameter.explode else ","
            return ",".join(f"{name}{separator}{_as_text(inner, parameter)}" for name, inner in value.items())
        case _:
            return json.dumps(value)


def body_value(operation: Operation, media_type: str | None = None) -> Any:
    """Return a valid request body as a JSON value: an example of the document, or else the smallest payload.

    Args:
        operation: the operation.
        media_type: the media type; None for that of JSON payloads.

    Raises:
        ContractError: the operation takes no such body, or the schema cannot be lowered.

    """
    media_type = media_type or operation.request.json_type
    if media_type is None:
        raise ContractError(f"{operation.name} takes no JSON: choose an operation with a JSON request body")
    examples = operation.request.examples(media_type)
    return next(iter([*examples, *_candidates(operation.request.contract_of(media_type), ())]))


def _candidates(contract: Contract | None, plain: Iterable[Any] = _PLAIN_VALUES) -> Iterator[Any]:
    if contract is None:
        yield from plain or ({},)
        return
    yield from (value for value in (*contract.schema.get("examples", ()), *plain) if contract.is_valid(value))
    yield from (case.payload for case in contract.sample(MAX_SAMPLES, "valid", "closed"))


def _fits_in_path(value: Any) -> bool:
    if isinstance(value, list):
        return bool(value) and all(map(_fits_in_path, value))
    return (
        not isinstance(value, dict)
        and value is not None
        and str(value) not in ("", ".", "..")
        and "/" not in str(value)
    )
