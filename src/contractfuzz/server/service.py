"""What a pack brings to be mocked: the routes of a service, what it answers and what it refuses."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from contractfuzz.errors import ContractError, unknown
from contractfuzz.server.answers import Answer, Received

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

GROUP = "contractfuzz.servers"
"""The entry point group in which packs register their services: name of the fixture -> Service, or what makes one."""


@dataclass(frozen=True, slots=True)
class Route:
    """A place that requests go to.

    Attributes:
        method, path: as published, with the path's variables in braces: ``/crm/v4/associations/{fromObjectType}/...``.
        endpoint: what the service calls it.
        contractual: whether what it answers is the contract's: the others never answer with cases.

    """

    method: str
    path: str
    endpoint: str
    contractual: bool = True


class Service(Protocol):
    """A service that can be mocked. It keeps no state, so that every test finds it as new."""

    @property
    def contract(self) -> Contract:
        """The contract of its answers."""

    @property
    def routes(self) -> Sequence[Route]:
        """Where requests go to."""

    def refusal(self, request: Received) -> Answer | None:
        """Return the error that a bad request gets, None for a good one."""

    def answer(self, request: Received, seed: int) -> Answer:
        """Return what a good request gets where all goes well: same request, same seed, same answer."""

    def status(self, payload: Any) -> int:
        """Return the status that goes with a payload of the contract, or with one that breaks it."""

    def error(self, status: int, message: str, request: Received) -> Answer:
        """Return an error in the service's own shape; an empty ``message`` stands for the status' own words."""


def installed_services() -> tuple[str, ...]:
    """Return the names of the services of all installed packs."""
    from importlib.metadata import entry_points

    return tuple(sorted({point.name for point in entry_points(group=GROUP)}))


def find_service(name: str) -> Service:
    """Return the service of that name from an installed pack; ContractError with the nearest where there is none."""
    from importlib.metadata import entry_points

    for point in entry_points(group=GROUP, name=name):
        service = point.load()
        if not hasattr(service, "routes"):
            raise ContractError(
                f"the entry point {name!r} of {point.value} is a {type(service).__name__}: it must be a Service"
            )
        return service  # type: ignore[no-any-return]
    raise unknown("server", name, installed_services())


def service_of(contract: str) -> Service | None:
    """Return the installed service whose answers are that contract's; None where there is none."""
    services = (find_service(name) for name in installed_services())
    return next((service for service in services if service.contract.name == contract), None)
