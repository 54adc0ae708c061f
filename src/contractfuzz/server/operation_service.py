"""Service of one operation of an API: it alone responds with cases, and the other operations with their own responses."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contractfuzz.api.api import Api
from contractfuzz.server.api_service import ApiService

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.server.messages import Request, Response


class OperationService:
    """Implementation of ``contractfuzz.server.Service`` for a client of one operation.

    Args:
        api: the API.
        name: the operationId of the operation, or its method and path.

    Attributes:
        operation: the operation.
        contract: the contract of its response.
        routes: the routes of the API. Only those of the operation return the contract.

    Raises:
        ContractError: the API has no such operation, or the operation never responds with JSON.

    """

    def __init__(self, api: Api, name: str) -> None:
        self._service = ApiService(api)
        self.operation = api.operation(name)
        self.contract: Contract = self.operation.contract
        self.routes = tuple(
            replace(route, returns_contract=route.endpoint == self.operation.key) for route in self._service.routes
        )

    def reject(self, request: Request) -> Response | None:
        """Return the error response to an invalid request, or None if the request is valid."""
        return self._service.reject(request)

    def respond(self, request: Request, seed: int) -> Response:
        """Return the response of the API's own."""
        return self._service.respond(request, seed)

    def status_for(self, payload: Any) -> int:  # noqa: ARG002
        """Return the status of a response of the operation that succeeds."""
        return self.operation.success_status

    def documents(self, status: int) -> bool:
        """Return True if the document says that the contract's payloads may come with a status, or a range as in ``2XX``."""
        keys = [key for key in (str(status), f"{status // 100}XX") if key in self.operation.responses]
        contract = self.operation.responses[keys[0]].contract if keys else None
        return contract is not None and contract.schema == self.contract.schema

    def error(self, status: int, message: str, request: Request) -> Response:
        """Return an error of the API."""
        return self._service.error(status, message, request)
