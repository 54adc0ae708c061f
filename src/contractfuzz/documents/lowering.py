"""From a published document to one self-contained JSON Schema 2020-12."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable
from dataclasses import dataclass, replace
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect, find_dialect
from contractfuzz.documents.dialects.json_schema import lower_schema
from contractfuzz.documents.dialects.json_structure import lower_structure
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.errors import did_you_mean, listed, shown
from contractfuzz.documents.keyword_shapes import Schema, require_type
from contractfuzz.documents.reading import DEEPEST, Source, read, read_components
from contractfuzz.documents.recursion import endless_circle, find_long_chain, find_reference_loop
from contractfuzz.documents.reference_context import ReferenceContext
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError

SCHEMA_2020_12 = "https://json-schema.org/draft/2020-12/schema"


@dataclass(frozen=True)
class Lowered:
    """A contract's schema, made whole.

    Attributes:
        name: what the contract is called.
        schema: a self-contained JSON Schema 2020-12: ``$schema`` and ``title`` first, then the document's own keywords in
            their order, then in ``$defs`` every type that is referred to.

    """

    name: str
    schema: dict[str, Any]


def lower_document(
    document: Source,
    components: Iterable[Source] | Source = (),
    name: str | None = None,
    dialect: str | None = None,
) -> Lowered:
    """Lower a published document, with what it refers to, to one self-contained JSON Schema 2020-12.

    Args:
        document: a JSON Structure document, a JSON Schema (draft-04 to 2020-12) or an OpenAPI file (3.0, 3.1): the path of its
            file, or a dict, which is left as it is; or a pydantic model.
        components: the documents that its references may lead to: files, dicts, and folders of ``*.json`` files.
        name: what to call the contract; without it, what the document calls itself. Of an OpenAPI file, which of its
            components the contract is.
        dialect: the language of the document, one of ``FORCED``; without it, it is recognised. Components of the same kind,
            JSON Structure or JSON Schema, are then read in it as well.

    Raises:
        ContractError: a document cannot be read, a reference leads nowhere or in a circle without an end, or a type or
            a keyword's value is wrong. Nothing is ever fetched.

    """
    forced = None if dialect is None else find_dialect(dialect)
    main = read(document)
    others = read_components(components)
    if forced is not None:
        main, others = replace(main, forced=forced), [_forced(other, forced) for other in others]
    root = _component(main, name) if main.is_openapi else main.root
    called = name or main.name or main.fallback_name
    return Lowered(called, _Lowering(root, Registry(main, others)).whole(called))


def _forced(component: Document, forced: Dialect) -> Document:
    """Read a component in the forced language, if it is of the same kind and does not say that it is another one."""
    if component.is_openapi or component.dialect.is_structure != forced.is_structure:
        return component
    return replace(component, forced=forced) if forced.is_structure or "$schema" not in component.content else component


def _component(document: Document, name: str | None) -> SourceLocation:
    """Find the schema of an OpenAPI file that is meant."""
    schemas = document.schemas
    if name is None and len(schemas) == 1:
        [(name, _)] = schemas.items()
    if name in schemas:
        return schemas[str(name)]
    known = f"its components are {listed(schemas)}" if schemas else "it has no schemas among its components"
    if name is None:
        raise document.root.refusal(f"is an OpenAPI file; say by name= which component is meant: {known}")
    raise document.root.refusal(f"has no component {shown(name)}{did_you_mean(name, schemas)}; {known}")


def lower_place(place: SourceLocation, library: Registry) -> dict[str, Any]:
    """Lower the schema at a place, with what it refers to in a library.

    Raises:
        ContractError: as for ``lower_document``.

    """
    return _Lowering(place, library).whole("")


def lower_leniently(place: SourceLocation, library: Registry) -> dict[str, Any]:
    """Lower the schema at a place as far as its references lead somewhere; behind the others lies anything.

    Raises:
        ContractError: something else in it is wrong.

    """
    return _Lenient(place, library).whole("")


class _Lowering:
    def __init__(self, root: SourceLocation, library: Registry) -> None:
        self._library = library
        self._root = root
        self._references: dict[SourceLocation, str] = {self._root: "#"}
        self._taken: dict[str, int] = {}  # how many have asked for a name
        self._waiting: deque[SourceLocation] = deque()
        self._links = ReferenceContext(self._refer, self._resolve, self._refer_to)

    def whole(self, called: str) -> dict[str, Any]:
        root = _lower(self._root, self._links)
        lowered: dict[str, Schema] = {"#": root}
        while self._waiting:
            place = self._waiting.popleft()
            lowered[self._references[place]] = _lower(place, self._links)
        self._check_ends(lowered)
        definitions = {
            reference.removeprefix(_DEFS): schema for reference, schema in lowered.items() if reference != "#"
        }
        own = (
            {keyword: value for keyword, value in root.items() if keyword != "title"} if isinstance(root, dict) else {}
        )
        whole = {"$schema": SCHEMA_2020_12, "title": called, **own}
        return {**whole, "$defs": definitions} if definitions else whole

    def _refer(self, reference: Any, at: SourceLocation) -> str:
        return self._refer_to(self._resolve(reference, at))

    def _refer_to(self, target: SourceLocation) -> str:
        if target not in self._references:
            self._references[target] = _DEFS + self._free_name(target)
            self._waiting.append(target)
        return self._references[target]

    def _resolve(self, reference: Any, at: SourceLocation) -> SourceLocation:
        require_type(reference, str, at)
        return self._library.resolve(reference, at)

    def _free_name(self, target: SourceLocation) -> str:
        """Choose a name that needs no escaping in a reference and that no other type has."""
        said = target.steps[-1] if target.steps else target.document.name or target.document.fallback_name
        name = free = re.sub(r"[^A-Za-z0-9._-]", "_", said) or "_"
        while free in self._taken:
            self._taken[name] += 1
            free = f"{name}_{self._taken[name]}"
        self._taken[free] = 1
        return free

    def _check_ends(self, lowered: dict[str, Schema]) -> None:
        places = {reference: place for place, reference in self._references.items()}

        def way(circle: list[str]) -> str:
            return " -> ".join(str(places[reference]) for reference in circle[:_LONGEST_WAY])

        if circle := find_reference_loop(lowered):
            problem = f"the `$ref`s go in a circle that a validator never leaves: {way(circle)}; let one lead elsewhere"
            raise places[circle[0]].refusal(problem)
        if start := find_long_chain(lowered, DEEPEST):
            problem = f"leads through more than {DEEPEST} other `$ref`s in a row; refer to the last of them right away"
            raise places[start].refusal(problem)
        if circle := endless_circle(lowered):
            problem = f"the `$ref`s go in a circle that no finite payload can satisfy: {way(circle)}"
            raise places[circle[0]].refusal(f"{problem}; make a property on the way optional")


class _Lenient(_Lowering):
    def _refer(self, reference: Any, at: SourceLocation) -> str:
        try:
            return super()._refer(reference, at)
        except ContractError:
            return f"{_DEFS}{_ANYTHING}"

    def whole(self, called: str) -> dict[str, Any]:
        whole = super().whole(called)
        return {**whole, "$defs": {**whole.get("$defs", {}), _ANYTHING: True}}


_ANYTHING = "anything~"  # a name that no type is given
_DEFS = "#/$defs/"
_LONGEST_WAY = 8


def _lower(place: SourceLocation, links: ReferenceContext) -> Schema:
    if place.document.dialect.is_structure:
        return lower_structure(lookup(place), place, links)
    return lower_schema(lookup(place), place, links.refer)
