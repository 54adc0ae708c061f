"""JUnit XML and GitHub's annotations: what a CI server shows of a report."""

from __future__ import annotations

import re
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
import reported_consumers

from contractfuzz import ContractError, check
from contractfuzz.reports import FORMS, form_of, render
from contractfuzz.reports.github_annotations import MOST_ERRORS

ROOT = Path(__file__).parents[2]


def suite(report):
    return ElementTree.fromstring(render(report, "junit"))


def commands(text):
    """Read workflow commands as GitHub's runner does: a line each, properties and message unescaped."""
    read = []
    for line in text.splitlines():
        name, properties, message = re.fullmatch(r"::(\w+) (.*?)::(.*)", line).groups()
        pairs = dict(pair.split("=", 1) for pair in properties.split(","))
        read.append((name, {key: unescaped(value) for key, value in pairs.items()}, unescaped(message)))
    return read


def unescaped(text):
    for character in ":,\n\r%":
        text = text.replace(f"%{ord(character):02X}", character)
    return text


def test_junit_has_a_test_case_for_each_label_and_for_each_kind_without_labels(reported):
    cases = [(case.get("classname"), case.get("name")) for case in suite(reported("careless")).iter("testcase")]
    labels = reported_consumers.orders_contract.labels
    expected = [("orders.valid", "valid payloads"), ("orders.hostile", "hostile payloads")]
    expected += [("orders.invalid", label) for label in labels("invalid")]
    expected += [("orders.malformed", label) for label in labels("malformed")]
    assert sorted(cases) == sorted(expected)


def test_junit_tells_a_crash_as_an_error_and_what_was_let_through_as_a_failure(reported):
    cases = {case.get("name"): case for case in suite(reported("careless")).iter("testcase")}
    assert cases["/lines:required.missing"].find("error").get("type") == "KeyError"
    failure = cases["/state:required.missing"].find("failure")
    assert failure.get("message") == "reported_consumers:careless accepted a payload that breaks the contract"
    assert "reproduce" in failure.text
    assert len(cases["cut-before-end"]) == 0


def test_junit_skips_what_was_not_fed():
    report = check(lambda order: None, reported_consumers.orders_contract, examples=1)
    cases = {case.get("name"): case for case in suite(report).iter("testcase")}
    assert cases["cut-before-end"].find("skipped").get("message") == "no case of it was fed"


def test_junit_passes_where_the_contract_is_honoured(reported):
    root = suite(reported("honest"))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_the_numbers_of_a_suite_are_those_of_its_cases(reported):
    for one in suite([reported("careless"), reported("honest")]).iter("testsuite"):
        assert int(one.get("tests")) == len(one.findall("testcase"))
        assert int(one.get("failures")) == len(one.findall("testcase/failure"))
        assert int(one.get("errors")) == len(one.findall("testcase/error"))


def test_junit_stays_xml_whatever_payloads_and_names_hold(reported):
    text = render(reported("echoing"), "junit")
    root = ElementTree.fromstring(text)
    assert int(root.get("errors")) > len(reported_consumers.NASTY_NAMES)
    assert not re.search("[^\n\x20-\x7e]", text), "nothing but what every reader of XML takes"


def test_github_annotates_the_line_that_crashed(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    name, properties, message = next(
        one for one in commands(render(reported("careless"), "github")) if "KeyError: 'lines'" in one[2]
    )
    source = (ROOT / properties["file"]).read_text(encoding="utf-8").splitlines()
    assert name == "error"
    assert 'order["lines"]' in source[int(properties["line"]) - 1]
    assert message.splitlines()[-1].startswith("reproduce: ")


def test_github_annotates_the_consumer_where_something_was_let_through(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    _, properties, _ = next(
        one for one in commands(render(reported("careless"), "github")) if "Let through" in one[1]["title"]
    )
    source = (ROOT / properties["file"]).read_text(encoding="utf-8").splitlines()
    assert source[int(properties["line"]) - 1].startswith("def careless")


def test_github_names_no_file_that_is_not_in_the_repository(reported, monkeypatch, tmp_path):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(tmp_path))
    assert all("file" not in properties for _, properties, _ in commands(render(reported("careless"), "github")))


def test_github_names_no_file_of_a_consumer_that_nobody_can_find(reported, monkeypatch):
    monkeypatch.setenv("GITHUB_WORKSPACE", str(ROOT))
    report = reported("careless")
    lost = [replace(finding, consumer="nowhere:at.all", raised=None) for finding in report.findings]
    told = commands(render(replace(report, findings=lost), "github"))
    assert all("file" not in properties for _, properties, _ in told)


def test_github_shows_the_answer_as_a_notice_and_nothing_else_where_all_is_well(reported):
    (command,) = commands(render(reported("honest"), "github"))
    assert command == ("notice", {"title": "contractfuzz"}, "reported_consumers:honest honours orders.")


def test_github_shows_no_more_errors_than_it_takes_and_says_how_many_are_left(reported):
    names = [name for name, _, _ in commands(render([reported("careless"), reported("mended")], "github"))]
    assert names.count("error") == MOST_ERRORS
    assert names[-1] == "warning"


def test_no_payload_or_name_begins_a_workflow_command_of_its_own(reported):
    text = render(reported("echoing"), "github")
    assert not re.search("[^\n\x20-\x7e]", text)
    assert {name for name, _, _ in commands(text)} <= {"notice", "error", "warning"}


@pytest.mark.parametrize("form", FORMS)
def test_every_form_ends_in_a_line_break(reported, form):
    assert render(reported("careless"), form).endswith("\n")


def test_a_form_that_does_not_exist_is_refused(reported):
    with pytest.raises(ContractError, match="'text'"):
        render(reported("honest"), "txet")


def test_the_suffix_of_a_file_names_its_form():
    assert form_of("out/Report.JSON") == "json"
    assert form_of("junit.xml") == "junit"
    with pytest.raises(ContractError, match=r"report\.pdf"):
        form_of("report.pdf")
