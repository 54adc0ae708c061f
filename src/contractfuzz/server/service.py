"""Services that packs provide for the mock server: routes, responses and validation of requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol

from contractfuzz.errors import ContractError, unknown
from contractfuzz.packs import load_entry_point
from contractfuzz.server.messages import Request, Response

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

SERVERS_ENTRY_POINT_GROUP = "contractfuzz.servers"
"""Entry point group in which packs register services. The entry point's name is also the name of the pytest fixture."""


@dataclass(frozen=True, slots=True)
class Route:
    """Method and path of an endpoint.

    Attributes:
        method: HTTP method.
        path: path with its variables in braces: ``/crm/v4/associations/{fromObjectType}/...``.
        endpoint: name of the endpoint, unique within its service.
        returns_contract: True if responses follow the service's contract. Other routes never respond with cases.

    """

    method: str
    path: str
    endpoint: str
    returns_contract: bool = True


class Service(Protocol):
    """Stateless description of a service to mock."""

    @property
    def contract(self) -> Contract:
        """Contract that the response bodies follow."""

    @property
    def routes(self) -> Sequence[Route]:
        """Routes of the service."""

    def reject(self, request: Request) -> Response | None:
        """Validate a request.

        Args:
            request: request that matched a route.

        Returns:
            The error response to an invalid request, or None if the request is valid.

        """

    def respond(self, request: Request, seed: int) -> Response:
        """Return the service's own response to a valid request. The same request and seed give the same response."""

    def status_for(self, payload: Any) -> int:
        """Return the HTTP status that the service sends with a payload. The payload may break the contract."""

    def error(self, status: int, message: str, request: Request) -> Response:
        """Return an error response in the service's own format.

        Args:
            status: HTTP status code, 400 to 599.
            message: error message; an empty one selects the standard phrase of the status.
            request: request that failed.

        """


def installed_services() -> tuple[str, ...]:
    """Return the sorted names of the services of all installed packs."""
    return tuple(sorted({point.name for point in entry_points(group=SERVERS_ENTRY_POINT_GROUP)}))


def find_service(name: str) -> Service:
    """Return an installed service.

    Args:
        name: name of its entry point.

    Raises:
        ContractError: no installed pack has a service with this name, or the entry point is not a service.

    """
    for point in entry_points(group=SERVERS_ENTRY_POINT_GROUP, name=name):
        service: Service = load_entry_point(point)
        if not hasattr(service, "routes"):
            raise ContractError(
                f"the entry point {name!r} of {point.value} is a {type(service).__name__}: it must be a Service"
            )
        return service
    raise unknown("server", name, installed_services())


def find_service_of(contract: str) -> Service | None:
    """Return the installed service of the contract with this name, or None if no pack has one."""
    services = (find_service(name) for name in installed_services())
    return next((service for service in services if service.contract.name == contract), None)
