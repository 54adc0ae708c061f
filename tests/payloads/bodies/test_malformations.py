"""Malformed bodies: parsers reject those to be rejected, and some parsers read the others."""

from __future__ import annotations

import gzip
import json
import pickle
import struct
import tracemalloc
import zlib

import msgspec
import pydantic_core
import pytest

from contractfuzz import Contract
from contractfuzz.payloads.bodies.malformations import MALFORMATIONS, MalformedBody

READABLE = [one.name for one in MALFORMATIONS if one.expectation == "survives"]
REJECTED = [one.name for one in MALFORMATIONS if one.expectation == "rejects"]

SCHEMAS = {
    "an object": {"type": "object"},
    "an array": {"type": "array", "items": {"type": "integer"}},
    "a string": {"type": "string"},
    "an integer": {"type": "integer"},
    "null": {"type": "null"},
    "strings": {"type": "array", "items": {"type": "string"}, "minItems": 2},
}


def refuse_constant(name):
    raise ValueError(name)


def python_reads_strictly(body):
    """Read UTF-8 and JSON strictly by RFC 8259: Python accepts a byte order mark and NaN by default."""
    return json.loads(body.decode("utf-8"), parse_constant=refuse_constant)


PARSERS = {
    "json": json.loads,
    "strict json": python_reads_strictly,
    "jiter": pydantic_core.from_json,
    "msgspec": msgspec.json.decode,
}


def load(schema):
    return Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="small")


@pytest.mark.parametrize("parser", PARSERS)
@pytest.mark.parametrize("name", REJECTED)
def test_strict_parsers_reject_a_body_to_be_rejected(hubspot, name, parser):
    cases = list(hubspot.sample(20, kind="malformed", only=name))
    assert len(cases) == 20
    for case in cases:
        with pytest.raises((ValueError, RecursionError)):
            PARSERS[parser](case.body)


@pytest.mark.parametrize("schema", SCHEMAS)
@pytest.mark.parametrize("name", REJECTED)
def test_strict_parsers_reject_it_for_payloads_of_any_type(name, schema):
    cases = list(load(SCHEMAS[schema]).sample(8, kind="malformed", only=name))
    assert len(cases) == 8
    for case in cases:
        for parser in PARSERS.values():
            with pytest.raises((ValueError, RecursionError)):
                parser(case.body)


ORDER = {
    "type": "object",
    "properties": {
        "name": {"type": "string", "minLength": 2},
        "lines": {"type": "array", "items": {"type": "object"}, "minItems": 1},
        "paid": {"type": "boolean"},
    },
    "required": ["name", "lines", "paid"],
    "additionalProperties": False,
}


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("cut-after-brace", b"{"),
        ("cut-after-bracket", b"["),
        ("cut-after-key", b'"'),
        ("cut-before-value", b":"),
        ("cut-after-comma", b","),
        ("cut-after-part", b"]"),
    ],
)
def test_a_cut_is_at_a_token_of_a_valid_text(name, end):
    texts = [json.dumps(case.payload, separators=(",", ":"), ensure_ascii=False) for case in load(ORDER).sample(60)]
    bodies = [MalformedBody(name, text)() for text in texts]
    assert len(set(bodies)) > 1
    for text, body in zip(texts, bodies, strict=True):
        assert text.encode().startswith(body)
        assert body.endswith((end, b"}") if name == "cut-after-part" else end)


def test_cuts_are_at_different_tokens_of_different_payloads():
    cases = list(load(ORDER).sample(200, kind="malformed", only="cut-before-value"))
    assert {case.body.rpartition(b",")[2] for case in cases} >= {b'"paid":', b'"lines":'}
    assert any(case.body == b'{"name":' for case in cases)


@pytest.fixture(scope="module")
def undeclared():
    """A contract that declares nothing, so that each malformation is at an undeclared place."""
    return load({"type": "object"})


@pytest.mark.parametrize("name", READABLE)
def test_the_description_of_a_readable_body_mentions_who_reads_it(undeclared, name):
    [case] = undeclared.sample(1, kind="malformed", only=name)
    assert "read" in case.description


@pytest.mark.parametrize("name", sorted(set(READABLE) - {"huge-integer", "deep-nesting"}))
def test_the_parser_of_python_reads_a_readable_body(undeclared, name):
    [case] = undeclared.sample(1, kind="malformed", only=name)
    assert json.loads(case.body) is not None


def test_a_parser_with_big_integers_reads_5000_digits(undeclared):
    [case] = undeclared.sample(1, kind="malformed", only="huge-integer")
    numbers = []
    json.loads(case.body, parse_int=numbers.append)
    assert "9" * 5000 in numbers


def test_deep_nesting_is_balanced(undeclared):
    [case] = undeclared.sample(1, kind="malformed", only="deep-nesting")
    assert case.body.count(b"[" * 100_000) == case.body.count(b"]" * 100_000) == 1


@pytest.mark.parametrize(
    ("name", "codec"), [("utf-8-bom", "utf-8-sig"), ("utf-16", "utf-16"), ("utf-32", "utf-32"), ("latin-1", "latin-1")]
)
def test_other_encodings_contain_a_valid_payload(hubspot, name, codec):
    payloads = [json.loads(case.body.decode(codec)) for case in hubspot.sample(20, kind="malformed", only=name)]
    assert len(payloads) == 20
    assert all(map(hubspot.is_valid, payloads))


def test_a_duplicate_key_has_different_values(undeclared):
    cases = list(undeclared.sample(20, kind="malformed", only="duplicate-key"))
    assert len(cases) == 20
    for case in cases:
        pairs = json.loads(case.body, object_pairs_hook=lambda pairs: pairs)
        names = [name for name, _ in pairs]
        [repeated] = {name for name in names if names.count(name) > 1}
        first, second = (value for name, value in pairs if name == repeated)
        assert first != second


def test_every_malformation_has_a_unique_name_and_a_description():
    names = [one.name for one in MALFORMATIONS]
    assert len(set(names)) == len(names) == 163
    assert all(one.description for one in MALFORMATIONS)


def test_a_malformed_case_has_a_body_and_no_payload(hubspot):
    cases = list(hubspot.sample(150, kind="malformed"))
    assert len(cases) == 150
    for case in cases:
        assert (case.kind, repr(case.payload)) == ("malformed", "ABSENT")
        assert isinstance(case.body, bytes)


def test_bodies_are_made_on_demand(hubspot):
    tracemalloc.start()
    cases = list(hubspot.sample(500, kind="malformed", only="huge-string"))
    _, peak = tracemalloc.get_traced_memory()
    tracemalloc.stop()
    assert peak < 10_000_000
    assert len(cases[-1].body) > 10_000_000


def test_a_case_can_be_sent_to_another_process(undeclared):
    cases = list(undeclared.sample(len(MALFORMATIONS), kind="malformed"))
    assert {case.label for case in cases} == {one.name for one in MALFORMATIONS}
    for case in cases:
        assert pickle.loads(pickle.dumps(case)).body == case.body


@pytest.mark.parametrize("header", [b"\x1f\x8b\x08\0\0\0\0\0\0\xff", b"\x1f\x8b\x08\0\0\0\0\0\x02\x03"])
def test_the_gzip_body_is_the_same_on_every_python(monkeypatch, header):
    compress = gzip.compress
    monkeypatch.setattr(gzip, "compress", lambda *args, **options: header + compress(*args, **options)[10:])
    bodies = [case.body for case in load({"type": "object"}).sample(20, "malformed", only="gzip")]
    for body in bodies:
        magic, method, flags, time, extra_flags, system = struct.unpack("<2sBBIBB", body[:10])  # RFC 1952, section 2.3
        assert (magic, method) == (b"\x1f\x8b", 8)
        assert (flags, time) == (0, 0), "no name, no comment, no time"
        assert (extra_flags, system) == (2, 3), "best compression, Unix"
        text = gzip.decompress(body)
        assert body[-8:] == struct.pack("<II", zlib.crc32(text), len(text))
    assert gzip.decompress(bodies[0]) == b"{}"
