"""Lowering of a published document to one self-contained JSON Schema 2020-12."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, NamedTuple

from contractfuzz.documents.apis.selectors import Selected, select_schema
from contractfuzz.documents.dialects.dialect import ReferenceContext
from contractfuzz.documents.dialects.registry import find_dialect
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.keyword_shapes import Schema, require_type
from contractfuzz.documents.reading import MAX_NESTING, Source, read, read_components
from contractfuzz.documents.recursion import find_long_chain, find_reference_loop, multiplied_references, references_in
from contractfuzz.documents.references import DynamicScope, Registry
from contractfuzz.documents.satisfiability import find_unsatisfiable_loop
from contractfuzz.documents.sides import for_side
from contractfuzz.documents.unread_patterns import has_unread_pattern, without_unread_patterns
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import MISSING, unescape_token

SCHEMA_2020_12 = "https://json-schema.org/draft/2020-12/schema"

_ANYTHING = "anything~"  # no type gets this name
_DEFS = "#/$defs/"
_MAX_SHOWN_REFERENCES = 8


class LoadArguments(NamedTuple):
    """The arguments of ``Contract.load``, as it got them."""

    document: Source
    components: Any
    name: str | None
    side: str = "response"
    dialect: str | None = None


@dataclass(frozen=True)
class Lowered:
    """A lowered document.

    Attributes:
        name: the name of the contract.
        schema: a self-contained JSON Schema 2020-12. It starts with ``$schema`` and ``title``, goes on with the keywords of the
            document in their order, and ends with ``$defs``, where every type that is referred to is.

    """

    name: str
    schema: dict[str, Any]


def lower_document(
    document: Source,
    components: Iterable[Source] | Source = (),
    name: str | None = None,
    dialect: str | None = None,
    side: str = "response",
) -> Lowered:
    """Lower a published document, with what it refers to, to one self-contained JSON Schema 2020-12.

    Args:
        document: a JSON Structure document, a JSON Schema (draft-04 to 2020-12) or an OpenAPI file (2.0 to 3.1): the path of its
            file, a dict, which is not changed, a boolean or a pydantic model.
        components: the documents that its references may lead to: files, dicts, models, and folders of files.
        name: the name of the contract; None to use the document's own. A JSON Pointer selects a schema of the document. For an
            OpenAPI file: the component or the operation to lower, see ``select_schema``.
        dialect: the dialect of the document, one of ``DIALECT_OPTIONS``; None to detect it. It applies to components of the
            same kind (JSON Structure or JSON Schema), too.
        side: who sends the payloads, one of ``SIDES``.

    Raises:
        ContractError: a document cannot be read, a reference does not resolve or is in a loop without end, or a type or
            the value of a keyword is wrong. Nothing is ever fetched.

    """
    selected, registry = _select(LoadArguments(document, components, name, side, dialect))
    return Lowered(selected.name, lower_schema(selected.location, registry, selected.name, selected.side or side))


def lower_with_annotations(arguments: LoadArguments) -> dict[str, Any]:
    """Lower a document, with the annotation ``SOURCE`` in each schema. It has the properties of both sides.

    Args:
        arguments: the arguments of ``Contract.load``.

    Raises:
        ContractError: as for ``lower_document``.

    """
    selected, registry = _select(arguments)
    return _DocumentLowering(selected.location, registry, keeps_source=True).lower(selected.name)


def _select(arguments: LoadArguments) -> tuple[Selected, Registry]:
    """Read a document and its components, and return the schema that the arguments select."""
    forced = None if arguments.dialect is None else find_dialect(arguments.dialect)
    main = read(arguments.document)
    registry = Registry(main, read_components(arguments.components), forced)
    selected = select_schema(main, registry, arguments.name)
    if selected is None:
        selected = Selected(main.root, arguments.name or main.name or main.fallback_name)
    return selected, registry


def lower_schema(location: SourceLocation, registry: Registry, name: str, side: str) -> dict[str, Any]:
    """Lower the schema at a location, with what it refers to, for one side.

    Args:
        location: the location of the schema.
        registry: the documents that references may lead to.
        name: the name of the contract.
        side: who sends the payloads, one of ``SIDES``.

    Raises:
        ContractError: as for ``lower_document``.

    """
    return for_side(_DocumentLowering(location, registry).lower(name), side)


def lower_location(location: SourceLocation, registry: Registry) -> dict[str, Any]:
    """Lower the schema at a location, with what it refers to.

    Raises:
        ContractError: as for ``lower_document``.

    """
    return _DocumentLowering(location, registry).lower("")


class _DocumentLowering:
    """Lowering of a schema and of every schema that it refers to.

    Args:
        root: the location of the schema.
        registry: the documents that references may lead to.
        keeps_source: True if each lowered schema shall have the annotation ``SOURCE``.

    """

    def __init__(self, root: SourceLocation, registry: Registry, *, keeps_source: bool = False) -> None:
        self._registry = registry
        self._root = root
        self._start, self._scope = root, registry.enter(root, frozenset())
        self._references: dict[tuple[SourceLocation, DynamicScope], str] = {(root, self._scope): "#"}
        self._name_counts: dict[str, int] = {}
        self._waiting: deque[tuple[SourceLocation, DynamicScope]] = deque()
        self._context = ReferenceContext(
            self._refer,
            self._refer_dynamically,
            self._resolve,
            lambda target: self._refer_to(target, self._scope),
            lambda location: registry.dialect_of(location.document),
            keeps_source,
        )

    def lower(self, title: str) -> dict[str, Any]:
        root = self._lower_schema(self._root)
        lowered: dict[str, Schema] = {"#": root}
        while self._waiting:
            self._start, self._scope = waiting = self._waiting.popleft()
            lowered[self._references[waiting]] = self._lower_schema(self._start)
        self._check_loops(lowered)
        keywords = root if isinstance(root, dict) else {} if root else {"not": {}}
        own = {keyword: value for keyword, value in keywords.items() if keyword != "title"}
        whole = {"$schema": SCHEMA_2020_12, "title": title, **own}
        definitions = {
            reference.removeprefix(_DEFS): schema for reference, schema in lowered.items() if reference != "#"
        }
        return without_unread_patterns({**whole, "$defs": definitions} if definitions else whole)

    def _lower_schema(self, location: SourceLocation) -> Schema:
        dialect = self._registry.dialect_of(location.document)
        return dialect.lower(lookup(location), location, self._context)

    def _refer(self, reference: Any, location: SourceLocation) -> str:
        return self._refer_to(self._resolve(reference, location), self._scope_at(location))

    def _refer_dynamically(self, reference: Any, location: SourceLocation) -> str:
        require_type(reference, str, location)
        scope = self._scope_at(location)
        return self._refer_to(self._registry.resolve_dynamically(reference, location, scope), scope)

    def _scope_at(self, location: SourceLocation) -> DynamicScope:
        return self._registry.scope_at(location, self._start, self._scope)

    def _refer_to(self, target: SourceLocation, scope: DynamicScope) -> str:
        """Return the reference to a schema. Each dynamic scope in which it is used gets a definition of its own."""
        use = (target, self._registry.enter(target, scope))
        if use not in self._references:
            self._references[use] = _DEFS + self._free_name(target)
            self._waiting.append(use)
        return self._references[use]

    def _resolve(self, reference: Any, location: SourceLocation) -> SourceLocation:
        require_type(reference, str, location)
        return self._registry.resolve(reference, location)

    def _free_name(self, target: SourceLocation) -> str:
        """Return a name for a type that no other type has and that needs no escaping in a reference."""
        original = target.steps[-1] if target.steps else target.document.name or target.document.fallback_name
        name = free = re.sub(r"[^A-Za-z0-9._-]", "_", original) or "_"
        while free in self._name_counts:
            self._name_counts[name] += 1
            free = f"{name}_{self._name_counts[name]}"
        self._name_counts[free] = 1
        return free

    def _check_loops(self, lowered: dict[str, Schema]) -> None:
        locations = {reference: location for (location, _), reference in self._references.items()}

        def locate(reference: str) -> SourceLocation:
            """Return the location of a definition, or of the nearest schema around a location within one."""
            steps: tuple[str, ...] = ()
            while reference not in locations:
                reference, _, token = reference.rpartition("/")
                steps = (unescape_token(token), *steps)
            base = locations[reference]
            within = (SourceLocation(base.document, base.steps + steps[:end]) for end in range(len(steps), -1, -1))
            return next(location for location in within if lookup(location) is not MISSING)

        def show(loop: list[str]) -> str:
            return " -> ".join(str(locate(reference)) for reference in loop[:_MAX_SHOWN_REFERENCES])

        if loop := find_reference_loop(lowered):
            problem = f"the `$ref`s form a loop that a validator never leaves: {show(loop)}; let one lead elsewhere"
            raise locations[loop[0]].error(problem)
        if start := find_long_chain(lowered, MAX_NESTING):
            problem = f"leads through more than {MAX_NESTING} other `$ref`s in a row; refer to the last one directly"
            raise locations[start].error(problem)
        if loop := find_unsatisfiable_loop(lowered):
            problem = f"the `$ref`s form a loop that no finite payload can satisfy: {show(loop)}"
            raise locate(loop[0]).error(f"{problem}; make a property in the loop optional")


class _MultipleLowering(_DocumentLowering):
    """Lowering of several schemas. One that cannot be lowered, or is in a loop of references without end, is None.

    Args:
        root: the location of the document.
        registry: the documents that references may lead to.
        lenient: True if a reference that does not resolve becomes a schema that allows anything.

    Attributes:
        lowered: the lowered schemas by the references to them.
        with_unread_patterns: the references to those with a pattern that no engine reads.

    """

    def __init__(self, root: SourceLocation, registry: Registry, *, lenient: bool) -> None:
        super().__init__(root, registry)
        self._references.clear()
        self._lenient = lenient
        self.lowered: dict[str, Schema | None] = {_DEFS + _ANYTHING: True} if lenient else {}
        self.with_unread_patterns: set[str] = set()

    def lower_more(self, locations: Iterable[SourceLocation]) -> list[str]:
        """Lower schemas with what they refer to, and return the references to them."""
        references = [self._refer_to(location, frozenset()) for location in locations]
        count = 0
        while self._waiting:
            self._start, self._scope = waiting = self._waiting.popleft()
            count += 1
            try:
                self.lowered[self._references[waiting]] = schema = self._lower_schema(self._start)
                if has_unread_pattern(schema):
                    self.with_unread_patterns.add(self._references[waiting])
            except ContractError:
                self.lowered[self._references[waiting]] = None
        if count > 1:  # a schema that nothing refers to is in no loop
            while loop := self._find_loop():
                self.lowered |= dict.fromkeys(loop)
        return references

    def _find_loop(self) -> set[str]:
        """Return the references of a loop without end, or the start of a chain that is too long."""
        known = {reference: True if schema is None else schema for reference, schema in self.lowered.items()}
        loop = find_reference_loop(known)
        if not loop and (start := find_long_chain(known, MAX_NESTING)):
            loop = [start]
        found = set()
        for reference in loop or find_unsatisfiable_loop(known) or ():
            definition = reference
            while definition not in known:
                definition = definition.rpartition("/")[0]
            found.add(definition)
        return found

    def _refer(self, reference: Any, location: SourceLocation) -> str:
        try:
            return super()._refer(reference, location)
        except ContractError:
            if self._lenient:
                return _DEFS + _ANYTHING
            raise

    def _refer_dynamically(self, reference: Any, location: SourceLocation) -> str:
        try:
            return super()._refer_dynamically(reference, location)
        except ContractError:
            if self._lenient:
                return _DEFS + _ANYTHING
            raise


class SharedLowering:
    """Lowering of many schemas of one document. What they refer to is lowered once and not for each of them.

    Args:
        document: the document.
        locations: the locations of its outermost schemas and definitions.
        registry: the documents that references may lead to.
        lenient: True if a reference that does not resolve becomes a schema that allows anything.

    """

    def __init__(
        self, document: Document, locations: Iterable[SourceLocation], registry: Registry, *, lenient: bool = False
    ) -> None:
        self._lowering = _MultipleLowering(document.root, registry, lenient=lenient)
        self._targets: dict[str, frozenset[str]] = {}
        self._lowering.lower_more(locations)

    @cached_property
    def _multiplied(self) -> frozenset[str]:
        known = {reference: schema is None or schema for reference, schema in self._lowering.lowered.items()}
        return frozenset(known if find_reference_loop(known) else multiplied_references(known))

    def is_multiplied(self, lowered: Mapping[str, Any]) -> bool:
        """Return True if a validator would take too long, because types apply to one payload over and over.

        Args:
            lowered: a schema that ``lower`` returned.

        """
        return any(_DEFS + name in self._multiplied for name in lowered.get("$defs", ()))

    def lower(self, location: SourceLocation) -> dict[str, Any] | None:
        """Return the schema at a location as a self-contained JSON Schema 2020-12; None if it cannot be lowered."""
        [start] = self._lowering.lower_more([location])
        lowered = self._lowering.lowered
        reached: set[str] = set()
        waiting = [start]
        while waiting:
            reference = waiting.pop()
            if reference in reached:
                continue
            reached.add(reference)
            if lowered.get(reference) is None:
                return None
            if reference not in self._targets:
                self._targets[reference] = frozenset(references_in(lowered[reference]))
            waiting += self._targets[reference]
        schema = lowered[start]
        definitions = {reference.removeprefix(_DEFS): lowered[reference] for reference in reached}
        if not isinstance(schema, dict):
            return None
        whole = {**schema, "$defs": definitions}
        return without_unread_patterns(whole) if reached & self._lowering.with_unread_patterns else whole
