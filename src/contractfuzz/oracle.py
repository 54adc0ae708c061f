"""The oracle: jsonschema's word on what keeps a schema, formats included."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from contractfuzz.pointers import to_pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError


@dataclass(frozen=True, slots=True)
class PayloadError:
    """One thing that is wrong with a payload.

    Attributes:
        pointer: where in the payload, as a JSON Pointer (RFC 6901); ``""`` is the payload itself.
        keyword: the JSON Schema keyword that is broken.
        message: the oracle's words.

    """

    pointer: str
    keyword: str
    message: str


class Oracle:
    """Judges payloads by one JSON Schema (2020-12), with its formats checked."""

    def __init__(self, schema: Mapping[str, Any] | bool) -> None:
        self._validator = Draft202012Validator(schema, format_checker=Draft202012Validator.FORMAT_CHECKER)

    def is_valid(self, payload: Any) -> bool:
        """Return whether ``payload`` keeps the schema."""
        return self._validator.is_valid(payload)

    def errors(self, payload: Any) -> Iterator[PayloadError]:
        """Yield what is wrong with ``payload``; an error of ``anyOf`` and its like is followed by those of its branches."""
        for error in self._validator.iter_errors(payload):
            yield from _descend(error)


def _descend(error: ValidationError) -> Iterator[PayloadError]:
    yield PayloadError(to_pointer(error.absolute_path), str(error.validator), error.message)
    for cause in error.context or ():
        yield from _descend(cause)
