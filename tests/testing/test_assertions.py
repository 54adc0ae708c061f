"""The assertions: they pass silently, or fail with a message that explains and reproduces the failure."""

from __future__ import annotations

import importlib
import json
import re
import subprocess
import sys
import warnings
from pathlib import Path

import consumers
import pytest

from contractfuzz import ContractError, assert_accepts, assert_rejects, assert_survives
from contractfuzz.errors import UnusedToleranceWarning
from hubspot_strategies import contract

pytestmark = pytest.mark.usefixtures("repeatable")

NEW_YEAR = "2000-01-01T00:00:00Z"
VICTIMS = """
import asyncio
import json


def read_object(payload):
    raise KeyError("an object")


def read_text(text: str):
    raise KeyError("a text")


def read_bytes(body: bytes):
    raise KeyError("bytes")


async def read_async(body: bytes):
    await asyncio.sleep(0)
    raise KeyError("async")


class Parser:
    @classmethod
    def read(cls, body: bytes):
        raise KeyError("a class")


def crashes_on_an_accent(payload):
    for error in payload.get("errors", []):
        if "é" in error["message"]:
            raise KeyError("é")


def crashes_on_wrong_utf_8(body: bytes):
    if body[:1] != b"{":
        raise ValueError(body)
    if b"\\xff" in body or b"\\xed" in body:
        raise KeyError("not UTF-8")
    json.loads(body.decode())


def parse(payload):
    return payload["status"]


def dump(status):
    raise KeyError("dumping")
"""


@pytest.fixture(scope="module")
def victims(tmp_path_factory):
    folder = tmp_path_factory.mktemp("victims")
    (folder / "victims.py").write_text(VICTIMS, encoding="utf-8")
    sys.path.insert(0, str(folder))
    yield importlib.import_module("victims")
    sys.path.remove(str(folder))
    del sys.modules["victims"]


honest = consumers.honest(contract)


def failure(assertion, *args, **options):
    with pytest.raises(AssertionError) as caught:
        assertion(*args, **options)
    assert caught.value.__suppress_context__, "the message must not show our own exceptions"
    return str(caught.value)


def row(message, name):
    [found] = re.findall(rf"^  {name} +(.*)$", message, re.MULTILINE)
    return found


# --- assertions that pass -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("assertion", "labels"),
    [
        (assert_accepts, []),
        (assert_rejects, contract.labels("invalid")),
        (assert_survives, contract.labels("malformed") + contract.labels("incoherent")),
    ],
)
def test_an_honest_consumer_passes_every_assertion(assertion, labels):
    fed = []

    def read(body: bytes):
        fed.append(body)
        return honest(body)

    assertion(read, contract)
    assert len(fed) >= len(labels) + 50, "every label once, then random cases"


def test_a_consumer_of_objects_is_not_fed_malformed_bodies():
    fed = []
    assert_survives(fed.append, contract)
    assert len(fed) >= len(contract.labels("incoherent")) + 50
    assert {type(payload) for payload in fed} == {dict}


def test_a_consumer_that_accepts_everything_accepts_valid_payloads():
    assert_accepts(consumers.accept, contract)


def test_other_exceptions_can_be_declared_as_rejections():
    def refuse(payload):
        raise LookupError(payload)

    assert_rejects(refuse, contract, raises=LookupError)


def test_a_violation_can_be_tolerated(counter):
    def lax(body: bytes):
        if not counter.is_valid(json.loads(body)) and body != b'{"n":null}':
            raise ValueError(body)

    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert_rejects(lax, counter, tolerate="/n:type.null")


def test_an_unused_tolerance_warns_at_the_line_of_the_assertion():
    with pytest.warns(UnusedToleranceWarning, match=r"^tolerate='\*:type.null' was not needed: remove it$") as caught:
        assert_rejects(honest, contract, tolerate="*:type.null")
    assert caught[0].filename == __file__


def test_a_tolerance_that_matches_no_label_is_refused():
    with pytest.raises(ContractError, match=r"unknown label '/status:type.nul': did you mean"):
        assert_rejects(honest, contract, tolerate="/status:type.nul")


# --- assertions that fail -----------------------------------------------------------------------------------------------


def test_a_crash_on_a_valid_payload_is_reported_in_full(victims):
    message = failure(assert_accepts, victims.read_object, contract)
    assert message.startswith("victims:read_object crashed on a valid payload\n")
    assert row(message, "expected") == "accepted"
    assert row(message, "got") == "crashed with KeyError: 'an object'"
    assert json.loads(row(message, "payload")) == {
        "status": "PENDING",
        "results": [],
        "startedAt": NEW_YEAR,
        "completedAt": NEW_YEAR,
    }
    assert "violation" not in message


def test_a_rejected_valid_payload_is_not_called_a_crash():
    message = failure(assert_accepts, consumers.reject, contract)
    assert message.startswith("consumers:reject rejected a valid payload\n")
    assert row(message, "got") == f"rejected with ValueError: {json.loads(row(message, 'payload'))}"


def test_an_accepted_violation_is_reported_with_its_label_description_and_location():
    def checks_all_but_one(body: bytes):
        errors = [error.pointer for error in contract.errors(json.loads(body))]
        if errors and errors != ["/results/0/from"]:
            raise ValueError(errors)

    message = failure(assert_rejects, checks_all_but_one, contract)
    assert "checks_all_but_one accepted a payload that breaks the contract\n" in message
    assert row(message, "expected") == "rejected"
    assert row(message, "got") == "accepted"
    label = row(message, "violation")
    [violation] = [one for one in contract.violations() if one.id == label]
    assert violation.location in ("/results/*/from", "/results/*/from/id")
    assert row(message, "in words") == violation.description
    assert row(message, "at") == violation.location.replace("*", "0")
    assert "Traceback" not in message


def test_one_finding_is_shown_and_the_others_are_counted(counter):
    message = failure(assert_rejects, consumers.accept, counter)
    assert "\n\n  other causes:\n" in message
    assert message.count("\n  changed ") + message.count("\n  no effect ") + message.count("\n  accepted ") >= 1


def test_a_fault_of_the_whole_payload_has_a_location_too(counter):
    def not_an_object(payload):
        if isinstance(payload, dict) and not counter.is_valid(payload):
            raise ValueError(payload)

    assert row(failure(assert_rejects, not_an_object, counter), "at") == "the payload itself"


def test_a_crash_on_a_malformed_body_is_shown_with_its_name():
    def trusting(body: bytes):
        if not body:
            raise IndexError("empty")
        return honest(body)

    message = failure(assert_survives, trusting, contract)
    assert "trusting crashed on a malformed body\n" in message
    assert row(message, "malformation") == "empty"
    assert row(message, "in words") == "no bytes at all"
    assert row(message, "body") == "(no bytes)"


def test_a_body_that_is_not_json_must_not_be_accepted():
    message = failure(assert_survives, consumers.accept, contract, feed="bytes")
    assert "accepted a malformed body\n" in message
    assert row(message, "expected") == "rejected"


def test_a_crash_on_an_incoherent_payload_is_shown_with_its_rule():
    def divides(payload):
        return 1 / len({result["from"]["id"] for result in payload["results"]} - {""}) if payload["results"] else 0

    message = failure(assert_survives, divides, contract)
    assert "divides crashed on a payload that is valid but incoherent\n" in message
    assert row(message, "expected") == "accepted or rejected"
    assert row(message, "rule") == "empty-id"
    assert row(message, "in words")


def impatient(body: bytes):
    if len(body) > 1_000_000:
        raise MemoryError
    return honest(body)


def test_a_huge_body_is_truncated_and_reproduced_by_a_command():
    message = failure(assert_survives, impatient, contract)
    assert len(message) < 5000
    assert re.search(r"\.\.\. \(10,\d\d\d,\d\d\d bytes\)$", row(message, "body"))
    assert row(message, "reproduce").endswith(
        "contractfuzz check test_assertions:impatient --contract batch_association_response --feed bytes --only huge-string"
    )


@pytest.mark.parametrize("name", ["read_object", "read_text", "read_bytes", "read_async"])
def test_the_traceback_contains_only_frames_of_the_consumer(victims, name):
    message = failure(assert_accepts, getattr(victims, name), contract)
    frames = re.findall(r'File "(.*?)", line \d+, in (\w+)', message)
    assert frames == [(victims.__file__, name)]


def test_the_cause_of_an_exception_is_shown_as_well():
    def chained(payload):
        try:
            payload["nothing"]
        except KeyError as error:
            raise RuntimeError("later") from error

    message = failure(assert_accepts, chained, contract)
    assert "The above exception was the direct cause of the following exception" in message
    assert set(re.findall(r'File "(.*?)"', message)) == {__file__}


# --- the line that reproduces -------------------------------------------------------------------------------------------


def reproductions(victims):
    """Return the reproduction of each victim's failure, with the exception that it must raise."""
    french = failure(assert_accepts, victims.crashes_on_an_accent, contract)
    latin = failure(assert_survives, victims.crashes_on_wrong_utf_8, contract)
    return {
        row(failure(assert_accepts, victims.read_object, contract), "reproduce"): "KeyError('an object')",
        row(failure(assert_accepts, victims.read_text, contract), "reproduce"): "KeyError('a text')",
        row(failure(assert_accepts, victims.read_bytes, contract), "reproduce"): "KeyError('bytes')",
        row(failure(assert_accepts, victims.read_async, contract), "reproduce"): "KeyError('async')",
        row(failure(assert_accepts, victims.Parser.read, contract), "reproduce"): "KeyError('a class')",
        row(french, "reproduce"): "KeyError('é')",
        row(latin, "reproduce"): "KeyError('not UTF-8')",
    }


def test_the_shown_line_reproduces_the_finding(thorough, victims):
    expected = reproductions(victims)
    script = (
        "import json, sys\nfor line in json.loads(sys.argv[1]):\n"
        "    try:\n        exec(line, {})\n    except BaseException as error:\n        print(ascii(error))\n"
        "    else:\n        print('nothing')\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, json.dumps(list(expected))],
        cwd=Path(victims.__file__).parent,
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [ascii(eval(words)) for words in expected.values()]


def test_a_consumer_that_cannot_be_imported_is_called_by_a_placeholder_name():
    message = failure(assert_accepts, lambda payload: 1 / 0, contract)
    assert row(message, "reproduce").startswith("import json; consumer(json.loads('{")
    compile(row(message, "reproduce"), "line", "exec")


def test_a_nested_function_is_called_by_its_name():
    def read(payload):
        raise KeyError

    assert row(failure(assert_accepts, read, contract), "reproduce").startswith("import json; read(json.loads('{")
