"""Operations of an OpenAPI file: where their parameters, request bodies and responses are. No schema is read here.

A ``$ref`` is followed when its value is needed, so the parts of a file that is split into many are read on demand.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.documents.apis.parameters import (
    PublishedParameter,
    follow,
    is_json_type,
    is_swagger,
    read_examples,
    read_parameter,
    schema_fields,
)
from contractfuzz.documents.document import Document, SourceLocation, lookup
from contractfuzz.documents.keyword_shapes import require_type
from contractfuzz.documents.references import Registry
from contractfuzz.json_pointer import MISSING

METHODS = ("GET", "PUT", "POST", "DELETE", "OPTIONS", "HEAD", "PATCH", "TRACE")
"""Methods of HTTP that a path item can have (OpenAPI 3.1, "Path Item Object")."""

JSON_MEDIA_TYPE = "application/json"


def find_operations(document: Document, registry: Registry) -> list[PublishedOperation]:
    """Return the operations of an OpenAPI file, in its order.

    Args:
        document: the OpenAPI file.
        registry: the documents that references may lead to.

    Raises:
        ContractError: the document is not an OpenAPI file, or a path item is not an object.

    """
    if not document.is_openapi:
        raise document.root.error("is not an OpenAPI file, so it has no operations; name an OpenAPI file")
    paths = document.root / "paths"
    value = lookup(paths)
    if value is MISSING or value == {}:
        raise document.root.error("has no paths, so it has no operations; name a file with the paths of the API")
    require_type(value, dict, paths)
    return [operation for path in value if path.startswith("/") for operation in _in_path_item(paths / path, registry)]


def _in_path_item(location: SourceLocation, registry: Registry) -> Iterator[PublishedOperation]:
    for item in dict.fromkeys((location, follow(location, registry))):
        value = lookup(item)
        require_type(value, dict, item)
        for name in value:
            if name.upper() in METHODS and name.islower():
                yield PublishedOperation(name.upper(), location.steps[-1], item / name, registry)


@dataclass(frozen=True, eq=False)
class PublishedOperation:
    """An operation as its OpenAPI file has it.

    Attributes:
        method: the method of HTTP, in capital letters.
        path: the path, with its variables in braces.
        location: the location of the operation in its path item.
        registry: the documents that references may lead to.

    """

    method: str
    path: str
    location: SourceLocation
    registry: Registry

    @property
    def key(self) -> str:
        """Method and path: ``GET /orders/{id}``."""
        return f"{self.method} {self.path}"

    @cached_property
    def definition(self) -> SourceLocation:
        """Location of the operation, after its references."""
        location = follow(self.location, self.registry)
        require_type(lookup(location), dict, location)
        return location

    @cached_property
    def operation_id(self) -> str | None:
        """Value of ``operationId``; None without one."""
        name = lookup(self.definition / "operationId")
        return name if isinstance(name, str) and name else None

    @property
    def name(self) -> str:
        """The operationId, or method and path without one."""
        return self.operation_id or self.key

    @cached_property
    def parameters(self) -> tuple[PublishedParameter, ...]:
        """Parameters of the operation. They override those of its path item. The body of Swagger 2.0 is not one of them."""
        return tuple(one for one in self._all_parameters if one.place not in ("body", "formData"))

    @cached_property
    def request_required(self) -> bool:
        """True if a request must have a body."""
        if self._is_swagger:
            return any(one.required for one in self._all_parameters if one.place in ("body", "formData"))
        body = self._request_body
        return body is not None and lookup(body / "required") is True

    @cached_property
    def request_contents(self) -> dict[str, SourceLocation | None]:
        """Locations of the schemas of the request body by media type; None for a media type without a schema."""
        if not self._is_swagger:
            return {} if self._request_body is None else self._contents(self._request_body)
        body = next((one for one in self._all_parameters if one.place == "body"), None)
        if body is not None:
            return dict.fromkeys(self._media_types("consumes", JSON_MEDIA_TYPE), body.location)
        fields = [one for one in self._all_parameters if one.place == "formData"]
        if not fields:
            return {}
        names = [one.name for one in fields if one.required]
        properties = {one.name: lookup(one.location) for one in fields if one.location is not None}
        form = {"type": "object", "properties": {name: schema_fields(value) for name, value in properties.items()}}
        location = self.registry.add_part({**form, "required": names} if names else form, self.definition)
        return dict.fromkeys(self._media_types("consumes", "application/x-www-form-urlencoded"), location)

    @cached_property
    def responses(self) -> dict[str, SourceLocation]:
        """Locations of the responses by status: ``200``, ``4XX`` or ``default``."""
        responses = self.definition / "responses"
        value = lookup(responses)
        if value is MISSING:
            return {}
        require_type(value, dict, responses)
        return {
            status.upper() if status[:1].isdigit() else status: responses / status
            for status in value
            if not status.startswith("x-")
        }

    def response_contents(self, status: str) -> dict[str, SourceLocation | None]:
        """Return the locations of the schemas of a response by media type; empty for a response without a body.

        Args:
            status: a key of ``responses``.

        """
        response = follow(self.responses[status], self.registry)
        require_type(lookup(response), dict, response)
        if not self._is_swagger:
            return self._contents(response)
        if lookup(response / "schema") is MISSING:
            return {}
        return dict.fromkeys(self._media_types("produces", JSON_MEDIA_TYPE), response / "schema")

    def examples(self, status: str, media_type: str) -> Iterator[Any]:
        """Yield the examples of a response, as the file has them: they may be wrong.

        Args:
            status: a key of ``responses``.
            media_type: a key of ``response_contents(status)``.

        """
        response = follow(self.responses[status], self.registry)
        if self._is_swagger:
            example = lookup(response / "examples" / media_type)
            yield from () if example is MISSING else (example,)
            return
        yield from read_examples(follow(response / "content" / media_type, self.registry), self.registry)

    def request_examples(self, media_type: str) -> Iterator[Any]:
        """Yield the examples of a request body, as the file has them: they may be wrong."""
        if self._request_body is not None:
            yield from read_examples(follow(self._request_body / "content" / media_type, self.registry), self.registry)

    def response_headers(self, status: str) -> tuple[PublishedParameter, ...]:
        """Return the headers of a response, without ``Content-Type``.

        Args:
            status: a key of ``responses``.

        """
        headers = follow(self.responses[status], self.registry) / "headers"
        value = lookup(headers)
        if value is MISSING:
            return ()
        require_type(value, dict, headers)
        names = [name for name in value if name.lower() != "content-type"]
        return tuple(read_parameter(headers / name, self.registry, name) for name in names)

    # --- parts of the file ----------------------------------------------------------------------------------------------

    @property
    def _is_swagger(self) -> bool:
        return is_swagger(self.registry)

    @cached_property
    def _request_body(self) -> SourceLocation | None:
        body = self.definition / "requestBody"
        return None if lookup(body) is MISSING else follow(body, self.registry)

    @cached_property
    def _all_parameters(self) -> tuple[PublishedParameter, ...]:
        found: dict[tuple[str, str], PublishedParameter] = {}
        for holder in (self.location.parent, self.definition):
            parameters = holder / "parameters"
            value = lookup(parameters)
            if value is MISSING:
                continue
            require_type(value, list, parameters)
            for index in range(len(value)):
                parameter = read_parameter(parameters / index, self.registry)
                found[parameter.place, parameter.name] = parameter
        return tuple(found.values())

    def _contents(self, holder: SourceLocation) -> dict[str, SourceLocation | None]:
        contents = holder / "content"
        value = lookup(contents)
        if value is MISSING:
            return {}
        require_type(value, dict, contents)
        found: dict[str, SourceLocation | None] = {}
        for media_type in value:
            schema = follow(contents / media_type, self.registry) / "schema"
            found[media_type] = None if lookup(schema) is MISSING else schema
        return found

    def _media_types(self, field: str, default: str) -> list[str]:
        """Return the media types of ``consumes`` or ``produces`` (Swagger 2.0)."""
        for holder in (self.definition, self.registry.document.root):
            value = lookup(holder / field)
            if isinstance(value, list) and value:
                return [media_type for media_type in value if isinstance(media_type, str)]
        return [default]


def pick_json(media_types: Iterable[str]) -> str | None:
    """Return the media type of JSON bodies among several, ``application/json`` if it is one of them; None for none."""
    found = [media_type for media_type in media_types if is_json_type(media_type)]
    return min(found, key=lambda one: one.partition(";")[0].strip().lower() != JSON_MEDIA_TYPE) if found else None


def find_status(responses: dict[str, Any], status: int | str) -> str | None:
    """Return the key of the response with a status: the status itself, its range (``4XX``) or ``default``; None for none.

    Args:
        responses: responses by status.
        status: the status.

    """
    text = str(status).upper() if str(status)[:1].isdigit() else str(status)
    keys = (text, f"{text[:1]}XX", "default")
    return next((key for key in keys if key in responses), None)


def success_status(responses: dict[str, Any]) -> str | None:
    """Return the key of the response to a request that succeeds: the lowest 2xx, else ``default``; None for none."""
    found = sorted(status for status in responses if status.startswith("2"))
    return found[0] if found else "default" if "default" in responses else None
