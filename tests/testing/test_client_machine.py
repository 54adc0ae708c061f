"""The state machine for clients finds what only a sequence of calls shows."""

from __future__ import annotations

import http.client
from urllib.parse import urlsplit

import pytest
from clients.shop import ORDER, ShopError, read_order
from hypothesis import Phase, settings
from hypothesis.stateful import run_state_machine_as_test

from contractfuzz import ContractError
from contractfuzz.testing import ClientMachine

PHASES = [Phase.generate]  # shrinking and explaining take long
SETTINGS = settings(max_examples=8, stateful_step_count=8, database=None, deadline=None, phases=PHASES)


class Shop:
    """A client that keeps its connection, and opens another one after a failure."""

    def __init__(self, base_url):
        self.address = urlsplit(base_url).netloc
        self.connection = None

    def get_order(self):
        connection, self.connection = self.connection, None
        is_new = connection is None
        if connection is None:
            connection = http.client.HTTPConnection(self.address, timeout=5)
        try:
            connection.request("GET", "/orders/7")
            response = connection.getresponse()
            body = response.read()
        except (OSError, http.client.HTTPException):
            connection.close()
            # The server may have closed a connection that was open for some time.
            if is_new:
                raise
            return self.get_order()
        self.connection = connection
        if response.status not in (200, 201, 202, 207):
            raise ShopError(response.status)
        return read_order(body)


class BreakingShop(Shop):
    """A circuit breaker that never closes again."""

    is_broken = False

    def get_order(self):
        if self.is_broken:
            raise ShopError("the shop has failed before")
        try:
            return super().get_order()
        except ShopError:
            self.is_broken = True
            raise


class ShopMachine(ClientMachine):
    contract = ORDER
    shop = Shop
    wire = ("status.[245]*", "connection.closed-before-headers")

    def connect(self, base_url):
        return self.shop(base_url)

    def call(self, client):
        return client.get_order()


class BreakingShopMachine(ShopMachine):
    shop = BreakingShop


class SilentMachine(ClientMachine):
    contract = ORDER


class MachineWithoutContract(ClientMachine):
    pass


def test_a_client_that_recovers_passes():
    run_state_machine_as_test(ShopMachine, settings=SETTINGS)


def test_a_client_that_an_earlier_failure_changes_fails():
    with pytest.raises(
        AssertionError, match=r"expected     accepted\n *got          rejected with ShopError: the shop has"
    ):
        run_state_machine_as_test(BreakingShopMachine, settings=SETTINGS)


def test_pytest_collects_the_test_case_of_a_machine(pytester):
    pytester.makepyfile(
        test_shop="""
        from contractfuzz import Contract
        from contractfuzz.testing import ClientMachine
        from hypothesis import Phase, settings


        class ShopMachine(ClientMachine):
            contract = Contract.load({"title": "order", "type": "object"})

            def call(self, base_url):
                raise KeyError("id")


        TestShop = ShopMachine.TestCase
        TestShop.settings = settings(max_examples=1, stateful_step_count=1, database=None, phases=[Phase.generate])
        """
    )
    result = pytester.runpytest_subprocess("-p", "no:cacheprovider")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*ShopMachine> crashed on *"])


def test_a_machine_without_a_contract_is_refused():
    with pytest.raises(ContractError, match="MachineWithoutContract has no contract: set its attribute 'contract'"):
        MachineWithoutContract()


def test_a_machine_that_calls_nothing_is_refused():
    with pytest.raises(NotImplementedError, match="SilentMachine calls nothing: write its method 'call'"):
        SilentMachine().call("http://127.0.0.1")
