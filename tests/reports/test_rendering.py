"""The registry of report formats."""

from __future__ import annotations

import re

import pytest

from contractfuzz import ContractError
from contractfuzz.reports.rendering import REPORT_FORMATS, format_of, render


def test_the_registry_has_these_formats():
    assert list(REPORT_FORMATS) == ["text", "html", "json", "junit", "github", "markdown", "sarif"]


@pytest.mark.parametrize("format_name", REPORT_FORMATS)
def test_every_format_ends_in_a_line_break(reported, format_name):
    assert render(reported("careless"), format_name).endswith("\n")


@pytest.mark.parametrize("format_name", REPORT_FORMATS)
def test_every_format_ignores_the_options_of_others(reported, format_name):
    plain = render(reported("careless"), format_name)
    assert render(reported("careless"), format_name, top=5, comparisons=()) == plain


def test_the_text_shows_as_many_causes_as_it_is_asked_for(reported):
    none = render(reported("careless"), "text", top=0)
    assert "smallest" not in none
    assert render(reported("careless"), "text", top=1).count("    smallest ") == none.count(" from ") > 0


def test_a_terminal_gets_the_outcome_of_a_line_in_colour_and_the_rest_without(reported, monkeypatch):
    monkeypatch.setenv("FORCE_COLOR", "1")
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    lines = [line for line in render(reported("careless"), "text").splitlines() if "  crashed  " in line]
    assert lines
    assert all(re.match(r"\x1b\[31m  crashed +\x1b\[0m[^\x1b]+$", line) for line in lines)


def test_an_unknown_format_is_an_error(reported):
    with pytest.raises(ContractError, match="'text'"):
        render(reported("honest"), "txet")


def test_a_suffix_chooses_the_format():
    assert format_of("out/Report.JSON") == "json"
    assert format_of("junit.xml") == "junit"
    assert format_of("report.htm") == "html"
    assert format_of("SUMMARY.md") == "markdown"
    assert format_of("results.sarif") == "sarif"
    with pytest.raises(ContractError, match=r"report\.pdf"):
        format_of("report.pdf")
