"""Reports of a comparison: what people and programs read, and what hostile payloads cannot do to them."""

from __future__ import annotations

import io
import json
import re

import pytest
from markdown_it import MarkdownIt
from reported_consumers import careless, hostile_contract, improved, orders_contract

from contractfuzz.differential.differ_reports import DIFFER_FORMATS, write_differ_report
from contractfuzz.differential.differ_run import differ
from contractfuzz.markdown import MAX_COMMENT_BYTES

NAMES = "reported_consumers:careless and reported_consumers:improved"


@pytest.fixture(scope="module")
def report():
    return differ([careless, improved], orders_contract, examples=10)


@pytest.fixture(scope="module")
def hostile_report():
    def echo(body: bytes) -> object:
        return json.loads(body)

    def refuse(body: bytes) -> object:
        if body != b"{}":
            raise ValueError(body.decode(errors="surrogateescape"))
        return {}

    return differ([echo, refuse], hostile_contract, examples=5, only="*:enum.*")


def render(report, format_name, top=5):
    file = io.StringIO()
    write_differ_report(report, file, format_name, top=top)
    return file.getvalue()


def test_the_text_starts_with_the_answer_and_shows_each_pattern(report):
    text = render(report, "text")
    cases = sum(report.counts.values())
    assert text.startswith(f"{NAMES} disagree on orders: {len(report.disagreements)} disagreements in {cases} cases.\n")
    assert "\n  reported_consumers:careless crashes, reported_consumers:improved rejects\n" in text
    assert re.search(r"\n    smallest   (null|\[\]|\d)\n", text)
    assert "\n    answer     reported_consumers:improved rejects: ValueError: no order\n" in text


def test_as_many_patterns_are_shown_as_are_asked_for(report):
    assert "smallest" not in render(report, "text", top=0)
    assert "  and 1 more: --top N shows more\n" in render(report, "text", top=0)


def test_programs_read_every_disagreement(report):
    data = json.loads(render(report, "json"))
    assert len(data["disagreements"]) == len(report.disagreements)
    [null] = [one for one in data["disagreements"] if one["label"] == ":type.null"]
    assert null["payload"] is None
    assert [answer["verdict"] for answer in null["answers"]] == ["crashed", "rejected"]
    assert data["counts"] == report.counts
    assert data["ok"] is False


def test_targets_that_agree_have_an_answer_and_a_table_only():
    report = differ([improved, improved], orders_contract, examples=2)
    text = render(report, "text")
    assert text.startswith("reported_consumers:improved (1) and reported_consumers:improved (2) agree on ")
    assert "smallest" not in text
    assert render(report, "markdown").startswith("## `reported_consumers:improved (1)` and ")


@pytest.mark.parametrize("format_name", DIFFER_FORMATS)
def test_hostile_payloads_do_no_harm(hostile_report, format_name):
    text = render(hostile_report, format_name)
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    assert not re.search(r"(?m:^\s*::)|##\w*\[", text)


def test_a_markdown_parser_finds_in_hostile_payloads_nothing_but_code(hostile_report):
    text = render(hostile_report, "markdown")
    assert len(text.encode()) <= MAX_COMMENT_BYTES
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert not {token.type for token in tokens} & {"html_block", "code_block", "hr", "blockquote_open"}
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in inline} <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
    assert (
        sum(token.type == "fence" for token in tokens) == 3 * sum(token.type == "strong_open" for token in inline) >= 3
    )
