"""Schemas with patterns that no engine reads: nobody can judge a payload by such a pattern, so the schema asserts the rest.

What depends on the pattern is left out, and nothing else. The result allows every payload of the schema, for each meaning that
the pattern could have. So a payload that breaks the result breaks the schema. Each schema that lost a keyword has a note on it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from contractfuzz.documents.keyword_shapes import UnreadPattern
from contractfuzz.documents.recursion import every_reference
from contractfuzz.documents.subschemas import in_place_subschemas, map_subschemas, subschemas

UNREAD = "x-contractfuzz-unread"
"""Annotation of a schema that has lost keywords: a list of notes, each on one pattern that no engine reads."""

UNREADABLE_NAMES = "x-contractfuzz-unknown-names"
"""Annotation of an object for which it is not known what other properties it may have. The value is True."""

_UNEVALUATED = ("unevaluatedProperties", "unevaluatedItems")
_DEFS = "#/$defs/"


def has_unread_pattern(value: Any) -> bool:
    """Return True if a lowered schema contains a pattern that no engine reads."""
    return next(_unread_patterns(value), None) is not None


def without_unread_patterns(root: dict[str, Any]) -> dict[str, Any]:
    """Return a self-contained schema without the keywords that depend on patterns that no engine reads.

    Args:
        root: the schema. It is not changed.

    """
    return _Removal(root).rewrite(root) if has_unread_pattern(root) else root


def unread_notes(schema: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the notes on the patterns that are left out of a self-contained schema, in the order of the schema."""
    found: dict[str, None] = {}
    waiting = [dict(schema)]
    while waiting:
        inner = waiting.pop()
        notes = inner.get(UNREAD)
        found |= dict.fromkeys(note for note in (notes if isinstance(notes, list) else ()) if isinstance(note, str))
        waiting += [child for _, child in subschemas(inner, is_structure=False)][::-1]
    return tuple(found)


def _unread_patterns(value: Any) -> Iterator[UnreadPattern]:
    """Yield the patterns that no engine reads. They only occur as patterns, so this finds no other data."""
    waiting = [value]
    while waiting:
        one = waiting.pop()
        if isinstance(one, UnreadPattern):
            yield one
        elif isinstance(one, dict):
            waiting += [*reversed(one.values()), *(name for name in one if isinstance(name, UnreadPattern))]
        elif isinstance(one, list):
            waiting += reversed(one)


class _Removal:
    """Removal of the keywords that depend on unread patterns.

    Args:
        root: the self-contained schema.

    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._notes_by_reference = self._find_notes_by_reference()

    def rewrite(self, schema: dict[str, Any]) -> dict[str, Any]:
        """Return a schema without the keywords."""
        changed = map_subschemas(schema, lambda _, child: self.rewrite(child))
        left_out: dict[str, tuple[str, ...]] = {}
        if isinstance(schema.get("pattern"), UnreadPattern):
            left_out["pattern"] = (schema["pattern"].note,)
        self._leave_out_names(schema, changed, left_out)
        self._leave_out_compositions(schema, changed, left_out)
        left_out = {keyword: notes for keyword, notes in left_out.items() if keyword in schema}
        if not left_out:
            return changed
        kept = {keyword: value for keyword, value in changed.items() if keyword not in left_out}
        read = {
            name: child
            for name, child in changed.get("patternProperties", {}).items()
            if not isinstance(name, UnreadPattern)
        }
        if "patternProperties" in left_out and read:
            kept["patternProperties"] = read
        kept[UNREAD] = list(dict.fromkeys(note for notes in left_out.values() for note in notes))
        return kept

    def _leave_out_names(
        self, schema: dict[str, Any], changed: dict[str, Any], left_out: dict[str, tuple[str, ...]]
    ) -> None:
        """Leave out what depends on patterns of property names. A name may match them or not."""
        patterns = schema.get("patternProperties", {})
        notes = tuple(pattern.note for pattern in patterns if isinstance(pattern, UnreadPattern))
        if notes:
            left_out |= dict.fromkeys(("patternProperties", "additionalProperties", "unevaluatedProperties"), notes)
        if notes or self._notes(schema.get("propertyNames")):
            changed[UNREADABLE_NAMES] = True

    def _leave_out_compositions(
        self, schema: dict[str, Any], changed: dict[str, Any], left_out: dict[str, tuple[str, ...]]
    ) -> None:
        """Leave out what is broken if a schema within it holds, or holds only once."""
        for keyword, dependents in (("not", ("not",)), ("if", ("if", "then", "else"))):
            if notes := self._notes(schema.get(keyword)):
                left_out |= dict.fromkeys((name for name in dependents if name in schema), notes)
        if notes := self._notes(schema.get("contains")):
            left_out |= dict.fromkeys(("maxContains", "unevaluatedItems"), notes)
        if notes := self._notes(schema.get("oneOf")):
            left_out["oneOf"] = notes
            branches = {"anyOf": changed["oneOf"]}
            if "anyOf" in changed:
                changed["allOf"] = [*changed.get("allOf", ()), branches]
            else:
                changed |= branches
        unevaluated = [keyword for keyword in _UNEVALUATED if keyword in schema]
        if unevaluated:
            applied = [*in_place_subschemas(schema), {"$ref": schema.get("$ref")}]
            if notes := tuple(note for child in applied for note in self._notes(child)):
                left_out |= dict.fromkeys(unevaluated, notes)
                if "unevaluatedProperties" in unevaluated:
                    changed[UNREADABLE_NAMES] = True

    def _notes(self, value: Any) -> tuple[str, ...]:
        """Return the notes of all patterns in a schema or a list of schemas, and in those that they refer to."""
        if not isinstance(value, dict | list):
            return ()
        found = [pattern.note for pattern in _unread_patterns(value)]
        for reference in dict.fromkeys(every_reference(value)):
            found += self._notes_by_reference.get(reference, ())
        return tuple(dict.fromkeys(found))

    def _find_notes_by_reference(self) -> dict[str, tuple[str, ...]]:
        """Return the notes of each definition that contains an unread pattern or refers to one that does."""
        schemas = {"#": {keyword: value for keyword, value in self._root.items() if keyword != "$defs"}}
        schemas |= {_DEFS + name: schema for name, schema in self._root.get("$defs", {}).items()}
        users: dict[str, list[str]] = {}
        for name, schema in schemas.items():
            for reference in set(every_reference(schema)):
                users.setdefault(reference, []).append(name)
        found: dict[str, dict[str, None]] = {}
        for start, schema in schemas.items():
            notes = dict.fromkeys(pattern.note for pattern in _unread_patterns(schema))
            waiting = [start] if notes else []
            reached: set[str] = set()
            while waiting:
                name = waiting.pop()
                if name not in reached:
                    reached.add(name)
                    found[name] = found.get(name, {}) | notes
                    waiting += users.get(name, ())
        return {name: tuple(notes) for name, notes in found.items()}
