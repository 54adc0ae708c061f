"""Control of one operation of the mock server: its own script, default response and log."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Self

from contractfuzz.payloads.cases.case import Kind
from contractfuzz.server.messages import Exchange
from contractfuzz.server.script import Script, ScriptItem


class OperationScript:
    """Responses to the requests of one operation. See ``MockServer.operation``.

    Its responses come before those of the whole server. ``MockServer.reset`` clears them, too.

    Args:
        endpoint: name of the endpoint.
        get_script: returns the script of the current test.

    """

    def __init__(self, endpoint: str, get_script: Callable[[], Script]) -> None:
        self._endpoint = endpoint
        self._get_script = get_script

    def script(self, *items: ScriptItem) -> Self:
        """Add responses to the script of the operation. See ``MockServer.script``.

        Raises:
            ContractError: an item does not describe a response.

        """
        self._get_script().add(items, self._endpoint)
        return self

    def always(self, item: ScriptItem) -> Self:
        """Set the default response of the operation. See ``MockServer.always``.

        Raises:
            ContractError: the item does not describe a response.

        """
        self._get_script().set_default(item, self._endpoint)
        return self

    def respond_with_cases(
        self, kind: Kind = "valid", profile: str = "broad", *, seed: int = 0, only: str | Iterable[str] | None = None
    ) -> Self:
        """Use cases of the operation's contract as its default responses. See ``MockServer.respond_with_cases``.

        Raises:
            ContractError: the contract has no such cases, or the operation never responds with JSON.

        """
        self._get_script().respond_with_cases(kind, profile, seed, only, self._endpoint)
        return self

    @property
    def log(self) -> tuple[Exchange, ...]:
        """Exchanges of the operation since the last reset, in the order of their responses."""
        return tuple(exchange for exchange in self._get_script().log if exchange.request.endpoint == self._endpoint)

    @property
    def pending(self) -> int:
        """Number of scripted responses of the operation that are still to be sent."""
        return self._get_script().pending(self._endpoint)
