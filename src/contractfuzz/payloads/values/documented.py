"""Values that a document gives for a schema: ``examples``, ``example`` and ``default``."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Mapping
from typing import Any

from contractfuzz.json_values import canonical, is_json_value

_OTHER_REFERENCE = re.compile(r'"\$ref": "(?!#/\$defs/[^/"]*")')
"""A reference to something else than a whole definition, in a schema as JSON text."""


def documented_values(schema: Mapping[str, Any]) -> list[Any]:
    """Return the different values that the annotations of a schema give, in their order. They may break the schema.

    Args:
        schema: the keywords of the schema. ``examples`` that are not a list, as OpenAPI has them elsewhere, are ignored.

    """
    examples = schema.get("examples")
    values = list(examples) if isinstance(examples, list) else []
    values += [schema[name] for name in ("example", "default") if name in schema]
    return list({canonical(value): value for value in values}.values())


def make_judge(schema: Any, root: Mapping[str, Any]) -> Callable[[Any], bool]:
    """Return a function that returns True if a value keeps a schema.

    Args:
        schema: the schema.
        root: the self-contained JSON Schema that it is part of.

    """
    definitions = root.get("$defs", {})
    if isinstance(schema, dict) and not _OTHER_REFERENCE.search(json.dumps([schema, definitions])):
        # jsonschema-rs loads faster than jsonschema, which most contracts need for nothing else.
        from jsonschema_rs import Draft202012Validator, ValidationError

        try:
            is_valid = Draft202012Validator({**schema, "$defs": definitions}, validate_formats=True).is_valid
        except (ValidationError, ValueError):
            pass  # a pattern that it does not read
        else:
            return lambda value: is_json_value(value) and is_valid(value)
    # Loads jsonschema.
    from contractfuzz.oracle import Oracle

    oracle = Oracle(schema, root)
    return lambda value: is_json_value(value) and oracle.is_valid(value)
