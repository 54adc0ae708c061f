"""HubSpot's three batch endpoints of associations, version 4, for the mock server.

Every number is the id of an object, and nothing else is: an input that names something else is among the ``errors`` of the
response, whose status is then 207. No access token is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Any
from uuid import NAMESPACE_URL, uuid5

from contractfuzz.server.answers import Answer, Received
from contractfuzz.server.service import Route
from hubspot_strategies import contract
from hubspot_strategies.account import Account, write_association, write_response
from hubspot_strategies.paging import Layout, read_inputs
from hubspot_strategies.realistic import Way

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

PATH = "/crm/v4/associations/{fromObjectType}/{toObjectType}/batch/"

MOST_INPUTS = {"read": 1000, "create": 2000}
"""How many inputs a request may have: HubSpot's guide to the associations API, version 4, under "Limits"."""

MOST_ARCHIVED = 100
"""From how many objects a request may archive associations.

HubSpot's guide is silent about it; integrations that archive (Workato's "Delete associations" action, for one) stop here.
"""

CATEGORIES = ("HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED")

ERROR_CATEGORIES = {
    401: "INVALID_AUTHENTICATION",
    403: "MISSING_SCOPES",
    404: "OBJECT_NOT_FOUND",
    409: "CONFLICT",
    429: "RATE_LIMITS",
}


class BatchAssociations:
    """The service, as ``contractfuzz.server.Service`` describes it."""

    routes = (
        Route("POST", f"{PATH}read", "read"),
        Route("POST", f"{PATH}create", "create"),
        Route("POST", f"{PATH}archive", "archive", contractual=False),
    )

    @property
    def contract(self) -> Contract:
        """The contract of what ``read`` and ``create`` answer."""
        return contract

    def refusal(self, request: Received) -> Answer | None:
        """Return a 400 for a request that is no JSON object, has no or too many inputs, or one that says nothing."""
        try:
            body = request.json
        except ValueError as error:
            return self._bad(request, f"The body of the request is not JSON: {error}.")
        message = _complaint(request.endpoint, body)
        return None if message is None else self._bad(request, message)

    def answer(self, request: Received, seed: int) -> Answer:
        """Return what was asked for: each ``from.id`` of the inputs with its associations, or 204 for what is archived."""
        if request.endpoint == "archive":
            return Answer(204, headers={})
        account = Account(request.variables["fromObjectType"], request.variables["toObjectType"], seed)
        if request.endpoint == "read":
            payload = Layout().read(account, read_inputs(request.json), request.number, request.path)
        else:
            payload = _create(account, request)
        return Answer.of(payload, self.status(payload))

    def status(self, payload: Any) -> int:
        """Return 207 (RFC 4918, section 11.1) for a response that lists errors, 200 for any other."""
        return 207 if isinstance(payload, Mapping) and payload.get("errors") else 200

    def error(self, status: int, message: str, request: Received) -> Answer:
        """Return an error as HubSpot's APIs word it: ``status``, ``message``, ``correlationId``, ``category``."""
        body: dict[str, Any] = {
            "status": "error",
            "message": message or _phrase(status),
            "correlationId": str(uuid5(NAMESPACE_URL, f"{request.number}:{request.path}:{status}:{message}")),
        }
        if status < 500:
            # HubSpot's own troubles have no category.
            body["category"] = ERROR_CATEGORIES.get(status, "VALIDATION_ERROR")
        return Answer.of(body, status)

    def _bad(self, request: Received, message: str) -> Answer:
        return self.error(400, message, request)


service = BatchAssociations()
"""The service, as the entry point ``batch_association_server`` finds it."""


def _phrase(status: int) -> str:
    try:
        return f"{HTTPStatus(status).phrase}."
    except ValueError:
        return f"Status {status}."


def _complaint(endpoint: str, body: Any) -> str | None:
    """Return what is wrong with the body of a request, None for nothing."""
    if not isinstance(body, dict):
        return "The body of the request must be a JSON object."
    inputs = body.get("inputs")
    if not isinstance(inputs, list):
        return "'inputs' is missing or no list."
    if not inputs:
        return "'inputs' is empty: name one object at least."
    read, well_made = INPUTS[endpoint]
    for place, item in enumerate(inputs):
        if not (isinstance(item, dict) and well_made(item)):
            return f"'inputs[{place}]' is not of the form {read}."
    if endpoint in MOST_INPUTS and len(inputs) > MOST_INPUTS[endpoint]:
        return f"{len(inputs)} inputs are too many: a request may have {MOST_INPUTS[endpoint]}."
    sources = len({_id(item["from"]) for item in inputs}) if endpoint == "archive" else 0
    if sources > MOST_ARCHIVED:
        return f"Inputs from {sources} objects are too many: a request may have {MOST_ARCHIVED}."
    return None


def _is_id(value: Any) -> bool:
    # HubSpot's own example gives them as text; numbers are read as text too.
    return isinstance(value, str | int) and not isinstance(value, bool)


def _is_reference(value: Any) -> bool:
    return isinstance(value, dict) and _is_id(value.get("id"))


def _is_type(value: Any) -> bool:
    return (
        isinstance(value, dict)
        and value.get("associationCategory") in CATEGORIES
        and isinstance(value.get("associationTypeId"), int)
        and not isinstance(value["associationTypeId"], bool)
        and -(2**31) <= value["associationTypeId"] < 2**31
    )


def _is_list_of(value: Any, check: Callable[[Any], bool]) -> bool:
    return isinstance(value, list) and bool(value) and all(map(check, value))


def _is_read(item: dict[str, Any]) -> bool:
    return _is_reference(item) and isinstance(item.get("after", ""), str)


def _is_create(item: dict[str, Any]) -> bool:
    return (
        _is_reference(item.get("from")) and _is_reference(item.get("to")) and _is_list_of(item.get("types"), _is_type)
    )


def _is_archive(item: dict[str, Any]) -> bool:
    # HubSpot's guide gives a list of objects, other descriptions of the API one object.
    to = item.get("to")
    return _is_reference(item.get("from")) and (_is_reference(to) or _is_list_of(to, _is_reference))


INPUTS: dict[str, tuple[str, Callable[[dict[str, Any]], bool]]] = {
    "read": ('{"id": "1", "after": "..."}, with or without "after"', _is_read),
    "create": ('{"from": {"id": "1"}, "to": {"id": "2"}, "types": [...]}, each type with category and id', _is_create),
    "archive": ('{"from": {"id": "1"}, "to": [{"id": "2"}]}', _is_archive),
}


def _id(reference: Mapping[str, Any]) -> str:
    return str(reference["id"])


def _create(account: Account, request: Received) -> dict[str, Any]:
    """Return the response that confirms what was created: each association once, with all its types once."""
    # Dicts for their order, and because what is asked for twice is there once.
    created: dict[str, dict[str, dict[Way, None]]] = {}
    errors = []
    for item in request.json["inputs"]:
        source, target = _id(item["from"]), _id(item["to"])
        if not account.has(source):
            errors.append(account.lacks(source, "source"))
        elif not account.has(target):
            errors.append(account.lacks(target, "target"))
        else:
            ways = created.setdefault(source, {}).setdefault(target, {})
            ways.update({Way(way["associationCategory"], way["associationTypeId"]): None for way in item["types"]})
    results = [
        {"from": {"id": source}, "to": [write_association(target, list(ways)) for target, ways in targets.items()]}
        for source, targets in created.items()
    ]
    return write_response(request.number, results, errors)
