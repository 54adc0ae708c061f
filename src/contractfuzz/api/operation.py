"""Operations: method, path, parameters, request bodies and responses, each with its contract."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.contract import Contract
from contractfuzz.documents import LoadArguments, Source
from contractfuzz.documents.apis.operations import (
    PublishedOperation,
    find_status,
    pick_json,
    success_status,
)
from contractfuzz.documents.apis.parameters import PublishedParameter, is_json_type
from contractfuzz.documents.document import SourceLocation
from contractfuzz.documents.lowering import lower_schema
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError


@dataclass(frozen=True, eq=False)
class ContractMaker:
    """Maker of the contracts of one document.

    Attributes:
        source: the document, as the user named it.
        components: the components, as the user named them.
        registry: the documents that references may lead to.

    """

    source: Source
    components: Any
    registry: Registry

    def make(self, location: SourceLocation, name: str, side: str, selector: str | None = None) -> Contract:
        """Return the contract of a schema.

        Args:
            location: the location of the schema.
            name: the name of the contract.
            side: who sends the payloads.
            selector: the selector of the schema in the document; None if it has none.

        Raises:
            ContractError: the schema cannot be lowered.

        """
        contract = Contract(name, lower_schema(location, self.registry, name, side))
        if selector is not None:
            contract.loaded_from = LoadArguments(self.source, self.components, selector)
        return contract


class Parameter:
    """A parameter of an operation, or a header of a response.

    Attributes:
        name: its name.
        place: ``path``, ``query``, ``header`` or ``cookie``.
        required: True if a request must have it.
        style: how its value is written (OpenAPI 3.1, "Style Values").
        explode: True if the items of an array are written as several parameters.
        is_json: True if its value is written as JSON.

    """

    def __init__(self, published: PublishedParameter, owner: str, side: str, make_contract: ContractMaker) -> None:
        self.name = published.name
        self.place = published.place
        self.required = published.required or published.place == "path"
        self.style = published.style
        self.explode = published.explode
        self.is_json = published.is_json
        self._published = published
        self._name, self._side = f"{owner} {published.place} {published.name}", side
        self._make_contract = make_contract

    def __repr__(self) -> str:
        return f"<Parameter {self.name} in {self.place}>"

    @cached_property
    def contract(self) -> Contract | None:
        """Contract of its values; None for a parameter without a schema.

        Raises:
            ContractError: the schema cannot be lowered.

        """
        location = self._published.location
        return None if location is None else self._make_contract.make(location, self._name, self._side)

    @property
    def examples(self) -> list[Any]:
        """Examples of the document that are valid."""
        return [one for one in self._published.examples if self.contract is None or self.contract.is_valid(one)]


class Body:
    """The body of a request or a response, by media type.

    Attributes:
        name: the name of its contract: ``getOrder 200``.
        media_types: its media types; empty without a body.
        json_type: the media type of its JSON payloads; None if it has none.

    """

    def __init__(
        self, name: str, contents: Mapping[str, SourceLocation | None], side: str, make_contract: ContractMaker
    ) -> None:
        self.name = name
        self.media_types = tuple(contents)
        self.json_type = pick_json(contents)
        self._contents = contents
        self._side = side
        self._make_contract = make_contract
        self._contracts: dict[str, Contract | None] = {}

    def __repr__(self) -> str:
        return f"<Body {self.name}: {', '.join(self.media_types) or 'none'}>"

    @property
    def contract(self) -> Contract | None:
        """Contract of the JSON payloads; None without one.

        Raises:
            ContractError: the schema cannot be lowered.

        """
        return None if self.json_type is None else self.contract_of(self.json_type)

    def contract_of(self, media_type: str) -> Contract | None:
        """Return the contract of one of ``media_types``; None for a media type without a schema.

        Raises:
            ContractError: the schema cannot be lowered.

        """
        if media_type not in self._contracts:
            location = self._contents[media_type]
            selector = self.name if media_type == self.json_type else f"{self.name} {media_type}"
            self._contracts[media_type] = (
                None if location is None else self._make_contract.make(location, self.name, self._side, selector)
            )
        return self._contracts[media_type]


class ApiResponse(Body):
    """A response of an operation.

    Attributes:
        status: the status in the document: ``200``, ``4XX`` or ``default``.

    """

    def __init__(self, status: str, operation: PublishedOperation, make_contract: ContractMaker) -> None:
        super().__init__(f"{operation.name} {status}", operation.response_contents(status), "response", make_contract)
        self.status = status
        self._operation = operation

    @cached_property
    def example(self) -> Any:
        """The first example of the document that is a valid payload.

        Raises:
            LookupError: the document has no such example.

        """
        if self.json_type is not None:
            for example in self._operation.examples(self.status, self.json_type):
                if self.contract is None or self.contract.is_valid(example):
                    return example
        raise LookupError(f"{self.name} has no example")

    @cached_property
    def headers(self) -> tuple[Parameter, ...]:
        """Headers that the document describes, without ``Content-Type``."""
        found = self._operation.response_headers(self.status)
        return tuple(Parameter(one, self.name, "response", self._make_contract) for one in found)

    def text_example(self, media_type: str) -> str:
        """Return the first text among the examples of a body that is not JSON; empty if the document has none."""
        return next((one for one in self._operation.examples(self.status, media_type) if isinstance(one, str)), "")

    def media_type_for(self, accept: str) -> str | None:
        """Return the media type for a request: a JSON one, unless the request asks for others only. None without a body.

        Args:
            accept: the value of the header ``Accept``; empty without one.

        """
        asked = [part.partition(";")[0].strip().lower() for part in accept.split(",")]
        if self.json_type is not None and (not accept or any(map(is_json_type, asked))):
            return self.json_type
        known = {media_type.partition(";")[0].strip().lower(): media_type for media_type in self.media_types}
        return next((known[one] for one in asked if one in known), self.json_type or next(iter(self.media_types), None))


class RequestBody(Body):
    """The body of the requests of an operation.

    Attributes:
        required: True if a request must have it.

    """

    def __init__(self, operation: PublishedOperation, make_contract: ContractMaker) -> None:
        super().__init__(f"{operation.name} request", operation.request_contents, "request", make_contract)
        self.required = operation.request_required
        self._operation = operation

    def examples(self, media_type: str) -> list[Any]:
        """Return the examples of the document that are valid payloads."""
        contract = self.contract_of(media_type)
        found = self._operation.request_examples(media_type)
        return [example for example in found if contract is None or contract.is_valid(example)]


class Operation:
    """An operation of an API. What it refers to is read on first use, and cached.

    Attributes:
        method: the method of HTTP: ``GET``.
        path: the path, with its variables in braces: ``/orders/{id}``.
        key: method and path: ``GET /orders/{id}``.

    """

    def __init__(self, published: PublishedOperation, make_contract: ContractMaker) -> None:
        self.method = published.method
        self.path = published.path
        self.key = published.key
        self._published = published
        self._make_contract = make_contract

    def __repr__(self) -> str:
        return f"<Operation {self.key}>"

    @property
    def operation_id(self) -> str | None:
        """The operationId of the document; None without one."""
        return self._published.operation_id

    @property
    def name(self) -> str:
        """The operationId, or method and path without one."""
        return self._published.name

    @cached_property
    def parameters(self) -> tuple[Parameter, ...]:
        """Parameters in the path, the query, headers and cookies."""
        return tuple(Parameter(one, self.name, "request", self._make_contract) for one in self._published.parameters)

    @cached_property
    def request(self) -> RequestBody:
        """Body of the requests; without media types if they have none."""
        return RequestBody(self._published, self._make_contract)

    @cached_property
    def responses(self) -> dict[str, ApiResponse]:
        """Responses by their status in the document: ``200``, ``4XX`` or ``default``."""
        return {
            status: ApiResponse(status, self._published, self._make_contract) for status in self._published.responses
        }

    def response(self, status: int | str) -> ApiResponse | None:
        """Return the response with a status, which may be described by its range or as ``default``; None for none."""
        found = find_status(self.responses, status)
        return None if found is None else self.responses[found]

    @cached_property
    def success(self) -> ApiResponse | None:
        """Response to a request that succeeds: that with the lowest 2xx status, else ``default``; None for none."""
        status = success_status(self.responses)
        return None if status is None else self.responses[status]

    @property
    def success_status(self) -> int:
        """Status of the response to a request that succeeds."""
        if self.success is not None and self.success.status.isdecimal():
            return int(self.success.status)
        redirects = sorted(status for status in self.responses if status.startswith("3") and status.isdecimal())
        return int(redirects[0]) if self.success is None and redirects else 200

    @property
    def contract(self) -> Contract:
        """Contract of the response to a request that succeeds.

        Raises:
            ContractError: it has no JSON payload, or the schema cannot be lowered.

        """
        contract = None if self.success is None else self.success.contract
        if contract is None:
            raise ContractError(
                f"{self.name} has no JSON response of a request that succeeds: choose an operation that responds with JSON"
            )
        return contract
