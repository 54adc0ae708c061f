"""Running services: each body is posted over a connection that stays open."""

from __future__ import annotations

import time
from collections.abc import Mapping
from ipaddress import ip_address
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from contractfuzz.errors import ContractError
from contractfuzz.running.external.failures import GoneError, NoAnswerError, ProgramDiedError, WrongUseError
from contractfuzz.running.external.processes import MAX_OUTPUT_BYTES
from contractfuzz.running.external.stack_traces import summarize
from contractfuzz.running.external.targets import Url, check_header
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

if TYPE_CHECKING:
    import httpx

RESTART_SECONDS = 2.0
"""Time that a service has to come back after it refused a connection: a supervisor may restart it."""

_RETRY_SECONDS = 0.1
CONTENT_TYPE = {"content-type": "application/json"}


class ServiceConnection:
    """A connection to a service, which is opened again when the service closes it."""

    def __init__(self, target: Url, time_limit: float) -> None:
        """Make a connection. It connects at the first request.

        Args:
            target: the service.
            time_limit: seconds for one response.

        """
        self._target, self._time_limit = target, time_limit
        self._client: httpx.Client | None = None
        self._was_reached = False

    def post(self, body: bytes) -> httpx.Response:
        """Post a body, and return the response of any status.

        Args:
            body: the body.

        Raises:
            NoAnswerError: no whole response came within the time limit.
            ProgramDiedError: the service closed the connection without a response.
            WrongUseError: the service cannot be reached, or the function that signs failed.
            GoneError: the service was reached before, and is not any more.

        """
        # Imported here, because only services need it.
        import httpx

        headers = httpx.Headers([*CONTENT_TYPE.items()])
        headers.update({**self._target.headers, **self.signature(body)})
        is_reused = self._client is not None
        try:
            return self._send(body, headers)
        except httpx.TransportError as error:
            self.close()
            if isinstance(error, httpx.ConnectError | httpx.ConnectTimeout | httpx.UnsupportedProtocol):
                return self._send_later(body, headers, error)
            if isinstance(error, httpx.TimeoutException):
                raise self._no_answer() from None
            if not is_reused:
                raise self._death() from None
        # The service may close a connection that waits. Only a new one shows that the body is the cause.
        try:
            return self._send(body, headers)
        except httpx.TransportError as error:
            self.close()
            if isinstance(error, httpx.ConnectError):
                raise self._death() from None
            raise (self._no_answer() if isinstance(error, httpx.TimeoutException) else self._death()) from None

    def close(self) -> None:
        """Close the connection. The next request opens it again."""
        if self._client is not None:
            self._client.close()
            self._client = None

    def _send(self, body: bytes, headers: httpx.Headers) -> httpx.Response:
        import httpx

        if self._client is None:
            # A proxy of the environment does not lead to this machine.
            is_remote = not _is_loopback(urlsplit(self._target.url).hostname or "")
            self._client = httpx.Client(timeout=self._time_limit, trust_env=is_remote)
        deadline = time.monotonic() + self._time_limit
        content = bytearray()
        with self._client.stream("POST", self._target.url, content=body, headers=headers) as response:
            self._was_reached = True
            try:
                for chunk in response.iter_bytes():
                    content += chunk[: MAX_OUTPUT_BYTES - len(content)]
                    if time.monotonic() > deadline:
                        raise httpx.ReadTimeout("the response does not end")
                    if len(content) >= MAX_OUTPUT_BYTES:
                        break
            except httpx.DecodingError:  # the status decides
                content.clear()
        kept = {name: value for name, value in response.headers.items() if name in ("content-type", "location")}
        return httpx.Response(response.status_code, headers=kept, content=bytes(content))

    def _send_later(self, body: bytes, headers: httpx.Headers, error: httpx.TransportError) -> httpx.Response:
        import httpx

        if not self._was_reached:
            raise WrongUseError(
                f"{self._target.name} cannot be reached ({error}): start the service, or correct the URL"
            ) from None
        deadline = time.monotonic() + RESTART_SECONDS
        while time.monotonic() < deadline:
            time.sleep(_RETRY_SECONDS)
            try:
                return self._send(body, headers)
            except httpx.ConnectError:
                continue
            except httpx.TimeoutException:
                raise self._no_answer() from None
            except httpx.TransportError:
                raise self._death() from None
        raise GoneError(f"{self._target.name} takes no connections any more: start the service again")

    def _no_answer(self) -> NoAnswerError:
        return NoAnswerError(f"no answer within {self._time_limit:g} s")

    def _death(self) -> ProgramDiedError:
        return ProgramDiedError(lambda: summarize("the connection was closed without a response", ""))

    def signature(self, body: bytes) -> Mapping[str, str]:
        """Return the header fields that sign a body.

        Raises:
            WrongUseError: the function that signs failed.

        """
        if self._target.sign is None:
            return {}
        try:
            signature = dict(self._target.sign(body))
        except Exception as error:
            problem = f"the function that signs raised {ExceptionSummary.line_of(error)}: fix that first"
            raise WrongUseError(problem) from error
        try:
            for name, value in signature.items():
                check_header(name, value)
        except ContractError as error:
            raise WrongUseError(f"the function that signs is wrong: {error}") from None
        return signature


def _is_loopback(host: str) -> bool:
    if host == "localhost" or host.endswith(".localhost"):
        return True
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
