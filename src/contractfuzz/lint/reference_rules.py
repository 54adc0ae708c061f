"""Lint rules for references."""

from __future__ import annotations

from collections.abc import Iterator

from contractfuzz.errors import ContractError
from contractfuzz.lint.schema_view import Problem, SchemaView, describe_error


def unresolved_reference(schema: SchemaView) -> Iterator[Problem]:
    """Yield each ``$ref``, a keyword of its own or inside ``type``, that cannot be resolved."""
    keywords, location = schema.keywords, schema.location
    references = [(location / "$ref", keywords["$ref"])] if "$ref" in keywords else []
    named_type = keywords.get("type")
    if isinstance(named_type, dict) and "$ref" in named_type:
        references.append((location / "type" / "$ref", named_type["$ref"]))
    for reference_location, reference in references:
        try:
            if isinstance(reference, str):
                schema.registry.resolve(reference, reference_location)
        except ContractError as error:
            yield reference_location, describe_error(error, reference_location)
