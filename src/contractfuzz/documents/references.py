"""Where a reference leads: within its document, or to another one that was given. Nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin, urlsplit

from contractfuzz.documents.dialects.dialect import Dialect, declared
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.errors import did_you_mean, listed, shown
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.json_pointer import MISSING, parse_pointer, unescape_token

# The pointers by which documents refer to a type that lives in a document of its own.
_BY_NAME = re.compile(r"/(?:components/schemas|definitions|\$defs)/([^/]+)")


class Registry:
    """A document and its components, in which references are looked up.

    What a name refers to is looked for in the document that refers to it, in its siblings (components of the same language and
    of the same API, as far as the names of their files tell), in the other components, and in those of OpenAPI files. The first
    of these that have the name decide, and they must agree.

    Args:
        document: the document itself; it comes first wherever a reference could lead to several.
        components: the documents beside it.

    """

    def __init__(self, document: Document, components: Iterable[Document]) -> None:
        self._document = document
        self._by_name: dict[str, list[SourceLocation]] = {}
        self._of_openapi: dict[str, list[SourceLocation]] = {}
        self._by_uri: dict[str, list[SourceLocation]] = {}
        self._uris: dict[SourceLocation, str] = {}
        self._anchors: dict[tuple[SourceLocation, str], SourceLocation] = {}
        self._index(document)
        for component in components:
            self._index(component)
            for name, place in component.schemas.items():
                self._of_openapi.setdefault(name, []).append(place)
            if component.name and not component.is_openapi:
                self._by_name.setdefault(component.name, []).append(component.root)

    def resolve(self, reference: str, at: SourceLocation) -> SourceLocation:
        """Say where a reference leads.

        Args:
            reference: the value of a ``$ref``: a JSON Pointer or an anchor, the URI or the name of a document, or both.
            at: the place of that ``$ref``.

        Raises:
            ContractError: it leads nowhere, to something that is no schema, or to several documents that differ.

        """
        uri, _, fragment = reference.partition("#")
        fragment = unquote(fragment)
        resource = self._resource(uri, reference, at) if uri else self._home(at)
        target = self._within(resource, fragment, at)
        named = _BY_NAME.fullmatch(fragment)
        if target is None and named and not uri:
            return self._named(unescape_token(named[1]), reference, at)
        if target is None:
            raise at.refusal(f"{shown(reference)} leads nowhere in {resource.document.source}; correct the reference")
        if not isinstance(lookup(target), dict | bool):
            raise at.refusal(f"{shown(reference)} leads to something that is no schema; correct the reference")
        return target

    def _index(self, document: Document) -> None:
        dialect = document.forced or declared(document.content)
        overlooks = dialect is not None and dialect.overlooks_siblings
        identifier = "id" if dialect is Dialect.DRAFT_4 else "$id"
        if document.location:
            self._by_uri.setdefault(document.location, []).append(document.root)
        resources = [(document.root, document.content, document.root)]
        while resources:
            place, schema, home = resources.pop()
            identity = schema.get(identifier)
            if overlooks and place.steps and "$ref" in schema:
                identity = None  # up to draft-07 it passes over whatever stands beside a `$ref`
            if isinstance(identity, str) and identity.startswith("#"):  # how drafts up to 07 write an anchor
                self._anchors[home, identity[1:]] = place
            elif isinstance(identity, str) and identity:
                uri = _joined(self._uris.get(home, document.location), identity).partition("#")[0]
                home = place
                self._uris[home] = uri
                self._by_uri.setdefault(uri, []).append(place)
            if isinstance(anchor := schema.get("$anchor"), str):
                self._anchors[home, anchor] = place
            for steps, child in subschemas(schema):
                resources.append((SourceLocation(document, place.steps + steps), child, home))

    def _home(self, place: SourceLocation) -> SourceLocation:
        """Find the nearest schema around a place that has an identity of its own: pointers start from there."""
        for end in range(len(place.steps), 0, -1):
            around = SourceLocation(place.document, place.steps[:end])
            if around in self._uris:
                return around
        return place.document.root

    def _resource(self, uri: str, reference: str, at: SourceLocation) -> SourceLocation:
        bases = (self._uris.get(self._home(at), ""), at.document.location)
        for absolute in (_joined(base, uri) for base in bases):
            if absolute in self._by_uri:
                return self._the_one(self._by_uri[absolute], reference, at)
        if named := self._called(uri, at):
            return self._the_one(named, reference, at)
        raise at.refusal(
            f"{shown(reference)} is in no document that was given; nothing is fetched: pass the document with this "
            f"`$id` or name as a component{did_you_mean(uri, [*self._by_uri, *self._by_name])}"
        )

    def _within(self, resource: SourceLocation, fragment: str, at: SourceLocation) -> SourceLocation | None:
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((resource, fragment))
        steps = parse_pointer(fragment)
        place = SourceLocation(resource.document, resource.steps + steps)
        return place if lookup(place) is not MISSING else self._imported(resource, steps, at, 0)

    def _imported(
        self, place: SourceLocation, steps: tuple[str, ...], at: SourceLocation, deep: int
    ) -> SourceLocation | None:
        """Find what a pointer leads to among the types that ``$import`` and ``$importdefs`` bring (JSON Structure: Import)."""
        if deep > _DEEPEST_IMPORT or not place.document.dialect.is_structure:
            return None
        for end, step in enumerate(steps):
            around = SourceLocation(place.document, place.steps + steps[:end])
            # What the root imports is among its definitions; a namespace has it itself.
            holder = place.document.root if around.steps == ("definitions",) else around
            content = lookup(holder) if around.steps else None
            for keyword in ("$import", "$importdefs"):
                uri = content.get(keyword) if isinstance(content, dict) else None
                if not isinstance(uri, str):
                    continue
                other = self._resource(uri.rstrip("#"), uri, holder / keyword)
                whole = lookup(other)
                if keyword == "$import" and isinstance(whole, dict) and "type" in whole and whole.get("name") == step:
                    target = SourceLocation(other.document, other.steps + steps[end + 1 :])
                else:
                    target = SourceLocation(other.document, (*other.steps, "definitions", *steps[end:]))
                if lookup(target) is not MISSING:
                    return target
                if found := self._imported(other, ("definitions", *steps[end:]), at, deep + 1):
                    return found
        return None

    def _named(self, name: str, reference: str, at: SourceLocation) -> SourceLocation:
        if named := self._called(name, at):
            return self._the_one(named, reference, at)
        known = {*self._by_name, *self._of_openapi}
        given = f"the given components are {listed(known)}" if known else "no components were given"
        problem = f"{shown(reference)} leads nowhere: {given}{did_you_mean(name, known)}"
        raise at.refusal(f"{problem}; pass the document named {shown(name)} as a component")

    def _called(self, name: str, at: SourceLocation) -> list[SourceLocation]:
        for nearest in (at.document, self._document):
            if nearest.name == name and not nearest.is_openapi:
                return [nearest.root]
        found = self._by_name.get(name, [])
        api, language = _api(at.document), declared(at.document.content)
        siblings = [place for place in found if api is not None and _api(place.document) == api]
        alike = [place for place in siblings if declared(place.document.content) is language]
        own = self._document.schemas.get(name)
        return alike or siblings or found or ([own] if own else self._of_openapi.get(name, []))

    def _the_one(self, candidates: list[SourceLocation], reference: str, at: SourceLocation) -> SourceLocation:
        first, *others = candidates
        if first.document is not self._document and any(_saying(first) != _saying(other) for other in others):
            sources = listed(str(candidate.document.source) for candidate in candidates)
            raise at.refusal(
                f"{shown(reference)} could lead to several documents that differ: {sources}; pass only one of them"
            )
        return first


_DEEPEST_IMPORT = 8
"""How many documents may import each other in a row."""


def _api(document: Document) -> str | None:
    """Say which API a file belongs to: what its name has before the name of its type. None where that is not to be seen."""
    name = re.sub("[^a-z0-9]", "", (document.name or "").lower())
    stem = urlsplit(document.location).path.rpartition("/")
    folder, file = stem[0], re.sub("[^a-z0-9]", "", stem[2].lower())
    before, found, _ = file.rpartition(name) if name else ("", "", "")
    return f"{folder}/{before}" if found else None


def _saying(place: SourceLocation) -> str:
    """Put a document into words that are the same for documents that say the same, whatever their ``$id``."""
    content = lookup(place)
    said = {key: value for key, value in content.items() if key != "$id"} if isinstance(content, dict) else content
    return json.dumps(said, sort_keys=True)


def _joined(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError:  # not a URI at all: then nothing has it
        return uri
