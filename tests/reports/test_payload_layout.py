"""Payloads laid out for people, with the fault marked."""

from __future__ import annotations

import json

import pytest

from contractfuzz.payloads.cases.case import Case
from contractfuzz.reports.page.payload_layout import MAX_LAID_OUT_BYTES, MAX_PART_CHARACTERS, lay_out


def layout(payload, pointer=None):
    return lay_out(Case("invalid", payload, pointer=pointer))


def test_a_short_payload_stays_on_one_line_and_a_long_one_takes_several():
    assert layout({"a": [1, 2]}) == ('{"a": [1, 2]}', "", "")
    assert layout({"a": ["x" * 50, "y" * 50], "b": []})[0] == (
        '{\n  "a": [\n    "' + "x" * 50 + '",\n    "' + "y" * 50 + '"\n  ],\n  "b": []\n}'
    )


@pytest.mark.parametrize("payload", [{"a/b": {"~": [0, None]}}, {"a/b": {"~": [0, None], "long": "x" * 100}}])
def test_the_parts_make_the_payload_and_the_middle_one_is_the_fault(payload):
    before, fault, after = layout(payload, "/a~1b/~0/1")
    assert fault == "null"
    assert json.loads(before + fault + after) == payload


def test_a_missing_property_is_not_marked():
    assert layout({"a": 1}, "/b") == ('{"a": 1}', "", "")


def test_numbers_keep_their_digits():
    assert layout([9007199254740993, 1.0, 1e308])[0] == "[9007199254740993, 1.0, 1e+308]"


def test_a_long_payload_is_cut_before_and_after_the_fault():
    before, fault, after = layout({"a": "x" * 9_000, "b": 7, "c": "y" * 9_000}, "/b")
    assert fault == "7"
    assert len(before) < MAX_PART_CHARACTERS + 10
    assert len(after) < MAX_PART_CHARACTERS + 40


def test_a_huge_payload_is_shown_by_its_beginning():
    before, fault, after = layout(["x" * MAX_LAID_OUT_BYTES], "/0")
    assert before.startswith('["xxx')
    assert f"({MAX_LAID_OUT_BYTES + 4:,} bytes)" in before
    assert (fault, after) == ("", "")
