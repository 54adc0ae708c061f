"""Whether what was parsed still says what the payload said: what makes no difference, and what does."""

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
    """Return a dump that changes one property where it is there."""

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


# --- what makes no difference -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("feed", ["object", "text", "bytes"])
def test_what_comes_back_as_it_went_in_passes(feed):
    parse = same if feed == "object" else json.loads
    assert_round_trips(parse, same, contract, feed=feed)


@pytest.mark.parametrize("write", [json.dumps, lambda payload: json.dumps(payload, indent=2).encode()])
def test_it_may_come_back_as_json(write):
    assert_round_trips(same, write, contract)


def test_the_order_of_properties_makes_no_difference():
    assert_round_trips(same, lambda payload: dict(reversed(payload.items())), contract)


def test_one_and_one_point_zero_are_the_same():
    assert_round_trips(same, changing("count", float), VISIT)


def to_utc(text):
    return datetime.fromisoformat(text).astimezone(UTC).isoformat()


def test_another_way_to_write_the_same_instant_is_the_same():
    assert_round_trips(same, changing("at", to_utc), VISIT)


def test_what_a_json_writer_makes_of_tuples_and_enums_is_what_counts():
    def dump(payload):
        return {**payload, "tags": tuple(Shouted.A if tag == "a" else tag for tag in payload["tags"])}

    assert_round_trips(same, dump, VISIT)


def test_a_parser_may_take_the_payload_apart():
    def parse(payload):
        return {name: payload.pop(name) for name in list(payload)}

    assert_round_trips(parse, same, VISIT)


def test_payloads_hold_no_properties_that_the_contract_does_not_name():
    named = {"at", "count", "note", "tags"}
    assert_round_trips(same, lambda payload: {name: value for name, value in payload.items() if name in named}, VISIT)


# --- what does ----------------------------------------------------------------------------------------------------------


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
        (changing("at", datetime.fromisoformat), "what came back is no JSON: {'at': datetime.datetime("),
        (lambda payload: "{", "what came back is no JSON: '{' (Expecting property name"),
        (lambda payload: b"\xff", "what came back is no JSON: b'\\xff' ("),
    ],
)  # fmt: skip
def test_what_is_lost_added_or_changed_is_said(dump, words):
    assert got(dump).startswith(words)


def test_an_instant_that_loses_its_fraction_is_another():
    assert re.fullmatch(
        r"/at was '(2000-01-01T00:00:00)\.\d+Z' and came back as '\1\+00:00'",
        got(changing("at", lambda at: datetime.fromisoformat(at).replace(microsecond=0).isoformat())),
    )


def test_a_text_that_only_looks_like_a_date_time_is_compared_as_a_text():
    text = Contract.load({"name": "Text", "type": "object", "properties": {"t": {"type": "string", "enum": ["2000-99-01T00:00:00Z"]}}, "required": ["t"]})  # fmt: skip  # noqa: E501
    assert got(changing("t", lambda t: t.replace("99", "98")), of=text) == (
        "/t was '2000-99-01T00:00:00Z' and came back as '2000-98-01T00:00:00Z'"
    )


def test_a_difference_deep_within_is_placed():
    def dump(payload):
        for result in payload["results"]:
            for link in result["to"]:
                link["toObjectId"] += "!"
        return payload

    assert got(dump, of=contract) == "/results/0/to/0/toObjectId was '' and came back as '!'"


# --- how it is told -----------------------------------------------------------------------------------------------------


def test_a_difference_is_no_crash_of_the_parser():
    message = failure(lambda payload: {**payload, "count": 7})
    assert message.startswith(f"{__name__}:same does not keep a valid payload\n")
    assert re.search(r"^  expected +that it comes back as it went in$", message, re.MULTILINE)
    assert '  payload      {"at":"2000-01-01T00:00:00Z","count":0,"tags":[]}' in message
    assert "Traceback" not in message


def test_what_the_parser_or_the_dump_raises_is_shown_from_there_on():
    def dump(payload):
        raise KeyError("dumping")

    message = failure(dump)
    assert "same crashed on a valid payload\n" in message
    assert re.findall(r'File "(.*?)", line \d+, in (\w+)', message) == [(__file__, "dump")]


def test_an_async_parser_is_waited_for():
    async def parse(payload):
        return payload

    assert_round_trips(parse, same, VISIT)


def test_the_line_that_is_shown_shows_what_comes_back(tmp_path, monkeypatch):
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
