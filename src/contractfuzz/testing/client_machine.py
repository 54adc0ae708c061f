"""State machine of Hypothesis that calls one client again and again while the server changes what it sends."""

from __future__ import annotations

from typing import Any, ClassVar

from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, rule

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.messages import explain
from contractfuzz.running.options import CaseSet, ErrorClasses, RunOptions
from contractfuzz.running.run import Run

SLOW_LABELS = (
    "connection.refused",
    "connection.silent",
    "connection.slow-bytes",
    "status.429.retry-after-absurd",
)
"""Wire cases that take seconds, and the one that needs a server at another URL."""


class ClientMachine(RuleBasedStateMachine):
    """A client that lives through many calls, such as one with a pool of connections, a cache or a circuit breaker.

    Each step is a call with another response: a valid payload, one that breaks the contract, or a wire case. The client must do
    in each call what it should do in a first one: an earlier failure must not change that. Set ``contract`` in a subclass, and
    write ``connect`` and ``call``. pytest collects the attribute ``TestCase`` of the subclass.

    Attributes:
        contract: the contract of the responses.
        raises: the errors by which the client rejects a response, in addition to those of HTTP libraries.
        wire: labels of wire cases, or globs of them; empty for all that take no seconds.

    Example:
        >>> class OrdersMachine(ClientMachine):
        ...     contract = Contract.load("order.json")
        ...
        ...     def connect(self, base_url):
        ...         return ShopClient(base_url)
        ...
        ...     def call(self, client):
        ...         return client.get_order("7")
        >>> TestOrders = OrdersMachine.TestCase

    """

    contract: ClassVar[Contract]
    raises: ClassVar[ErrorClasses] = (ValueError,)
    wire: ClassVar[tuple[str, ...]] = ()

    def __init__(self) -> None:
        super().__init__()
        if not isinstance(getattr(self, "contract", None), Contract):
            raise ContractError(f"{type(self).__name__} has no contract: set its attribute 'contract' to a Contract")
        name = f"{type(self).__module__}:<{type(self).__qualname__}>"
        self._run = Run(self._call_client, self.contract, RunOptions(feed="url", name=name, raises=self.raises))
        chosen = self.contract.labels("wire", self.wire or None)
        self._wire_labels = [label for label in chosen if self.wire or label not in SLOW_LABELS]
        self._client: tuple[str, Any] | None = None

    def connect(self, base_url: str) -> Any:
        """Return the client. It stays for all calls of a server with this base URL.

        Args:
            base_url: the base URL of the server.

        """
        return base_url

    def call(self, client: Any) -> Any:
        """Call the client, and return its result.

        Args:
            client: what ``connect`` returned.

        """
        raise NotImplementedError(f"{type(self).__name__} calls nothing: write its method 'call'")

    @rule(data=st.data())
    def receive_valid_payload(self, data: st.DataObject) -> None:
        """Answer with a valid payload."""
        self._judge(data.draw(self._run.strategy(CaseSet("valid"))))

    @rule(data=st.data())
    def receive_violation(self, data: st.DataObject) -> None:
        """Answer with a payload that breaks the contract."""
        self._judge(data.draw(self._run.strategy(CaseSet("invalid"))))

    @rule(data=st.data())
    def receive_wire_case(self, data: st.DataObject) -> None:
        """Answer with a wire case."""
        label = data.draw(st.sampled_from(self._wire_labels))
        self._judge(data.draw(self._run.strategy(CaseSet("wire"), label)))

    def teardown(self) -> None:
        """Close the server."""
        self._run.close()

    def _judge(self, case: Case) -> None:
        __tracebackhide__ = True
        finding = self._run.judge(case)
        if finding is not None:
            raise AssertionError(explain(finding)) from None

    def _call_client(self, base_url: str) -> Any:
        if self._client is None or self._client[0] != base_url:
            self._client = (base_url, self.connect(base_url))
        return self.call(self._client[1])
