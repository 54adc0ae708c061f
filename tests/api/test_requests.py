"""Validation of requests: parameters and bodies of every style, and what is wrong with them."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from shop_api import SHOP

from contractfuzz import Api
from contractfuzz.api.requests import OperationRequest, find_request_problem


def problem_of(operation, **request):
    return find_request_problem(operation, OperationRequest(**request))


def operation_with(parameter=None, content=None, required=True):
    operation = {"responses": {}}
    if parameter is not None:
        operation["parameters"] = [{"name": "p", "in": "query", **parameter}]
    if content is not None:
        operation["requestBody"] = {"required": required, "content": content}
    return Api.load({"openapi": "3.1.0", "paths": {"/": {"post": operation}}}).operation("POST /")


SHOP_API = Api.load(SHOP)
TENANT = {"x-tenant": "acme"}


@pytest.mark.parametrize("query", ["", "limit=5", "limit=100&state=open&state=paid", "unknown=1", "limit=-7"])
def test_a_valid_request_has_no_problem(query):
    assert problem_of(SHOP_API.operation("listOrders"), query=query, headers=TENANT) is None


@pytest.mark.parametrize(
    ("query", "headers", "message"),
    [
        ("limit=x", TENANT, "the query parameter 'limit' is not valid: 'x' is not of type 'integer'"),
        ("limit=101", TENANT, "the query parameter 'limit' is not valid: 101 is greater than the maximum of 100"),
        (
            "state=open&state=x",
            TENANT,
            "the query parameter 'state' is not valid at /1: 'x' is not one of ['open', 'paid']",
        ),
        ("", {}, "the header parameter 'X-Tenant' is missing"),
        ("", {"x-tenant": "a"}, "the header parameter 'X-Tenant' is not valid: 'a' is too short"),
    ],
)
def test_the_problem_names_the_parameter(query, headers, message):
    assert problem_of(SHOP_API.operation("listOrders"), query=query, headers=headers) == (400, message)


def test_a_variable_of_the_path_is_validated():
    operation = SHOP_API.operation("getOrder")
    assert problem_of(operation, variables={"orderId": "7"}) is None
    assert problem_of(operation, variables={"orderId": "x"}).message.startswith(
        "the path parameter 'orderId' is not valid"
    )


ARRAY = {"type": "array", "items": {"type": "integer"}, "minItems": 2}
OBJECT = {"type": "object", "properties": {"a": {"type": "integer"}, "b": {"type": "string"}}, "required": ["a", "b"]}


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        ({"schema": ARRAY}, "p=1&p=2"),
        ({"schema": ARRAY}, "p[]=1&p[]=2"),
        ({"schema": ARRAY, "explode": False}, "p=1,2"),
        ({"schema": ARRAY, "style": "spaceDelimited", "explode": False}, "p=1%202"),
        ({"schema": ARRAY, "style": "pipeDelimited", "explode": False}, "p=1|2"),
        ({"schema": OBJECT, "style": "deepObject"}, "p[a]=1&p[b]=x"),
        ({"schema": OBJECT}, "a=1&b=x"),
        ({"schema": OBJECT, "explode": False}, "p=a,1,b,x"),
        ({"content": {"application/json": {"schema": OBJECT}}}, "p=%7B%22a%22%3A1%2C%22b%22%3A%22x%22%7D"),
        ({"schema": {"type": ["boolean", "null"]}}, "p=true"),
        ({"schema": {"type": ["boolean", "null"]}}, "p="),
        ({"schema": {"type": "number"}}, "p=1.5e3"),
        ({"schema": {"anyOf": [{"type": "integer", "maximum": 5}, {"type": "string"}]}}, "p=7"),
        ({"schema": {"enum": [1, 2]}}, "p=2"),
        ({}, "p=anything"),
    ],
)
def test_a_parameter_is_read_in_its_style(parameter, query):
    operation = operation_with({"required": True, **parameter})
    assert problem_of(operation, query=query) is None
    assert problem_of(operation, query="").message == "the query parameter 'p' is missing"


@pytest.mark.parametrize(
    ("parameter", "query"),
    [
        ({"schema": ARRAY}, "p=1&p=x"),
        ({"schema": ARRAY, "explode": False}, "p=1"),
        ({"schema": OBJECT, "style": "deepObject"}, "p[a]=x&p[b]=x"),
        ({"schema": OBJECT, "style": "deepObject"}, "p[a]=1"),
        ({"content": {"application/json": {"schema": OBJECT}}}, "p={"),
        ({"schema": {"type": "boolean"}}, "p=yes"),
        ({"schema": {"type": "number"}}, "p=nan"),
        ({"schema": {"type": "integer"}}, "p=01"),
    ],
)
def test_a_wrong_value_is_noticed_in_every_style(parameter, query):
    assert problem_of(operation_with(parameter), query=query).status == 400


def test_a_cookie_is_read():
    operation = operation_with({"in": "cookie", "schema": {"type": "integer"}, "required": True})
    assert problem_of(operation, headers={"cookie": "a=b; p=7"}) is None
    assert problem_of(operation, headers={"cookie": "p=x"}).status == 400
    assert problem_of(operation).message == "the cookie parameter 'p' is missing"


JSON_TYPE = {"content-type": "application/json; charset=utf-8"}


@pytest.mark.parametrize(
    ("body", "headers", "expected"),
    [
        (b'{"customer_id": "c", "quantity": 1}', JSON_TYPE, None),
        (b'{"customer_id": "c", "quantity": 1}', {}, None),
        (b"", JSON_TYPE, (400, "the body is missing")),
        (b"{", JSON_TYPE, (400, "the body is not JSON: Expecting property name")),
        (b"[" * 100_000, JSON_TYPE, (400, "the body is nested too deeply")),
        (
            b'{"customer_id": "c", "quantity": 0}',
            JSON_TYPE,
            (400, "the body is not valid at /quantity: 0 is less than"),
        ),
        (b"a=b", {"content-type": "text/plain"}, (415, "the media type 'text/plain' is not one of application/json")),
    ],
)
def test_a_body_is_validated(body, headers, expected):
    problem = problem_of(SHOP_API.operation("createOrder"), body=body, headers=headers)
    if expected is None:
        assert problem is None
    else:
        assert problem.status == expected[0]
        assert problem.message.startswith(expected[1])


FORM = {"schema": {**OBJECT, "properties": {**OBJECT["properties"], "c": ARRAY, "d": OBJECT}}}


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"a=1&b=x", None),
        (b"a=1&b=x&c=1&c=2", None),
        (b"a=1&b=x&c[]=1&c[]=2", None),
        (b"a=1&b=x&d[a]=1&d[b]=y", None),
        (b"a=1&b=x&d[a]=x&d[b]=y", 400),
        (b"a=x&b=x", 400),
        (b"a=1", 400),
        (b"\xff", 400),
    ],
)
def test_a_form_is_validated(body, status):
    operation = operation_with(content={"application/x-www-form-urlencoded": FORM})
    problem = problem_of(operation, body=body, headers={"content-type": "application/x-www-form-urlencoded"})
    assert (problem and problem.status) == status


def part(name, text, more=""):
    return f'--X\r\nContent-Disposition: form-data; name="{name}"{more}\r\n\r\n{text}\r\n'


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (part("a", "1") + part("b", "x", '; filename="x.txt"') + "--X--\r\n", None),
        (part("a", "1") + "--X--\r\n", 400),
        ("nothing", 400),
    ],
)
def test_a_multipart_form_is_validated(body, status):
    operation = operation_with(content={"multipart/form-data": FORM})
    headers = {"content-type": "multipart/form-data; boundary=X"}
    problem = problem_of(operation, body=body.encode(), headers=headers)
    assert (problem and problem.status) == status


def test_a_body_that_is_neither_json_nor_a_form_is_not_read():
    operation = operation_with(content={"image/*": {"schema": {"type": "string"}}})
    assert problem_of(operation, body=b"\x89PNG", headers={"content-type": "image/png"}) is None
    assert problem_of(operation, body=b"x", headers={"content-type": "video/mp4"}).status == 415


MEDIA_TYPES = [
    "application/json",
    "application/x-www-form-urlencoded",
    "multipart/form-data; boundary=X",
    "a/b;\r\n",
    "",
]
ANY_OPERATION = operation_with(
    {"schema": OBJECT, "style": "deepObject"},
    {"application/json": FORM, "application/x-www-form-urlencoded": FORM, "multipart/form-data": FORM},
)


@settings(max_examples=200, deadline=None)
@given(
    st.text("pabcd[]=&%2C,|é", max_size=20),
    st.one_of(st.binary(max_size=30), st.text('abcd[]=&%{}":1,-X\r\n', max_size=30).map(str.encode)),
    st.sampled_from(MEDIA_TYPES),
)
def test_no_request_is_an_error_of_the_validation(query, body, media_type):
    problem = problem_of(ANY_OPERATION, query=query, body=body, headers={"content-type": media_type})
    assert problem is None or (problem.status in (400, 415) and problem.message.isprintable())
