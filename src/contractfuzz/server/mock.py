"""The mock server: what a test holds in its hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from types import TracebackType
from typing import TYPE_CHECKING, Self

from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Kind
from contractfuzz.server.answers import Exchange
from contractfuzz.server.play import Item, Play
from contractfuzz.server.service import Service, find_service

if TYPE_CHECKING:
    from contractfuzz.server.listening import Listener


class MockServer:
    """A service over real HTTP, on 127.0.0.1 and nowhere else; a context manager that starts and ends it.

    A request that the service would refuse gets the service's error. Any other gets the next answer of the script, and when
    the script is over the regular one: the service's own answer to the request, until ``always`` or ``answer_with_cases`` says
    otherwise.
    """

    def __init__(
        self,
        service: Service,
        *,
        port: int = 0,
        seed: int = 0,
        watch: Callable[[Exchange], None] | None = None,
    ) -> None:
        """Make a server that does not listen yet.

        Args:
            service: what it speaks for.
            port: where it will listen; 0 is any port that is free.
            seed: same seed, same regular answers.
            watch: told of each exchange, in the thread that answers it.

        """
        self._service = service
        self._port = port
        self._seed = seed
        self._watch = watch
        self._play = self._new_play()
        self._listener: Listener | None = None

    @classmethod
    def named(cls, name: str, *, port: int = 0, seed: int = 0) -> Self:
        """Return the server of that name from an installed pack; ContractError with the nearest where there is none."""
        return cls(find_service(name), port=port, seed=seed)

    # --- what it answers ------------------------------------------------------------------------------------------------

    def script(self, *items: Item) -> Self:
        """Add answers to the script: each of them is given once, in this order.

        Args:
            items: each one of

                - a status: 200 is the regular answer, 429 comes with a Retry-After of one second, 502 and 504 are a gateway's
                  HTML page, 301 to 308 redirect to the same place, other errors have the service's own shape;
                - the name of a fault of the wire (``FAULTS``), which spoils the regular answer;
                - a ``Case``, or a JSON object or array, which is sent as it is;
                - an ``Answer``, for all that has no name: ``Answer.of(case).spoiled("cut-body")``;
                - a function that takes the request (``Received``) and returns one of these.

        Raises:
            ContractError: an item is none of these.

        """
        self._play.script += [self._play.turn(item) for item in items]
        return self

    def always(self, item: Item) -> Self:
        """Make an item, as in ``script``, the regular answer; 200 and faults refer to the answer that was regular before."""
        self._play.regular = self._play.turn(item, self._play.regular)
        return self

    def answer_with_cases(
        self, kind: Kind = "valid", profile: str = "broad", *, seed: int = 0, only: str | Iterable[str] | None = None
    ) -> Self:
        """Make cases of the contract, one after the other, the regular answers: those of ``contract.sample``.

        ContractError where the contract has no such cases.
        """
        self._play.use_cases(kind, profile, seed, only)
        return self

    # --- what came in ---------------------------------------------------------------------------------------------------

    @property
    def log(self) -> tuple[Exchange, ...]:
        """All requests so far with their answers, in the order in which they were answered."""
        return tuple(self._play.log)

    @property
    def pending(self) -> int:
        """How many answers of the script nobody has asked for yet."""
        return len(self._play.script)

    # --- its life -------------------------------------------------------------------------------------------------------

    @property
    def url(self) -> str:
        """Where it listens, without a slash at the end; ContractError while it does not."""
        if self._listener is None:
            raise ContractError("the mock server does not listen: start it, or use it in a with statement")
        return f"http://127.0.0.1:{self._listener.port}"

    def start(self) -> Self:
        """Begin to listen; ContractError where werkzeug is missing or the port is taken."""
        try:
            from contractfuzz.server.listening import Listener
        except ModuleNotFoundError as error:
            raise ContractError(
                f"the mock server needs {error.name}, which is not installed: pip install 'contractfuzz[server]'"
            ) from None
        if self._listener is None:
            self._listener = Listener(self._service.routes, lambda: self._play, self._port)
        return self

    def close(self) -> None:
        """End all connections and threads, and listen no more."""
        self._play.ended.set()
        if self._listener is not None:
            self._listener.close()
            self._listener = None

    def reset(self) -> None:
        """Forget script, regular answer and log, and end the connections that are open."""
        ended, self._play = self._play, self._new_play()
        ended.ended.set()
        if self._listener is not None:
            self._listener.drop()

    @contextmanager
    def fresh(self) -> Iterator[Self]:
        """Be as new for one test; ContractError at its end if an answer could not be made."""
        self.reset()
        failures = self._play.failures
        try:
            yield self
        finally:
            self.reset()
        if failures:
            raise ContractError(f"the mock server could not answer: {failures[0]}") from failures[0]

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _new_play(self) -> Play:
        return Play(self._service, self._seed, self._watch)
