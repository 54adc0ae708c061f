"""Mock of HubSpot's three batch endpoints for associations, version 4.

Every decimal number is the id of an object. An input with any other id adds an item to ``errors``, and the status is then 207.
No access token is required.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from contractfuzz.server.messages import Request, Response
from contractfuzz.server.service import Route
from hubspot_strategies import contract
from hubspot_strategies.account import Account, association_json, response_json
from hubspot_strategies.association_types import AssociationType
from hubspot_strategies.paging import PageLayout, parse_inputs

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

BATCH_PATH = "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/"

MAX_INPUTS = {"read": 1000, "create": 2000}
"""Maximum number of inputs of a request. Source: HubSpot's guide to the associations API, version 4, "Limits"."""

MAX_ARCHIVED_SOURCES = 100
"""Maximum number of objects from which one request may archive associations.

HubSpot's guide has no limit. Integrations that archive, such as Workato's "Delete associations" action, stop at this number.
"""

ASSOCIATION_CATEGORIES = ("HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED")

ERROR_CATEGORIES = {
    401: "INVALID_AUTHENTICATION",
    403: "MISSING_SCOPES",
    404: "OBJECT_NOT_FOUND",
    409: "CONFLICT",
    429: "RATE_LIMITS",
}


class BatchAssociationService:
    """Implementation of ``contractfuzz.server.Service`` for the batch endpoints."""

    routes = (
        Route("POST", f"{BATCH_PATH}read", "read"),
        Route("POST", f"{BATCH_PATH}create", "create"),
        Route("POST", f"{BATCH_PATH}archive", "archive", returns_contract=False),
    )

    @property
    def contract(self) -> Contract:
        """Contract of the responses of ``read`` and ``create``."""
        return contract

    def reject(self, request: Request) -> Response | None:
        """Return a 400 response if the body is not a JSON object with valid inputs within the limits, otherwise None."""
        try:
            body = request.json
        except ValueError as error:
            return self.error(400, f"The body of the request is not JSON: {error}.", request)
        message = _find_problem(request.endpoint, body)
        return None if message is None else self.error(400, message, request)

    def respond(self, request: Request, seed: int) -> Response:
        """Return the associations of the requested objects, the created associations, or 204 for ``archive``."""
        if request.endpoint == "archive":
            return Response(204, headers={})
        account = Account(request.variables["fromObjectType"], request.variables["toObjectType"], seed)
        if request.endpoint == "read":
            payload = PageLayout().response(account, parse_inputs(request.json), request.number, request.path)
        else:
            payload = _create(account, request)
        return Response.from_payload(payload, self.status_for(payload))

    def status_for(self, payload: Any) -> int:
        """Return 207 (RFC 4918, section 11.1) for a response that lists errors, otherwise 200."""
        return 207 if isinstance(payload, Mapping) and payload.get("errors") else 200

    def error(self, status: int, message: str, request: Request) -> Response:
        """Return an error in HubSpot's format: ``status``, ``message``, ``correlationId`` and ``category``."""
        body: dict[str, Any] = {
            "status": "error",
            "message": message or _status_message(status),
            "correlationId": str(uuid5(NAMESPACE_URL, f"{request.number}:{request.path}:{status}:{message}")),
        }
        if status < 500:
            # HubSpot sends no category with internal errors.
            body["category"] = ERROR_CATEGORIES.get(status, "VALIDATION_ERROR")
        return Response.from_payload(body, status)


service = BatchAssociationService()
"""Service of the entry point ``batch_association_server``."""


def _status_message(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}."
    except ValueError:
        return f"Status {status}."


def _find_problem(endpoint: str, body: Any) -> str | None:
    """Return an error message for an invalid request body, or None if the body is valid."""
    if not isinstance(body, dict):
        return "The body of the request must be a JSON object."
    inputs = body.get("inputs")
    if not isinstance(inputs, list):
        return "'inputs' is missing or not an array."
    if not inputs:
        return "'inputs' is empty: give at least one input."
    expected_format, is_valid = INPUT_FORMATS[endpoint]
    for index, item in enumerate(inputs):
        if not (isinstance(item, dict) and is_valid(item)):
            return f"'inputs[{index}]' must have the form {expected_format}."
    if endpoint in MAX_INPUTS and len(inputs) > MAX_INPUTS[endpoint]:
        return f"{len(inputs)} inputs are too many: the limit is {MAX_INPUTS[endpoint]} per request."
    sources = len({_object_id(item["from"]) for item in inputs}) if endpoint == "archive" else 0
    if sources > MAX_ARCHIVED_SOURCES:
        return f"Inputs from {sources} objects are too many: the limit is {MAX_ARCHIVED_SOURCES} per request."
    return None


def _is_object_id(value: Any) -> bool:
    # HubSpot's example has strings, but the API accepts numbers too.
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and _is_object_id(value.get("id"))


def _is_association_type(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("associationCategory") in ASSOCIATION_CATEGORIES
        and isinstance(value.get("associationTypeId"), int)
        and not isinstance(value["associationTypeId"], bool)
        and -(2**31) <= value["associationTypeId"] < 2**31
    )


def _is_list_of(value: Any, is_valid: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(is_valid, value))


def _is_read_input(item: dict[str, Any]) -> bool:
    return _is_reference(item) and isinstance(item.get("after", ""), str)


def _is_create_input(item: dict[str, Any]) -> bool:
    return (
        _is_reference(item.get("from"))
        and _is_reference(item.get("to"))
        and _is_list_of(item.get("types"), _is_association_type)
    )


def _is_archive_input(item: dict[str, Any]) -> bool:
    # HubSpot's guide has an array of objects here, other descriptions of the API a single object.
    to = item.get("to")
    return _is_reference(item.get("from")) and (_is_reference(to) or _is_list_of(to, _is_reference))


INPUT_FORMATS: dict[str, tuple[str, Callable[[dict[str, Any]], bool]]] = {
    "read": ('{"id": "1", "after": "..."}, with or without "after"', _is_read_input),
    "create": (
        '{"from": {"id": "1"}, "to": {"id": "2"}, "types": [...]}, each type with category and id',
        _is_create_input,
    ),
    "archive": ('{"from": {"id": "1"}, "to": [{"id": "2"}]}', _is_archive_input),
}
"""Format of an input of each endpoint, for messages, and the function that checks it."""


def _object_id(reference: Mapping[str, Any]) -> str:
    return str(reference["id"])


def _create(account: Account, request: Request) -> dict[str, Any]:
    """Return the response that confirms the created associations. Duplicates in the request are merged."""
    # Dicts keep the order of the request and merge duplicates.
    created: dict[str, dict[str, dict[AssociationType, None]]] = {}
    errors = []
    for item in request.json["inputs"]:
        source_id, target_id = _object_id(item["from"]), _object_id(item["to"])
        if not account.has_object(source_id):
            errors.append(account.missing_object_error(source_id, account.source))
        elif not account.has_object(target_id):
            errors.append(account.missing_object_error(target_id, account.target))
        else:
            types = created.setdefault(source_id, {}).setdefault(target_id, {})
            types.update(
                {
                    AssociationType(fields["associationCategory"], fields["associationTypeId"]): None
                    for fields in item["types"]
                }
            )
    results = [
        {
            "from": {"id": source_id},
            "to": [association_json(target_id, list(types)) for target_id, types in targets.items()],
        }
        for source_id, targets in created.items()
    ]
    return response_json(request.number, results, errors)
