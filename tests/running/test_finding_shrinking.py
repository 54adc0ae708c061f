"""Planted bugs: runs and assertions both find the smallest payload that shows each."""

from __future__ import annotations

import json

import pytest
from runs import report_of

from contractfuzz import Verdict, assert_accepts, assert_rejects, assert_survives
from contractfuzz.running.options import INVALID_SETS, SURVIVAL_SETS, VALID_SETS, CaseSet
from hubspot_strategies import contract

pytestmark = pytest.mark.usefixtures("repeatable")

NEW_YEAR = "2000-01-01T00:00:00Z"
BASE = {"status": "PENDING", "results": [], "startedAt": NEW_YEAR, "completedAt": NEW_YEAR}
RESULT = {"from": {"id": ""}, "to": []}
TYPE = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 0}
ERROR = {"status": "", "category": "", "message": ""}


def one_type(**changes):
    link = {"toObjectId": "", "associationTypes": [{**TYPE, **changes}]}
    return {**BASE, "results": [{**RESULT, "to": [link]}]}


def links_of(payload):
    return [link for result in payload["results"] for link in result["to"]]


def types_of(payload):
    return [way for link in links_of(payload) for way in link["associationTypes"]]


def errors_of(payload):
    return payload.get("errors", [])


def details_of(payload):
    return [detail for error in errors_of(payload) for detail in error.get("errors", [])]


BUGS = {
    "a label that is not ASCII": (
        lambda payload: any(not way.get("label", "").isascii() for way in types_of(payload)),
        one_type(label="é"),
    ),
    "a second result": (
        lambda payload: len(payload["results"]) > 1,
        {**BASE, "results": [RESULT, RESULT]},
    ),
    "a third result": (
        lambda payload: len(payload["results"]) > 2,
        {**BASE, "results": [RESULT, RESULT, RESULT]},
    ),
    "a result without associations": (
        lambda payload: any(not result["to"] for result in payload["results"]),
        {**BASE, "results": [RESULT]},
    ),
    "a label behind another result": (
        lambda payload: len(payload["results"]) > 1 and any("label" in way for way in types_of(payload)),
        {**BASE, "results": [RESULT, one_type(label="")["results"][0]]},
    ),
    "an association of two types": (
        lambda payload: any(len(link["associationTypes"]) > 1 for link in links_of(payload)),
        {**BASE, "results": [{**RESULT, "to": [{"toObjectId": "", "associationTypes": [TYPE, TYPE]}]}]},
    ),
    "a type of the user's own": (
        lambda payload: any(way["associationCategory"] == "USER_DEFINED" for way in types_of(payload)),
        one_type(associationCategory="USER_DEFINED"),
    ),
    "a type id of three digits": (
        lambda payload: any(way["associationTypeId"] >= 100 for way in types_of(payload)),
        one_type(associationTypeId=100),
    ),
    "an id longer than 3": (
        lambda payload: any(len(result["from"]["id"]) > 3 for result in payload["results"]),
        {**BASE, "results": [{**RESULT, "from": {"id": "aaaa"}}]},
    ),
    "a next page": (
        lambda payload: any("after" in result.get("paging", {}).get("next", {}) for result in payload["results"]),
        {**BASE, "results": [{**RESULT, "paging": {"next": {"after": ""}}}]},
    ),
    "an error within an error": (
        lambda payload: bool(details_of(payload)),
        {**BASE, "errors": [{**ERROR, "errors": [{"message": ""}]}]},
    ),
    "a word of context": (
        lambda payload: any(words for error in errors_of(payload) for words in error.get("context", {}).values()),
        {**BASE, "errors": [{**ERROR, "context": {"": [""]}}]},
    ),
    "a word of context within": (
        lambda payload: any(words for one in details_of(payload) for words in one.get("context", {}).values()),
        {**BASE, "errors": [{**ERROR, "errors": [{"message": "", "context": {"": [""]}}]}]},
    ),
    "more than 1,000 errors": (
        lambda payload: payload.get("numErrors", 0) > 1000,
        {**BASE, "numErrors": 1001},
    ),
    "fewer than no errors": (
        lambda payload: payload.get("numErrors", 0) < 0,
        {**BASE, "numErrors": -1},
    ),
    "the smallest int32": (
        lambda payload: payload.get("numErrors", 0) == -(2**31),
        {**BASE, "numErrors": -(2**31)},
    ),
    "a number of errors that is right": (
        lambda payload: "errors" in payload and payload.get("numErrors") == len(payload["errors"]),
        {**BASE, "numErrors": 0, "errors": []},
    ),
    "an offset other than Z": (
        lambda payload: not payload["startedAt"].endswith("Z"),
        {**BASE, "startedAt": "2000-01-01T00:00:00+00:00"},
    ),
    "a fraction of a second": (
        lambda payload: "." in payload["completedAt"],
        {**BASE, "completedAt": "2000-01-01T00:00:00.1Z"},
    ),
    "a year after 2030": (
        lambda payload: payload["startedAt"][:4] > "2030",
        {**BASE, "startedAt": "2031-01-01T00:00:00Z"},
    ),
    "the last status": (lambda payload: payload["status"] == "COMPLETE", {**BASE, "status": "COMPLETE"}),
    "an optional property": (lambda payload: "requestedAt" in payload, {**BASE, "requestedAt": NEW_YEAR}),
    "two links": (lambda payload: len(payload.get("links", {})) > 1, {**BASE, "links": {"": "", "1": ""}}),
    "a property that the contract does not name": (
        lambda payload: bool(payload.keys() - contract.schema["properties"].keys()),
        {**BASE, "x": ""},
    ),
}


def with_bug(name):
    shows = BUGS[name][0]

    def consumer(payload):
        if shows(payload):
            raise RuntimeError(name)

    return consumer


def findings_of(consumer, case_sets, **options):
    return report_of(consumer, contract, case_sets=case_sets, **options).findings


@pytest.mark.thinned(3)
@pytest.mark.parametrize("name", BUGS)
def test_a_run_finds_a_planted_bug_and_its_smallest_payload(name):
    [finding] = findings_of(with_bug(name), VALID_SETS)
    assert (finding.verdict, str(finding.error)) == (Verdict.CRASHED, name)
    assert finding.case.payload == BUGS[name][1]


@pytest.mark.thinned(2)
@pytest.mark.parametrize(
    "name",
    [
        "a second result",
        "an id longer than 3",
        "a next page",
        "more than 1,000 errors",
        "an offset other than Z",
        "an association of two types",
        "two links",
        "a property that the contract does not name",
    ],
)
def test_an_assertion_finds_a_planted_bug_and_its_smallest_payload(thorough, name):
    with pytest.raises(AssertionError) as caught:
        assert_accepts(with_bug(name), contract)
    [line] = [line for line in str(caught.value).splitlines() if line.startswith("  payload ")]
    assert json.loads(line.removeprefix("  payload ")) == BUGS[name][1]


def test_two_bugs_are_two_findings_each_with_its_smallest_payload():
    def consumer(payload):
        if len(payload["results"]) > 1:
            raise RuntimeError("results")
        if "requestedAt" in payload:
            raise RuntimeError("requestedAt")

    found = {str(finding.error): finding.case.payload for finding in findings_of(consumer, VALID_SETS)}
    assert found == {
        "results": {**BASE, "results": [RESULT, RESULT]},
        "requestedAt": {**BASE, "requestedAt": NEW_YEAR},
    }


# --- the other kinds of cases -----------------------------------------------------------------------------------------


def test_a_fault_that_only_a_second_item_hides_shrinks_to_two_items():
    def checks_the_first_only(payload):
        if not contract.is_valid({**payload, "results": payload["results"][:1]}):
            raise ValueError

    findings = findings_of(checks_the_first_only, INVALID_SETS, only="/results/*/from/id:required.missing")
    [finding] = findings
    assert finding.case.payload == {**BASE, "results": [RESULT, {**RESULT, "from": {}}]}
    assert finding.case.pointer == "/results/1/from/id"


def test_an_assertion_finds_a_fault_that_only_a_large_payload_hides(thorough):
    def weary(payload):
        try:
            weary_of_it = len(payload["results"]) > 2
        except (KeyError, TypeError):
            weary_of_it = False
        if not (weary_of_it or contract.is_valid(payload)):
            raise ValueError

    with pytest.raises(AssertionError) as caught:
        assert_rejects(weary, contract)
    [line] = [line for line in str(caught.value).splitlines() if line.startswith("  payload ")]
    payload = json.loads(line.removeprefix("  payload "))
    assert [len(payload["results"]), len(contract.errors(payload))] == [3, 1]
    assert len(line) < 400


def test_a_crash_on_an_incoherent_payload_shrinks():
    def consumer(payload):
        if len(payload["results"]) > 1 and any(not result["from"]["id"] for result in payload["results"]):
            raise RuntimeError

    [finding] = findings_of(consumer, [CaseSet("incoherent")], only="empty-id")
    assert finding.case.label == "empty-id"
    assert len(finding.case.payload["results"]) == 2
    assert all(result["to"] == [] for result in finding.case.payload["results"])


def test_a_crash_on_a_malformed_body_shrinks():
    def consumer(body: bytes):
        if len(body) > 400 and body.endswith(b"x"):
            raise RuntimeError
        raise ValueError

    [finding] = findings_of(consumer, [CaseSet("malformed")], only="trailing-bytes")
    assert 400 < len(finding.case.body) < 500


def test_a_crash_on_a_hostile_string_shrinks_to_the_payload_with_nothing_else():
    def consumer(payload):
        if any("\x00" in result["from"]["id"] for result in payload["results"]):
            raise RuntimeError

    [finding] = findings_of(consumer, SURVIVAL_SETS[2:], examples=1000)
    assert finding.kind == "hostile"
    assert finding.case.payload == {**BASE, "results": [{**RESULT, "from": {"id": "\x00"}}]}


def test_an_assertion_finds_a_bug_that_only_a_hostile_payload_shows():
    def consumer(payload):
        if payload.keys() - contract.schema["properties"].keys():
            raise RuntimeError

    with pytest.raises(AssertionError, match="crashed on a hostile payload") as caught:
        assert_survives(consumer, contract)
    [line] = [line for line in str(caught.value).splitlines() if line.startswith("  payload ")]
    assert json.loads(line.removeprefix("  payload ")) == {**BASE, "x": ""}
