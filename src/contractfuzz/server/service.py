"""Services that packs provide for the mock server: routes, responses and validation of requests."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any, Protocol, cast

from contractfuzz.errors import ContractError, load_entry_point, unknown
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


class ApiLikeService(Service, Protocol):
    """Service with a contract for each endpoint instead of one for all. Its property ``contract`` raises a ContractError."""

    def endpoint_named(self, name: str) -> str:
        """Return the name of an endpoint, given any of its names.

        Raises:
            ContractError: the service has no such endpoint.

        """

    def contract_of(self, endpoint: str) -> Contract | None:
        """Return the contract of the responses of an endpoint; None if it never responds with JSON payloads."""

    def respond_with_payload(self, payload: Any, request: Request) -> Response:
        """Return a response with a payload or a case, which may break the contract, as the endpoint sends valid ones."""

    def respond_with_status(self, status: int, request: Request, seed: int) -> Response | None:
        """Return the response of the endpoint with a status, or None if the endpoint does not describe it."""


def as_api_like(service: Service) -> ApiLikeService | None:
    """Return a service if it has a contract for each endpoint, else None."""
    return cast("ApiLikeService", service) if hasattr(type(service), "contract_of") else None


def find_route(service: Service, name: str) -> Route:
    """Return the route of an endpoint.

    Args:
        service: the service.
        name: the name of the endpoint, or its method and path: ``GET /orders/{id}``.

    Raises:
        ContractError: the service has no such endpoint; the message suggests the closest one.

    """
    api = as_api_like(service)
    endpoint = name if api is None else api.endpoint_named(name)
    for route in service.routes:
        if endpoint in (route.endpoint, f"{route.method} {route.path}"):
            return route
    raise unknown("operation", name, [route.endpoint for route in service.routes])


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
