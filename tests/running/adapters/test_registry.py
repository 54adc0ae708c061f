"""Registry of adapters: callables of every kind become consumers, with the right feed and name."""

from __future__ import annotations

import asyncio
import json
import typing
from functools import partial
from unittest.mock import Mock

import pytest
from flask import Flask

from contractfuzz import Case, ContractError, check
from contractfuzz.running.adapters.registry import adapt

pytestmark = pytest.mark.usefixtures("repeatable")

CASE = Case("valid", payload={"n": "é"})


def taking(annotation):
    def read(body):
        return body

    read.__annotations__["body"] = annotation
    return read


def read(payload):
    return payload


class Parser:
    def __init__(self, body: bytes = b""):
        self.body = body

    def read(self, body: bytes):
        return body

    @classmethod
    def of(cls, text: str):
        return text

    def __call__(self, text: str):
        return text


# --- feeds ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("annotation", "feed"),
    [
        (bytes, "bytes"),
        (bytearray, "bytes"),
        (memoryview, "bytes"),
        (str, "text"),
        (dict, "object"),
        (typing.Any, "object"),
        (dict[str, bytes], "object"),
        (list[str], "object"),
        (bytes | str, "bytes"),
        (str | bytes, "text"),
        (None | bytes, "bytes"),
        (dict | str, "object"),
        (typing.Optional[bytes], "bytes"),  # noqa: UP045
        (typing.Union[str, bytes], "text"),  # noqa: UP007
        (typing.Annotated[bytes, "a body"], "bytes"),
        (typing.NewType("Body", bytes), "bytes"),
        ("bytes", "bytes"),
        ("str | None", "text"),
        ("None | str", "text"),
        ("Optional[bytes]", "bytes"),
        ("typing.Union[bytes, str]", "bytes"),
        ("'bytes'", "bytes"),
        ("dict[str, bytes]", "object"),
        ("my.bytes", "object"),
        ("not a type", "object"),
    ],
    ids=str,
)
def test_the_annotation_of_the_parameter_decides_the_feed(annotation, feed):
    assert adapt(taking(annotation)).feed == feed


def test_without_an_annotation_the_payload_is_fed_as_an_object():
    assert adapt(lambda payload: payload).feed == "object"


def test_a_given_feed_overrides_the_annotation():
    assert adapt(taking(bytes), "text").feed == "text"


def test_an_unknown_feed_is_refused_with_the_nearest():
    with pytest.raises(ContractError, match=r"^unknown feed 'byte': did you mean 'bytes'\?$"):
        adapt(read, "byte")


@pytest.mark.parametrize(
    ("feed", "argument"), [("object", {"n": "é"}), ("text", '{"n":"é"}'), ("bytes", b'{"n":"\xc3\xa9"}')]
)
def test_each_feed_has_the_same_payload(feed, argument):
    assert adapt(read, feed).argument(CASE) == argument


def test_each_call_gets_a_new_object():
    consumer = adapt(read)
    assert consumer.argument(CASE) is not consumer.argument(CASE)
    assert consumer.argument(CASE) is not CASE.payload


@pytest.mark.parametrize(
    ("feed", "body", "can_take"),
    [
        ("object", b"{", False),
        ("text", b"{", True),
        ("text", b"\xff", False),
        ("bytes", b"\xff", True),
    ],
)
def test_objects_need_json_and_text_needs_utf_8(feed, body, can_take):
    assert adapt(read, feed).can_take(Case("malformed", raw=lambda: body)) is can_take


# --- callables -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("consumer", "feed", "name"),
    [
        (read, "object", f"{__name__}:read"),
        (Parser, "bytes", f"{__name__}:Parser"),
        (Parser.of, "text", f"{__name__}:Parser.of"),
        (json.loads, "object", "json:loads"),
        # These have no name by which anybody could import them.
        (Parser().read, "bytes", f"{__name__}:<Parser.read>"),
        (Parser(), "text", f"{__name__}:<Parser>"),
        (partial(read), "object", f"{__name__}:<read>"),
        (lambda payload: payload, "object", f"{__name__}:<lambda>"),
        (Mock(), "object", "unittest.mock:<Mock>"),
    ],
    ids=["function", "class", "classmethod", "json.loads", "method", "instance", "partial", "lambda", "mock"],
)
def test_every_callable_of_one_payload_is_called_and_has_a_name(consumer, feed, name):
    adapted = adapt(consumer)
    assert (adapted.feed, adapted.name) == (feed, name)


def test_a_function_in_c_without_a_signature_is_called():
    assert adapt(dict).call({"n": 1}) == {"n": 1}


def test_parameters_with_defaults_are_left_alone():
    assert adapt(lambda payload, strict=True, *more, **options: (payload, strict)).call(1) == (1, True)


def test_the_name_can_be_given():
    assert adapt(lambda payload: payload, name="service:read").name == "service:read"


def test_a_consumer_is_returned_unchanged():
    consumer = adapt(read, "text")
    assert adapt(consumer, "bytes") is consumer


async def aread(payload):
    await asyncio.sleep(0)
    return payload


class AsyncParser:
    async def __call__(self, payload):
        await asyncio.sleep(0)
        return payload


@pytest.mark.parametrize("consumer", [aread, AsyncParser(), AsyncParser().__call__, partial(aread)])
def test_a_coroutine_is_awaited(consumer):
    assert adapt(consumer).call(1) == 1


def test_a_coroutine_is_awaited_in_an_async_test():
    async def from_within():
        return adapt(aread).call(1)

    assert asyncio.run(from_within()) == 1


def yields(payload):
    yield payload


async def yields_later(payload):
    yield payload


@pytest.mark.parametrize("consumer", [yields, yields_later])
def test_a_generator_is_refused_since_calling_it_does_nothing(consumer):
    with pytest.raises(
        ContractError, match=f"{consumer.__name__} is a generator, which does nothing when it is called"
    ):
        adapt(consumer)


@pytest.mark.parametrize("consumer", [None, 5, "json:loads", {"n": 1}])
def test_an_object_that_is_not_callable_is_refused(consumer):
    with pytest.raises(ContractError, match="cannot be called: give a function, a method or a class"):
        adapt(consumer)


@pytest.mark.parametrize("consumer", [lambda: 0, lambda one, other: 0, lambda *, payload: 0], ids=["0", "2", "keyword"])
def test_a_callable_that_does_not_take_one_argument_is_refused(consumer):
    with pytest.raises(ContractError, match=r"<lambda>\(.*\) cannot be called with one payload: ") as caught:
        adapt(consumer)
    assert "\n" not in str(caught.value)


def test_a_run_feeds_what_the_consumer_takes(counter):
    fed = set()
    check(lambda body: fed.add(type(body)), counter, feed="bytes", examples=5)
    assert fed == {bytes}


# --- names of objects and methods ------------------------------------------------------------------------------------------


class Shop:
    def __init__(self):
        self.orders = []

    def read(self, order):
        self.orders.append(order)


first_shop, second_shop = Shop(), Shop()
first_application, second_application = Flask("first"), Flask("second")
read_strictly = partial(read)


@pytest.mark.parametrize(
    ("consumer", "name"),
    [
        (first_shop.read, "first_shop.read"),
        (second_shop.read, "second_shop.read"),
        (read_strictly, "read_strictly"),
    ],
)
def test_a_consumer_is_named_after_the_attribute_of_its_module(consumer, name):
    assert adapt(consumer).name == f"{__name__}:{name}"


def test_two_applications_of_one_framework_are_told_apart():
    names = [adapt(app, route="/orders").name for app in (first_application, second_application)]
    assert names == [f"{__name__}:first_application /orders", f"{__name__}:second_application /orders"]


def test_two_routes_of_one_application_are_told_apart():
    names = {adapt(first_application, route=route).name for route in ("/orders", "/refunds")}
    assert len(names) == 2


def test_a_consumer_is_named_after_the_variable_that_holds_it():
    shop, other, app = Shop(), Shop(), Flask("third")
    prefix = f"{__name__}:test_a_consumer_is_named_after_the_variable_that_holds_it.<locals>"
    names = [adapt(shop.read).name, adapt(other.read).name, adapt(app, route="/orders").name]
    assert names == [f"{prefix}.shop.read", f"{prefix}.other.read", f"{prefix}.app /orders"]


def test_the_line_of_a_finding_calls_the_method_of_the_attribute(counter):
    def line(consumer):
        return check(consumer, counter, examples=0).findings[0].reproduction

    assert f"from {__name__} import second_shop; second_shop.read(" in line(second_shop.read)


def test_a_given_name_is_used_for_every_kind_of_consumer():
    assert adapt(first_application, route="/orders", name="orders").name == "orders"
    assert adapt(first_shop.read, name="shop").name == "shop"


# --- awaitables ----------------------------------------------------------------------------------------------------------


def wrapped(payload):
    return aread(payload)


async def reject_later(payload):
    raise ValueError(payload)


class Promise:
    def __init__(self, payload):
        self.payload = payload

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        return self.payload


@pytest.mark.parametrize(
    "consumer",
    [wrapped, lambda payload: aread(payload), Promise, partial(wrapped)],
    ids=["wrapper", "lambda", "class", "partial"],
)
def test_an_awaitable_that_a_function_returns_is_awaited(consumer):
    assert adapt(consumer).call(1) == 1


def test_the_error_of_an_awaitable_is_the_verdict(counter):
    assert set(check(lambda payload: reject_later(payload), counter, examples=0).counts["invalid"]) == {"rejected"}


@pytest.mark.filterwarnings("error")
def test_an_awaitable_of_an_async_test_is_awaited():
    async def from_within():
        return adapt(wrapped).call(1)

    assert asyncio.run(from_within()) == 1
