"""The representation of a case."""

from __future__ import annotations

import pytest

from contractfuzz import Case
from contractfuzz.payloads.cases.case import KINDS

MAX_CHARACTERS = 600


def test_the_label_is_first():
    case = Case("invalid", {"id": None, "count": 1}, "/id:type.null", "null instead of a string", "/id", "rejects")
    assert repr(case) == "Case('/id:type.null', invalid, {'count': 1, 'id': None})"


def test_a_case_without_a_label_starts_with_its_kind():
    assert repr(Case("valid", ["a"])) == "Case(valid, ['a'])"


def test_a_malformed_case_shows_its_body():
    case = Case("malformed", label="cut", raw=lambda: b"{" * 1000)
    assert repr(case).startswith("Case('cut', malformed, b'{{{")
    assert repr(case).endswith("{... (1,000 bytes))")


@pytest.mark.parametrize(
    "payload",
    [
        10**5000,
        ["x" * 100] * 100_000,
        {"x" * 1000 + str(number): number for number in range(1000)},
        "\ud800" * 10_000,
    ],
    ids=["number", "array", "object", "string"],
)
def test_a_huge_payload_is_short(payload):
    assert len(repr(Case("hostile", payload))) < MAX_CHARACTERS


def test_a_deep_payload_is_short():
    payload = []
    for _ in range(100_000):
        payload = [payload]
    assert len(repr(Case("hostile", payload))) < MAX_CHARACTERS
    while payload:
        payload = payload.pop()


@pytest.mark.parametrize("kind", KINDS)
def test_cases_of_a_contract_are_short_and_start_with_their_label(kind, hubspot):
    cases = list(hubspot.sample(800, kind))
    assert len(cases) == 800
    for case in cases:
        assert len(repr(case)) < MAX_CHARACTERS
        assert repr(case).startswith(f"Case({kind}, " if case.label is None else f"Case({case.label!r}, {kind}, ")
