"""Random documents of five drafts: cases are judged by jsonschema-rs on the document itself, not on the lowered schema."""

from __future__ import annotations

import json
from collections import Counter

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema.validators import extend
from payload_judges import match_pattern
from random_documents import DRAFTS, PAYLOADS, VALUES, documents, keywords_in, without_keywords

from contractfuzz import Contract, ContractError
from contractfuzz.documents.keywords import KEYWORDS

pytestmark = pytest.mark.usefixtures("repeatable")

CONTENT = ("contentEncoding", "contentMediaType")
VALID_CASES = 30
INVALID_CASES = 40


class DraftJudge:
    """Verdicts of independent validators on a document of a draft.

    Args:
        draft: the draft.
        document: the document.

    """

    def __init__(self, draft, document):
        self._has_exact_integers = draft.name == "draft-04"
        self._has_old_hostnames = not draft.is_modern
        # Up to draft-07 jsonschema-rs asserts the encoding of content, which the drafts leave to validators.
        judged = document if draft.is_modern else without_keywords(document, CONTENT)
        self._rust = draft.rust(judged, validate_formats=True)
        # The format checks of jsonschema are lax.
        python = extend(draft.python, {"pattern": match_pattern})
        keywords = keywords_in(document)
        # For draft 2019-09, jsonschema overlooks that ``additionalProperties`` evaluates properties.
        is_misread = str(draft) == "2019-09" and {"additionalProperties", "unevaluatedProperties"} <= keywords
        self._python = None if "format" in keywords or is_misread else python(document)
        self._has_patterns_of_names = "patternProperties" in keywords

    def verdict(self, payload):
        """Return True if a payload is valid, and None if validators may disagree about it."""
        if self._has_exact_integers and has_integral_float(payload):
            return None  # in draft-04 the number 1.0 is not an integer
        if self._has_old_hostnames and "xn--" in str(payload):
            return None
        verdict = self._rust.is_valid(payload)
        assert self._python_verdict(payload) in (verdict, None), payload
        return verdict

    def _python_verdict(self, payload):
        # In Python, ``$`` matches before a final line break, too.
        if self._has_patterns_of_names and '\\n":' in json.dumps(payload):
            return None
        try:
            return None if self._python is None else self._python.is_valid(payload)
        except TypeError:  # `unevaluatedItems` next to a boolean `items`
            return None


def has_integral_float(payload):
    """Return True if a payload contains a number such as 1.0."""
    if isinstance(payload, dict):
        payload = list(payload.values())
    if isinstance(payload, list):
        return any(map(has_integral_float, payload))
    return isinstance(payload, float) and payload.is_integer()


def check_contract(contract, judge, payloads, seen):
    """Check that the cases of a contract are what they say they are, and that ``is_valid`` agrees with the judge."""
    valid = [case.payload for case in contract.sample(VALID_CASES)]
    labels = contract.labels("invalid")
    invalid = list(contract.sample(min(2 * len(labels), INVALID_CASES), "invalid"))
    assert [payload for payload in valid if judge.verdict(payload) is False] == []
    assert [(case.label, case.payload) for case in invalid if judge.verdict(case.payload)] == []
    hostile = [case.payload for case in contract.sample(3, profile="hostile")]
    for payload in (*valid, *(case.payload for case in invalid), *hostile, *payloads):
        if (verdict := judge.verdict(payload)) is not None:
            seen["valid" if verdict else "invalid"] += 1
            assert contract.is_valid(payload) == verdict, payload


@pytest.mark.thinned(3)
@pytest.mark.parametrize("draft", DRAFTS, ids=str)
def test_cases_of_documents_with_any_keyword_of_a_draft_are_true(draft, nightly):
    seen = Counter()

    @settings(max_examples=100 if nightly else 2)
    @given(st.data())
    def check(keyword, data):
        document = data.draw(documents(draft, keyword))
        payloads = data.draw(st.lists(PAYLOADS, min_size=15, max_size=15))
        assert keyword in keywords_in(document)
        seen["documents"] += 1
        judge = DraftJudge(draft, document)
        try:
            check_contract(Contract.load(document), judge, payloads, seen)
        except ContractError as error:
            seen["refused"] += 1
            if "no finite payload can satisfy" not in str(
                error
            ):  # that is true of a definition, maybe not of the whole
                assert [payload for payload in (*payloads, *VALUES) if judge.verdict(payload)] == []

    for keyword in draft.keywords:
        check(keyword)
    assert seen["documents"] > len(draft.keywords)
    assert seen["refused"] < seen["documents"] / 3, seen
    assert min(seen["valid"], seen["invalid"]) > 3 * len(draft.keywords), seen


def test_the_keywords_are_those_of_the_vocabularies():
    for draft, least in zip(DRAFTS, (34, 38, 46, 57, 57), strict=True):
        assert len(draft.keywords) >= least
        assert set(draft.keywords) - KEYWORDS.keys() == ({"id"} if draft.name == "draft-04" else set())
    newest = set(DRAFTS[-1].keywords)
    current = {name for name, row in KEYWORDS.items() if row.is_current}
    assert {*current, "$dynamicRef"} - {"definitions"} == newest
