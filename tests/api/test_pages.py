"""Payloads without the cursor of a next page."""

from __future__ import annotations

import pytest
from hypothesis import given

from contractfuzz import Contract
from contractfuzz.api.pages import as_last_page
from contractfuzz.payloads.wire.cursors import find_cursors

PROPERTIES = {
    "items": {"type": "array", "items": {"type": "integer"}},
    "next": {"type": ["string", "null"]},
    "has_more": {"type": "boolean"},
    "meta": {"type": "object", "properties": {"next_page_url": {"type": "string"}}},
}


def page(required):
    return Contract.load({"type": "object", "properties": PROPERTIES, "required": required}, name="Page")


PAYLOAD = {"items": [1], "next": "/items?page=2", "has_more": True, "meta": {"next_page_url": "/items?page=2"}}


@pytest.mark.parametrize(
    ("required", "expected"),
    [
        ([], {"items": [1], "has_more": False, "meta": {}}),
        (["next"], {"items": [1], "next": None, "has_more": False, "meta": {}}),
    ],
)
def test_a_payload_loses_its_cursors(required, expected):
    assert as_last_page(PAYLOAD, page(required)) == expected


def test_a_cursor_that_the_contract_requires_stays():
    contract = Contract.load(
        {"type": "object", "properties": {"next": {"type": "string", "minLength": 1}}, "required": ["next"]}
    )
    assert as_last_page({"next": "a"}, contract) == {"next": "a"}


PAGE = page(["next", "meta"])


@given(PAGE.valid())
def test_a_last_page_is_valid(payload):
    last = as_last_page(payload, PAGE)
    assert PAGE.is_valid(last)
    assert not [cursor for cursor in find_cursors(last) if cursor[0] == "/next"]
