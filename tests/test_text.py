"""Text for messages: printable, on one line, of limited length."""

from __future__ import annotations

import json
import re

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from contractfuzz.text import (
    ELLIPSIS,
    closest_match,
    json_escaped,
    json_text,
    list_names,
    one_line,
    pluralize,
    printable,
    truncate,
    wrap_words,
)

any_text = st.text(st.characters(codec=None))  # lone surrogates too
limits = st.integers(0, 30)


@given(any_text, limits)
@example("abcd", 2)
@example("", 0)
def test_truncated_text_is_never_longer_than_the_limit(text, limit):
    assert len(truncate(text, limit)) <= limit


@given(any_text, limits)
def test_a_short_text_is_not_truncated(text, limit):
    assert truncate(text, len(text) + limit) == text


@given(any_text, st.integers(len(ELLIPSIS), 30))
def test_a_truncated_text_uses_the_whole_limit_and_ends_in_dots(text, limit):
    longer = text + "x" * (limit + 1)
    assert truncate(longer, limit) == longer[: limit - len(ELLIPSIS)] + ELLIPSIS
    assert len(truncate(longer, limit)) == limit


@given(any_text, limits)
def test_one_line_has_no_line_breaks_no_double_spaces_and_a_limited_length(text, limit):
    line = one_line(text, limit)
    assert len(line) <= limit
    assert len(line.splitlines()) <= 1
    assert "  " not in line


@given(any_text)
def test_printable_text_is_printable(text):
    assert printable(text).isprintable()
    printable(text).encode()


@given(any_text)
def test_printable_text_can_be_read_back(text):
    escaped = printable(text.replace("\\", "/").replace('"', "'"))
    assert json.loads(f'"{escaped}"') == text.replace("\\", "/").replace('"', "'")


@given(any_text)
@example(":::")
@example("###[#")
def test_printable_text_stays_as_it_is(text):
    assert printable(printable(text)) == printable(text)


@pytest.mark.parametrize(
    ("text", "escaped"),
    [
        ("::error::a", "\\u003a:error::a"),
        (" \t::error::a", " \\t::error::a"),
        ("a\n  ::error::a", "a\n  \\u003a:error::a"),
        ("a::b", "a::b"),
        (":type.null", ":type.null"),
        ("a ##[error]b", "a \\u0023#[error]b"),
        ("##vso[task.setvariable]", "\\u0023#vso[task.setvariable]"),
        ("## Title [1]", "## Title [1]"),
    ],
)
def test_commands_of_ci_services_are_escaped(text, escaped):
    assert printable(text, keep="\n") == escaped


@given(
    st.recursive(any_text | st.none() | st.integers(), lambda inner: st.lists(inner) | st.dictionaries(any_text, inner))
)
@example({"\n::error::a": ["##[b]", "\x7f\x9b\ud800"]})
def test_json_text_is_safe_and_can_be_read_back(value):
    text = json_text(value)
    assert json.loads(text) == value
    assert all(line.isprintable() and not line.lstrip().startswith("::") for line in text.split("\n"))
    assert "##[" not in text


@given(any_text)
def test_kept_characters_are_not_escaped(text):
    assert printable(text + "\n", keep="\n").count("\n") == text.count("\n") + 1


@pytest.mark.parametrize(
    ("text", "escaped"), [("a\x1b[31m", "a\\u001b[31m"), ("é😀", "é😀"), ("a\nb", "a\\nb"), ("\ud800", "\\ud800")]
)
def test_unprintable_characters_become_json_escapes(text, escaped):
    assert printable(text) == escaped


@pytest.mark.parametrize(("count", "text"), [(0, "0 cases"), (1, "1 case"), (2, "2 cases"), (2000, "2,000 cases")])
def test_a_count_has_its_noun_in_the_right_number(count, text):
    assert pluralize(count, "case") == text


@given(st.lists(st.text("abc", min_size=1), unique=True, min_size=1))
def test_the_closest_match_of_a_known_name_is_itself(names):
    assert closest_match(names[0], names) == names[0]


def test_no_name_is_close_to_a_different_one():
    assert closest_match("zzz", ["broad", "minimal"]) is None
    assert closest_match("brod", ["broad", "minimal"]) == "broad"
    assert closest_match(None, ["None"]) == "None"


@given(st.sets(st.text("abc", min_size=1)), st.integers(1, 5))
def test_listed_names_are_sorted_and_the_others_counted(names, limit):
    listed, _, more = list_names(names, limit).partition(" and ")
    assert listed.split(", ") == sorted(names)[:limit] or not names
    assert more == (f"{len(names) - limit} more" if len(names) > limit else "")


@given(st.text("ab_/:.,- ", max_size=60), st.integers(1, 30))
def test_wrapping_keeps_all_words_whole(text, width):
    lines = wrap_words(text, width)
    assert "".join("".join(lines).split()) == "".join(text.split())
    names = re.findall(r"[^\s/:.,]+", text)
    assert re.findall(r"[^\s/:.,]+", " ".join(lines)) == names
    longest = max((len(part) for part in re.findall(r"[^\s/:.,]*[/:.,]*", text)), default=0)
    if not text.startswith(" ") and " ::" not in text:
        assert all(len(line) <= max(width, longest) for line in lines)


def test_labels_are_wrapped_after_punctuation():
    assert wrap_words("crashed /results/*/from/id:type.null twice", 20) == [
        "crashed /results/*/",
        "from/id:type.null",
        "twice",
    ]


def test_no_line_starts_with_a_command_of_a_ci_service():
    assert wrap_words("the contract ::error::a honours it", 14) == ["the contract ::error::a", "honours it"]


def test_json_text_in_ascii_is_the_same_value():
    value = {"é": "😀", "plain": 1}
    text = json_escaped(json.dumps(value, ensure_ascii=False))
    assert text.isascii()
    assert json.loads(text) == value
