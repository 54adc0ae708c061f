"""The oracle: validates payloads with jsonschema, formats included."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from jsonschema import Draft202012Validator

from contractfuzz.json_pointer import encode_pointer

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

REPORTED_AT_PARENT = frozenset({"required", "dependentRequired"})
"""Keywords with errors located at the object. The location of a violation names the missing property instead."""

REPORTED_BY_CONTENT = frozenset({"allOf", "then", "else", "dependentSchemas"})
"""Keywords without errors of their own. The validator reports what is broken inside them."""


@dataclass(frozen=True, slots=True)
class PayloadError:
    """One error in a payload.

    Attributes:
        pointer: the location in the payload, as a JSON Pointer (RFC 6901); ``""`` is the payload itself.
        keyword: the broken JSON Schema keyword; ``propertyNames`` for any error in a property name.
        message: the message of the validator.

    """

    pointer: str
    keyword: str
    message: str


class Oracle:
    """Validates payloads against one JSON Schema (2020-12), formats included.

    Args:
        schema: the schema.
        root: the document that the ``$ref``s of ``schema`` refer to; by default ``schema`` itself.

    """

    def __init__(self, schema: Mapping[str, Any] | bool, root: Mapping[str, Any] | None = None) -> None:
        whole = Draft202012Validator(
            schema if root is None else root, format_checker=Draft202012Validator.FORMAT_CHECKER
        )
        self.root = schema if root is None else root
        self._validator = whole if root is None else whole.evolve(schema=schema)

    def is_valid(self, payload: Any) -> bool:
        """Return True if a payload is valid.

        Args:
            payload: a JSON value.

        """
        return self._validator.is_valid(payload)

    def errors(self, payload: Any) -> Iterator[PayloadError]:
        """Yield the errors in a payload.

        Args:
            payload: a JSON value.

        Yields:
            The errors. An error of ``anyOf`` or ``oneOf`` is followed by the errors of its branches.

        """
        for error in self._validator.iter_errors(payload):
            yield from (_as_payload_error(one) for one in _with_causes(error))

    def confirms(self, payload: Any, pointer: str, keyword: str) -> bool:
        """Return True if a keyword is broken at one location of a payload and nothing is broken elsewhere.

        Args:
            payload: a JSON value.
            pointer: the location. For a keyword in ``REPORTED_AT_PARENT``, it names the missing property.
            keyword: the keyword. One in ``REPORTED_BY_CONTENT`` is broken if all errors are inside it; for ``allOf``, inside
                one of its parts.

        """
        expected = pointer.rpartition("/")[0] if keyword in REPORTED_AT_PARENT else pointer
        errors = list(self._validator.iter_errors(payload))
        if any(encode_pointer(one.absolute_path) != expected for error in errors for one in _with_causes(error)):
            return False
        if keyword not in REPORTED_BY_CONTENT:
            return any(_broken_keyword(error) == keyword for error in errors)
        paths = [_schema_path(error.absolute_schema_path) for error in errors]
        parts = [path[path.index(keyword) + 1] for path in paths if keyword in path]
        return 0 < len(parts) == len(paths) and (keyword != "allOf" or len(set(parts)) == 1)

    def breaks_only(self, payload: Any, keyword: str) -> bool:
        """Return True if a payload breaks no other keyword of the schema; the causes of an error do not count.

        Args:
            payload: a JSON value.
            keyword: the keyword.

        """
        return all(error.validator == keyword for error in self._validator.iter_errors(payload))

    def matches_several_branches(self, payload: Any) -> bool:
        """Return True if a payload breaks ``oneOf`` because it is valid by more than one branch.

        Args:
            payload: a JSON value.

        """
        # The validator gives the reason why no branch matches, and no reason if several do.
        return any(error.validator == "oneOf" and not error.context for error in self._validator.iter_errors(payload))


def _with_causes(error: ValidationError) -> Iterator[ValidationError]:
    yield error
    for cause in error.context or ():
        yield from _with_causes(cause)


def _as_payload_error(error: ValidationError) -> PayloadError:
    return PayloadError(encode_pointer(error.absolute_path), _broken_keyword(error), error.message)


def _broken_keyword(error: ValidationError) -> str:
    # For a property name that is not allowed, the validator reports the keyword that the name breaks, located at the object.
    return "propertyNames" if "propertyNames" in _schema_path(error.relative_schema_path) else str(error.validator)


def _schema_path(path: Iterable[str | int]) -> list[str | int]:
    """Return the path to an error in its schema, in which names of properties cannot be mistaken for keywords."""
    steps = iter(path)
    keywords: list[str | int] = []
    for step in steps:
        keywords.append(step)
        if step in ("properties", "patternProperties", "dependentSchemas"):
            keywords.append(f"{step} {next(steps, '')}")
    return keywords
