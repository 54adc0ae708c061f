"""The three endpoints as HubSpot has them: what they answer, what they refuse, and how."""

from __future__ import annotations

import pytest

from hubspot_strategies import contract

PLAIN = {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 279}
MINE = {"associationCategory": "USER_DEFINED", "associationTypeId": 31}


def pair(source, target, *types):
    return {"from": {"id": source}, "to": {"id": target}, "types": list(types)}


def sources(reply):
    return [result["from"]["id"] for result in reply.json["results"]]


def broken_rules(payload):
    return [rule.name for rule in contract.rules if not rule.keeps(payload)]


# --- read ---------------------------------------------------------------------------------------------------------------


def test_read_answers_with_each_object_that_was_asked_for_in_order(read):
    reply = read("33451", "7", "29851")
    assert reply.status == 200
    assert sources(reply) == ["33451", "7", "29851"]


def test_read_answers_keep_the_contract_and_all_its_rules(ask):
    for source, target in [("contacts", "companies"), ("Company", "contact"), ("0-3", "0-2"), ("2-9017", "tickets")]:
        path = f"/crm/v4/associations/{source}/{target}/batch/read"
        reply = ask(path, {"inputs": [{"id": str(number)} for number in range(100)]})
        assert contract.errors(reply.json) == []
        assert broken_rules(reply.json) == []


def test_an_object_has_the_same_associations_whoever_is_asked_for_beside_it(read):
    alone, beside = read("7"), read("1", "7")
    assert alone.json["results"][0] == beside.json["results"][1]


def test_an_object_that_is_asked_for_twice_is_answered_once(read):
    assert sources(read("7", "7")) == ["7"]


def test_ids_may_be_numbers_and_are_text_in_the_answer(read):
    assert sources(read(7)) == ["7"]


def test_an_id_that_is_no_number_is_among_the_errors_of_a_207(read):
    reply = read("7", "nobody")
    assert reply.status == 207
    assert sources(reply) == ["7"]
    assert reply.json["numErrors"] == 1
    assert reply.json["errors"][0]["context"] == {"ids": ["nobody"]}
    assert contract.is_valid(reply.json)


def test_a_cursor_that_the_server_never_gave_is_among_the_errors_of_a_207(ask):
    reply = ask("read", {"inputs": [{"id": "7", "after": "MTow"}]})
    assert reply.status == 207
    assert reply.json["errors"][0]["context"] == {"ids": ["7"], "after": ["MTow"]}


def test_what_is_regular_has_no_label(read):
    assert read("7").label is None


# --- create and archive -------------------------------------------------------------------------------------------------


def test_create_answers_with_what_was_created(ask):
    reply = ask("create", {"inputs": [pair("1", "10", PLAIN), pair("1", "11", PLAIN, MINE), pair("2", "10", MINE)]})
    assert reply.status == 200
    assert reply.json["results"] == [
        {
            "from": {"id": "1"},
            "to": [
                {"toObjectId": "10", "associationTypes": [PLAIN]},
                {"toObjectId": "11", "associationTypes": [PLAIN, MINE]},
            ],
        },
        {"from": {"id": "2"}, "to": [{"toObjectId": "10", "associationTypes": [MINE]}]},
    ]
    assert contract.is_valid(reply.json)


def test_create_answers_once_for_what_was_asked_for_twice(ask):
    reply = ask("create", {"inputs": [pair("1", "10", PLAIN), pair("1", "10", PLAIN, MINE)]})
    assert reply.json["results"][0]["to"] == [{"toObjectId": "10", "associationTypes": [PLAIN, MINE]}]
    assert broken_rules(reply.json) == []


@pytest.mark.parametrize(("source", "target"), [("nobody", "10"), ("1", "nothing")])
def test_create_names_an_end_that_is_not_there_among_the_errors_of_a_207(ask, source, target):
    reply = ask("create", {"inputs": [pair("1", "10", PLAIN), pair(source, target, PLAIN)]})
    assert reply.status == 207
    assert reply.json["numErrors"] == 1
    assert contract.is_valid(reply.json)


@pytest.mark.parametrize("to", [{"id": "10"}, [{"id": "10"}, {"id": "11"}]], ids=["one object", "a list"])
def test_archive_answers_204_without_a_body(ask, to):
    reply = ask("archive", {"inputs": [{"from": {"id": "1"}, "to": to}]})
    assert (reply.status, reply.body) == (204, b"")


# --- refused ------------------------------------------------------------------------------------------------------------

GOOD = {
    "read": lambda number: {"id": str(number)},
    "create": lambda number: pair(str(number), "1", PLAIN),
    "archive": lambda number: {"from": {"id": str(number)}, "to": [{"id": "1"}]},
}
EACH_ENDPOINT = pytest.mark.parametrize("endpoint", GOOD)


def assert_refused(reply, word):
    assert reply.status == 400
    error = reply.json
    assert {name: error[name] for name in ("status", "category")} == {"status": "error", "category": "VALIDATION_ERROR"}
    assert word in error["message"]
    assert error["correlationId"]


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "body", [b"", b'{"inputs": [', b"\xff\xfe", b"[" * 100_000], ids=["none", "cut", "no text", "deep"]
)
def test_bad_json_is_refused(ask, endpoint, body):
    assert_refused(ask(endpoint, body), "JSON")


@EACH_ENDPOINT
@pytest.mark.parametrize("body", [[], None, {}, {"inputs": None}, {"inputs": {"id": "1"}}, {"inputs": []}], ids=repr)
def test_a_request_without_inputs_is_refused(ask, endpoint, body):
    assert_refused(ask(endpoint, body), "JSON object" if not isinstance(body, dict) else "inputs")


@EACH_ENDPOINT
@pytest.mark.parametrize("bad", [None, "1", {}, {"id": None}, {"id": True}, {"from": {"id": "1"}, "to": {}}], ids=repr)
def test_an_input_that_says_nothing_is_refused_by_its_place(ask, endpoint, bad):
    assert_refused(ask(endpoint, {"inputs": [GOOD[endpoint](1), bad]}), "inputs[1]")


@pytest.mark.parametrize(
    "types",
    [
        [],
        [{}],
        [{**PLAIN, "associationCategory": "MINE"}],
        [{**PLAIN, "associationTypeId": "279"}],
        [{**PLAIN, "associationTypeId": 2**31}],
    ],
    ids=repr,
)
def test_an_association_that_the_contract_has_no_word_for_is_not_created(ask, types):
    assert_refused(ask("create", {"inputs": [pair("1", "2", *types)]}), "inputs[0]")


@pytest.mark.parametrize(("endpoint", "most"), [("read", 1000), ("create", 2000), ("archive", 100)])
def test_as_many_inputs_as_documented_are_taken_and_one_more_is_refused(ask, endpoint, most):
    inputs = [GOOD[endpoint](number) for number in range(most + 1)]
    assert ask(endpoint, {"inputs": inputs[:most]}).status in (200, 204)
    assert_refused(ask(endpoint, {"inputs": inputs}), "too many")


def test_archive_counts_the_objects_and_not_the_inputs(ask):
    inputs = [{"from": {"id": "1"}, "to": [{"id": str(number)}]} for number in range(500)]
    assert ask("archive", {"inputs": inputs}).status == 204


def test_every_refusal_has_a_correlation_id_of_its_own(read):
    assert read().json["correlationId"] != read().json["correlationId"]


def test_a_path_that_is_no_endpoint_is_a_404_in_hubspots_shape(ask):
    reply = ask("/crm/v3/objects/contacts/batch/read", {"inputs": [{"id": "1"}]})
    assert (reply.status, reply.json["category"]) == (404, "OBJECT_NOT_FOUND")


def test_another_method_is_a_405_that_names_the_right_one(ask):
    reply = ask("read", {}, method="GET")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


def test_a_head_request_gets_no_body(ask):
    assert ask("read", b"", method="HEAD").body == b""
