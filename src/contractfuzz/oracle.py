"""The oracle: jsonschema's word on what keeps a schema, formats included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from contractfuzz.json_pointer import encode_pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

AT_PARENT = frozenset({"required", "dependentRequired"})
"""Keywords whose error lies at the object, while the label's location names the property that is missing from it."""

WRAPPERS = frozenset({"allOf", "then", "else", "dependentSchemas"})
"""Keywords that the oracle names only on the way to what is broken within them."""


@dataclass(frozen=True, slots=True)
class PayloadError:
    """One thing that is wrong with a payload.

    Attributes:
        pointer: where in the payload, as a JSON Pointer (RFC 6901); ``""`` is the payload itself.
        keyword: the JSON Schema keyword that is broken; ``propertyNames`` for whatever is wrong with a property's name.
        message: the oracle's words.

    """

    pointer: str
    keyword: str
    message: str


class Oracle:
    """Judges payloads by one JSON Schema (2020-12), with its formats checked.

    Args:
        schema: what payloads must keep.
        root: the schema that the ``$ref``s of ``schema`` lead into; by default ``schema`` itself.

    """

    def __init__(self, schema: Mapping[str, Any] | bool, root: Mapping[str, Any] | None = None) -> None:
        whole = Draft202012Validator(
            schema if root is None else root, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        self.root = schema if root is None else root
        self._validator = whole if root is None else whole.evolve(schema=schema)

    def is_valid(self, payload: Any) -> bool:
        """Return whether ``payload`` keeps the schema."""
        return self._validator.is_valid(payload)

    def errors(self, payload: Any) -> Iterator[PayloadError]:
        """Yield what is wrong with ``payload``; an error of ``anyOf`` and its like is followed by those of its branches."""
        for error in self._validator.iter_errors(payload):
            yield from (_told(one) for one in _descend(error))

    def confirms(self, payload: Any, pointer: str, keyword: str) -> bool:
        """Return whether a label is true: ``keyword`` is broken at ``pointer``, and no error lies anywhere else.

        Of a keyword in ``AT_PARENT``, ``pointer`` names the missing property. A keyword in ``WRAPPERS`` is broken where nothing
        but what it holds is; of ``allOf`` just one part may be.
        """
        place = pointer.rpartition("/")[0] if keyword in AT_PARENT else pointer
        errors = list(self._validator.iter_errors(payload))
        if any(encode_pointer(one.absolute_path) != place for error in errors for one in _descend(error)):
            return False
        if keyword not in WRAPPERS:
            return any(_keyword(error) == keyword for error in errors)
        ways = [_keywords_to(error.absolute_schema_path) for error in errors]
        parts = [way[way.index(keyword) + 1] for way in ways if keyword in way]
        return 0 < len(parts) == len(ways) and (keyword != "allOf" or len(set(parts)) == 1)

    def names_only(self, payload: Any, keyword: str) -> bool:
        """Return whether no other keyword than ``keyword`` is broken, whatever its own causes are."""
        return all(error.validator == keyword for error in self._validator.iter_errors(payload))

    def fits_several(self, payload: Any) -> bool:
        """Return whether ``payload`` breaks ``oneOf`` because several branches fit: then there is no cause to descend into."""
        return any(error.validator == "oneOf" and not error.context for error in self._validator.iter_errors(payload))


def _descend(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for cause in error.context or ():
        yield from _descend(cause)


def _told(error: ValidationError) -> PayloadError:
    return PayloadError(encode_pointer(error.absolute_path), _keyword(error), error.message)


def _keyword(error: ValidationError) -> str:
    # Of a name that is not allowed the validator names the keyword that the name breaks, at the place of the object.
    return "propertyNames" if "propertyNames" in _keywords_to(error.relative_schema_path) else str(error.validator)


def _keywords_to(way: Iterable[str | int]) -> list[str | int]:
    """Return the way to an error within its schema without the names of properties, which may look like keywords."""
    steps = iter(way)
    kept: list[str | int] = []
    for step in steps:
        kept.append(step)
        if step in ("properties", "patternProperties", "dependentSchemas"):
            kept.append(f"{step} {next(steps, '')}")
    return kept
