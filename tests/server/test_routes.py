"""Routes of a service: which endpoint gets a request, and the values of the variables in its path."""

from __future__ import annotations

import string

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz.server import Request, Response, Route
from contractfuzz.server.http_listener import Router

ROUTES = [
    Route("GET", "/items/{id}", "item"),
    Route("GET", "/items/all", "all items"),
    Route("PUT", "/items/{id}", "new item"),
    Route("POST", "/items/{id}.json", "JSON"),
    Route("GET", "/a.b/{from-type}/{to type}", "two"),
]


class Recorder:
    """Request handler whose responses hold what it was called with."""

    def respond(self, request):
        return Response(200, {"Endpoint": request.endpoint}, repr(dict(request.variables)).encode())

    def unrouted(self, request, status, headers):
        return Response(status, headers)


def route(method, path, routes=ROUTES):
    return Router(routes, Recorder).respond(Recorder(), Request(0, method, path, "", {}, b""))


@pytest.mark.parametrize(
    ("method", "path", "endpoint", "variables"),
    [
        ("GET", "/items/7", "item", {"id": "7"}),
        ("HEAD", "/items/7", "item", {"id": "7"}),
        ("GET", "/items/all", "all items", {}),
        ("PUT", "/items/all", "new item", {"id": "all"}),
        ("POST", "/items/7.json", "JSON", {"id": "7"}),
        ("GET", "/items/\n", "item", {"id": "\n"}),
        ("GET", "/a.b/x y/é", "two", {"from-type": "x y", "to type": "é"}),
    ],
)
def test_a_request_gets_to_the_most_concrete_endpoint(method, path, endpoint, variables):
    response = route(method, path)
    assert (response.headers, response.body.decode()) == ({"Endpoint": endpoint}, repr(variables))


@pytest.mark.parametrize("path", ["/", "/items", "/items/", "/items/7/", "/items/7/8", "/axb/1/2", "//items/7", "*"])
def test_a_path_without_a_route_is_not_found(path):
    assert route("GET", path).status == 404


@pytest.mark.parametrize(
    ("path", "allowed"), [("/items/7", "GET, HEAD, PUT"), ("/items/7.json", "GET, HEAD, POST, PUT")]
)
def test_another_method_lists_the_allowed_ones(path, allowed):
    response = route("DELETE", path)
    assert (response.status, response.headers) == (405, {"Allow": allowed})


NAMES = st.lists(st.text(string.ascii_letters + string.digits + "_-. ", min_size=1), unique=True, max_size=4)
SEGMENTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="/"), min_size=1)


@given(names=NAMES, text=SEGMENTS.filter(lambda text: not {*"{}"} & {*text}), data=st.data())
def test_the_variables_have_the_segments_of_the_path(names, text, data):
    values = {name: data.draw(SEGMENTS) for name in names}
    template = "".join(f"/{text}/{{{name}}}" for name in names)
    path = "".join(f"/{text}/{value}" for value in values.values())
    assert route("GET", path, [Route("GET", template, "x")]).body.decode() == repr(values)
