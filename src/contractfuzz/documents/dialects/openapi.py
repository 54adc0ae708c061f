"""The schemas of OpenAPI: 2.0 (Swagger) and 3.0, close to draft-04, and 3.1, JSON Schema 2020-12 with a few more keywords."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_schema import Draft4Lowering, Draft2020Lowering, read_type
from contractfuzz.documents.dialects.structure_types import OPENAPI_TYPES
from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.keyword_shapes import Schema, require_type
from contractfuzz.documents.keywords import Draft, Family, Role, keywords_after, select_keywords


class OpenApi31Lowering(Draft2020Lowering):
    """Lowering of schemas of OpenAPI 3.1."""

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema."""
        return _with_discriminator(node, _with_format_bounds(super().lower(node, location)))

    def lower_keyword(self, keyword: str, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Return the keywords of JSON Schema 2020-12 that a keyword becomes."""
        return _lower_example(keyword, value) or super().lower_keyword(keyword, value, location)


class OpenApi30Lowering(Draft4Lowering):
    """Lowering of schemas of OpenAPI 3.0.

    Attributes:
        nullable: the keyword by which a schema allows null, too.

    """

    nullable = "nullable"

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema."""
        return _with_discriminator(node, _with_format_bounds(super().lower(node, location)))

    def lower_keyword(self, keyword: str, value: Any, location: SourceLocation) -> dict[str, Any]:
        """Return the keywords of JSON Schema 2020-12 that a keyword becomes."""
        match keyword:
            case self.nullable:
                require_type(value, bool, location)
                return {}
            case "type" if self._is_nullable(location):
                return {"type": [read_type(value, location), "null"]}
            case _:
                return _lower_example(keyword, value) or super().lower_keyword(keyword, value, location)

    def _is_nullable(self, type_location: SourceLocation) -> bool:
        """Return True if the schema around a ``type`` allows null, too. OpenAPI 3.0.3: ``nullable`` needs a ``type``."""
        schema = lookup(type_location.parent)
        return isinstance(schema, dict) and schema.get(self.nullable) is True and isinstance(schema.get("type"), str)


class Swagger20Lowering(OpenApi30Lowering):
    """Lowering of schemas of Swagger 2.0, which has no ``nullable``. Many tools write ``x-nullable``."""

    nullable = "x-nullable"


def _lower_example(keyword: str, value: Any) -> dict[str, Any]:
    return {"examples": [value]} if keyword == "example" else {}


def _with_discriminator(node: Any, lowered: Schema) -> Schema:
    """Keep the ``discriminator`` of a union, with a reference to a branch for each value.

    By OpenAPI, a value is a key of ``mapping`` or else the name of a component.
    """
    discriminator = node.get("discriminator") if isinstance(node, dict) and "$ref" not in node else None
    if not isinstance(discriminator, dict) or not isinstance(lowered, dict):
        return lowered
    mapping: dict[str, str] = {}
    explicit = discriminator.get("mapping")
    for keyword in ("oneOf", "anyOf"):
        for branch, target in zip(node.get(keyword, ()), lowered.get(keyword, ()), strict=True):
            if isinstance(target, dict) and isinstance(branch, dict) and isinstance(branch.get("$ref"), str):
                name = branch["$ref"].rpartition("/")[2]
                values = explicit.items() if isinstance(explicit, dict) else ()
                named = [value for value, text in values if isinstance(text, str) and text.rpartition("/")[2] == name]
                mapping |= dict.fromkeys(named or [name], target["$ref"])
    if not mapping or not isinstance(discriminator.get("propertyName"), str):
        return lowered
    return {**lowered, "discriminator": {"propertyName": discriminator["propertyName"], "mapping": mapping}}


def _with_format_bounds(schema: Schema) -> Schema:
    """Replace the formats ``int32`` and ``int64`` of an integer by its bounds."""
    if not isinstance(schema, dict):
        return schema
    types, name = schema.get("type"), schema.get("format")
    if name not in ("int32", "int64") or "integer" not in ([types] if isinstance(types, str) else types or ()):
        return schema
    bounds = OPENAPI_TYPES[str(name)]
    bounded = {keyword: value for keyword, value in schema.items() if keyword != "format"}
    bounded["minimum"] = max(schema.get("minimum", bounds["minimum"]), bounds["minimum"])
    bounded["maximum"] = min(schema.get("maximum", bounds["maximum"]), bounds["maximum"])
    return bounded


_DESCRIPTIVE = select_keywords(lambda row: row.role is Role.ANNOTATION and Family.OPENAPI in row.families)

_UNKNOWN_TO_3_0 = keywords_after(Draft.DRAFT_4) - {"deprecated", "readOnly", "writeOnly"}
_UNKNOWN_TO_3_0 |= {"patternProperties", "additionalItems", "dependencies", "id"}

SWAGGER_2_0 = Dialect(
    "Swagger 2.0",
    Swagger20Lowering,
    families=Family.JSON_SCHEMA | Family.OPENAPI,
    ignores_ref_siblings=True,
    ignored_keywords=_DESCRIPTIVE | _UNKNOWN_TO_3_0 | {"nullable", "deprecated", "writeOnly"},
)
OPENAPI_3_0 = Dialect(
    "OpenAPI 3.0",
    OpenApi30Lowering,
    families=Family.JSON_SCHEMA | Family.OPENAPI,
    ignores_ref_siblings=True,
    ignored_keywords=_DESCRIPTIVE | _UNKNOWN_TO_3_0,
)
OPENAPI_3_1 = Dialect(
    "OpenAPI 3.1",
    OpenApi31Lowering,
    families=Family.JSON_SCHEMA | Family.OPENAPI,
    ignored_keywords=_DESCRIPTIVE | {"$recursiveRef"},
)
