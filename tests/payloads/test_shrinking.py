"""A failing case shrinks to the smallest payload that still fails, which a person reads at a glance."""

from __future__ import annotations

import pytest
from hypothesis import Phase, find, settings

from contractfuzz import Contract

T = "2000-01-01T00:00:00Z"
SMALLEST = {"status": "PENDING", "results": [], "startedAt": T, "completedAt": T}
RESULT = {"from": {"id": ""}, "to": []}
TYPE = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 0}
OWN_TYPE = {**TYPE, "associationCategory": "USER_DEFINED"}
ERROR = {"status": "", "category": "", "message": ""}


def smallest(strategy, condition):
    return find(
        strategy, condition, settings=settings(database=None, max_examples=5000, phases=[Phase.generate, Phase.shrink])
    )


OPTIONAL = {"requestedAt", "numErrors", "errors", "links"}


def association_types(payload):
    return [one for result in payload["results"] for to in result["to"] for one in to["associationTypes"]]


def with_results(*results):
    return {**SMALLEST, "results": list(results)}


def with_types(types):
    """Return the smallest payload with these association types."""
    return with_results({"from": {"id": ""}, "to": [{"toObjectId": "", "associationTypes": types}]})


NUMBER = "/results/*/to/*/associationTypes/*/associationTypeId"
CATEGORY = "/results/*/to/*/associationTypes/*/associationCategory"

SMALLEST_BY_VIOLATION = {
    f"{NUMBER}:type.null": with_types([{**TYPE, "associationTypeId": None}]),
    f"{NUMBER}:type.boolean": with_types([{**TYPE, "associationTypeId": False}]),
    "/results/*/from/id:type.integer": with_results({**RESULT, "from": {"id": 0}}),
    f"{NUMBER}:type.number": with_types([{**TYPE, "associationTypeId": 0.5}]),
    f"{NUMBER}:type.string": with_types([{**TYPE, "associationTypeId": ""}]),
    f"{NUMBER}:type.array": with_types([{**TYPE, "associationTypeId": []}]),
    f"{NUMBER}:type.object": with_types([{**TYPE, "associationTypeId": {}}]),
    f"{NUMBER}:type.numeric-string": with_types([{**TYPE, "associationTypeId": "0"}]),
    f"{NUMBER}:type.fractional": with_types([{**TYPE, "associationTypeId": 0.5}]),
    f"{NUMBER}:type.wrapped": with_types([{**TYPE, "associationTypeId": [0]}]),
    "/results/*/from:type.stringified": with_results({**RESULT, "from": '{"id": ""}'}),
    "/results/*/to/*/associationTypes:type.unwrapped": with_types(TYPE),
    "/results/*/from:type.entries": with_results({**RESULT, "from": [["id", ""]]}),
    "/errors/*/message:required.missing": {**SMALLEST, "errors": [{"status": "", "category": ""}]},
    f"{CATEGORY}:enum.unknown": with_types([{**TYPE, "associationCategory": "UNKNOWN"}]),
    f"{CATEGORY}:enum.case": with_types([{**TYPE, "associationCategory": "hubspot_defined"}]),
    f"{CATEGORY}:enum.padded": with_types([{**TYPE, "associationCategory": "HUBSPOT_DEFINED "}]),
    f"{CATEGORY}:enum.empty": with_types([{**TYPE, "associationCategory": ""}]),
    f"{CATEGORY}:enum.index": with_types([{**TYPE, "associationCategory": "0"}]),
    "/numErrors:minimum.beyond": {**SMALLEST, "numErrors": -(2**31) - 1},
    "/numErrors:minimum.far": {**SMALLEST, "numErrors": -(2**31) - 1 - 10**12},
    "/numErrors:maximum.beyond": {**SMALLEST, "numErrors": 2**31},
    "/numErrors:maximum.far": {**SMALLEST, "numErrors": 2**31 + 10**12},
    "/startedAt:format.empty": {**SMALLEST, "startedAt": ""},
    "/startedAt:format.date-only": {**SMALLEST, "startedAt": "2000-01-01"},
    "/startedAt:format.no-offset": {**SMALLEST, "startedAt": "2000-01-01T00:00:00"},
    "/startedAt:format.month-13": {**SMALLEST, "startedAt": "2000-13-01T00:00:00Z"},
    "/startedAt:format.day-30-february": {**SMALLEST, "startedAt": "2000-02-30T00:00:00Z"},
    "/startedAt:format.hour-25": {**SMALLEST, "startedAt": "2000-01-01T25:00:00Z"},
    "/startedAt:format.minute-60": {**SMALLEST, "startedAt": "2000-01-01T00:60:00Z"},
    "/startedAt:format.offset-out-of-range": {**SMALLEST, "startedAt": "2000-01-01T00:00:00+01:60"},
    "/startedAt:format.missing-seconds": {**SMALLEST, "startedAt": "2000-01-01T00:00Z"},
    "/startedAt:format.compact": {**SMALLEST, "startedAt": "20000101T000000Z"},
    "/startedAt:format.epoch-seconds": {**SMALLEST, "startedAt": "946684800"},
    "/startedAt:format.epoch-milliseconds": {**SMALLEST, "startedAt": "946684800000"},
    "/startedAt:format.trailing-text": {**SMALLEST, "startedAt": f"{T} UTC"},
    "/startedAt:format.non-ascii-digits": {**SMALLEST, "startedAt": "٢٠٠٠-٠١-٠١T٠٠:٠٠:٠٠Z"},
    "/startedAt:format.words": {**SMALLEST, "startedAt": "yesterday"},
}


@pytest.mark.parametrize("label", SMALLEST_BY_VIOLATION)
def test_each_violation_shrinks_to_its_smallest_payload(hubspot, label):
    assert smallest(hubspot.invalid(only=label), lambda case: True).payload == SMALLEST_BY_VIOLATION[label]


def test_the_table_above_has_every_variant_of_the_contract(hubspot):
    variants = {label.rpartition(":")[2] for label in hubspot.labels("invalid")}
    assert {label.rpartition(":")[2] for label in SMALLEST_BY_VIOLATION} == variants


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        (lambda p: True, SMALLEST),
        (lambda p: p["status"] == "COMPLETE", {**SMALLEST, "status": "COMPLETE"}),
        (lambda p: len(p["results"]) > 2, with_results(RESULT, RESULT, RESULT)),
        (lambda p: any("paging" in one for one in p["results"]), with_results({**RESULT, "paging": {}})),
        (
            lambda p: any(not one["from"]["id"].isascii() for one in p["results"]),
            with_results({**RESULT, "from": {"id": "é"}}),
        ),
        (
            lambda p: any(len(one["from"]["id"]) > 40 for one in p["results"]),
            with_results({**RESULT, "from": {"id": "a" * 41}}),
        ),
        (
            lambda p: any(len(to["associationTypes"]) > 1 for one in p["results"] for to in one["to"]),
            with_types([TYPE, TYPE]),
        ),
        (lambda p: p.get("numErrors", 0) >= 1000, {**SMALLEST, "numErrors": 1000}),
        (lambda p: p.get("numErrors", 0) < -5, {**SMALLEST, "numErrors": -6}),
        (lambda p: len(p.get("links", ())) > 1, {**SMALLEST, "links": {"": "", "1": ""}}),
        (lambda p: "." in p["startedAt"], {**SMALLEST, "startedAt": "2000-01-01T00:00:00.1Z"}),
        (lambda p: not p["startedAt"].endswith("Z"), {**SMALLEST, "startedAt": "2000-01-01T00:00:00+00:00"}),
        (lambda p: p["startedAt"] > "2030", {**SMALLEST, "startedAt": "2030-01-01T00:00:00Z"}),
        (lambda p: p.keys() >= OPTIONAL, {**SMALLEST, "requestedAt": T, "numErrors": 0, "errors": [], "links": {}}),
        (
            lambda p: any(one.get("context") for e in p.get("errors", ()) for one in e.get("errors", ())),
            {**SMALLEST, "errors": [{**ERROR, "errors": [{"message": "", "context": {"": []}}]}]},
        ),
        (
            lambda p: any('"' in e["message"] for e in p.get("errors", ())),
            {**SMALLEST, "errors": [{**ERROR, "message": '"'}]},
        ),
        (
            lambda p: any(len(one.get("label", "")) >= 100 for one in association_types(p)),
            with_types([{**TYPE, "label": "a" * 100}]),
        ),
        (
            lambda p: any(one["associationTypeId"] > 1000 for one in association_types(p)),
            with_types([{**TYPE, "associationTypeId": 1001}]),
        ),
        (
            lambda p: any(not one.get("label", "").isascii() for one in association_types(p)),
            with_types([{**TYPE, "label": "é"}]),
        ),
        (
            lambda p: any(one["associationCategory"] == "USER_DEFINED" for one in association_types(p)),
            with_types([OWN_TYPE]),
        ),
        (
            lambda p: any(len(one["to"]) > 1 for one in p["results"]),
            with_results({**RESULT, "to": [{"toObjectId": "", "associationTypes": []}] * 2}),
        ),
        (
            lambda p: any("after" in one.get("paging", {}).get("next", {}) for one in p["results"]),
            with_results({**RESULT, "paging": {"next": {"after": ""}}}),
        ),
        (
            lambda p: len(p["results"]) > 1 and "paging" in p["results"][-1],
            with_results(RESULT, {**RESULT, "paging": {}}),
        ),
        (
            lambda p: any(len(e.get("errors", ())) > 1 for e in p.get("errors", ())),
            {**SMALLEST, "errors": [{**ERROR, "errors": [{"message": ""}] * 2}]},
        ),
        (
            lambda p: any(len(texts) > 1 for e in p.get("errors", ()) for texts in e.get("context", {}).values()),
            {**SMALLEST, "errors": [{**ERROR, "context": {"": ["", ""]}}]},
        ),
        (lambda p: p["completedAt"].endswith("-08:00"), {**SMALLEST, "completedAt": "2000-01-01T00:00:00-08:00"}),
    ],
)
def test_a_valid_payload_shrinks_to_the_smallest_that_fails(hubspot, condition, expected):
    assert smallest(hubspot.valid(), condition) == expected


def test_the_strategy_of_all_violations_shrinks_to_the_smallest_payload_of_a_failing_one(hubspot):
    case = smallest(hubspot.invalid(), lambda case: "type.wrapped" in case.label and case.label.count("*") == 3)
    [first] = hubspot.sample(1, "invalid", only=case.label)
    assert case.payload == first.payload


# --- inside branches -------------------------------------------------------------------------------------------------------


def an_event(tag, **properties):
    required = ["type", *properties]
    return {"type": "object", "properties": {"type": {"const": tag}, **properties}, "required": required}


EVENTS = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "properties": {
            "events": {
                "type": "array",
                "items": {
                    "oneOf": [
                        an_event("created", email={"type": "string", "minLength": 2}),
                        an_event("moved", to={"type": "array", "items": {"type": "integer"}}, note={"type": "string"}),
                    ]
                },
            },
            "nick": {"anyOf": [{"type": "null"}, {"type": "string", "maxLength": 3}]},
        },
        "required": ["events"],
    }
)
MOVED = {"type": "moved", "to": [], "note": ""}


@pytest.mark.parametrize(
    ("label", "expected"),
    [
        ("/events/*(created)/email:type.null", {"events": [{"type": "created", "email": None}]}),
        ("/events/*(created)/email:minLength.short", {"events": [{"type": "created", "email": "a"}]}),
        ("/events/*(moved)/note:required.missing", {"events": [{"type": "moved", "to": []}]}),
        ("/events/*(moved)/to/*:type.string", {"events": [{**MOVED, "to": [""]}]}),
        ("/events/*/type:tag.unknown", {"events": [{"type": "UNKNOWN", "email": "aa"}]}),
        ("/events/*:tag.missing", {"events": [{"email": "aa"}]}),
        ("/events/*(moved):tag.other", {"events": [{"type": "moved", "email": "aa"}]}),
        ("/events/*:oneOf.none", {"events": [None]}),
        ("/nick:maxLength.long", {"events": [], "nick": "aaaa"}),
        ("/nick:type.integer", {"events": [], "nick": 0}),
    ],
)
def test_a_fault_inside_a_branch_shrinks_to_its_smallest_payload(label, expected):
    assert smallest(EVENTS.invalid(only=label), lambda case: True).payload == expected


def test_a_random_case_inside_a_branch_shrinks_to_the_smallest_that_fails():
    def fails(case):
        return any(isinstance(event, dict) and event.get("note") not in (None, "") for event in case.payload["events"])

    case = smallest(EVENTS.invalid(only="/events/*(moved)/to:type.integer"), fails)
    assert case.payload == {"events": [{**MOVED, "to": 0, "note": "a"}]}
