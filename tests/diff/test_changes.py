"""Changes between two versions of a contract: the oracles of both versions confirm each witness."""

from __future__ import annotations

from copy import deepcopy
from operator import attrgetter

import pytest

from contractfuzz import Contract
from contractfuzz.diff.changes import find_changes

DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "amount": {"type": "int16"},
        "state": {"type": "string", "enum": ["open", "paid"]},
        "lines": {
            "type": "array",
            "items": {"type": "object", "properties": {"n": {"type": "int32"}}, "required": ["n"]},
        },
        "placedAt": {"type": "datetime"},
    },
    "required": ["id", "state"],
}


def changed(edit):
    document = deepcopy(DOCUMENT)
    edit(document["properties"], document)
    return document


def found(old, new):
    old, new = Contract.load(old), Contract.load(new)
    changes = find_changes(old, new)
    for change in filter(attrgetter("witnesses"), changes):
        accepting, rejecting = (old, new) if change.direction == "narrower" else (new, old)
        assert accepting.is_valid(change.witness)
        assert not rejecting.is_valid(change.witness)
    return [(change.location, change.keyword, change.direction) for change in changes]


EDITS = [
    (lambda p, d: d["required"].append("amount"), ("/amount", "required", "narrower")),
    (lambda p, d: d["required"].remove("id"), ("/id", "required", "wider")),
    (lambda p, d: p["state"]["enum"].append("void"), ("/state", "enum", "wider")),
    (lambda p, d: p["state"]["enum"].remove("paid"), ("/state", "enum", "narrower")),
    (lambda p, d: p["amount"].update(type="int32"), ("/amount", "maximum", "wider")),
    (lambda p, d: p["amount"].update(minimum=0), ("/amount", "minimum", "narrower")),
    (lambda p, d: p["placedAt"].update(type="string"), ("/placedAt", "format", "wider")),
    (lambda p, d: p["id"].update(type=["string", "null"]), ("/id", "type", "wider")),
    (lambda p, d: p["lines"]["items"]["required"].clear(), ("/lines/*/n", "required", "wider")),
    (lambda p, d: p["lines"]["items"]["properties"]["n"].update(type="string"), ("/lines/*/n", "type", "narrower")),
    (lambda p, d: d.update(additionalProperties=False), ("", "additionalProperties", "narrower")),
]


@pytest.mark.parametrize(("edit", "change"), EDITS, ids=[f"{c[0]}:{c[1]}-{c[2]}" for _, c in EDITS])
def test_each_change_is_found_at_its_location_and_undoing_it_gives_the_opposite(edit, change):
    location, keyword, direction = change
    assert change in found(DOCUMENT, changed(edit))
    opposite = {"narrower": "wider", "wider": "narrower"}[direction]
    assert (location, keyword, opposite) in found(changed(edit), DOCUMENT)


def test_a_contract_has_no_changes_from_itself():
    assert found(DOCUMENT, DOCUMENT) == []


def test_a_witness_is_small():
    [change] = find_changes(
        Contract.load(DOCUMENT), Contract.load(changed(lambda p, d: d["required"].append("amount")))
    )
    assert change.witness == {"id": "", "state": "open"}


def test_a_property_next_to_map_values_is_reported_by_its_name():
    old = {
        "name": "Map",
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "additionalProperties": {"type": "int32"},
    }
    new = {**old, "properties": {"id": {"type": "boolean"}}}
    assert {location for location, _, _ in found(old, new)} == {"/id"}


def test_a_property_whose_name_looks_like_a_broken_pattern_is_reported_by_its_name():
    old = {"name": "Odd", "type": "object", "properties": {"*([)": {"type": "string"}}}
    new = {**old, "properties": {"*([)": {"type": "boolean"}}}
    assert {location for location, _, _ in found(old, new)} == {"/*([)"}


def test_the_properties_of_a_value_that_was_no_object_are_not_reported_one_by_one():
    text, record = {"type": "string"}, {"type": "object", "properties": {"a": {"type": "string"}}}
    old, new = ({"name": "V", "type": "object", "properties": {"v": schema}} for schema in (text, record))
    assert {location for location, _, _ in found(old, new)} == {"/v"}
