"""Patterns mean what ECMA-262 defines, and matching them ends."""

from __future__ import annotations

import pickle
import re
import string
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Contract
from contractfuzz.patterns.engine import PatternError, compile_pattern, with_unicode_classes
from contractfuzz.patterns.syntax import complement, merged

DIALECT = "https://json-schema.org/draft/2020-12/schema"

PATTERNS = [
    (r"^\p{L}+$", ["é", "a"], ["1", ""]),
    (r"^\p{Lu}$", ["É"], ["é"]),
    (r"^\P{L}$", ["1"], ["é"]),
    (r"^\p{Script=Greek}$", ["α"], ["a"]),
    (r"^(?<n>x)\k<n>$", ["xx"], ["x"]),
    (r"^(?P<n>[ab])(?P=n)$", ["bb"], ["ab"]),
    (r"^(a)\1$", ["aa"], ["a"]),
    (r"^\cA$", ["\x01"], ["cA", "A"]),
    (r"^\d$", ["1"], ["٣", "a"]),
    (r"^\D$", ["٣"], ["1"]),
    (r"^\w$", ["a", "_"], ["é", "ı", "ſ"]),
    (r"^\W$", ["é"], ["a"]),
    (r"^[^\w]$", ["é"], ["a"]),
    (r"^[\w-]$", ["-", "a"], ["é"]),
    (r"^[\w-.]$", ["-", ".", "a"], ["!"]),
    (r"^\s$", [" ", "\u00a0", "\ufeff", "\u2003", "\n"], ["\x1c", "\x85"]),
    (r"^\S$", ["é", "\x85"], ["\ufeff"]),
    (r"\bé", ["aé"], ["é", " é"]),
    (r"^\B$", [""], ["a"]),
    (r"^.$", ["a", "😀", "\x85"], ["\n", "\r", "\u2028", ""]),
    (r"a$", ["a"], ["a\n"]),
    (r"^[^]$", ["a", "\n"], [""]),
    (r"^[]$", [], ["a", ""]),
    (r"^\x41\u0042\u{43}$", ["ABC"], ["abc"]),
    (r"^\uD83D\uDE00$", ["😀"], ["a"]),
    (r"^[\uD83D\uDE00-\u{1F610}]$", ["😀", "😃"], ["a"]),
    (r"^[\b\0]$", ["\b", "\0"], ["b"]),
    (r"^[a&&b]$", ["&", "a"], ["c"]),
    (r"^[[a]$", ["["], ["]"]),
    (r"^[+--]$", [",", "+", "-"], ["."]),
    (r"^a{,2}$", ["a{,2}"], ["aa"]),
    (r"^a{1$", ["a{1"], ["a"]),
    (r"^{}]$", ["{}]"], [""]),
    (r"^<\/\-\$#~&>$", ["</-$#~&>"], []),
    (r"\Aa\Z", ["a"], ["a\n", "ba"]),
    (r"^(|a)b$", ["b", "ab"], ["a"]),
    (r"^(?:)$", [""], ["a"]),
    ("", ["", "a"], []),
    (r"^(?=.*\d)(?!.*x).{3,}$", ["ab1"], ["abc", "x12"]),
    (r"(?<=a)b(?<!c)", ["ab"], ["b"]),
    (r"^.{1,65536}$", ["a"], ["", "\n"]),
    (r"^[\s\S]{0,100000}$", ["", "a\n"], []),
    (r"(?i)^abc$", ["ABC"], ["ab"]),
    (r"^a+?b$", ["aab"], ["b"]),
]


@pytest.mark.parametrize(("pattern", "matching", "missing"), PATTERNS, ids=[one[0] for one in PATTERNS])
def test_a_pattern_means_what_ecma_262_defines(pattern, matching, missing):
    compiled = compile_pattern(pattern)
    assert [text for text in matching if not compiled.search(text)] == []
    assert [text for text in missing if not compiled.misses(text)] == []
    assert compiled.expression is not None


@pytest.mark.parametrize(
    "pattern",
    [
        "(a",
        "[a",
        "*a",
        "a)",
        "a**",
        "(?<a",
        "\\",
        "a{2,1}",
        "[z-a]",
        "\\2(a)",
        "(?<!a",
        "\\k<x>",
        "\\u{110000}",
        "(" * 500,
    ],
)
def test_what_is_not_a_pattern_is_refused(pattern):
    with pytest.raises(PatternError):
        compile_pattern(pattern)


@pytest.mark.parametrize("pattern", [one[0] for one in PATTERNS])
def test_a_contract_with_the_pattern_loads_and_its_labels_are_true(pattern):
    if pattern == "^[]$":
        return  # nothing matches
    contract = Contract.load({"$schema": DIALECT, "type": "string", "pattern": pattern})
    search = compile_pattern(pattern).search
    valid = [case.payload for case in contract.sample(50)]
    assert valid
    assert all(map(search, valid))
    broken = [case.payload for case in contract.sample(60, kind="invalid") if ":pattern." in case.label]
    assert not any(map(search, broken))


ADVERSARIAL = [
    "^(a+)+$",
    "^([a-z0-9]+-?)*$",
    "^(a|a)*$",
    "^(.*a){20}$",
    "^(?:(?=a)a+)+$",
    r"^(\w+\s?)*$",
    r"^((a+)+)\1$",
    "^(a?){50}a{50}$",
]


@pytest.mark.parametrize("pattern", ADVERSARIAL)
def test_nested_repeats_hang_nothing(pattern):
    start = time.process_time()
    contract = Contract.load({"$schema": DIALECT, "type": "string", "pattern": pattern})
    assert any(violation.keyword == "pattern" for violation in contract.violations())
    contract.errors("a" * 200 + "!")
    assert all(contract.is_valid(case.payload) for case in contract.sample(20))
    assert not any(contract.is_valid(case.payload) for case in contract.sample(20, kind="invalid"))
    assert time.process_time() - start < 5


@pytest.mark.parametrize(
    "pattern",
    [
        ".{2000,9000}x",
        "^.{0,65536}$",
        "^[a-z]{1,3000}[a-z]*$",
        "^(.{1,60000})$",
        "(?:.{1,3000})$",
        r"^\s*.{1,3000}\s*$",
        "^(.{1,50}){1,50}$",
    ],
)
def test_wide_repeats_are_matched_in_linear_time(pattern):
    start = time.process_time()
    compiled = compile_pattern(pattern)
    compiled.search("a" * 200_000 + "\n")
    compiled.search("\n" * 200_000)
    assert compiled.search("a" * 2000 + "x")
    assert time.process_time() - start < 5


def test_a_repeat_that_is_too_wide_is_refused():
    with pytest.raises(PatternError, match="too large"):
        compile_pattern("^(.{1,1000}){1,1000}$")


def test_a_match_that_takes_too_long_is_an_error_that_says_so():
    contract = Contract.load({"$schema": DIALECT, "pattern": "^(?:(?=a)a+)+$"})
    [error] = contract.errors("a" * 60 + "!")
    assert error.keyword == "pattern"
    assert "takes too long to match" in error.message
    compiled = compile_pattern("^(?:(?=a)a+)+$")
    assert not compiled.search("a" * 60 + "!")
    assert not compiled.misses("a" * 60 + "!"), "nobody knows whether it matches"


SHARED = st.recursive(
    st.sampled_from(["a", "b", "0", "-", r"\.", "[a-c]", "[^a]", "x"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,2}", "{2,}", "*?"])).map(
            lambda one: f"({one[0]}){one[1]}"
        ),
        inner.map(lambda part: f"^{part}$"),
        inner.map(lambda part: f"(?={part})"),
        inner.map(lambda part: f"(?!{part})"),
    ),
    max_leaves=6,
)


@given(SHARED, st.lists(st.text("ab0-.xc", max_size=6), min_size=1, max_size=10))
def test_patterns_that_all_dialects_share_match_as_in_python(pattern, texts):
    compiled, expected = compile_pattern(pattern), re.compile(pattern)
    assert [compiled.search(text) for text in texts] == [expected.search(text) is not None for text in texts]


@given(st.text(string.printable, max_size=12))
def test_any_text_is_read_as_a_pattern_or_refused(text):
    try:
        compiled = compile_pattern(text)
    except PatternError:
        return
    compiled.search("ab\n")


def test_a_pattern_can_be_sent_to_another_process():
    assert pickle.loads(pickle.dumps(compile_pattern("^a+$"))).search("aa")


def test_a_lone_surrogate_can_be_matched():
    assert compile_pattern("^.$").search("\ud800")
    assert not compile_pattern("^a$").search("\ud800")


@given(
    st.lists(st.tuples(st.integers(0, 50), st.integers(0, 10)).map(lambda one: (one[0], one[0] + one[1])), max_size=6)
)
def test_the_complement_of_a_complement_is_the_same_set(ranges):
    ranges = tuple(ranges)
    assert complement(complement(ranges)) == merged(ranges)


UNICODE_TEXTS = ["12٣4", "é", "٣", "AÉ-1234", "²", "a.é@x", "\\d", "AB-123٣", "abc", "12"]


@pytest.mark.parametrize(
    "pattern",
    [
        r"^\d{4}$",
        r"^[\d-]+$",
        r"^\w+$",
        r"^[\w.]+@[a-z]+$",
        r"^[A-Z]{2}-\d{4}$",
        r"^\\d$",
        r"^[^\d]+$",
        r"^\W$",
        r"^\D+$",
    ],
)
def test_unicode_classes_match_as_in_python(pattern):
    written = compile_pattern(with_unicode_classes(pattern))
    expected = [re.search(pattern, text) is not None for text in UNICODE_TEXTS]
    assert [written.search(text) for text in UNICODE_TEXTS] == expected


@pytest.mark.parametrize("pattern", [r"\bword\b", r"^[\W_]+$"])
def test_boundaries_and_words_excluded_from_a_class_have_no_unicode_form(pattern):
    assert with_unicode_classes(pattern) is None


@pytest.mark.parametrize("pattern", ["^(a+)+$", "^([a-z0-9]+-?)*$", r"^(\w+\s?)*$"])
def test_violations_of_long_strings_with_nested_repeats_end(pattern):
    contract = Contract.load({"$schema": DIALECT, "type": "string", "pattern": pattern, "minLength": 40}, name="nested")
    cases = list(contract.sample(100, "invalid", only=":pattern.*"))
    assert not any(contract.is_valid(case.payload) for case in cases)
