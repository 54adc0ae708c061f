"""Validation of unions and conditions. If a payload shows which branch is meant, the errors inside this branch are reported."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from jsonschema.exceptions import ValidationError

from contractfuzz.text import list_names
from contractfuzz.unions.names import BranchMark, escape
from contractfuzz.unions.union import TAG, Tag

_MAX_SHOWN_VALUES = 10
_BRANCHES = "branches"


def marks_of(error: ValidationError) -> tuple[BranchMark, ...]:
    """Return the branches that an error is inside, the outermost first.

    Args:
        error: an error that the validator reports for a whole payload.

    """
    length = len(error.absolute_path)
    return tuple((length - below, name) for below, name in reversed(vars(error).get(_BRANCHES, ())))


def _inside(name: str | None, errors: Iterable[ValidationError]) -> Iterator[ValidationError]:
    """Yield errors, marked as those inside a branch."""
    for error in errors:
        if name is not None:
            vars(error).setdefault(_BRANCHES, []).append((len(error.relative_path), name))
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
    errors: dict[int, list[ValidationError]] = {}
    accepting = 0
    for index in found.candidates:
        twin = union.twins[index]
        if twin not in errors:
            errors[twin] = list(validator.descend(instance, branches[index], schema_path=index))
        accepting += not errors[twin]
        if accepting == (1 if keyword == "anyOf" else 2):
            break
    if accepting == 1:
        return
    if accepting:
        # By its missing context, an error of `oneOf` shows that several branches match.
        yield ValidationError(f"{instance!r} is valid under more than one of the given schemas")
    elif found.branch is not None:
        yield from _inside(union.names[found.branch], errors[union.twins[found.branch]])
    elif found.tag is not None:
        yield _tag_error(found.tag, instance)
    else:
        for index in range(len(branches)):
            if union.twins[index] == index and index not in errors:
                errors[index] = list(validator.descend(instance, branches[index], schema_path=index))
        causes = [error for index in sorted(errors) for error in errors[index]]
        yield ValidationError(f"{instance!r} is not valid under any of the given schemas", context=causes)


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
