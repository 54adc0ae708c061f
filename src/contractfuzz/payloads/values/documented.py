"""Values that a document gives for a schema: ``examples``, ``example`` and ``default``."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from contractfuzz.documents.recursion import every_reference
from contractfuzz.json_pointer import parse_pointer
from contractfuzz.json_values import canonical, is_json_value

_DEFINITIONS = "#/$defs/"
_TOKENS_OF_DEFINITION = 2


def documented_values(schema: Mapping[str, Any]) -> list[Any]:
    """Return the different values that the annotations of a schema give, in their order. They may break the schema.

    Args:
        schema: the keywords of the schema. ``examples`` that are not a list, as OpenAPI has them elsewhere, are ignored.

    """
    examples = schema.get("examples")
    values = list(examples) if isinstance(examples, list) else []
    values += [schema[name] for name in ("example", "default") if name in schema]
    return list({canonical(value): value for value in values}.values())


class ExampleJudges:
    """Makes the functions that judge the examples of the schemas of one document.

    Args:
        root: the self-contained JSON Schema that the schemas are part of.

    """

    def __init__(self, root: Mapping[str, Any]) -> None:
        self._root = root
        self._definitions: Mapping[str, Any] = root.get("$defs", {})
        self._needs: dict[str, frozenset[str] | None] = {}

    def judge(self, schema: Any) -> Callable[[Any], bool]:
        """Return a function that returns True if a value keeps a schema."""
        needed = self._find_needed(schema) if isinstance(schema, dict) else None
        if needed is not None:
            # jsonschema-rs loads faster than jsonschema, which most contracts need for nothing else.
            from jsonschema_rs import Draft202012Validator, ValidationError

            definitions = {name: self._definitions[name] for name in sorted(needed)}
            try:
                is_valid = Draft202012Validator({**schema, "$defs": definitions}, validate_formats=True).is_valid
            except (ValidationError, ValueError):
                pass  # a pattern that it does not read
            else:
                return lambda value: is_json_value(value) and is_valid(value)
        # Loads jsonschema.
        from contractfuzz.oracle import Oracle

        oracle = Oracle(schema, self._root)
        return lambda value: is_json_value(value) and oracle.is_valid(value)

    def _find_needed(self, schema: Any) -> frozenset[str] | None:
        """Return the names of the definitions that a schema leads to; None if it refers to something else, too."""
        found: set[str] = set()
        waiting = [self._references(schema)]
        while waiting:
            references = waiting.pop()
            if references is None or not references <= self._definitions.keys():
                return None
            waiting += [self._references_of(name) for name in references - found]
            found |= references
        return frozenset(found)

    def _references_of(self, name: str) -> frozenset[str] | None:
        if name not in self._needs:
            self._needs[name] = self._references(self._definitions[name])
        return self._needs[name]

    @staticmethod
    def _references(schema: Any) -> frozenset[str] | None:
        """Return the names of the definitions that a schema names; None if it refers to something else, too."""
        names: set[str] = set()
        for reference in every_reference(schema):
            tokens = parse_pointer(reference) if reference.startswith(_DEFINITIONS) else ()
            if len(tokens) != _TOKENS_OF_DEFINITION:
                return None
            names.add(tokens[-1])
        return frozenset(names)
