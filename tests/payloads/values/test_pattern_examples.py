"""Strings for patterns and formats: valid, the same everywhere, in little time, and none of them doubtful."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import time

import jsonschema_rs
import pytest
from hypothesis import given
from hypothesis import strategies as st
from payload_judges import python_says, rust_says

from contractfuzz import Contract
from contractfuzz.errors import ContractError
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.values.doubtful import is_undisputed
from contractfuzz.payloads.values.formats import FORMAT_DECODERS, FORMAT_EXAMPLES, format_candidates
from contractfuzz.payloads.values.pattern_examples import find_examples
from contractfuzz.payloads.values.pattern_strings import pattern_strings

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def strings(pattern, low=0, high=None):
    compiled = compile_pattern(pattern)
    return [text for text in pattern_strings(compiled.expression, low, high) if compiled.search(text)]


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[a-z]+$", {"a", "z", "aa", "az"}),
        (r"^\d{3}-\d{4}$", {"000-0000", "000-0009"}),
        ("^(cat|dog|bird)?$", {"", "cat", "dog", "bird"}),
        ("^a{2,5}$", {"aa", "aaa", "aaaaa"}),
        (r"^\+[1-9]\d{1,14}$", {"+10", "+" + "1" + "0" * 14}),
        ("^[а-я]$", {"а", "я"}),
        (r"^(?<x>[ab])\k<x>$", {"aa", "bb"}),
        ("foo", {"foo", "afoo", "fooa"}),
        (r"^\p{Lu}$", {"A", "Z"}),
    ],
)
def test_each_alternative_edge_and_bound_is_reached(pattern, expected):
    assert expected <= set(strings(pattern))


def test_a_pattern_that_ignores_case_has_strings_in_upper_case():
    assert {"abc", "ABC"} <= set(find_examples({"type": "string", "pattern": "(?i)^abc$"}))


@pytest.mark.parametrize(
    "pattern",
    [
        r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$",
        r"^(?=.{5,10}$)[a-z]+$",
        r"^(?!.*--)[a-z0-9-]{1,63}$",
        r"\bfoo\b",
        r"^[0-9a-f]{64}$",
        r"^(0|[1-9]\d*)\.(0|[1-9]\d*)\.(0|[1-9]\d*)(?:-((?:0|[1-9]\d*|\d*[a-zA-Z-][0-9a-zA-Z-]*)(?:\.[0-9a-zA-Z-]+)*))?$",
        r"^(([a-zA-Z]{1,5}){1,5}){1,5}$",
    ],
)
def test_common_patterns_have_many_strings(pattern):
    assert len(strings(pattern)) >= 2


@pytest.mark.parametrize(
    ("pattern", "low", "high"),
    [
        ("^[a-z]+$", 50, None),
        (r"^\d+$", 5, 5),
        ("^(ab)*x?$", 51, 60),
        ("^foo", 20, 20),
        ("^a.*z$", 100, 101),
        ("x", 30, 40),
    ],
)
def test_strings_have_a_length_that_is_asked_for(pattern, low, high):
    found = [text for text in strings(pattern, low, high) if low <= len(text) <= (high or 1000)]
    assert found


@given(
    st.recursive(
        st.sampled_from(["a", "[0-9]", ".", r"\w", r"\p{L}", "[^a]"]),
        lambda inner: st.one_of(
            st.lists(inner, min_size=1, max_size=3).map("".join),
            st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
            st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,4}", "{2,}"])).map(
                lambda one: f"({one[0]}){one[1]}"
            ),
        ),
        max_leaves=8,
    )
)
def test_all_strings_of_a_pattern_without_look_around_match_it(inner):
    compiled = compile_pattern(f"^(?:{inner})$")
    walked = list(pattern_strings(compiled.expression))
    assert len(walked) == len(set(walked))
    assert compiled.search(walked[0])
    # Those after the walks are made for patterns without anchors.
    assert sum(map(compiled.search, walked)) >= len(walked) - 5


@pytest.mark.parametrize(
    "pattern", ["(((((((((a*)*)*)*)*)*)*)*)*)*", "^(a{50}){50}$", "(((((){9}){9}){9}){9}){9}", "^" + "(a|b)?" * 200]
)
def test_a_walk_ends_early_if_the_pattern_is_large(pattern):
    start = time.process_time()
    assert strings(pattern)
    assert time.process_time() - start < 2


def test_planning_a_harmless_pattern_takes_milliseconds():
    def seconds(pattern):
        start = time.process_time()
        find_examples({"type": "string", "pattern": pattern})
        return time.process_time() - start

    seconds("^warm$")  # the engine is loaded
    assert min(seconds(rf"^[A-Z]{{2}}-\d{{4,{high}}}$") for high in range(5, 10)) < 0.02


SAMPLE = """
from contractfuzz import Contract
contract = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "string", "pattern": "^[A-Z]{2}.*x"})
print([case.payload for case in contract.sample(100)])
"""


def test_strings_do_not_depend_on_the_constants_of_the_project(tmp_path):
    (tmp_path / "local.py").write_text('NAMES = ["QQ-constant-x", "ZZ other x", "AB 1234 x"]\n')
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(tmp_path), *sys.path])}
    outputs = {
        subprocess.run(
            [sys.executable, "-c", imports + SAMPLE],
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        ).stdout
        for imports in ("", "import local\n")
    }
    assert len(outputs) == 1
    assert "constant" not in outputs.pop()


FORMATS_WITH_PATTERNS = [
    ("date-time", "Z$"),
    ("date-time", "^.+$"),
    ("date-time", "^2024-02-29T"),
    ("date-time", r"^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}\.\d{3}Z$"),
    ("date", "^.+$"),
    ("date", r"^19\d\d-"),
    ("time", "^.+$"),
    ("time", "Z$"),
    ("duration", "^.+$"),
    ("duration", "^PT"),
    ("duration", "W$"),
    ("ipv4", "^.+$"),
    ("ipv4", r"^192\.168\."),
    ("ipv6", "^.+$"),
    ("ipv6", "^fe80"),
    ("uuid", "^.+$"),
    ("uuid", "^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$"),
    ("uuid", "^f.*f$"),
    ("email", r"^\w+@"),
    ("email", r"@mycompany\.com$"),
    ("uri", "^https://"),
    ("uri", r"\.png$"),
    ("uri-reference", "^/"),
    ("hostname", r"\.internal$"),
    ("regex", r"^\^"),
    ("uri-template", "x"),
    ("relative-json-pointer", "#$"),
    ("idn-email", "^b"),
    ("iri", "^https"),
]


@pytest.mark.parametrize(("string_format", "pattern"), FORMATS_WITH_PATTERNS)
def test_a_format_with_a_pattern_has_valid_strings_on_which_validators_agree(string_format, pattern):
    schema = {"$schema": DIALECT, "type": "string", "format": string_format, "pattern": pattern}
    contract = Contract.load(schema, name="small")
    accepts = [rust_says(schema), python_says(schema)]
    valid = {case.payload for case in contract.sample(300)}
    assert valid
    assert [text for text in valid if not all(accept(text) for accept in accepts)] == []
    invalid = [case.payload for case in contract.sample(100, kind="invalid")]
    assert any(isinstance(text, str) for text in invalid)
    assert [payload for payload in invalid if any(accept(payload) for accept in accepts)] == []


@given(st.sampled_from(sorted({*FORMAT_EXAMPLES, *FORMAT_DECODERS})), st.data())
def test_a_pattern_that_fits_some_string_of_a_format_has_valid_strings(string_format, data):
    text = data.draw(st.sampled_from(format_candidates(string_format)))
    start, end = sorted((data.draw(st.integers(0, len(text))), data.draw(st.integers(0, len(text)))))
    shape = data.draw(st.sampled_from(["^{0}", "{0}$", "{0}", "^.{{{1}}}{0}", "^[!-~]*{0}"]))
    part = {"^{0}": text[:end], "{0}$": text[start:]}.get(shape, text[start:end])
    schema = {"type": "string", "format": string_format, "pattern": shape.format(re.escape(part), start)}
    examples = find_examples(schema)
    assert examples
    assert [one for one in examples if not (rust_says(schema)(one) and python_says(schema)(one))] == []
    assert all(is_undisputed(string_format, one) for one in examples)


@given(st.sampled_from(["^[a-z]+$", r"^\d+-\d*$", "ab", "^(ab|c)*$", "^.*$"]), st.integers(0, 60), st.integers(0, 30))
def test_bounds_of_the_length_are_kept_with_a_pattern(pattern, low, more):
    schema = {"type": "string", "pattern": pattern, "minLength": low, "maxLength": low + more + 3}
    examples = find_examples(schema)
    assert examples
    assert all(rust_says(schema)(text) and python_says(schema)(text) for text in examples)


@pytest.mark.parametrize("pattern", [r"^\w+@", "@", "^.+$", r"\d@"])
def test_an_email_with_a_pattern_has_a_domain(pattern):
    for text in find_examples({"type": "string", "format": "email", "pattern": pattern}):
        local, _, domain = text.partition("@")
        assert local
        assert "." in domain
        assert "@" not in domain


@pytest.mark.parametrize("string_format", FORMAT_EXAMPLES)
def test_every_example_of_a_format_is_valid_for_both_validators(string_format):
    schema = {"type": "string", "format": string_format}
    examples = FORMAT_EXAMPLES[string_format]
    assert examples
    assert [text for text in examples if not (rust_says(schema)(text) and python_says(schema)(text))] == []


@pytest.mark.parametrize(
    ("string_format", "low"), [("email", 30), ("uri", 60), ("date-time", 25), ("hostname", 30), ("iri", 60)]
)
def test_a_long_string_of_a_format_is_found(string_format, low):
    schema = {"type": "string", "format": string_format, "minLength": low}
    examples = find_examples(schema)
    assert examples
    assert all(map(jsonschema_rs.Draft202012Validator(schema, validate_formats=True).is_valid, examples))


def test_a_pattern_that_contradicts_the_format_is_refused():
    with pytest.raises(ContractError, match="no string satisfies"):
        find_examples({"type": "string", "format": "ipv4", "pattern": "^[a-z]+$"})
