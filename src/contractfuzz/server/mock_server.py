"""Mock server that tests control: scripted responses, default responses and a log of the requests."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Kind
from contractfuzz.server.messages import Exchange
from contractfuzz.server.operation_script import OperationScript
from contractfuzz.server.script import Script, ScriptItem
from contractfuzz.server.service import Service, find_route, find_service

if TYPE_CHECKING:
    from contractfuzz.api.api import Api
    from contractfuzz.documents import Source
    from contractfuzz.server.http_listener import HTTPListener


class MockServer:
    """HTTP server on 127.0.0.1 that mocks a service; a context manager that starts and closes it.

    An invalid request gets the service's error response. A valid request gets the next response of the script. When the script is
    empty, it gets the default response: the service's own, unless ``always`` or ``respond_with_cases`` sets another.

    Bytes that are not a valid HTTP request get an error too: status 400, or 413 if the body is longer than 16 MiB. They are
    in the log and do not harm the server.

    Example:
        >>> with MockServer.named("batch_association_server").script(429, 200) as server:
        ...     my_client(server.url)

    """

    def __init__(
        self,
        service: Service,
        *,
        port: int = 0,
        seed: int = 0,
        on_exchange: Callable[[Exchange], None] | None = None,
    ) -> None:
        """Create a server. Call ``start`` to open its port.

        Args:
            service: service to mock.
            port: port to listen on, 0 to 65535; 0 selects any free port.
            seed: the same seed gives the same default responses.
            on_exchange: callback for each exchange, called in the thread of the connection before the response is sent.

        """
        self._service = service
        self._port = port
        self._seed = seed
        self._on_exchange = on_exchange
        self._script = self._new_script()
        self._listener: HTTPListener | None = None

    @classmethod
    def named(cls, name: str, *, port: int = 0, seed: int = 0) -> Self:
        """Return a server for the service of an installed pack.

        Args:
            name: name of the service's entry point.
            port: port to listen on, 0 to 65535; 0 selects any free port.
            seed: the same seed gives the same default responses.

        Raises:
            ContractError: no installed pack has a service with this name.

        """
        return cls(find_service(name), port=port, seed=seed)

    @classmethod
    def of_api(cls, api: Api | Source, *, port: int = 0, seed: int = 0) -> Self:
        """Return a server of every operation of an OpenAPI file.

        Args:
            api: the API, or the path of an OpenAPI file, or its JSON object.
            port: port to listen on, 0 to 65535; 0 selects any free port.
            seed: the same seed gives the same default responses.

        Raises:
            ContractError: the document cannot be read, is not an OpenAPI file or has no operations.

        Example:
            >>> with MockServer.of_api("openapi.yaml") as server:
            ...     server.operation("getOrder").script(429)

        """
        # Most servers have a service of a pack.
        from contractfuzz.server.api_service import ApiService

        return cls(ApiService(api), port=port, seed=seed)

    # --- responses ------------------------------------------------------------------------------------------------------

    def script(self, *items: ScriptItem) -> Self:
        """Add responses to the script. Each one is sent once, in order.

        Args:
            items: each one of

                - a status: 200 is the default response; 429 has a Retry-After of one second; 502 and 504 are a gateway's HTML
                  page; 301 to 308 redirect to the requested URL; other errors have the service's own format;
                - the name of a wire fault (``WIRE_FAULTS``), which is applied to the default response;
                - a ``Case``, or a JSON object or array, which is sent unchanged;
                - a ``Response``, for anything else: ``with_fault(Response.from_payload(case), "cut-body")``;
                - a function that takes the ``Request`` and returns one of these.

        Returns:
            This server.

        Raises:
            ContractError: an item is none of these.

        """
        self._script.add(items)
        return self

    def always(self, item: ScriptItem) -> Self:
        """Set the default response.

        Args:
            item: as in ``script``. Status 200 and wire faults refer to the previous default response.

        Returns:
            This server.

        Raises:
            ContractError: the item does not describe a response.

        """
        self._script.set_default(item)
        return self

    def respond_with_cases(
        self, kind: Kind = "valid", profile: str = "broad", *, seed: int = 0, only: str | Iterable[str] | None = None
    ) -> Self:
        """Use cases of the contract, one after the other, as default responses. They are those of ``Contract.sample``.

        Args:
            kind: kind of the cases.
            profile: profile of valid cases.
            seed: the same seed gives the same cases.
            only: label or glob, or several of them, that select the cases; None for all cases of the kind.

        Returns:
            This server.

        Raises:
            ContractError: the contract has no such cases.

        """
        self._script.respond_with_cases(kind, profile, seed, only)
        return self

    def operation(self, name: str) -> OperationScript:
        """Return the control of one operation: ``server.operation("getOrder").script(429, 200)``.

        Args:
            name: the operationId, or method and path: ``GET /orders/{id}``. For a service of a pack, the name of the endpoint.

        Raises:
            ContractError: the service has no such operation.

        """
        return OperationScript(find_route(self._service, name).endpoint, lambda: self._script)

    # --- requests -------------------------------------------------------------------------------------------------------

    @property
    def log(self) -> tuple[Exchange, ...]:
        """All exchanges since the last reset, in the order of their responses."""
        return tuple(self._script.log)

    @property
    def pending(self) -> int:
        """Number of scripted responses that are still to be sent."""
        return self._script.pending()

    # --- lifecycle ------------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Base URL, without a trailing slash.

        Raises:
            ContractError: the server is not started.

        """
        if self._listener is None:
            raise ContractError("the mock server does not listen: start it, or use it in a with statement")
        return f"http://127.0.0.1:{self._listener.port}"

    def start(self) -> Self:
        """Open the port. Does nothing if the server is started already.

        Returns:
            This server.

        Raises:
            ContractError: h11 is not installed, or the port is not available.

        """
        try:
            # h11 is an optional dependency.
            from contractfuzz.server.http_listener import HTTPListener
        except ModuleNotFoundError as error:
            raise ContractError(
                f"the mock server needs {error.name}, which is not installed: pip install 'contractfuzz[server]'"
            ) from None
        if self._listener is None:
            self._listener = HTTPListener(self._service.routes, lambda: self._script, self._port)
        return self

    def close(self) -> None:
        """Close the port and all connections, and wait for their threads."""
        self._script.stopped.set()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def reset(self) -> None:
        """Clear the script, the default response and the log, and close all connections."""
        previous, self._script = self._script, self._new_script()
        previous.stopped.set()
        if self._listener is not None:
            self._listener.drop_connections()

    @contextmanager
    def fresh(self) -> Iterator[Self]:
        """Reset the server before and after one test.

        Raises:
            ContractError: a response could not be made. Raised at the end of the block.

        """
        self.reset()
        failures = self._script.failures
        try:
            yield self
        finally:
            self.reset()
        if failures:
            raise ContractError(f"the mock server could not respond: {failures[0]}") from failures[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _new_script(self) -> Script:
        return Script(self._service, self._seed, self._on_exchange)
