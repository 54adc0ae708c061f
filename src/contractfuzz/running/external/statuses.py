"""Statuses of HTTP responses, and the verdicts that they are."""

from __future__ import annotations

from typing import TYPE_CHECKING

from contractfuzz.running.consumer import UnreachableError

if TYPE_CHECKING:
    import httpx

MAX_RESPONSE_CHARACTERS = 200
"""Characters of a response that an error quotes."""

_NO_ROUTE_STATUSES = (301, 307, 308, 404, 405)
"""Statuses of a path that takes no POST. Frameworks redirect a path that lacks its last slash."""


class RejectedByStatusError(Exception):
    """The application answered with a status of 400 to 499."""


class FailedByStatusError(Exception):
    """The application answered with a status of 500 or more."""


class NoRouteError(RejectedByStatusError, UnreachableError):
    """The application answered with 404 or 405, or redirected the request."""


def check_status(response: httpx.Response) -> httpx.Response:
    """Return a response that accepts the body.

    Raises:
        NoRouteError: the path takes no POST.
        FailedByStatusError: the status is 500 or more.
        RejectedByStatusError: it is another one of 400 or more.

    """
    message = f"status {response.status_code}: {response.text[:MAX_RESPONSE_CHARACTERS]}"
    if response.status_code in _NO_ROUTE_STATUSES:
        raise NoRouteError(message)
    if response.status_code >= 500:
        raise FailedByStatusError(message)
    if response.status_code >= 400:
        raise RejectedByStatusError(message)
    return response
