"""JSON Pointers: encoding and parsing are inverse, and resolving finds what RFC 6901 says."""

from __future__ import annotations

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contractfuzz.json_pointer import MISSING, encode_pointer, parse_pointer, resolve_pointer, unescape_token

tokens = st.lists(st.text())
json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=10,
)

# The document and the pointers of RFC 6901, section 5.
RFC_DOCUMENT = {
    "foo": ["bar", "baz"],
    "": 0,
    "a/b": 1,
    "c%d": 2,
    "e^f": 3,
    "g|h": 4,
    "i\\j": 5,
    'k"l': 6,
    " ": 7,
    "m~n": 8,
}


def locations_in(value, path=()):
    """Yield the tokens of every location in a JSON value, with the value there."""
    yield path, value
    items = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    for token, inner in items:
        yield from locations_in(inner, (*path, str(token)))


@given(tokens)
@example(["~1", "~01", "/", ""])
def test_parsing_a_pointer_gives_the_tokens_that_it_encodes(tokens):
    assert parse_pointer(encode_pointer(tokens)) == tuple(tokens)


@given(tokens)
def test_encoding_the_parsed_tokens_gives_the_pointer(tokens):
    pointer = encode_pointer(tokens)
    assert encode_pointer(parse_pointer(pointer)) == pointer


@given(tokens, tokens)
def test_the_pointer_of_a_path_is_that_of_its_parts_in_a_row(start, end):
    assert encode_pointer([*start, *end]) == encode_pointer(start) + encode_pointer(end)


@given(st.text())
def test_a_token_has_no_slash_and_unescapes_to_itself(text):
    token = encode_pointer([text])[1:]
    assert "/" not in token
    assert unescape_token(token) == text


@given(json_values)
def test_every_location_of_a_value_resolves_to_the_value_there(value):
    found = list(locations_in(value))
    assert len(found) >= 1
    for path, inner in found:
        assert resolve_pointer(value, path) is inner
        assert resolve_pointer(value, parse_pointer(encode_pointer(path))) is inner


@given(json_values, st.text(min_size=4))
def test_a_token_below_a_scalar_is_missing(value, token):
    scalars = [path for path, inner in locations_in(value) if not isinstance(inner, dict | list)]
    assert [path for path in scalars if resolve_pointer(value, (*path, token)) is not MISSING] == []


@pytest.mark.parametrize(
    ("pointer", "value"),
    [
        ("", RFC_DOCUMENT),
        ("/foo", ["bar", "baz"]),
        ("/foo/0", "bar"),
        ("/", 0),
        ("/a~1b", 1),
        ("/c%d", 2),
        ("/e^f", 3),
        ("/g|h", 4),
        ("/i\\j", 5),
        ('/k"l', 6),
        ("/ ", 7),
        ("/m~0n", 8),
    ],
)
def test_the_examples_of_the_rfc_resolve(pointer, value):
    assert resolve_pointer(RFC_DOCUMENT, parse_pointer(pointer)) == value


@pytest.mark.parametrize("pointer", ["/bar", "/foo/2", "/foo/-", "/foo/00", "/foo/01", "/foo/-1", "/foo/٠", "/a~1b/0"])
def test_a_location_that_does_not_exist_is_missing(pointer):
    assert resolve_pointer(RFC_DOCUMENT, parse_pointer(pointer)) is MISSING


def test_null_is_not_missing():
    assert resolve_pointer({"a": None}, ("a",)) is None


def test_array_indices_may_be_numbers():
    assert encode_pointer(["a/b", 0]) == "/a~1b/0"
