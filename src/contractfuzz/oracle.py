"""The oracle: validates payloads with jsonschema, with the format checks of jsonschema-rs and patterns of ECMA-262.

jsonschema reports errors in detail. Its own format checks are lax, and it matches patterns as Python does, without a limit of
time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from copy import copy
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING, Any

import jsonschema_rs
from jsonschema import Draft202012Validator, FormatChecker
from jsonschema.exceptions import ValidationError
from jsonschema.validators import extend

from contractfuzz.claims import FaultClaim, FoundErrors, broken_keyword, with_causes
from contractfuzz.json_pointer import MISSING, encode_pointer, parse_pointer, resolve_pointer
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.unions.union import UnionFinder
from contractfuzz.unions.validation import UNION_KEYWORDS

if TYPE_CHECKING:
    from jsonschema.protocols import Validator

CHECKED_FORMATS = (
    *("date-time", "date", "time", "duration", "email", "idn-email", "hostname", "idn-hostname", "ipv4", "ipv6"),
    *("uuid", "uri", "uri-reference", "iri", "iri-reference", "uri-template", "json-pointer"),
    *("relative-json-pointer", "regex"),
)
"""Formats that the oracle checks; in any other format every string is valid."""


@dataclass(frozen=True, slots=True)
class PayloadError:
    """One error in a payload.

    Attributes:
        pointer: the location in the payload, as a JSON Pointer (RFC 6901); ``""`` is the payload itself.
        keyword: the broken JSON Schema keyword; ``propertyNames`` for any error in a property name, ``tag`` for a property that
            selects the branch of a union and is missing or has a value that no branch allows.
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

    Attributes:
        root: this document.
        unions: the unions of this document.

    """

    def __init__(self, schema: Mapping[str, Any] | bool, root: Mapping[str, Any] | None = None) -> None:
        self.root = schema if root is None else root
        checker = _FormatChecker(self.root)
        self.unions = checker.unions
        whole = _PatternValidator(_without_dialect(self.root), format_checker=checker)
        self._validator = whole if root is None else whole.evolve(schema=_without_dialect(schema))

    def for_schema(self, schema: Mapping[str, Any] | bool) -> Oracle:
        """Return the oracle of another schema with the same root.

        Args:
            schema: the schema.

        """
        other = copy(self)
        other._validator = self._validator.evolve(schema=_without_dialect(schema))  # noqa: SLF001
        return other

    @property
    def steps(self) -> int:
        """Number of schemas that validation has entered, for all oracles of the document: a measure of its work."""
        checker = self._validator.format_checker
        return checker.steps if isinstance(checker, _FormatChecker) else 0

    def is_valid(self, payload: Any) -> bool:
        """Return True if a payload is valid.

        Args:
            payload: a JSON value.

        """
        return bool(self._validator.is_valid(payload))

    def errors(self, payload: Any) -> Iterator[PayloadError]:
        """Yield the errors in a payload.

        Args:
            payload: a JSON value.

        Yields:
            The errors. If the payload shows which branch of ``anyOf`` or ``oneOf`` is meant, they are those inside this branch.
            Otherwise the error of the union is followed by the errors of its branches.

        """
        for error in self.find_errors(payload):
            yield from (_as_payload_error(one) for one in with_causes(error))

    def find_errors(self, payload: Any) -> FoundErrors:
        """Return the errors of the validator in a payload.

        Args:
            payload: a JSON value, which must not change while the errors are used.

        """
        return FoundErrors(self._validator.iter_errors(payload))

    def confirms(self, payload: Any, claims: Sequence[FaultClaim]) -> bool:
        """Return True if all claims are true and nothing else is broken in a payload."""
        return self.find_errors(payload).confirm(claims)


def _as_payload_error(error: ValidationError) -> PayloadError:
    return PayloadError(encode_pointer(error.absolute_path), broken_keyword(error), error.message)


# --- keywords that depend on formats and patterns ---------------------------------------------------------------------------


def _without_dialect(schema: Any) -> Any:
    """Return a schema without ``$schema``, by which jsonschema would select a class without the keywords below."""
    if not isinstance(schema, Mapping) or "$schema" not in schema:
        return schema
    return {keyword: value for keyword, value in schema.items() if keyword != "$schema"}


class _FormatChecker(FormatChecker):
    """Checks ``CHECKED_FORMATS`` with jsonschema-rs.

    Attributes:
        root: the document that references lead to. Functions of keywords reach it by way of the checker.
        unions: the unions of this document.
        steps: the number of schemas that validation has entered.

    """

    def __init__(self, root: Any) -> None:
        super().__init__(formats=())
        self.checkers = _format_checks()
        self.root = root
        self.unions = UnionFinder(root)
        self.steps = 0


@cache
def _format_checks() -> dict[str, Any]:
    return {name: (_format_check(name), ()) for name in CHECKED_FORMATS}


def _format_check(name: str) -> Callable[[Any], bool]:
    is_valid = jsonschema_rs.Draft202012Validator({"format": name}, validate_formats=True).is_valid

    def check(value: Any) -> bool:
        try:
            return not isinstance(value, str) or is_valid(value)
        except UnicodeEncodeError:  # a lone surrogate, which no format contains
            return False

    return check


def _pattern(_validator: Validator, pattern: str, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, str) or compile_pattern(pattern).search(instance):
        return
    if compile_pattern(pattern).gives_up(instance):
        yield ValidationError(f"{instance!r} takes too long to match {pattern!r}")
    else:
        yield ValidationError(f"{instance!r} does not match {pattern!r}")


def _pattern_properties(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for pattern, schema in schemas.items():
            for name in filter(compile_pattern(pattern).search, instance):
                yield from validator.descend(instance[name], schema, path=name, schema_path=pattern)


def _additional_properties(validator: Any, additional: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    extra = [name for name in instance if not _is_described(name, schema)]
    if additional is not False:
        for name in extra:
            yield from validator.descend(instance[name], additional, path=name)
    elif extra:
        yield ValidationError(f"Additional properties are not allowed ({_unexpected(extra)})")


def _unevaluated_properties(validator: Any, unevaluated: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    if not isinstance(instance, dict):
        return
    own = {keyword: value for keyword, value in schema.items() if keyword != "unevaluatedProperties"}
    evaluated = _evaluated_names(validator, own, instance)
    rest = [name for name in instance if name not in evaluated]
    invalid = [name for name in rest if not _is_valid(validator, unevaluated, instance[name])]
    if invalid and unevaluated is False:
        yield ValidationError(f"Unevaluated properties are not allowed ({_unexpected(invalid)})")
    elif invalid:
        names = ", ".join(map(repr, invalid))
        yield ValidationError(f"Unevaluated properties are not valid under the given schema ({names})")


def _evaluated_names(validator: Any, schema: Any, instance: dict[str, Any]) -> set[str]:
    """Return the names of the properties that a schema evaluates, which ``unevaluatedProperties`` leaves alone."""
    if not isinstance(schema, Mapping):
        return set()
    found = {name for name in instance if _is_described(name, schema)}
    for keyword in ("additionalProperties", "unevaluatedProperties"):
        if keyword in schema:
            found |= {name for name in instance if _is_valid(validator, schema[keyword], instance[name])}
    for inner in _inner_schemas(validator, schema, instance):
        if _is_valid(validator, inner, instance):
            found |= _evaluated_names(validator, inner, instance)
    return found


def _inner_schemas(validator: Any, schema: Mapping[str, Any], instance: dict[str, Any]) -> Iterator[Any]:
    """Yield the schemas that apply to the same object as ``schema``."""
    for keyword in ("allOf", "anyOf", "oneOf"):
        yield from schema.get(keyword, ())
    yield from (inner for name, inner in schema.get("dependentSchemas", {}).items() if name in instance)
    if "if" in schema:
        is_met = _is_valid(validator, schema["if"], instance)
        yield from (schema[keyword] for keyword in ("if", "then" if is_met else "else") if keyword in schema)
    for keyword in ("$ref", "$dynamicRef"):
        reference = schema.get(keyword)
        if isinstance(reference, str):
            target = resolve_pointer(validator.format_checker.root, parse_pointer(reference))
            if target is not MISSING:
                yield target


def _is_valid(validator: Any, schema: Any, instance: Any) -> bool:
    return next(iter(validator.descend(instance, schema)), None) is None


def _is_described(name: str, schema: Mapping[str, Any]) -> bool:
    """Return True if ``properties`` or ``patternProperties`` of a schema describe a property."""
    if name in schema.get("properties", {}):
        return True
    return any(compile_pattern(pattern).search(name) for pattern in schema.get("patternProperties", {}))


def _unexpected(names: list[str]) -> str:
    return f"{', '.join(map(repr, names))} {'was' if len(names) == 1 else 'were'} unexpected"


def _counted(check: Any) -> Any:
    def keyword(validator: Any, value: Any, instance: Any, schema: Any) -> Any:
        validator.format_checker.steps += 1
        return check(validator, value, instance, schema)

    return keyword


_PatternValidator = extend(  # type: ignore[no-untyped-call]
    Draft202012Validator,
    {
        "pattern": _pattern,
        "patternProperties": _pattern_properties,
        "additionalProperties": _additional_properties,
        "unevaluatedProperties": _unevaluated_properties,
        **UNION_KEYWORDS,
        **{
            name: _counted(Draft202012Validator.VALIDATORS[name])
            for name in ("$ref", "type", "properties", "items", "allOf")
        },
    },
)
