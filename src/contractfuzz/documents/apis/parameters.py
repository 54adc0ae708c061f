"""Parameters of operations and headers of responses: where their schemas are, and how their values are written."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.keyword_shapes import require_type
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import MISSING

_MAX_REFERENCES_IN_A_ROW = 16
_NOT_SCHEMA = ("name", "in", "required", "description", "allowEmptyValue", "collectionFormat")
"""Fields of a parameter of Swagger 2.0 that are not keywords of its schema."""


@dataclass(frozen=True)
class PublishedParameter:
    """A parameter as its OpenAPI file has it.

    Attributes:
        name: the name.
        place: ``path``, ``query``, ``header`` or ``cookie``; in Swagger 2.0 also ``body`` or ``formData``.
        required: True if a request must have it.
        location: the location of its schema; None without one. The whole parameter for ``formData``.
        style: how its value is written (OpenAPI 3.1, "Style Values").
        explode: True if the items of an array are written as several parameters.
        is_json: True if its value is written as JSON.
        examples: its examples, which may be wrong.

    """

    name: str
    place: str
    required: bool
    location: SourceLocation | None
    style: str
    explode: bool
    is_json: bool
    examples: tuple[Any, ...]


def follow(location: SourceLocation, registry: Registry) -> SourceLocation:
    """Return the location that the ``$ref`` at a location leads to; the location itself if it has none.

    Raises:
        ContractError: a reference does not resolve, or the references form a loop.

    """
    start = location
    for _ in range(_MAX_REFERENCES_IN_A_ROW):
        value = lookup(location)
        if not isinstance(value, dict) or not isinstance(value.get("$ref"), str):
            return location
        location = registry.resolve(value["$ref"], location / "$ref")
    raise start.error(f"leads through more than {_MAX_REFERENCES_IN_A_ROW} `$ref`s; refer to the last one directly")


def is_json_type(media_type: str) -> bool:
    """Return True if bodies of a media type are JSON: ``application/json``, ``application/problem+json``, ``*/*``."""
    name = media_type.partition(";")[0].strip().lower()
    return name.endswith(("/json", "+json")) or name in ("*/*", "application/*")


def is_swagger(registry: Registry) -> bool:
    """Return True if the main document is in Swagger 2.0."""
    return "swagger" in registry.document.content


def read_parameter(location: SourceLocation, registry: Registry, header: str | None = None) -> PublishedParameter:
    """Read a parameter, or a header of a response.

    Args:
        location: its location.
        registry: the documents that references may lead to.
        header: the name of the header; None for a parameter, which has its name and place inside.

    Raises:
        ContractError: it is not an object, or has no name or place.

    """
    location = follow(location, registry)
    value = lookup(location)
    require_type(value, dict, location)
    if header is None:
        for field in ("name", "in"):
            require_type(value.get(field), str, location / field)
    name, place = (value["name"], value["in"]) if header is None else (header, "header")
    schema: SourceLocation | None = location / "schema"
    is_json = False
    if is_swagger(registry) and place != "body":
        schema = location if place == "formData" else registry.add_part(schema_fields(value), location)
    elif isinstance(value.get("content"), dict) and value["content"]:
        media_type = next(iter(value["content"]))
        schema, is_json = location / "content" / media_type / "schema", is_json_type(media_type)
    if schema is not None and lookup(schema) is MISSING:
        schema = None
    style, explode = _serialization(value, place)
    examples = tuple(read_examples(location, registry))
    return PublishedParameter(name, place, value.get("required") is True, schema, style, explode, is_json, examples)


def read_examples(holder: SourceLocation, registry: Registry) -> Iterator[Any]:
    """Yield the values of ``example`` and ``examples`` of an object. They may be wrong."""
    value = lookup(holder)
    if not isinstance(value, dict):
        return
    if "example" in value:
        yield value["example"]
    named = value.get("examples")
    for name in named if isinstance(named, dict) else ():
        try:
            example = lookup(follow(holder / "examples" / name, registry))
        except ContractError:  # an example is a help, and its mistakes do no harm
            continue
        if isinstance(example, dict) and "value" in example:
            yield example["value"]


def schema_fields(parameter: Any) -> dict[str, Any]:
    """Return the keywords of the schema that a parameter of Swagger 2.0 is."""
    fields = parameter if isinstance(parameter, dict) else {}
    # The type `file` is the bytes of an upload.
    return {
        name: "string" if (name, value) == ("type", "file") else value
        for name, value in fields.items()
        if name not in _NOT_SCHEMA
    }


_STYLES = {"path": "simple", "header": "simple", "query": "form", "cookie": "form"}
_COLLECTION_STYLES = {"ssv": "spaceDelimited", "pipes": "pipeDelimited", "multi": "form", "csv": "form"}


def _serialization(parameter: dict[str, Any], place: str) -> tuple[str, bool]:
    """Return the style of a parameter, and True if it explodes."""
    if "type" in parameter:  # Swagger 2.0
        collection = parameter.get("collectionFormat", "csv")
        return _COLLECTION_STYLES.get(str(collection), "form"), collection == "multi"
    style = parameter.get("style")
    style = style if isinstance(style, str) else _STYLES.get(place, "form")
    explode = parameter.get("explode")
    return style, explode if isinstance(explode, bool) else style == "form"
