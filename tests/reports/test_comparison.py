"""Comparing a report with another one that is read from a file."""

from __future__ import annotations

from dataclasses import replace

import pytest
import reported_consumers

from contractfuzz import ContractError
from contractfuzz.reports.comparison import comparison_for, read_comparisons
from contractfuzz.reports.outcomes import Outcome, outcomes_of
from contractfuzz.reports.rendering import render


@pytest.mark.parametrize("format_name", ["json", "html"])
def test_a_report_that_is_read_from_a_file_has_the_same_outcomes(reported, tmp_path, format_name):
    file = tmp_path / "earlier"
    file.write_text(render([reported("careless"), reported("echoing")], format_name), encoding="utf-8")
    careless, echoing = read_comparisons(str(file))
    assert careless.outcomes == outcomes_of(reported("careless"))
    assert echoing.outcomes == outcomes_of(reported("echoing"))
    assert echoing.contract == reported("echoing").contract


def test_the_same_consumer_is_preferred_and_another_contract_is_never_compared(reported, tmp_path):
    file = tmp_path / "earlier"
    file.write_text(render([reported("echoing"), reported("careless"), reported("improved")], "json"), encoding="utf-8")
    comparisons = read_comparisons(str(file))
    assert comparison_for(reported("improved"), comparisons).consumer == "reported_consumers:improved"
    assert comparison_for(reported("honest"), comparisons).consumer == "reported_consumers:careless"
    assert comparison_for(reported("honest"), comparisons[:1]) is None


def test_a_fixed_label_is_better_and_a_broken_one_is_worse(reported, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(render([reported("careless"), reported("improved")], "json"), encoding="utf-8")
    careless, improved = read_comparisons(str(file))
    label = "/lines:required.missing"
    assert careless.change("invalid", label, improved.outcomes["invalid"][label]) == "better"
    assert improved.change("invalid", label, careless.outcomes["invalid"][label]) == "worse"
    assert improved.change("invalid", label, improved.outcomes["invalid"][label]) == "unchanged"
    assert improved.change("invalid", label, [Outcome.NOT_FED]) == "different"
    assert improved.change("invalid", "/new:type.null", [Outcome.CRASHED]) == "new"


def test_the_page_lists_labels_that_only_the_other_report_has(reported, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(render(reported("careless"), "json"), encoding="utf-8")
    fewer = replace(reported("honest"), labels={**reported("honest").labels, "invalid": {}})
    page = render(fewer, "html", comparisons=read_comparisons(str(file)))
    count = len(reported_consumers.orders_contract.violations())
    assert f"{count} labels only in report.json" in page


@pytest.mark.parametrize("content", [b"", b"{}", b"<html></html>", b"\xff", b'{"format": 2}', b"[1]"], ids=repr)
def test_a_file_without_a_report_is_refused_in_one_line(tmp_path, content):
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(ContractError, match=r"report\.json") as caught:
        read_comparisons(str(file))
    assert "\n" not in str(caught.value)


def test_a_missing_file_is_refused(tmp_path):
    with pytest.raises(ContractError, match="name a report"):
        read_comparisons(str(tmp_path / "nowhere.json"))
