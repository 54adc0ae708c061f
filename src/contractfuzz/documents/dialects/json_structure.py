"""JSON Structure, as specified and as tools convert it from OpenAPI."""

from __future__ import annotations

from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.structure_choices import lower_choice
from contractfuzz.documents.dialects.structure_inheritance import extend
from contractfuzz.documents.dialects.structure_schema import StructureSchemaLowering
from contractfuzz.documents.dialects.structure_types import OPENAPI_TYPES, STRUCTURE_TYPES
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.keyword_shapes import Schema, require_type
from contractfuzz.documents.keywords import Family
from contractfuzz.documents.subschemas import is_namespace


class StructureLowering(StructureSchemaLowering):
    """Lowering of JSON Structure as specified."""

    types = STRUCTURE_TYPES
    anchors_patterns = True
    has_encoded_types = True

    def lower(self, node: Any, location: SourceLocation) -> Schema:
        """Lower a schema that is not within another one: the root of a document or the target of a reference."""
        require_type(node, dict, location)
        if not location.steps and "$root" in node:
            if "type" in node:
                raise (location / "$root").error("a document has either a `$root` or a `type`; delete one of the two")
            return {"$ref": self.context.refer(node["$root"], location / "$root")}
        if location.steps[:1] == ("definitions",) and is_namespace(node):
            raise location.error("is a namespace, not a type: it has no `type`; refer to one of the types in it")
        return self.lower_schema(node, location)

    def lower_complete(self, node: dict[str, Any], location: SourceLocation) -> dict[str, Any]:
        """Lower a schema with the types that it is made of."""
        if node.get("abstract") is True:
            raise location.error("is abstract, so no payload has this type; refer to a type that extends it")
        if node.get("type") == "choice":
            return lower_choice(self, node, location)
        lowered = self.lower_keywords(node, location)
        return extend(self, lowered, node, location) if "$extends" in node else lowered

    def for_location(self, location: SourceLocation) -> StructureLowering:
        """Return the lowering for schemas of another document."""
        dialect = self.context.dialect_of(location)
        lowering = StructureLowering if dialect is JSON_STRUCTURE else ConvertedStructureLowering
        return lowering(dialect, self.context)


class ConvertedStructureLowering(StructureLowering):
    """Lowering of JSON Structure converted from OpenAPI, where types and patterns have the meaning that they have in OpenAPI."""

    types = OPENAPI_TYPES
    anchors_patterns = False
    has_encoded_types = False


JSON_STRUCTURE = Dialect(
    "JSON Structure",
    StructureLowering,
    families=Family.JSON_STRUCTURE,
    option="json-structure",
    schema_uris=(
        "json-structure.org/meta/core/v0",
        "json-structure.org/meta/extended/v0",
        "json-structure.org/meta/validation/v0",
    ),
)
JSON_STRUCTURE_FROM_OPENAPI = Dialect(
    "JSON Structure made from OpenAPI",
    ConvertedStructureLowering,
    families=Family.JSON_STRUCTURE,
    option="json-structure-openapi",
    schema_uris=("json-structure.org/draft/2020-12/schema",),
)
