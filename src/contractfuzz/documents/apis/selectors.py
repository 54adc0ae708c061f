"""Selectors: texts that choose one schema of a document, written after the ``#`` of its file name."""

from __future__ import annotations

from typing import NamedTuple
from urllib.parse import unquote

from contractfuzz.documents.apis.operations import (
    METHODS,
    PublishedOperation,
    find_operations,
    find_status,
    pick_json,
    success_status,
)
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.errors import show_json, show_names, suggestion
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import MISSING, encode_pointer, parse_pointer

REQUEST = "request"
"""Word of a selector that stands for the body of the request."""


class Selected(NamedTuple):
    """The schema that a selector chooses.

    Attributes:
        location: its location.
        name: the name of its contract.
        side: ``request`` for the body of a request; None if the selector does not decide it.

    """

    location: SourceLocation
    name: str
    side: str | None = None


def select_schema(document: Document, registry: Registry, selector: str | None) -> Selected | None:
    """Return the schema that a selector chooses; None if the text is a plain name, and the document is not an OpenAPI file.

    Args:
        document: the document.
        registry: the documents that references may lead to.
        selector: one of

            - a JSON Pointer (RFC 6901): ``/definitions/Order``
            - the name of a component of an OpenAPI file: ``Order``
            - an operation, by method and path or by operationId, and a status or ``request``: ``GET /orders 200``,
              ``createOrder request``. Without a status, the response of a request that succeeds. A media type may follow.
            - None for the only component of an OpenAPI file.

    Raises:
        ContractError: the document does not have the schema.

    """
    if selector is not None and selector.startswith("/"):
        return _by_pointer(document, selector)
    if not document.is_openapi:
        return None
    schemas = document.schemas
    if selector is None and len(schemas) == 1:
        [(selector, _)] = schemas.items()
    if selector in schemas:
        return Selected(schemas[str(selector)], str(selector))
    if selector is None:
        raise _no_choice(document)
    words = selector.split()
    if len(words) > 1 and words[0].upper() in METHODS and words[1].startswith("/"):
        key = f"{words[0].upper()} {words[1]}"
        return _of_operation(find_operation(document, registry, key), words[2:])
    if len(words) > 1 or (words and _has_operation(document, registry, words[0])):
        return _of_operation(find_operation(document, registry, words[0]), words[1:])
    known = f"its components are {show_names(schemas)}" if schemas else "it has no schemas among its components"
    raise document.root.error(f"has no component {show_json(selector)}{suggestion(selector, schemas)}; {known}")


def find_operation(document: Document, registry: Registry, name: str) -> PublishedOperation:
    """Return an operation by its operationId, or by method and path: ``GET /orders``.

    Raises:
        ContractError: the document has no such operation; the message suggests the closest one.

    """
    operations = find_operations(document, registry)
    # Method and path come first, because an operationId may be in a file that is read for it.
    for attribute in ("key", "operation_id"):
        for operation in operations:
            if getattr(operation, attribute) == name:
                return operation
    known = [operation.key if " " in name else operation.name for operation in operations]
    near = suggestion(name, known) or f"; it has {show_names(known)}"
    raise document.root.error(f"has no operation {show_json(name)}{near}")


def _has_operation(document: Document, registry: Registry, name: str) -> bool:
    if not isinstance(document.content.get("paths"), dict):
        return False
    try:
        return any(operation.operation_id == name for operation in find_operations(document, registry))
    except ContractError:  # the error about the component is the one to read
        return False


def _by_pointer(document: Document, pointer: str) -> Selected:
    steps = parse_pointer(pointer)
    if lookup(SourceLocation(document, steps)) is MISSING:
        steps = parse_pointer(unquote(pointer))  # as in a `$ref`
    location = SourceLocation(document, steps)
    value = lookup(location)
    if value is MISSING:
        end = next(
            end for end in range(len(steps), -1, -1) if lookup(SourceLocation(document, steps[:end])) is not MISSING
        )
        holder = lookup(SourceLocation(document, steps[:end]))
        near = suggestion(steps[end], holder) if isinstance(holder, dict) else ""
        raise document.root.error(
            f"has nothing at {pointer}: {encode_pointer(steps[:end]) or 'its root'} has no {show_json(steps[end])}{near}"
        )
    if not isinstance(value, dict | bool):
        raise location.error(f"must be a schema, not {show_json(value)}; name the pointer of a schema")
    is_request = steps[:1] == ("paths",) and steps[3:4] == ("requestBody",)
    return Selected(location, _pointer_name(steps), REQUEST if is_request else None)


def _pointer_name(steps: tuple[str, ...]) -> str:
    match steps:
        case ("paths", path, method, "responses", status, *_):
            return f"{method.upper()} {path} {status}"
        case ("paths", path, method, "requestBody", *_):
            return f"{method.upper()} {path} {REQUEST}"
        case (*_, "schema"):
            return encode_pointer(steps)
        case (*_, last):
            return last
        case _:
            return "document"


def _of_operation(operation: PublishedOperation, words: list[str]) -> Selected:
    wanted = words[0] if words else success_status(operation.responses)
    where = operation.definition
    if wanted is None:
        raise where.error("has no response of a request that succeeds; name a status or `request`")
    media_type = words[1] if len(words) > 1 else None
    if wanted.lower() == REQUEST:
        contents = operation.request_contents
        if not contents:
            raise where.error("has no request body; name a status instead of `request`")
        location = _schema(where, contents, media_type, "the request body")
        return Selected(location, f"{operation.name} {REQUEST}", REQUEST)
    status = find_status(operation.responses, wanted)
    if status is None:
        raise where.error(f"has no response {wanted}; it has {show_names(operation.responses) or 'none'}")
    location = _schema(where, operation.response_contents(status), media_type, f"the response {status}")
    return Selected(location, f"{operation.name} {wanted}")


def _schema(
    where: SourceLocation, contents: dict[str, SourceLocation | None], media_type: str | None, what: str
) -> SourceLocation:
    chosen = pick_json(contents) if media_type is None else media_type
    if chosen is None or chosen not in contents:
        asked = "JSON" if media_type is None else media_type
        has = f"its media types are {show_names(contents)}" if contents else "it has no body"
        raise where.error(f"{what} is never {asked}: {has}")
    location = contents[chosen]
    if location is None:
        raise where.error(f"{what} has no schema for {chosen}; add one to the document")
    return location


def _no_choice(document: Document) -> ContractError:
    schemas = document.schemas
    known = f"its components are {show_names(schemas)}" if schemas else "it has no schemas among its components"
    first = next(iter(schemas), "NAME")
    choice = f"name={first!r} (on the command line, {document.source}#{first})"
    return document.root.error(f"is an OpenAPI file; choose a component, as in {choice}: {known}")
