"""HubSpot's three batch endpoints: responses and rejected requests."""

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


def test_read_responds_with_each_requested_object_in_order(read):
    reply = read("33451", "7", "29851")
    assert reply.status == 200
    assert sources(reply) == ["33451", "7", "29851"]


def test_read_responses_keep_the_contract_and_all_its_rules(ask):
    for source, target in [("contacts", "companies"), ("Company", "contact"), ("0-3", "0-2"), ("2-9017", "tickets")]:
        path = f"/crm/v4/associations/{source}/{target}/batch/read"
        reply = ask(path, {"inputs": [{"id": str(number)} for number in range(100)]})
        assert contract.errors(reply.json) == []
        assert broken_rules(reply.json) == []


def test_an_object_has_the_same_associations_in_every_request(read):
    alone, with_another = read("7"), read("1", "7")
    assert alone.json["results"][0] == with_another.json["results"][1]


def test_an_object_requested_twice_is_one_result(read):
    assert sources(read("7", "7")) == ["7"]


def test_ids_may_be_numbers_and_are_strings_in_the_response(read):
    assert sources(read(7)) == ["7"]


def test_an_id_that_is_not_a_number_is_one_of_the_errors_of_a_207(read):
    reply = read("7", "nobody")
    assert reply.status == 207
    assert sources(reply) == ["7"]
    assert reply.json["numErrors"] == 1
    assert reply.json["errors"][0]["context"] == {"ids": ["nobody"]}
    assert contract.is_valid(reply.json)


def test_an_unknown_cursor_is_one_of_the_errors_of_a_207(ask):
    reply = ask("read", {"inputs": [{"id": "7", "after": "MTow"}]})
    assert reply.status == 207
    assert reply.json["errors"][0]["context"] == {"ids": ["7"], "after": ["MTow"]}


def test_a_default_response_has_no_label(read):
    assert read("7").label is None


# --- create and archive -------------------------------------------------------------------------------------------------


def test_create_responds_with_the_created_associations(ask):
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


def test_create_merges_duplicate_associations(ask):
    reply = ask("create", {"inputs": [pair("1", "10", PLAIN), pair("1", "10", PLAIN, MINE)]})
    assert reply.json["results"][0]["to"] == [{"toObjectId": "10", "associationTypes": [PLAIN, MINE]}]
    assert broken_rules(reply.json) == []


@pytest.mark.parametrize(("source", "target"), [("nobody", "10"), ("1", "nothing")])
def test_create_lists_a_missing_object_in_the_errors_of_a_207(ask, source, target):
    reply = ask("create", {"inputs": [pair("1", "10", PLAIN), pair(source, target, PLAIN)]})
    assert reply.status == 207
    assert reply.json["numErrors"] == 1
    assert contract.is_valid(reply.json)


@pytest.mark.parametrize("to", [{"id": "10"}, [{"id": "10"}, {"id": "11"}]], ids=["one object", "a list"])
def test_archive_responds_with_204_without_a_body(ask, to):
    reply = ask("archive", {"inputs": [{"from": {"id": "1"}, "to": to}]})
    assert (reply.status, reply.body) == (204, b"")


# --- rejected -----------------------------------------------------------------------------------------------------------

GOOD = {
    "read": lambda number: {"id": str(number)},
    "create": lambda number: pair(str(number), "1", PLAIN),
    "archive": lambda number: {"from": {"id": str(number)}, "to": [{"id": "1"}]},
}
EACH_ENDPOINT = pytest.mark.parametrize("endpoint", GOOD)


def assert_rejected(reply, word):
    assert reply.status == 400
    error = reply.json
    assert {name: error[name] for name in ("status", "category")} == {"status": "error", "category": "VALIDATION_ERROR"}
    assert word in error["message"]
    assert error["correlationId"]


@EACH_ENDPOINT
@pytest.mark.parametrize(
    "body", [b"", b'{"inputs": [', b"\xff\xfe", b"[" * 100_000], ids=["none", "cut", "no text", "deep"]
)
def test_bad_json_is_rejected(ask, endpoint, body):
    assert_rejected(ask(endpoint, body), "JSON")


@EACH_ENDPOINT
@pytest.mark.parametrize("body", [[], None, {}, {"inputs": None}, {"inputs": {"id": "1"}}, {"inputs": []}], ids=repr)
def test_a_request_without_inputs_is_rejected(ask, endpoint, body):
    assert_rejected(ask(endpoint, body), "JSON object" if not isinstance(body, dict) else "inputs")


@EACH_ENDPOINT
@pytest.mark.parametrize("bad", [None, "1", {}, {"id": None}, {"id": True}, {"from": {"id": "1"}, "to": {}}], ids=repr)
def test_an_invalid_input_is_rejected_with_its_index(ask, endpoint, bad):
    assert_rejected(ask(endpoint, {"inputs": [GOOD[endpoint](1), bad]}), "inputs[1]")


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
def test_an_association_type_outside_the_contract_is_rejected(ask, types):
    assert_rejected(ask("create", {"inputs": [pair("1", "2", *types)]}), "inputs[0]")


@pytest.mark.parametrize(("endpoint", "most"), [("read", 1000), ("create", 2000), ("archive", 100)])
def test_the_documented_number_of_inputs_is_accepted_and_one_more_is_rejected(ask, endpoint, most):
    inputs = [GOOD[endpoint](number) for number in range(most + 1)]
    assert ask(endpoint, {"inputs": inputs[:most]}).status in (200, 204)
    assert_rejected(ask(endpoint, {"inputs": inputs}), "too many")


def test_the_limit_of_archive_counts_objects_instead_of_inputs(ask):
    inputs = [{"from": {"id": "1"}, "to": [{"id": str(number)}]} for number in range(500)]
    assert ask("archive", {"inputs": inputs}).status == 204


def test_every_error_response_has_a_different_correlation_id(read):
    assert read().json["correlationId"] != read().json["correlationId"]


def test_an_unknown_path_gets_a_404_in_hubspots_format(ask):
    reply = ask("/crm/v3/objects/contacts/batch/read", {"inputs": [{"id": "1"}]})
    assert (reply.status, reply.json["category"]) == (404, "OBJECT_NOT_FOUND")


def test_another_method_gets_a_405_with_the_allowed_one(ask):
    reply = ask("read", {}, method="GET")
    assert (reply.status, reply.headers["Allow"]) == (405, "POST")


def test_a_head_request_gets_no_body(ask):
    assert ask("read", b"", method="HEAD").body == b""
