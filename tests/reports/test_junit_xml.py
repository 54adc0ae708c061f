"""JUnit XML: the test cases that a CI server shows for a report."""

from __future__ import annotations

import re
from xml.etree import ElementTree

import reported_consumers

from contractfuzz import check
from contractfuzz.reports.rendering import render


def suites(report):
    return ElementTree.fromstring(render(report, "junit"))


def cases_by_name(report):
    return {case.get("name"): case for case in suites(report).iter("testcase")}


def test_each_label_and_each_kind_without_labels_is_a_test_case(reported):
    cases = [(case.get("classname"), case.get("name")) for case in suites(reported("careless")).iter("testcase")]
    labels = reported_consumers.orders_contract.labels
    expected = [("orders.valid", "valid payloads"), ("orders.hostile", "hostile payloads")]
    expected += [("orders.invalid", label) for label in labels("invalid")]
    expected += [("orders.malformed", label) for label in labels("malformed")]
    assert sorted(cases) == sorted(expected)


def test_a_crash_is_an_error_and_a_wrongly_accepted_case_is_a_failure(reported):
    cases = cases_by_name(reported("careless"))
    assert cases["/lines:required.missing"].find("error").get("type") == "KeyError"
    failure = cases["/state:required.missing"].find("failure")
    assert failure.get("message") == "reported_consumers:careless accepted a payload that breaks the contract"
    assert "reproduce" in failure.text
    assert len(cases["cut-before-end"]) == 0


def test_a_label_that_was_not_fed_is_skipped():
    report = check(lambda order: None, reported_consumers.orders_contract, examples=1)
    assert cases_by_name(report)["cut-before-end"].find("skipped").get("message") == "no case was fed"


def test_an_honest_consumer_has_no_failures(reported):
    root = suites(reported("honest"))
    assert (root.get("failures"), root.get("errors")) == ("0", "0")


def test_each_suite_counts_its_test_cases(reported):
    counted = 0
    for suite in suites([reported("careless"), reported("honest")]).iter("testsuite"):
        assert int(suite.get("tests")) == len(suite.findall("testcase"))
        assert int(suite.get("failures")) == len(suite.findall("testcase/failure"))
        assert int(suite.get("errors")) == len(suite.findall("testcase/error"))
        counted += 1
    assert counted == 2


def test_hostile_payloads_and_names_do_not_break_the_xml(reported):
    text = render(reported("echoing"), "junit")
    root = ElementTree.fromstring(text)
    assert int(root.get("errors")) > 0
    assert int(root.get("tests")) > len(reported_consumers.HOSTILE_NAMES)
    # The last characters are those of malformed bodies.
    assert not re.search("[^\n\x20-\x7eé１🌀]", text), "every XML reader takes these characters"
