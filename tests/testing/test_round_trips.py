"""``assert_round_trips``: differences in notation pass, differences in content fail."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from enum import StrEnum

import pytest

from contractfuzz import Contract, assert_round_trips
from hubspot_strategies import contract

pytestmark = pytest.mark.usefixtures("repeatable")

VISIT = Contract.load(
    {
        "name": "Visit",
        "type": "object",
        "properties": {
            "at": {"type": "datetime"},
            "count": {"type": "int32"},
            "note": {"type": "string"},
            "tags": {"type": "array", "items": {"type": "string"}},
        },
        "required": ["at", "count", "tags"],
    }
)


def same(payload):
    return payload


def changing(name, change):
    """Return a dump that changes one property if the payload has it."""

    def dump(payload):
        return {key: change(value) if key == name else value for key, value in payload.items()}

    return dump


def failure(dump, parse=same, of=VISIT, **options):
    with pytest.raises(AssertionError) as caught:
        assert_round_trips(parse, dump, of, **options)
    return str(caught.value)


def got(dump, **options):
    return re.findall(r"^  got +(.*)$", failure(dump, **options), re.MULTILINE)[0]


class Shouted(StrEnum):
    A = "a"


# --- no difference ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feed", ["object", "text", "bytes"])
def test_an_unchanged_payload_passes(feed):
    parse = same if feed == "object" else json.loads
    assert_round_trips(parse, same, contract, feed=feed)


@pytest.mark.parametrize("write", [json.dumps, lambda payload: json.dumps(payload, indent=2).encode()])
def test_the_dump_may_be_json_text_or_bytes(write):
    assert_round_trips(same, write, contract)


def test_the_order_of_properties_makes_no_difference():
    assert_round_trips(same, lambda payload: dict(reversed(payload.items())), contract)


def test_1_and_1_0_are_equal():
    assert_round_trips(same, changing("count", float), VISIT)


def to_utc(text):
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def test_another_notation_of_the_same_instant_is_equal():
    assert_round_trips(same, changing("at", to_utc), VISIT)


def test_tuples_and_enums_are_compared_as_json_writes_them():
    def dump(payload):
        return {**payload, "tags": tuple(Shouted.A if tag == "a" else tag for tag in payload["tags"])}

    assert_round_trips(same, dump, VISIT)


def test_the_parser_may_change_its_argument():
    def parse(payload):
        return {name: payload.pop(name) for name in list(payload)}

    assert_round_trips(parse, same, VISIT)


def test_payloads_contain_only_properties_that_the_contract_names():
    named = {"at", "count", "note", "tags"}
    assert_round_trips(same, lambda payload: {name: value for name, value in payload.items() if name in named}, VISIT)


# --- differences --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("dump", "words"),
    [
        (lambda payload: {key: payload[key] for key in payload if key != "at"}, "/at was lost"),
        (lambda payload: {"note": None, **payload}, "/note was added: None"),
        (lambda payload: {**payload, "": 1}, "/ was added: 1"),
        (changing("count", bool), "/count was 0 and came back as False"),
        (changing("count", str), "/count was 0 and came back as '0'"),
        (changing("count", lambda count: count + 1), "/count was 0 and came back as 1"),
        (changing("tags", lambda tags: [*tags, "x"]), "/tags had 0 items and came back with 1"),
        (changing("tags", lambda tags: tags or None), "/tags was [] and came back as None"),
        (changing("tags", lambda tags: tags[:2]), "/tags had 3 items and came back with 2"),
        (changing("tags", sorted), "/tags/0 was "),
        (changing("note", str.upper), "/note was 'a' and came back as 'A'"),
        (changing("at", lambda at: at[:10]), "/at was '2000-01-01T00:00:00Z' and came back as '2000-01-01'"),
        (changing("at", lambda at: at.replace("2000-", "2001-")), "/at was '2000-01-01T00:00:00Z' and came back as '2001-"),
        (lambda payload: None, "the payload itself was {'at': '2000-01-01T00:00:00Z', 'count': 0, 'tags'"),
        (lambda payload: [payload], "the payload itself was {"),
        (changing("at", datetime.fromisoformat), "the dump is not JSON: {'at': datetime.datetime("),
        (lambda payload: "{", "the dump is not JSON: '{' (Expecting property name"),
        (lambda payload: b"\xff", "the dump is not JSON: b'\\xff' ("),
    ],
)  # fmt: skip
def test_a_lost_added_or_changed_value_is_named(dump, words):
    assert got(dump).startswith(words)


def test_an_instant_without_its_fraction_is_different():
    assert re.fullmatch(
        r"/at was '(2000-01-01T00:00:00)\.\d+Z' and came back as '\1\+00:00'",
        got(changing("at", lambda at: datetime.fromisoformat(at).replace(microsecond=0).isoformat())),
    )


def test_a_text_that_only_looks_like_a_date_time_is_compared_as_text():
    text = Contract.load({"name": "Text", "type": "object", "properties": {"t": {"type": "string", "enum": ["2000-99-01T00:00:00Z"]}}, "required": ["t"]})  # fmt: skip  # noqa: E501
    assert got(changing("t", lambda t: t.replace("99", "98")), of=text) == (
        "/t was '2000-99-01T00:00:00Z' and came back as '2000-98-01T00:00:00Z'"
    )


def test_a_nested_difference_has_its_json_pointer():
    def dump(payload):
        for result in payload["results"]:
            for link in result["to"]:
                link["toObjectId"] += "!"
        return payload

    assert got(dump, of=contract) == "/results/0/to/0/toObjectId was '' and came back as '!'"


# --- the message -------------------------------------------------------------------------------------------------------


def test_a_difference_is_not_reported_as_a_crash():
    message = failure(lambda payload: {**payload, "count": 7})
    assert message.startswith(f"{__name__}:same does not keep a valid payload\n")
    assert re.search(r"^  expected +the same payload after parse and dump$", message, re.MULTILINE)
    assert '  payload      {"at":"2000-01-01T00:00:00Z","count":0,"tags":[]}' in message
    assert "Traceback" not in message


def test_an_exception_of_the_dump_is_shown_with_its_own_frames():
    def dump(payload):
        raise KeyError("dumping")

    message = failure(dump)
    assert "same crashed on a valid payload\n" in message
    assert re.findall(r'File "(.*?)", line \d+, in (\w+)', message) == [(__file__, "dump")]


def test_an_async_parser_is_awaited():
    async def parse(payload):
        return payload

    assert_round_trips(parse, same, VISIT)


def test_the_shown_line_prints_the_dump(tmp_path, monkeypatch):
    (tmp_path / "visits.py").write_text(
        "def parse(body: bytes):\n    return body\n\ndef dump(body):\n    return {'size': len(body)}\n"
    )
    monkeypatch.syspath_prepend(tmp_path)
    import visits

    [line] = re.findall(r"^  reproduce +(.*)$", failure(visits.dump, parse=visits.parse), re.MULTILINE)
    done = subprocess.run(
        [sys.executable, "-c", line], cwd=tmp_path, capture_output=True, text=True, check=True, env=os.environ
    )
    sys.modules.pop("visits")
    assert done.stdout == "{'size': 49}\n"
