"""Strings with described content: base64 and its like, and JSON texts."""

from __future__ import annotations

import base64
import json

import pytest
from payload_judges import rust_says

from contractfuzz import Contract
from contractfuzz.payloads.values.encoded_content import content_strings

DIALECT = "https://json-schema.org/draft/2020-12/schema"
DECODERS = {
    "base64": lambda text: base64.b64decode(text, validate=True),
    "base64url": lambda text: base64.b64decode(text, altchars=b"-_", validate=True),
    "base32": base64.b32decode,
    "base32hex": base64.b32hexdecode,
    "base16": base64.b16decode,
}


def samples(schema, **options):
    contract = Contract.load({"$schema": DIALECT, "type": "string", **schema}, name="small")
    return contract, [case.payload for case in contract.sample(200, **options)]


@pytest.mark.parametrize("encoding", DECODERS)
def test_strings_decode_by_their_encoding(encoding):
    _, texts = samples({"contentEncoding": encoding})
    assert len({DECODERS[encoding](text) for text in texts}) > 5


def test_the_format_byte_of_openapi_is_base64():
    schemas = {
        "File": {"type": "object", "properties": {"data": {"type": "string", "format": "byte"}}, "required": ["data"]}
    }
    contract = Contract.load({"openapi": "3.0.3", "components": {"schemas": schemas}}, name="File")
    texts = {case.payload["data"] for case in contract.sample(200)}
    assert len(texts) > 5
    assert all(base64.b64encode(base64.b64decode(text, validate=True)).decode() == text for text in texts)


def test_a_media_type_of_json_gives_json_texts():
    _, texts = samples({"contentMediaType": "application/json; charset=utf-8"})
    assert {type(json.loads(text)) for text in texts} >= {dict, list, str, int, bool, type(None)}


def test_the_content_schema_describes_the_texts():
    inner = {"type": "object", "properties": {"n": {"type": "integer", "minimum": 3}}, "required": ["n"]}
    _, texts = samples({"contentMediaType": "application/json", "contentSchema": inner})
    assert all(rust_says(inner)(json.loads(text)) for text in texts)
    assert len(set(texts)) > 10
    _, texts = samples({"contentMediaType": "application/json", "contentEncoding": "base64", "contentSchema": inner})
    assert all(rust_says(inner)(json.loads(base64.b64decode(text, validate=True))) for text in texts)


def test_a_content_schema_that_refers_to_itself_is_planned():
    schema = {"contentMediaType": "application/json", "contentSchema": {"$ref": "#"}}
    assert all(json.dumps(json.loads(text)) for text in samples(schema)[1])


@pytest.mark.parametrize("low", [0, 1, 7, 40, 333])
@pytest.mark.parametrize(
    "schema", [{"contentEncoding": "base64"}, {"format": "byte"}, {"contentMediaType": "application/json"}]
)
def test_the_length_is_kept(schema, low):
    _, texts = samples({**schema, "minLength": low, "maxLength": low + 8})
    assert all(low <= len(text) <= low + 8 for text in texts)
    if "contentMediaType" in schema:
        assert all(json.dumps(json.loads(text)) for text in texts)
    else:
        assert all(base64.b64decode(text, validate=True) is not None for text in texts)


def test_a_pattern_selects_among_the_strings():
    pattern = "^(?:[A-Za-z0-9+/]{4})+$"
    _, texts = samples({"contentEncoding": "base64", "pattern": pattern})
    assert all(len(text) % 4 == 0 and text and "=" not in text for text in texts)
    assert all(base64.b64decode(text, validate=True) for text in texts)


def test_annotations_are_not_violations():
    contract, _ = samples({"contentEncoding": "base64", "contentMediaType": "application/json", "maxLength": 9})
    assert {violation.keyword for violation in contract.violations()} == {"type", "maxLength"}
    assert contract.is_valid("no base64")
    hostile = [case.payload for case in contract.sample(300, profile="hostile")]
    assert "\x00" in hostile


def test_an_unknown_encoding_gives_any_string():
    _, texts = samples({"contentEncoding": "rot13", "contentMediaType": "application/json"})
    assert len(set(texts)) > 50


def test_a_string_of_each_length_can_be_encoded():
    for low in range(1, 200):
        assert any(low <= len(text) <= low + 8 for text in content_strings({"contentEncoding": "base16"}, low=low)), low
