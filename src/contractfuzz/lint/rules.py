"""The rules that a published document should keep."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from decimal import Decimal, InvalidOperation
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE
from contractfuzz.documents.dialects.registry import declared_dialect
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.errors import show_json, suggestion
from contractfuzz.documents.keywords import known_keywords
from contractfuzz.documents.lowering import lower_leniently, lower_location
from contractfuzz.documents.reading import Source, read, read_components
from contractfuzz.documents.references import Registry
from contractfuzz.documents.subschemas import subschemas
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.lint.remarks import Remark
from contractfuzz.oracle import Oracle
from contractfuzz.text import one_line

RULES = {
    "ref-outside-type": "In JSON Structure a `$ref` stands inside `type`.",
    "map-without-type": "In JSON Structure an object of any names is a `map` with `values`.",
    "type-missing": "In JSON Structure a schema has a `type`.",
    "unresolved-reference": "A `$ref` leads to a schema in the document or in those given with it.",
    "example-not-in-enum": "An example of an enum is one of its values.",
    "example-breaks-schema": "An example keeps its own schema.",
    "required-undefined": "A required property is defined.",
    "bounds-crossed": "A lower bound lies below the upper one.",
    "unknown-keyword": "A keyword is one that the document's language knows.",
    "name-drift": "Documents of one name say the same.",
    "unreadable": "A document can be lowered to one JSON Schema.",
}
"""Each rule with what it asks for, in the order in which a document is held to them."""

_BOUNDS = (
    ("minimum", "maximum"),
    ("exclusiveMinimum", "maximum"),
    ("minimum", "exclusiveMaximum"),
    ("exclusiveMinimum", "exclusiveMaximum"),
    ("minLength", "maxLength"),
    ("minItems", "maxItems"),
    ("minContains", "maxContains"),
    ("minProperties", "maxProperties"),
    ("minEntries", "maxEntries"),
)


def lint(documents: Iterable[Source], components: Iterable[Source] | Source = ()) -> list[Remark]:
    """Return what is wrong with documents.

    Args:
        documents: files or JSON objects, in JSON Structure or JSON Schema.
        components: the documents that their references may lead to; the documents themselves are among them.

    Raises:
        ContractError: one cannot be read as a JSON object.

    """
    mains = [read(source) for source in documents]
    others = read_components(components)
    remarks = [
        remark
        for main in mains
        for remark in _Linter(main, [other for other in (*mains, *others) if other is not main]).remarks()
    ]
    return [*remarks, *_drift([*mains, *others])]


class _Linter:
    def __init__(self, document: Document, others: list[Document]) -> None:
        self._document = document
        self._others = others
        self._library = Registry(document, others)

    @property
    def _dialect(self) -> Dialect:
        return self._library.dialect_of(self._document)

    def remarks(self) -> Iterator[Remark]:
        try:
            structure = self._dialect.is_structure
        except ContractError as error:
            yield self._remark(self._document.root, "unreadable", _problem(error, self._document.root))
            return
        found = [remark for place, schema in _schemas(self._document) for remark in self._of(place, schema, structure)]
        yield from found
        if not any(remark.rule == "unresolved-reference" for remark in found):
            yield from self._unreadable()

    def _of(self, place: SourceLocation, schema: dict[str, Any], structure: bool) -> Iterator[Remark]:
        # What it says that it is counts, although it is read by what it does.
        if structure and (declared_dialect(self._document.content) or self._dialect) is JSON_STRUCTURE:
            yield from self._structure(place, schema)
        yield from self._references(place, schema)
        yield from self._keywords(place, schema)
        yield from self._bounds(place, schema)
        yield from self._required(place, schema)
        yield from self._examples(place, schema)

    def _structure(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        if "$ref" in schema:
            remedy = f'write "type": {{"$ref": {show_json(schema["$ref"])}}}'
            yield self._remark(place / "$ref", "ref-outside-type", f"`$ref` stands beside other keywords; {remedy}")
        if schema.get("type") == "object" and "properties" not in schema and "additionalProperties" in schema:
            remedy = 'write "type": "map" and `values` instead of `additionalProperties`'
            yield self._remark(place, "map-without-type", f"an object of any names; {remedy}")
        if place.steps and not schema.keys() & {"type", "$ref", "enum", "const", "allOf", "anyOf", "oneOf", "not"}:
            yield self._remark(
                place, "type-missing", 'the schema has no type; write "type": "any" if it may be anything'
            )

    def _references(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        named = schema.get("type")
        places = [(place / "$ref", schema["$ref"])] if "$ref" in schema else []
        if isinstance(named, dict) and "$ref" in named:
            places.append((place / "type" / "$ref", named["$ref"]))
        for at, reference in places:
            try:
                if isinstance(reference, str):
                    self._library.resolve(reference, at)
            except ContractError as error:
                yield self._remark(at, "unresolved-reference", _problem(error, at))

    def _keywords(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        known = known_keywords(self._dialect.families)
        for keyword in schema:
            if keyword not in known and not keyword.startswith("x-"):
                problem = f"no keyword of {self._dialect.name}{suggestion(keyword, known)}; correct or delete it"
                yield self._remark(place / keyword, "unknown-keyword", problem)

    def _bounds(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        for least, most in _BOUNDS:
            low, high = _number(schema.get(least)), _number(schema.get(most))
            if low is None or high is None:
                continue
            if low > high or (low == high and "exclusive" in least + most):
                problem = f"nothing lies between {least} {schema[least]} and {most} {schema[most]}; correct one of them"
                yield self._remark(place / least, "bounds-crossed", problem)

    def _required(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        properties, required = schema.get("properties"), schema.get("required")
        if not isinstance(properties, dict) or not isinstance(required, list) or "$extends" in schema:
            return
        for i, name in enumerate(required):
            if isinstance(name, str) and name not in properties:
                problem = f"{show_json(name)} is required and not defined{suggestion(name, properties)}"
                yield self._remark(
                    place / "required" / i, "required-undefined", f"{problem}; define it in `properties`"
                )

    def _examples(self, place: SourceLocation, schema: dict[str, Any]) -> Iterator[Remark]:
        examples = [(place / "example", schema["example"])] if "example" in schema else []
        if isinstance(schema.get("examples"), list):
            examples += [(place / "examples" / i, example) for i, example in enumerate(schema["examples"])]
        for at, example in examples:
            enum = schema.get("enum")
            if isinstance(enum, list) and example not in enum:
                yield self._remark(
                    at, "example-not-in-enum", f"{show_json(example)} is not in the enum; write one of its values"
                )
            else:
                yield from self._example(place, at, example)

    def _example(self, place: SourceLocation, at: SourceLocation, example: Any) -> Iterator[Remark]:
        try:
            errors = list(Oracle(lower_leniently(place, self._library)).errors(example))
        except ContractError:  # what keeps the schema from being lowered is told of itself
            return
        if errors:
            broken = "; ".join(
                f"{error.pointer or 'the whole'}: {one_line(error.message, 120)}" for error in errors[:3]
            )
            more = f" and {len(errors) - 3} more" if len(errors) > 3 else ""
            yield self._remark(at, "example-breaks-schema", f"{broken}{more}; mend the example")

    def _unreadable(self) -> Iterator[Remark]:
        for place in _roots(self._document):
            try:
                lower_location(place, self._library)
            except ContractError as error:
                yield self._remark(place, "unreadable", _problem(error, place))

    def _remark(self, place: SourceLocation, rule: str, message: str) -> Remark:
        return Remark(self._document.source, encode_pointer(place.steps), rule, message)


def _number(bound: Any) -> Decimal | None:
    """Return a bound, which JSON Structure writes as a string where the values are strings; None where it is none."""
    if isinstance(bound, bool) or not isinstance(bound, int | float | str):
        return None
    try:
        number = Decimal(bound)
    except InvalidOperation:
        return None
    return number if number.is_finite() else None


def _schemas(document: Document) -> Iterator[tuple[SourceLocation, dict[str, Any]]]:
    """Yield every schema of a document with its place, in the document's order."""
    waiting = [(place, schema) for place in _roots(document) if isinstance(schema := lookup(place), dict)][::-1]
    while waiting:
        place, schema = waiting.pop()
        yield place, schema
        within = [(SourceLocation(document, place.steps + steps), child) for steps, child in subschemas(schema)]
        waiting += reversed(within)


def _roots(document: Document) -> list[SourceLocation]:
    """Return the places of a document's outermost schemas: the whole, or the components of an OpenAPI file."""
    return [*document.schemas.values()] if document.is_openapi else [document.root]


def _drift(documents: list[Document]) -> Iterator[Remark]:
    """Yield the documents that say something else than an earlier one of the same name."""
    first: dict[str, Document] = {}
    for document in documents:
        if document.name is None:
            continue
        other = first.setdefault(document.name, document)
        if other is not document and _said(other) != _said(document):
            problem = f"says something else than {other.source}, which has the same name; rename or unite them"
            yield Remark(document.source, "", "name-drift", problem)


def _said(document: Document) -> str:
    return json.dumps(_without_words(document.content), sort_keys=True)


def _without_words(value: Any) -> Any:
    """Return a document without what says nothing about payloads."""
    if isinstance(value, list):
        return [_without_words(item) for item in value]
    if not isinstance(value, dict):
        return value
    words = {"$id", "$schema", "description", "example", "examples", "title"}
    return {key: _without_words(item) for key, item in value.items() if not (key in words and _is_word(item, key))}


def _is_word(value: Any, key: str) -> bool:
    # A property may be called `description`: then a schema stands there.
    return not isinstance(value, dict) or key in {"example", "examples"}


def _problem(error: ContractError, place: SourceLocation) -> str:
    """Return the message of ``error`` without the place, which the remark names itself."""
    return str(error).removeprefix(str(place.error("")).rstrip()).strip()
