"""Validation of requests against the operation that they are for."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, NamedTuple

from contractfuzz.api.decoding import (
    FORM_TYPE,
    MULTIPART_TYPE,
    Values,
    decode_form,
    decode_parameter,
    parse_cookies,
    parse_query,
)
from contractfuzz.api.operation import Operation, Parameter
from contractfuzz.contract import Contract
from contractfuzz.documents.apis.parameters import is_json_type
from contractfuzz.text import one_line

_IGNORED_HEADERS = ("accept", "content-type", "authorization")
"""Headers that are no parameters, even if the document has them (OpenAPI 3.1, "Parameter Object")."""

_UNREAD_STYLES = ("matrix", "label")

_MAX_REASON_CHARACTERS = 300


class Problem(NamedTuple):
    """A problem of a request.

    Attributes:
        status: the status of the response: 400, or 415 for a body of another media type.
        message: what is wrong, and where.

    """

    status: int
    message: str


@dataclass(frozen=True)
class OperationRequest:
    """A request to an operation.

    Attributes:
        variables: the values of the variables in the path.
        query: the query string.
        headers: the values of the headers by lower-case name.
        body: the body.

    """

    variables: Mapping[str, str] = field(default_factory=dict)
    query: str = ""
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""

    @property
    def media_type(self) -> str:
        """Media type of the body in lower case, without parameters; empty if the request names none."""
        return self.headers.get("content-type", "").partition(";")[0].strip().lower()

    def json_object(self) -> dict[str, Any]:
        """Return the body if it is a JSON object, else an empty object."""
        try:
            value = json.loads(self.body) if self.body else None
        except (ValueError, RecursionError):
            return {}
        return value if isinstance(value, dict) else {}


def find_request_problem(operation: Operation, request: OperationRequest) -> Problem | None:
    """Return what is wrong with a request, or None if it is valid.

    Parameters that the document does not have are allowed. Parameters of the styles ``matrix`` and ``label``, and bodies that are
    neither JSON nor a form, are not read.

    Args:
        operation: the operation that the request is for.
        request: the request.

    Raises:
        ContractError: the document has a mistake in the schema of a parameter or of the body.

    """
    places: dict[str, Values] = {
        "path": {name: [value] for name, value in request.variables.items()},
        "query": parse_query(request.query),
        "header": {name: [value] for name, value in request.headers.items()},
        "cookie": parse_cookies(request.headers.get("cookie", "")),
    }
    for parameter in operation.parameters:
        problem = _problem_of_parameter(parameter, places.get(parameter.place, {}))
        if problem:
            return Problem(400, problem)
    return _problem_of_body(operation, request)


def _problem_of_parameter(parameter: Parameter, values: Values) -> str:
    what = f"the {parameter.place} parameter {parameter.name!r}"
    if parameter.style in _UNREAD_STYLES:
        return ""
    if parameter.place == "header":
        if parameter.name.lower() in _IGNORED_HEADERS:
            return ""
        values = {parameter.name: values[parameter.name.lower()]} if parameter.name.lower() in values else {}
    try:
        is_there, value = decode_parameter(parameter, values)
    except (ValueError, RecursionError):
        return f"{what} is not JSON"
    if not is_there:
        return f"{what} is missing" if parameter.required else ""
    if parameter.contract is None or parameter.contract.is_valid(value):
        return ""
    # A text that looks like a number may be meant as a text.
    texts = values.get(parameter.name)
    if texts and not isinstance(value, str) and parameter.contract.is_valid(texts[-1]):
        return ""
    return f"{what} is not valid{_reason(parameter.contract, value)}"


def _problem_of_body(operation: Operation, request: OperationRequest) -> Problem | None:
    expected = operation.request
    if not expected.media_types:
        return None
    if not request.body:
        return Problem(400, "the body is missing") if expected.required else None
    media_type = _matching_type(expected.media_types, request.media_type)
    if media_type is None:
        return Problem(415, f"the media type {request.media_type!r} is not one of {', '.join(expected.media_types)}")
    contract = expected.contract_of(media_type)
    actual = request.media_type or media_type.partition(";")[0].strip().lower()
    if actual in (FORM_TYPE, MULTIPART_TYPE):
        return _problem_of_form(request, contract)
    if not is_json_type(actual):
        return None
    try:
        payload = json.loads(request.body)
    except RecursionError:
        return Problem(400, "the body is nested too deeply")
    except ValueError as error:
        return Problem(400, f"the body is not JSON: {one_line(str(error), _MAX_REASON_CHARACTERS)}")
    return _problem_of_payload(payload, contract)


def _problem_of_form(request: OperationRequest, contract: Contract | None) -> Problem | None:
    try:
        payload = decode_form(request.body, request.headers.get("content-type", FORM_TYPE), contract)
    except ValueError as error:
        return Problem(400, f"the body is not a form: {one_line(str(error), _MAX_REASON_CHARACTERS)}")
    return _problem_of_payload(payload, contract)


def _problem_of_payload(payload: Any, contract: Contract | None) -> Problem | None:
    if contract is None or contract.is_valid(payload):
        return None
    return Problem(400, f"the body is not valid{_reason(contract, payload)}")


def _reason(contract: Contract, payload: Any) -> str:
    error = next(iter(contract.errors(payload)), None)
    if error is None:
        return ""
    location = f" at {error.pointer}" if error.pointer else ""
    return f"{location}: {one_line(error.message, _MAX_REASON_CHARACTERS)}"


def _matching_type(known: tuple[str, ...], actual: str) -> str | None:
    """Return the media type of the document that a request has, or None. A request without one has the first one."""
    if not actual:
        return known[0]
    names = {media_type.partition(";")[0].strip().lower(): media_type for media_type in known}
    candidates = (actual, f"{actual.partition('/')[0]}/*", "*/*")
    return next((names[name] for name in candidates if name in names), None)
