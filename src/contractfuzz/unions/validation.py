"""Validation of unions and conditions. If a payload shows which branch is meant, the errors inside this branch are reported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from jsonschema.exceptions import ValidationError

from contractfuzz.text import list_names
from contractfuzz.unions.names import ERROR_BRANCHES, escape
from contractfuzz.unions.union import TAG, Tag

_MAX_SHOWN_VALUES = 10


def _inside(name: str | None, errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield errors, marked as those inside a branch."""
    for error in errors:
        if name is not None:
            vars(error).setdefault(ERROR_BRANCHES, []).append((len(error.relative_path), name))
        yield error


def _any_of(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    yield from _branch_errors(validator, "anyOf", branches, instance, schema)


def _one_of(validator: Any, branches: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    yield from _branch_errors(validator, "oneOf", branches, instance, schema)


def _branch_errors(
    validator: Any, keyword: str, branches: Any, instance: Any, schema: Any
) -> Iterator[ValidationError]:
    """Yield the errors inside the branch that a payload is meant for, or the error of the union if it does not show one."""
    union = validator.format_checker.unions.find(branches, schema)
    found = union.recognise(instance)
    # Each branch is validated to its first error only, unless more errors are asked for.
    errors: dict[int, Iterator[ValidationError]] = {}
    accepting: set[int] = set()
    count = 0
    for index in found.candidates:
        twin = union.twins[index]
        if twin not in errors:
            errors[twin] = validator.descend(instance, branches[index], schema_path=index)
            if union.lacks_required(index, instance):
                continue
            first = next(errors[twin], None)
            if first is None:
                accepting.add(twin)
            else:
                errors[twin] = chain((first,), errors[twin])
        count += twin in accepting
        if count == (1 if keyword == "anyOf" else 2):
            break
    if count == 1:
        return
    if count:
        # By its missing context, an error of `oneOf` shows that several branches match.
        yield ValidationError(f"{instance!r} is valid under more than one of the given schemas")
    elif found.branch is not None:
        yield from _inside(union.names[found.branch], errors[union.twins[found.branch]])
    elif found.tag is not None:
        yield _tag_error(found.tag, instance)
    else:

        def causes() -> Iterator[ValidationError]:
            for index in range(len(branches)):
                if index in errors:
                    yield from errors[index]
                elif union.twins[index] == index:
                    yield from validator.descend(instance, branches[index], schema_path=index)

        yield _NoBranchError(f"{instance!r} is not valid under any of the given schemas", causes())


class _NoBranchError(ValidationError):
    """Error of a payload that no branch matches. The errors of the branches are collected when they are asked for.

    Args:
        message: the message.
        causes: the errors of the branches.

    """

    def __init__(self, message: str, causes: Iterable[ValidationError]) -> None:
        super().__init__(message)
        self._causes = causes

    @property  # type: ignore[override]
    def context(self) -> Sequence[ValidationError]:
        """The errors of the branches."""
        if not isinstance(self._causes, tuple):
            self._causes = tuple(self._causes)
            for error in self._causes:
                error.parent = self
        return self._causes

    @context.setter
    def context(self, _context: Any) -> None:
        """Ignore the empty list that the base class sets."""


def _tag_error(tag: Tag, instance: Mapping[str, Any]) -> ValidationError:
    expected = list_names(map(json.dumps, tag.values), _MAX_SHOWN_VALUES)
    if tag.name not in instance:
        # As for `required`, the error is at the object.
        return ValidationError(
            f"{tag.name!r}, which selects the branch, is missing: it is one of {expected}", validator=TAG
        )
    problem = f"{instance[tag.name]!r} selects no branch: it is none of {expected}"
    return ValidationError(problem, validator=TAG, path=[tag.name])


def _if(validator: Any, condition: Any, instance: Any, schema: Any) -> Iterator[ValidationError]:
    keyword = "then" if _is_valid(validator, condition, instance) else "else"
    if keyword in schema:
        name = validator.format_checker.unions.name_condition(schema, keyword)
        yield from _inside(name, validator.descend(instance, schema[keyword], schema_path=keyword))


def _dependent_schemas(validator: Any, schemas: Any, instance: Any, _schema: Any) -> Iterator[ValidationError]:
    if isinstance(instance, dict):
        for name, schema in schemas.items():
            if name in instance:
                yield from _inside(escape(name), validator.descend(instance, schema, schema_path=name))


def _is_valid(validator: Any, schema: Any, instance: Any) -> bool:
    return next(iter(validator.descend(instance, schema)), None) is None


UNION_KEYWORDS: Mapping[str, Any] = {
    "anyOf": _any_of,
    "oneOf": _one_of,
    "if": _if,
    "dependentSchemas": _dependent_schemas,
}
"""Functions of keywords for jsonschema. The format checker of the validator has the unions of the document."""
