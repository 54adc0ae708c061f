"""Claims that a keyword is broken at one location of a payload, and the errors that show whether they are true."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from contractfuzz.json_pointer import encode_pointer, parse_pointer
from contractfuzz.unions.names import ERROR_BRANCHES, BranchMark
from contractfuzz.unions.union import OTHER_BODY

if TYPE_CHECKING:
    from jsonschema.exceptions import ValidationError

REPORTED_AT_PARENT = frozenset({"required", "dependentRequired"})
"""Keywords with errors located at the object. The location of a violation names the missing property instead."""

REPORTED_BY_CONTENT = frozenset({"allOf", "then", "else", "dependentSchemas"})
"""Keywords without errors of their own. The validator reports what is broken inside them."""


@dataclass(frozen=True, slots=True)
class FaultClaim:
    """A claim that a keyword is broken at one location of a payload.

    Attributes:
        pointer: the location. For a keyword in ``REPORTED_AT_PARENT``, it names the missing property.
        keyword: the keyword. One in ``REPORTED_BY_CONTENT`` is broken if all errors are inside it; for ``allOf``, inside one of
            its parts. ``OTHER_BODY`` is broken if all errors are inside the last of ``branches``.
        branches: the branches that all errors must be inside.

    """

    pointer: str
    keyword: str
    branches: tuple[BranchMark, ...] = ()

    def covers(self, error: ValidationError, marks: tuple[BranchMark, ...]) -> bool:
        """Return True if an error, which is inside some branches, can be the one that is claimed."""
        if marks[: len(self.branches)] != self.branches:
            return False
        if self.keyword == OTHER_BODY:
            return f"{encode_pointer(error.absolute_path)}/".startswith(f"{self.pointer}/")
        expected = self.pointer.rpartition("/")[0] if self.keyword in REPORTED_AT_PARENT else self.pointer
        return all(encode_pointer(one.absolute_path) == expected for one in with_causes(error))

    def is_true(self, errors: Sequence[tuple[ValidationError, tuple[BranchMark, ...]]]) -> bool:
        """Return True if the errors that it covers, with the branches that each is inside, show it."""
        if self.keyword == OTHER_BODY:
            return bool(errors)
        if self.keyword not in REPORTED_BY_CONTENT:
            own = [error for error, marks in errors if len(marks) == len(self.branches)]
            return any(broken_keyword(error) == self.keyword and self._is_missing(error) for error in own)
        paths = [_schema_path(error.absolute_schema_path) for error, _ in errors]
        parts = [path[path.index(self.keyword) + 1] for path in paths if self.keyword in path]
        return 0 < len(parts) == len(paths) and (self.keyword != "allOf" or len(set(parts)) == 1)

    def _is_missing(self, error: ValidationError) -> bool:
        """Return False if the property that the claim names is there."""
        name = parse_pointer(self.pointer)[-1] if self.keyword in REPORTED_AT_PARENT else None
        instance: Any = error.instance
        return name is None or name not in instance


class FoundErrors:
    """The errors that a validator reports in a payload. They are found when they are needed, and only once.

    Args:
        errors: the errors, one after the other.

    """

    def __init__(self, errors: Iterator[ValidationError]) -> None:
        self._found: list[ValidationError] = []
        self._rest = errors

    def __iter__(self) -> Iterator[ValidationError]:
        at = 0
        while True:
            if at == len(self._found):
                error = next(self._rest, None)
                if error is None:
                    return
                self._found.append(error)
            yield self._found[at]
            at += 1

    def confirm(self, claims: Sequence[FaultClaim]) -> bool:
        """Return True if all claims are true and nothing else is broken."""
        covered: list[list[tuple[ValidationError, tuple[BranchMark, ...]]]] = [[] for _ in claims]
        for error in self:
            marks = marks_of(error)
            matching = [index for index, claim in enumerate(claims) if claim.covers(error, marks)]
            if not matching:
                return False
            for index in matching:
                covered[index].append((error, marks))
        return all(claim.is_true(errors) for claim, errors in zip(claims, covered, strict=True))

    @property
    def branches(self) -> list[tuple[BranchMark, ...]]:
        """The branches that each error is inside, the outermost first."""
        return [marks_of(error) for error in self]

    def break_only(self, keyword: str) -> bool:
        """Return True if no other keyword of the schema is broken; the causes of an error do not count."""
        return all(error.validator == keyword for error in self)

    @property
    def match_several_branches(self) -> bool:
        """True if ``oneOf`` is broken because more than one branch matches."""
        # The validator gives the reason why no branch matches, and no reason if several do.
        return any(error.validator == "oneOf" and not error.context for error in self)


def marks_of(error: ValidationError) -> tuple[BranchMark, ...]:
    """Return the branches that an error is inside, the outermost first.

    Args:
        error: an error that the validator reports for a whole payload.

    """
    length = len(error.absolute_path)
    return tuple((length - below, name) for below, name in reversed(vars(error).get(ERROR_BRANCHES, ())))


def with_causes(error: ValidationError) -> Iterator[ValidationError]:
    """Yield an error and the errors of the branches that it stands for."""
    yield error
    for cause in error.context or ():
        yield from with_causes(cause)


def broken_keyword(error: ValidationError) -> str:
    """Return the keyword that an error is reported for; ``propertyNames`` for any error in the name of a property."""
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
