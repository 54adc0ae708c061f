"""References between documents. They are resolved among the documents that were given; nothing is fetched.

The published metaschemas of JSON Schema need not be given.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any
from urllib.parse import unquote, urljoin, urlsplit

from contractfuzz.documents.dialects.detection import detect_dialect
from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.registry import declared_dialect
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.errors import show_json, show_names, suggestion
from contractfuzz.documents.reading import read
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.json_pointer import MISSING, parse_pointer, unescape_token
from contractfuzz.json_values import copy_json

_MAX_IMPORT_DEPTH = 8
_BY_NAME = re.compile(r"/(?:components/schemas|definitions|\$defs)/([^/]+)")
"""Pointers that may name a document of its own instead of a schema in the same document."""

_METASCHEMA = re.compile("https?://json-schema[.]org/draft")

DynamicScope = frozenset[tuple[str, SourceLocation]]
"""The outermost dynamic anchor of each name among the resources that a validator went through (JSON Schema Core, 8.2.3.2)."""


class Registry:
    """The documents that a contract is loaded from. It finds the schemas that references lead to.

    A name is looked up in the document that refers to it, in its siblings (components of the same dialect whose file names
    belong to the same API), in the other components, and in OpenAPI files. The first of these that know the name decide. If
    several of them know it, their schemas must be equal.

    An OpenAPI file may be split into several: files in its folder, and in the folders below, need not be given.

    Args:
        document: the main document; it takes precedence if a reference could lead to several documents.
        components: the documents that references may lead to.
        dialect: the dialect of the main document and of components of the same kind; None to detect it.

    """

    def __init__(self, document: Document, components: Iterable[Document], dialect: Dialect | None = None) -> None:
        self.document = document
        self._forced: dict[Document, Dialect] = {}
        self._detected: dict[Document, Dialect] = {}
        self._by_name: dict[str, list[SourceLocation]] = {}
        self._by_openapi_name: dict[str, list[SourceLocation]] = {}
        self._by_uri: dict[str, list[SourceLocation]] = {}
        self._uris: dict[SourceLocation, str] = {}
        self._anchors: dict[tuple[SourceLocation, str], SourceLocation] = {}
        self._dynamic_anchors: dict[SourceLocation, dict[str, SourceLocation]] = {}
        self._has_dynamic_references = False
        self._metaschemas: dict[str, None] = {}  # an ordered set of URIs that references lead to
        components = list(components)
        if dialect is not None:
            self._force_dialect(dialect, components)
        self._index(document)
        for component in components:
            self._index(component)
            for name, location in component.schemas.items():
                self._by_openapi_name.setdefault(name, []).append(location)
            if component.name and not component.is_openapi:
                self._by_name.setdefault(component.name, []).append(component.root)
        self._add_metaschemas()

    def dialect_of(self, document: Document) -> Dialect:
        """Return the dialect of a document.

        Raises:
            ContractError: it cannot be read.

        """
        if document in self._forced:
            return self._forced[document]
        if document not in self._detected:
            self._detected[document] = detect_dialect(document)
        return self._detected[document]

    def resolve(self, reference: str, location: SourceLocation) -> SourceLocation:
        """Return the location that a reference leads to.

        Args:
            reference: the value of a ``$ref``: a JSON Pointer or an anchor, the URI or the name of a document, or both.
            location: the location of that ``$ref``.

        Raises:
            ContractError: it leads nowhere, to something that is not a schema, or to several documents that differ.

        """
        uri, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        resource = self._resource(uri, reference, location) if uri else self._base(location)
        target = self._within(resource, fragment)
        named = _BY_NAME.fullmatch(fragment)
        if target is None and named and not uri:
            return self._by_type_name(unescape_token(named[1]), reference, location)
        if target is None:
            problem = f"{show_json(reference)} does not resolve in {resource.document.source}; correct the reference"
            raise location.error(problem)
        if not isinstance(lookup(target), dict | bool):
            problem = f"{show_json(reference)} leads to something that is not a schema; correct the reference"
            raise location.error(problem)
        return target

    def resolve_dynamically(self, reference: str, location: SourceLocation, scope: DynamicScope) -> SourceLocation:
        """Return the location that a ``$dynamicRef`` or a ``$recursiveRef`` leads to.

        Args:
            reference: its value.
            location: its location.
            scope: the dynamic scope at this location.

        Raises:
            ContractError: as for ``resolve``.

        """
        target = self.resolve(reference, location)
        name = unquote(reference.partition("#")[2])
        if self._dynamic_anchors.get(self._base(target), {}).get(name) != target:
            return target  # not a dynamic anchor: it acts like `$ref`
        return dict(scope).get(name, target)

    def scope_at(self, location: SourceLocation, start: SourceLocation, scope: DynamicScope) -> DynamicScope:
        """Return the dynamic scope at a location.

        Args:
            location: the location of a reference.
            start: the schema around it from which a validator gets there without following a reference.
            scope: the dynamic scope at ``start``.

        """
        for end in range(len(start.steps) + 1, len(location.steps) if self._has_dynamic_references else 0):
            enclosing = SourceLocation(location.document, location.steps[:end])
            if enclosing in self._uris:
                scope = self.enter(enclosing, scope)
        return scope

    def enter(self, location: SourceLocation, scope: DynamicScope) -> DynamicScope:
        """Return the dynamic scope after a validator enters the resource that a location is in. Outer anchors stay."""
        if not self._has_dynamic_references:
            return scope
        return frozenset({**self._dynamic_anchors.get(self._base(location), {}), **dict(scope)}.items())

    # --- index ----------------------------------------------------------------------------------------------------------

    def _force_dialect(self, dialect: Dialect, components: list[Document]) -> None:
        """Set the dialect of the main document, and of components of the same kind that do not declare another one."""
        self._forced[self.document] = dialect
        for component in components:
            if component.is_openapi or self.dialect_of(component).is_structure != dialect.is_structure:
                continue
            if dialect.is_structure or "$schema" not in component.content:
                self._forced[component] = dialect

    def _index(self, document: Document) -> None:
        """Note every URI and anchor that the schemas of a document give themselves."""
        dialect = self._forced.get(document) or declared_dialect(document.content)
        id_keyword = "$id" if dialect is None else dialect.id_keyword
        ignores_siblings = dialect is not None and dialect.ignores_ref_siblings
        if document.location:
            self._by_uri.setdefault(document.location, []).append(document.root)
        waiting = [(document.root, document.content, document.root)]
        while waiting:
            location, schema, base = waiting.pop()
            identity = None if ignores_siblings and location.steps and "$ref" in schema else schema.get(id_keyword)
            if isinstance(identity, str) and identity.startswith("#"):  # an anchor, up to draft-07
                self._anchors[base, identity[1:]] = location
            elif isinstance(identity, str) and identity:
                uri = _join(self._uris.get(base, document.location), identity).partition("#")[0]
                base = location
                self._uris[base] = uri
                self._by_uri.setdefault(uri, []).append(location)
            if isinstance(anchor := schema.get("$anchor"), str):
                self._anchors[base, anchor] = location
            self._index_dynamic(schema, location, base)
            if isinstance(reference := schema.get("$ref"), str):
                uri = _join(self._uris.get(base, ""), reference).partition("#")[0]
                if _METASCHEMA.match(uri):
                    self._metaschemas[uri] = None
            for steps, child in subschemas(schema, is_structure=dialect.is_structure if dialect else None):
                waiting.append((SourceLocation(document, location.steps + steps), child, base))

    def _add_metaschemas(self) -> None:
        """Index the metaschemas that references lead to, with their vocabularies, unless a given document has their URI."""
        while missing := [uri for uri in self._metaschemas if uri not in self._by_uri]:
            self._metaschemas.clear()
            for uri in missing:
                if document := _read_metaschema(uri):
                    self._index(document)

    def _index_dynamic(self, schema: dict[str, Any], location: SourceLocation, base: SourceLocation) -> None:
        """Note the dynamic anchor of a schema. ``$recursiveAnchor`` of 2019-09 is one with an empty name."""
        self._has_dynamic_references |= "$dynamicRef" in schema or "$recursiveRef" in schema
        if isinstance(anchor := schema.get("$dynamicAnchor"), str) and anchor:
            self._anchors[base, anchor] = location
            self._dynamic_anchors.setdefault(base, {})[anchor] = location
        if schema.get("$recursiveAnchor") is True and location == base:
            self._dynamic_anchors.setdefault(base, {})[""] = location

    def _base(self, location: SourceLocation) -> SourceLocation:
        """Return the nearest enclosing schema with a URI of its own, from which pointers start."""
        for end in range(len(location.steps), 0, -1):
            enclosing = SourceLocation(location.document, location.steps[:end])
            if enclosing in self._uris:
                return enclosing
        return location.document.root

    # --- lookup ---------------------------------------------------------------------------------------------------------

    def _resource(self, uri: str, reference: str, location: SourceLocation) -> SourceLocation:
        """Return the schema that a URI or a name stands for."""
        bases = (self._uris.get(self._base(location), ""), location.document.location)
        for absolute in (_join(base, uri) for base in bases):
            if absolute in self._by_uri:
                return self._only(self._by_uri[absolute], reference, location)
        if named := self._candidates(uri, location):
            return self._only(named, reference, location)
        if part := self._part(_join(bases[1], uri)):
            return part.root
        raise location.error(
            f"{show_json(reference)} is not in any document that was given, and nothing is fetched; pass the document with "
            f"this `$id` or name as a component{suggestion(uri, [*self._by_uri, *self._by_name])}"
        )

    def add_part(self, content: dict[str, Any], location: SourceLocation) -> SourceLocation:
        """Add a schema that a document has in another form, and return its location.

        Args:
            content: the schema.
            location: the location that it is made from. Its references are resolved as there.

        """
        origin = location.document
        part = Document(origin.source, content, fallback_name=location.steps[-1] if location.steps else "schema")
        self._forced[part] = self.dialect_of(origin)
        self._index(part)
        return part.root

    def _part(self, uri: str) -> Document | None:
        """Return a file of a split OpenAPI file, or None if the URI is not in its folder."""
        if not (self.document.is_openapi and self.document.location and uri.startswith("file://")):
            return None
        if urlsplit(uri).netloc != urlsplit(self.document.location).netloc:
            return None
        folder = Path(_local_path(self.document.location)).parent
        # Percent-encoded dots are decoded here, and must not lead out of the folder either.
        path = Path(os.path.normpath(_local_path(uri)))
        if not path.is_relative_to(folder) or not path.is_file():
            return None
        source = Path(self.document.source).parent / path.relative_to(folder)
        part = replace(read(path), source=str(source), location=uri)
        if not part.is_openapi and "$schema" not in part.content:
            self._forced[part] = self.dialect_of(self.document)
        self._index(part)
        return part

    def _within(self, resource: SourceLocation, fragment: str) -> SourceLocation | None:
        """Return the location of a pointer or an anchor in a resource, or None if it does not exist."""
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((resource, fragment))
        steps = parse_pointer(fragment)
        location = SourceLocation(resource.document, resource.steps + steps)
        return location if lookup(location) is not MISSING else self._imported(resource, steps)

    def _imported(self, resource: SourceLocation, steps: tuple[str, ...], depth: int = 0) -> SourceLocation | None:
        """Return the location of a type that ``$import`` or ``$importdefs`` brings (JSON Structure: Import), if there is one.

        Args:
            resource: the schema from which the pointer starts.
            steps: the steps of the pointer.
            depth: the number of imports followed so far.

        """
        if depth > _MAX_IMPORT_DEPTH or not self.dialect_of(resource.document).is_structure:
            return None
        for end in range(len(steps)):
            enclosing = SourceLocation(resource.document, resource.steps + steps[:end])
            if not enclosing.steps:
                continue
            # Imports of the root belong to its definitions; a namespace has its own.
            importer = resource.document.root if enclosing.steps == ("definitions",) else enclosing
            for keyword in ("$import", "$importdefs"):
                if found := self._imported_by(keyword, importer, steps[end:], depth):
                    return found
        return None

    def _imported_by(
        self, keyword: str, importer: SourceLocation, steps: tuple[str, ...], depth: int
    ) -> SourceLocation | None:
        """Return the location of a type that one import brings, if it does; ``steps`` lead to it from the definitions."""
        content = lookup(importer)
        uri = content.get(keyword) if isinstance(content, dict) else None
        if not isinstance(uri, str):
            return None
        imported = self._resource(uri.rstrip("#"), uri, importer / keyword)
        root = lookup(imported)
        if keyword == "$import" and isinstance(root, dict) and "type" in root and root.get("name") == steps[0]:
            target = SourceLocation(imported.document, imported.steps + steps[1:])
        else:
            target = SourceLocation(imported.document, (*imported.steps, "definitions", *steps))
        return target if lookup(target) is not MISSING else self._imported(imported, ("definitions", *steps), depth + 1)

    def _by_type_name(self, name: str, reference: str, location: SourceLocation) -> SourceLocation:
        """Return the document with a name."""
        if candidates := self._candidates(name, location):
            return self._only(candidates, reference, location)
        known = {*self._by_name, *self._by_openapi_name}
        given = f"the given components are {show_names(known)}" if known else "no components were given"
        problem = f"{show_json(reference)} does not resolve: {given}{suggestion(name, known)}"
        raise location.error(f"{problem}; pass the document named {show_json(name)} as a component")

    def _candidates(self, name: str, location: SourceLocation) -> list[SourceLocation]:
        """Return the schemas with a name among the nearest documents that have any."""
        for document in (location.document, self.document):
            if document.name == name and not document.is_openapi:
                return [document.root]
        found = self._by_name.get(name, [])
        api, dialect = _api(location.document), declared_dialect(location.document.content)
        siblings = [root for root in found if api is not None and _api(root.document) == api]
        same_dialect = [root for root in siblings if declared_dialect(root.document.content) is dialect]
        own = self.document.schemas.get(name)
        return same_dialect or siblings or found or ([own] if own else self._by_openapi_name.get(name, []))

    def _only(self, candidates: list[SourceLocation], reference: str, location: SourceLocation) -> SourceLocation:
        """Return the first of several candidates, which must be equal unless it is in the main document."""
        first, *others = candidates
        if first.document is not self.document and any(_comparable(first) != _comparable(other) for other in others):
            sources = show_names(candidate.document.source for candidate in candidates)
            problem = f"{show_json(reference)} could lead to several documents that differ: {sources}; pass only one"
            raise location.error(problem)
        return first


def _read_metaschema(uri: str) -> Document | None:
    """Return a metaschema or a vocabulary of JSON Schema, or None if none with this URI is published."""
    # Imported here because it reads all of them, and hardly any document refers to one.
    from jsonschema_specifications import REGISTRY  # type: ignore[import-untyped]

    content = REGISTRY.get(uri)
    return None if content is None else Document(uri, copy_json(content.contents), fallback_name="metaschema")


def _api(document: Document) -> str | None:
    """Return the API that a file belongs to: the part of its name before the name of its type. None if it has no such part."""
    name = re.sub("[^a-z0-9]", "", (document.name or "").lower())
    folder, _, file = urlsplit(document.location).path.rpartition("/")
    before, found, _ = re.sub("[^a-z0-9]", "", file.lower()).rpartition(name) if name else ("", "", "")
    return f"{folder}/{before}" if found else None


def _comparable(location: SourceLocation) -> str:
    """Return a text that is equal for schemas that differ in nothing but ``$id``."""
    schema = lookup(location)
    content = {key: value for key, value in schema.items() if key != "$id"} if isinstance(schema, dict) else schema
    return json.dumps(content, sort_keys=True)


def _local_path(uri: str) -> str:
    """Return the path of a file URI. On Windows, a URI with a host is on a share."""
    # Imported here, because it loads an HTTP client, and few documents are split.
    from urllib.request import url2pathname

    parts = urlsplit(uri)
    return url2pathname(f"//{parts.netloc}{parts.path}" if parts.netloc else parts.path)


def _join(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError:  # not a URI, so no document has it
        return uri
