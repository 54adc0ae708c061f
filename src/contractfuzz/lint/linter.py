"""The linter: checks documents against all lint rules."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.registry import declared_dialect
from contractfuzz.documents.document import Document, SourceLocation
from contractfuzz.documents.lowering import lower_location
from contractfuzz.documents.reading import Source, read, read_components
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.lint.reference_rules import find_references
from contractfuzz.lint.remarks import Remark
from contractfuzz.lint.rules import NAME_DRIFT, SCHEMA_RULES, UNREADABLE, UNRESOLVED_REFERENCE
from contractfuzz.lint.schema_view import (
    Lowerings,
    SchemaView,
    definition_locations,
    describe_error,
    root_locations,
    walk_schemas,
)

_KEYWORDS_WITHOUT_EFFECT = frozenset({"$id", "$schema", "description", "example", "examples", "title"})
"""Keywords in which documents of the same name may differ."""


def lint(documents: Iterable[Source], components: Iterable[Source] | Source = ()) -> list[Remark]:
    """Check documents against all lint rules.

    Args:
        documents: the files or JSON objects to check, in JSON Structure, JSON Schema or OpenAPI.
        components: documents that the references may refer to, besides ``documents`` themselves.

    Returns:
        The remarks: document by document, each in the document's order, then those that compare documents.

    Raises:
        ContractError: a document cannot be read as a JSON object.

    """
    checked = [read(source) for source in documents]
    others = read_components(components)
    remarks = [
        remark
        for document in checked
        for remark in _lint_document(document, [other for other in (*checked, *others) if other is not document])
    ]
    return [*remarks, *_find_name_drift([*checked, *others])]


def _lint_document(document: Document, others: list[Document]) -> Iterator[Remark]:
    registry = Registry(document, others)
    try:
        dialect = registry.dialect_of(document)
    except ContractError as error:
        yield _remark(document.root, UNREADABLE, describe_error(error, document.root))
        return
    declared = declared_dialect(document.content) or dialect
    lowering = Lowerings(document, registry)
    views = [
        SchemaView(location, keywords, registry, lowering, dialect, declared)
        for location, keywords in walk_schemas(document, dialect)
    ]
    remarks = [
        _remark(location, rule.name, message)
        for view in views
        for rule in SCHEMA_RULES
        for location, message in rule.check(view)
    ]
    yield from remarks
    # An unresolved reference makes the document unreadable: one remark is enough.
    if not any(remark.rule == UNRESOLVED_REFERENCE for remark in remarks):
        yield from _find_unreadable(
            [*root_locations(document), *_unused_definitions(document, dialect, views)], registry
        )


def _find_unreadable(locations: Iterable[SourceLocation], registry: Registry) -> Iterator[Remark]:
    reported = set()
    for location in locations:
        try:
            lower_location(location, registry)
        except ContractError as error:
            if str(error) not in reported:
                reported.add(str(error))
                yield _remark(location, UNREADABLE, describe_error(error, location))


def _unused_definitions(document: Document, dialect: Dialect, views: list[SchemaView]) -> Iterator[SourceLocation]:
    """Yield the locations of definitions that are not lowered with the outermost schemas or with an earlier one of these."""
    starts = {
        location.steps: location for location in (*root_locations(document), *definition_locations(document, dialect))
    }
    owners: dict[SourceLocation, SourceLocation] = {}
    references: dict[SourceLocation, list[SourceLocation]] = {}
    owner = document.root
    for view in views:
        owner = starts.get(
            view.location.steps, owner if view.location.steps[: len(owner.steps)] == owner.steps else document.root
        )
        owners[view.location] = owner
        for location, reference in find_references(view):
            references.setdefault(owner, []).append(view.registry.resolve(reference, location))
    abstract = {view.location for view in views if view.keywords.get("abstract") is True}
    reached: set[SourceLocation] = set()
    for start in starts.values():
        if start in reached or start in abstract:
            continue
        if start not in root_locations(document):
            yield start
        waiting = [start]
        while waiting:
            found = waiting.pop()
            if found not in reached:
                reached.add(found)
                waiting += [owners[target] for target in references.get(found, ()) if target in owners]


def _find_name_drift(documents: list[Document]) -> Iterator[Remark]:
    first_of_name: dict[str, Document] = {}
    for document in documents:
        if document.name is None:
            continue
        first = first_of_name.setdefault(document.name, document)
        if first is not document and _effective_text(first) != _effective_text(document):
            message = f"differs from {first.source}, which has the same name: rename one or make them equal"
            yield Remark(document.source, "", NAME_DRIFT, message)


def _effective_text(document: Document) -> str:
    return json.dumps(_without_annotations(document.content), sort_keys=True)


def _without_annotations(value: Any) -> Any:
    if isinstance(value, list):
        return [_without_annotations(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _without_annotations(item) for key, item in value.items() if not _is_annotation(key, item)}


def _is_annotation(key: str, value: Any) -> bool:
    # A property may be named `description`: then the value is a schema.
    return key in _KEYWORDS_WITHOUT_EFFECT and (not isinstance(value, dict) or key in {"example", "examples"})


def _remark(location: SourceLocation, rule: str, message: str) -> Remark:
    return Remark(location.document.source, encode_pointer(location.steps), rule, message)
