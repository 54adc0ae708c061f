"""Lint rules for references."""

from __future__ import annotations

from collections.abc import Iterator

from contractfuzz.documents.document import SourceLocation
from contractfuzz.errors import ContractError
from contractfuzz.lint.schema_view import Problem, SchemaView, describe_error


def unresolved_reference(schema: SchemaView) -> Iterator[Problem]:
    """Yield each ``$ref``, a keyword of its own or inside ``type``, that cannot be resolved."""
    for location, reference in find_references(schema):
        try:
            schema.registry.resolve(reference, location)
        except ContractError as error:
            yield location, describe_error(error, location)


def find_references(schema: SchemaView) -> Iterator[tuple[SourceLocation, str]]:
    """Yield the references of a schema, each with its location, without those of the schemas in it."""
    keywords, location = schema.keywords, schema.location
    holders = [(location, keywords)]
    if isinstance(named := keywords.get("type"), dict):
        holders.append((location / "type", named))
    elif isinstance(named, list):
        holders += [(location / "type" / index, member) for index, member in enumerate(named)]
    for holder_location, holder in holders:
        if isinstance(holder, dict) and isinstance(reference := holder.get("$ref"), str):
            yield holder_location / "$ref", reference
