"""Service of a whole API: every operation of an OpenAPI file responds with valid payloads of its contracts."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from hashlib import blake2b
from http import HTTPStatus
from typing import TYPE_CHECKING, Any, NoReturn

from contractfuzz.api.api import Api, load_api
from contractfuzz.api.arguments import header_text
from contractfuzz.api.echoes import with_echoes
from contractfuzz.api.operation import ApiResponse, Operation
from contractfuzz.api.pages import as_last_page
from contractfuzz.api.requests import OperationRequest, find_request_problem
from contractfuzz.errors import ContractError
from contractfuzz.json_values import copy_json
from contractfuzz.server.messages import HTTP_NAME, JSON_CONTENT_TYPE, Request, Response
from contractfuzz.server.service import Route

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.documents import Source

PROBLEM_CONTENT_TYPE = "application/problem+json"
"""Media type of errors that the document does not describe (RFC 9457)."""

OWN_HEADERS = ("connection", "content-encoding", "content-length", "date", "link", "server", "transfer-encoding")
"""Headers that the server sets as the response needs it, and ``Link``, which would lead to a next page."""

NO_BODY_STATUSES = (204, 205, 304)
"""Statuses of responses without a body (RFC 9110)."""

STATUS_NAMES = ("status", "statusCode", "status_code", "code")
"""Properties of an error that can hold its HTTP status."""

MESSAGE_NAMES = ("detail", "message", "error_description", "description", "error", "title")
"""Properties of an error that can hold its message, the best one first."""

_QUERY_OR_FRAGMENT = re.compile("[?#].*")
"""End of a path that some documents add to tell operations apart. A server does not see it in the path."""

PROFILE = "closed"
"""Profile of payloads without an example in the document: real services send no undeclared properties."""


class ApiService:
    """Implementation of ``contractfuzz.server.Service`` for the operations of an OpenAPI file.

    A response is the first valid example of the document, or else a payload that depends on the request and the seed. Values of
    the path and of the request body reappear in it. It has no cursor, so that a client that asks for all pages comes to an end.
    Paths work with and without the path of the first server of the document.

    Args:
        api: the API, or the path of an OpenAPI file, or its JSON object.

    Attributes:
        api: the API.
        routes: the routes of the operations. An endpoint is named by method and path.

    """

    def __init__(self, api: Api | Source) -> None:
        self.api = load_api(api)
        self._headers: dict[ApiResponse, dict[str, str]] = {}
        prefixes = dict.fromkeys(("", self.api.base_path))
        self.routes: Sequence[Route] = tuple(
            Route(operation.method, f"{prefix}{_QUERY_OR_FRAGMENT.sub('', operation.path)}", operation.key)
            for prefix in prefixes
            for operation in self.api
        )

    @property
    def contract(self) -> NoReturn:
        """An API has no single contract: see ``contract_of``."""
        raise ContractError(f"the API {self.api.name} has a contract for each operation: name the operation")

    def endpoint_named(self, name: str) -> str:
        """Return the endpoint of an operation, given its operationId, or its method and path."""
        return self.api.operation(name).key

    def contract_of(self, endpoint: str) -> Contract | None:
        """Return the contract of the response of an operation that succeeds; None without a JSON payload."""
        success = self.api.operations[endpoint].success
        return None if success is None else success.contract

    def reject(self, request: Request) -> Response | None:
        """Return a response with status 400 or 415 that names what is wrong, or None if the request is valid."""
        problem = find_request_problem(self.api.operations[request.endpoint], _operation_request(request))
        return None if problem is None else self.error(problem.status, _sentence(problem.message), request)

    def respond(self, request: Request, seed: int) -> Response:
        """Return the response of a request that succeeds."""
        operation = self.api.operations[request.endpoint]
        if operation.success is None:
            return Response(operation.success_status, headers={})
        return self._describe(operation, operation.success, operation.success_status, request, seed)

    def status_for(self, payload: Any) -> int:  # noqa: ARG002
        """Return 200. The status depends on the operation: see ``respond_with_payload``."""
        return 200

    def respond_with_payload(self, payload: Any, request: Request) -> Response:
        """Return a response with a payload or a case, with the status and media type of a request that succeeds."""
        operation = self.api.operations[request.endpoint]
        response = Response.from_payload(payload, operation.success_status)
        json_type = None if operation.success is None else operation.success.json_type
        return response if json_type is None else replace(response, headers={"Content-Type": _content_type(json_type)})

    def respond_with_status(self, status: int, request: Request, seed: int) -> Response | None:
        """Return the response with a status that the document describes, or None if it does not describe the status."""
        operation = self.api.operations[request.endpoint]
        response = operation.response(status)
        if response is None or (response.status == "default" and response is not operation.success and status < 400):
            return None
        return self._describe(operation, response, status, request, seed)

    def error(self, status: int, message: str, request: Request) -> Response:
        """Return an error as the document describes it if the message fits in, else a problem detail (RFC 9457)."""
        described = self._described_error(status, message, request)
        if described is not None:
            return described
        title = _phrase(status)
        problem = {"type": "about:blank", "title": title, "status": status, "detail": message or f"{title}."}
        problem["instance"] = request.target
        return replace(Response.from_payload(problem, status), headers={"Content-Type": PROBLEM_CONTENT_TYPE})

    def _described_error(self, status: int, message: str, request: Request) -> Response | None:
        operation = self.api.operations.get(request.endpoint)
        response = None if operation is None else operation.response(status)
        if operation is None or response is None or response is operation.success:
            return None
        contract = response.contract
        if contract is None:
            return None
        payload = self._payload(response, contract, request, 0)
        _fill_in(payload, contract, STATUS_NAMES, int, status)
        if message and not _fill_in(payload, contract, MESSAGE_NAMES, str, message):
            return None
        return self._with_type(payload, response, status)

    def _describe(
        self, operation: Operation, response: ApiResponse, status: int, request: Request, seed: int
    ) -> Response:
        headers = self._headers_of(response)
        media_type = response.media_type_for(request.headers.get("accept", ""))
        if status in NO_BODY_STATUSES or media_type is None:
            return Response(status, headers)
        if media_type != response.json_type:
            text = response.text_example(media_type)
            content_type = "application/octet-stream" if "*" in media_type else media_type
            return Response(status, {**headers, "Content-Type": content_type}, text.encode())
        contract = response.contract
        payload = self._payload(response, contract, request, seed)
        if contract is not None and response is operation.success:
            body = _operation_request(request).json_object()
            payload = as_last_page(payload, contract)
            payload = with_echoes(payload, contract, operation.path, request.variables, body)
        elif contract is not None and status >= 400:
            _fill_in(payload, contract, STATUS_NAMES, int, status)
        return self._with_type(payload, response, status)

    def _payload(self, response: ApiResponse, contract: Contract | None, request: Request, seed: int) -> Any:
        try:
            return copy_json(response.example)
        except LookupError:
            if contract is None:  # any payload is allowed
                return {}
            text = f"{request.method} {request.target} {seed} ".encode() + request.body
            number = int.from_bytes(blake2b(text, digest_size=6).digest())
            # The first case of a sample is always the smallest payload.
            [case] = contract.sample(1, "valid", PROFILE, number, start=1)
            return case.payload

    def _with_type(self, payload: Any, response: ApiResponse, status: int) -> Response:
        content_type = _content_type(response.json_type or JSON_CONTENT_TYPE)
        headers = {**self._headers_of(response), "Content-Type": content_type}
        return replace(Response.from_payload(payload, status), headers=headers)

    def _headers_of(self, response: ApiResponse) -> dict[str, str]:
        """Return a valid value of each header that the document describes."""
        if response not in self._headers:
            texts = {
                one.name: header_text(one)
                for one in response.headers
                if HTTP_NAME.fullmatch(one.name) and one.name.lower() not in OWN_HEADERS
            }
            self._headers[response] = {name: text for name, text in texts.items() if text is not None}
        return self._headers[response]


def _operation_request(request: Request) -> OperationRequest:
    return OperationRequest(request.variables, request.query, request.headers, request.body)


def _content_type(media_type: str) -> str:
    return JSON_CONTENT_TYPE if "*" in media_type or media_type == "application/json" else media_type


def _sentence(text: str) -> str:
    return f"{text[:1].upper()}{text[1:]}{'' if text.endswith('.') else '.'}"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return f"Status {status}"


def _fill_in(payload: Any, contract: Contract, names: Iterable[str], kind: type, value: Any) -> bool:
    """Set the first property of an error that has one of some names and a value of one type, if the error stays valid.

    Returns:
        True if the error has such a property.

    """
    holders = [payload, *payload.values()] if isinstance(payload, dict) else []
    for holder in holders:
        for name in names:
            if not isinstance(holder, dict) or type(holder.get(name)) is not kind:
                continue
            previous, holder[name] = holder[name], value
            if contract.is_valid(payload):
                return True
            holder[name] = previous
    return False
