"""Where a reference leads: within its document, or to another one that was given. Nothing is fetched."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable
from urllib.parse import unquote, urljoin

from contractfuzz.documents.dialects import Dialect, declared
from contractfuzz.documents.document import Document, Place
from contractfuzz.documents.refusals import did_you_mean, listed, shown
from contractfuzz.documents.subschemas import subschemas

# The pointers by which documents refer to a type that lives in a document of its own.
_BY_NAME = re.compile(r"/(?:components/schemas|definitions|\$defs)/([^/]+)")


class Library:
    """A document and its components, in which references are looked up.

    Args:
        document: the document itself; it comes first wherever a reference could lead to several.
        components: the documents beside it.

    """

    def __init__(self, document: Document, components: Iterable[Document]) -> None:
        self._document = document
        self._by_name: dict[str, list[Place]] = {}
        self._by_uri: dict[str, list[Place]] = {}
        self._uris: dict[Place, str] = {}
        self._anchors: dict[tuple[Place, str], Place] = {}
        self._index(document)
        for component in components:
            self._index(component)
            if component.name:
                self._by_name.setdefault(component.name, []).append(component.root)

    def resolve(self, reference: str, at: Place) -> Place:
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
        target = self._within(resource, fragment)
        named = _BY_NAME.fullmatch(fragment)
        if target is None and named and not uri:
            return self._named(_unescaped(named[1]), reference, at)
        if target is None:
            raise at.refusal(f"{shown(reference)} leads nowhere in {resource.document.source}; correct the reference")
        if not isinstance(value_at(target), dict | bool):
            raise at.refusal(f"{shown(reference)} leads to something that is no schema; correct the reference")
        return target

    def _index(self, document: Document) -> None:
        draft_7 = declared(document.content) is Dialect.DRAFT_7
        if document.location:
            self._by_uri.setdefault(document.location, []).append(document.root)
        resources = [(document.root, document.content, document.root)]
        while resources:
            place, schema, home = resources.pop()
            identity = schema.get("$id")
            if draft_7 and place.steps and "$ref" in schema:
                identity = None  # draft-07 passes over whatever stands beside a `$ref`
            if isinstance(identity, str) and identity.startswith("#"):  # how draft-07 writes an anchor
                self._anchors[home, identity[1:]] = place
            elif isinstance(identity, str) and identity:
                uri = _joined(self._uris.get(home, document.location), identity).partition("#")[0]
                home = place
                self._uris[home] = uri
                self._by_uri.setdefault(uri, []).append(place)
            if isinstance(anchor := schema.get("$anchor"), str):
                self._anchors[home, anchor] = place
            for steps, child in subschemas(schema):
                resources.append((Place(document, place.steps + steps), child, home))

    def _home(self, place: Place) -> Place:
        """Find the nearest schema around a place that has an identity of its own: pointers start from there."""
        for end in range(len(place.steps), 0, -1):
            around = Place(place.document, place.steps[:end])
            if around in self._uris:
                return around
        return place.document.root

    def _resource(self, uri: str, reference: str, at: Place) -> Place:
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

    def _within(self, resource: Place, fragment: str) -> Place | None:
        if fragment and not fragment.startswith("/"):
            return self._anchors.get((resource, fragment))
        place = Place(resource.document, resource.steps + tuple(map(_unescaped, fragment.split("/")[1:])))
        return place if value_at(place) is not NOWHERE else None

    def _named(self, name: str, reference: str, at: Place) -> Place:
        if named := self._called(name, at):
            return self._the_one(named, reference, at)
        given = f"the given components are {listed(self._by_name)}" if self._by_name else "no components were given"
        problem = f"{shown(reference)} leads nowhere: {given}{did_you_mean(name, self._by_name)}"
        raise at.refusal(f"{problem}; pass the document named {shown(name)} as a component")

    def _called(self, name: str, at: Place) -> list[Place]:
        for nearest in (at.document, self._document):
            if nearest.name == name:
                return [nearest.root]
        return self._by_name.get(name, [])

    def _the_one(self, candidates: list[Place], reference: str, at: Place) -> Place:
        first, *others = candidates
        if first.document is not self._document and any(_saying(first) != _saying(other) for other in others):
            sources = listed(str(candidate.document.source) for candidate in candidates)
            raise at.refusal(
                f"{shown(reference)} could lead to several documents that differ: {sources}; pass only one of them"
            )
        return first


NOWHERE = object()
"""What is at a place that there is not."""


def value_at(place: Place) -> object:
    """Look up what is at a place: ``NOWHERE`` where there is nothing."""
    value: object = place.document.content
    for step in place.steps:
        if isinstance(value, dict):
            value = value.get(step, NOWHERE)
        elif isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,8}", step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return NOWHERE
    return value


def _saying(place: Place) -> str:
    """Put a document into words that are the same for documents that say the same, whatever their ``$id``."""
    content = value_at(place)
    said = {key: value for key, value in content.items() if key != "$id"} if isinstance(content, dict) else content
    return json.dumps(said, sort_keys=True)


def _unescaped(step: str) -> str:
    return step.replace("~1", "/").replace("~0", "~")


def _joined(base: str, uri: str) -> str:
    try:
        return urljoin(base, uri)
    except ValueError:  # not a URI at all: then nothing has it
        return uri
