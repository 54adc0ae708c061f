"""Lint rules for documents that declare themselves to be JSON Structure.

The section numbers are those of JSON Structure: Core (draft-vasters-json-structure-core).
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

from contractfuzz.documents.dialects.string_encoded import INTEGERS
from contractfuzz.documents.document import SourceLocation, lookup
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.json_pointer import MISSING, parse_pointer
from contractfuzz.lint.schema_view import Problem, SchemaView

_TYPE_KEYWORDS = frozenset({"type", "$ref", "allOf", "anyOf", "oneOf", "not", "if", "then", "else"})
"""Keywords of which a schema has at least one."""

_IDENTIFIER = re.compile(r"[A-Za-z_][A-Za-z0-9_]*")
_NAME = re.compile(r"[A-Za-z_$][A-Za-z0-9_$]*")
_ABSOLUTE_URI = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:.+")
_ANY = '{"type": "any"}'
_NEEDED_KEYWORDS = {
    "object": (
        ("properties", 'list the properties, extend a type, or write "type": "map" if the names are arbitrary'),
    ),
    "array": (("items", f'write "items": {_ANY} if any item is valid'),),
    "set": (("items", f'write "items": {_ANY} if any item is valid'),),
    "map": (("values", f'write "values": {_ANY} if any value is valid'),),
    "tuple": (("properties", "define the items as properties"), ("name", "name the tuple")),
    "choice": (("choices", "list the types to choose from"),),
}
"""The keywords that a type is incomplete without, each with the remedy. Lowering reports what else is missing."""

_BOUNDS = ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf")
_EXTENSIONS = frozenset(
    {
        *("JSONStructureImport", "JSONStructureAlternateNames", "JSONStructureUnits", "JSONStructureRelations"),
        *("JSONStructureConditionalComposition", "JSONStructureValidation"),
    }
)
_COMPOSITION = "JSONStructureConditionalComposition"
_EXTENSION_OF_KEYWORD = {
    **dict.fromkeys(("allOf", "anyOf", "oneOf", "not", "if", "then", "else"), _COMPOSITION),
    **dict.fromkeys(("unit", "currency"), "JSONStructureUnits"),
}
"""Keywords of extensions that validators ignore or refuse without the extension. They read those of Validation regardless."""

_COMPOUND_TYPES = frozenset(_NEEDED_KEYWORDS)


def reference_outside_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield a ``$ref`` that is a keyword of its own (JSON Structure Core: ``$ref`` is only allowed inside ``type``)."""
    if schema.is_structure and "$ref" in schema.keywords:
        remedy = f'write "type": {{"$ref": {show_json(schema.keywords["$ref"])}}}'
        yield schema.location / "$ref", f"`$ref` is outside `type`: {remedy}"


def map_without_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield an object without ``properties`` whose values ``additionalProperties`` describes."""
    if schema.is_structure and _is_untyped_map(schema.keywords):
        remedy = 'write "type": "map" and `values` instead of `additionalProperties`'
        yield schema.location, f"an object with arbitrary property names: {remedy}"


def missing_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield a schema that names no type, or a document that neither has one nor refers to one with ``$root``."""
    if not schema.is_structure or schema.keywords.keys() & _TYPE_KEYWORDS:
        return
    if schema.location.steps:
        yield schema.location, 'the schema has no type: write "type": "any" if any value is valid'
    elif "$root" not in schema.keywords:
        yield schema.location, 'the document has no type: write "type", or "$root" with the pointer of a definition'


def incomplete_type(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword that the type needs and the schema does not have."""
    keywords, named = schema.keywords, schema.keywords.get("type")
    if not schema.is_structure or not isinstance(named, str) or _is_untyped_map(keywords):
        return
    for keyword, remedy in _NEEDED_KEYWORDS.get(named, ()):
        if keyword not in keywords and not (keyword == "properties" and "$extends" in keywords):
            yield schema.location, f"{_with_article(named)} without `{keyword}`: {remedy}"


def missing_identity(schema: SchemaView) -> Iterator[Problem]:
    """Yield a document without ``$id``, or with a type and without ``name``."""
    if not schema.is_structure or schema.location.steps:
        return
    identity = schema.keywords.get("$id")
    if "$id" not in schema.keywords:
        yield schema.location, "the document has no `$id`: give it an absolute URI of its own"
    elif not isinstance(identity, str) or not _ABSOLUTE_URI.fullmatch(identity):
        yield schema.location / "$id", f"{show_json(identity)} is not an absolute URI: begin it with a scheme"
    if "type" in schema.keywords and "name" not in schema.keywords:
        yield schema.location, "the document has a type but no `name`: name the type"


def invalid_identifier(schema: SchemaView) -> Iterator[Problem]:
    """Yield each name of a type or a property that is not an identifier (letters, digits and ``_``, no digit first)."""
    if not schema.is_structure:
        return
    name = schema.keywords.get("name")
    if isinstance(name, str) and not _NAME.fullmatch(name):
        yield schema.location / "name", f"{show_json(name)} is not an identifier: use letters, digits and `_` only"
    properties = schema.keywords.get("properties")
    for name in properties if isinstance(properties, dict) else ():
        if not _IDENTIFIER.fullmatch(name):
            remedy = "use letters, digits and `_` only, and give the name in JSON with `altnames`"
            yield schema.location / "properties" / name, f"{show_json(name)} is not an identifier: {remedy}"


def bound_not_a_string(schema: SchemaView) -> Iterator[Problem]:
    """Yield each bound of a number that JSON carries as a string, if the bound is not a string (Validation, "Numeric")."""
    named = schema.keywords.get("type")
    if not schema.is_structure or named not in (*INTEGERS, "decimal"):
        return
    for keyword in _BOUNDS:
        bound = schema.keywords.get(keyword, "")
        if not isinstance(bound, str):
            remedy = f"write {show_json(str(bound))}"
            yield schema.location / keyword, f"`{keyword}` of {_with_article(named)} is not a string: {remedy}"


def inline_compound(schema: SchemaView) -> Iterator[Problem]:
    """Yield each compound type that a union names or defines, instead of referring to it."""
    union = schema.keywords.get("type")
    if not schema.is_structure or not isinstance(union, list):
        return
    for index, member in enumerate(union):
        if (isinstance(member, str) and member in _COMPOUND_TYPES) or (
            isinstance(member, dict) and "$ref" not in member
        ):
            remedy = 'define it in `definitions` and write {"$ref": ...}'
            yield schema.location / "type" / index, f"{show_json(member)} is defined inside a union: {remedy}"


def wrong_extension(schema: SchemaView) -> Iterator[Problem]:
    """Yield what is wrong with ``$uses`` and ``$offers``, the extensions that a document uses and offers."""
    if not schema.is_structure or schema.location.steps:
        return
    uses, offers = schema.keywords.get("$uses", []), schema.keywords.get("$offers", {})
    if not isinstance(uses, list) or not all(isinstance(name, str) for name in uses):
        yield schema.location / "$uses", "must be a list of names of extensions"
    for index, name in enumerate(uses if isinstance(uses, list) else ()):
        # A document may use extensions that another one offers: only similar names are misspelt.
        if isinstance(name, str) and name not in _EXTENSIONS and (hint := suggestion(name, _EXTENSIONS)):
            yield schema.location / "$uses" / index, f"{show_json(name)} is not a known extension{hint}"
    if not isinstance(offers, dict):
        yield schema.location / "$offers", "must be an object with the pointers of each extension"
        return
    for name, pointers in offers.items():
        for pointer in pointers if isinstance(pointers, list) else [pointers]:
            if not _leads_somewhere(pointer, schema.document.root):
                yield schema.location / "$offers" / name, f"{show_json(pointer)} does not resolve: correct the pointer"


def missing_extension(schema: SchemaView) -> Iterator[Problem]:
    """Yield each keyword of an extension that the document does not use, neither by ``$uses`` nor by its ``$schema``."""
    if not schema.is_structure:
        return
    content = schema.document.content
    uses = content.get("$uses")
    used = [name for name in uses if isinstance(name, str)] if isinstance(uses, list) else []
    if "/validation/" in str(content.get("$schema")):
        used.append(_COMPOSITION)
    for keyword in schema.keywords:
        if (extension := _EXTENSION_OF_KEYWORD.get(keyword)) and extension not in used:
            remedy = f'write "$uses": [{show_json(extension)}] at the root'
            yield schema.location / keyword, f"`{keyword}` belongs to an extension: {remedy}"


def _leads_somewhere(pointer: Any, root: SourceLocation) -> bool:
    if not isinstance(pointer, str) or not pointer.startswith("#/"):
        return False
    return lookup(SourceLocation(root.document, parse_pointer(pointer[1:]))) is not MISSING


def _is_untyped_map(keywords: dict[str, Any]) -> bool:
    return keywords.get("type") == "object" and "properties" not in keywords and "additionalProperties" in keywords


def _with_article(name: str) -> str:
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
