"""The HTML page as it is written: it loads nothing, and shows the answer and the tree without its script."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import reported_consumers

from contractfuzz import Contract, check
from contractfuzz.reports.page import html_page
from contractfuzz.reports.rendering import render
from contractfuzz.running.verdicts.effects import Effect


class Reader(HTMLParser):
    """Parses a page: the elements with their attributes, and the text by tag."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self._open = [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "rect", "wbr"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag != "rect":
            assert self._open.pop() == tag, f"{tag} is closed but not open"

    def handle_data(self, data):
        tag = self._open[-1] if self._open else ""
        self.text[tag] = self.text.get(tag, "") + data


@pytest.fixture(scope="module", params=["careless", "honest", "echoing"])
def page(request, reported):
    return render(reported(request.param), "html")


def test_every_element_is_closed_in_order(page):
    assert len(Reader(page).elements) > 100


def test_the_page_refers_to_nothing_outside_it(page):
    references = [
        attributes for _, attributes in Reader(page).elements if {"src", "href", "action", "srcset"} & attributes.keys()
    ]
    assert references == []
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_only_the_style_and_the_script_of_the_page(page):
    policy = next(attributes["content"] for tag, attributes in Reader(page).elements if "http-equiv" in attributes)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in {"style": "style-src", "script": "script-src"}.items():
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_the_data_cannot_end_its_script_element(page):
    (data,) = re.findall(r'<script type="application/json" class="contract-report">(.*?)</script>', page, re.DOTALL)
    assert not re.search(r"[<>&\u2028\u2029\x00-\x1f]", data)
    assert json.loads(data)["consumer"].startswith("reported_consumers:")


def test_the_page_has_no_invisible_characters(page):
    assert {character for character in page if not character.isprintable()} == {"\n"}


def test_without_its_script_the_page_shows_the_answer_and_the_tree(reported):
    page = Reader(render(reported("careless"), "html"))
    assert page.text["h1"] == "reported_consumers:careless does not honour orders"
    rows = [attributes for tag, attributes in page.elements if (attributes.get("class") or "").startswith("row ")]
    locations = {violation.location for violation in reported_consumers.orders_contract.violations()}
    assert len(rows) == len(locations) + len({"valid", "malformed", "hostile"})


def accept(body: bytes):
    return None


def reject(body: bytes):
    raise ValueError


def crash(body: bytes):
    raise KeyError


@pytest.mark.parametrize("consumer", [accept, reject, crash, reported_consumers.careless, reported_consumers.improved])
def test_what_to_fix_lists_every_finding(consumer, monkeypatch):
    monkeypatch.setattr(html_page, "MAX_LISTED_CAUSES", 1_000)
    report = check(consumer, reported_consumers.orders_contract, examples=5)
    assert report.findings
    text = render(report, "html")
    page = Reader(text)
    [data] = re.findall(r'class="contract-report">(.*?)</script>', text, re.DOTALL)
    causes = json.loads(data)["causes"]
    items = [attributes for tag, attributes in page.elements if tag == "details" and attributes.get("class") == "cause"]
    listed = {causes[int(item["data-number"])] for item in items}
    keywords = {attributes["data-keyword"] for _, attributes in page.elements if "data-keyword" in attributes}
    for finding in report.findings:
        has_effect = finding.effect is not Effect.NONE
        if not has_effect:
            assert finding.case.label.rpartition(":")[2].partition(".")[0] in keywords
        assert (finding.cause in listed) == has_effect
    if consumer is accept:
        assert "trailing-comma" in listed


def test_the_page_of_an_interrupted_run_says_that_cases_are_missing(reported):
    page = render(replace(reported("honest"), cut_short="interrupted"), "html")
    assert "Not every case was fed (interrupted)" in page
    assert "honours orders so far" in page


def test_a_run_that_fed_nothing_has_a_page(reported):
    page = render(replace(reported("honest"), counts={}, labels={}), "html")
    assert Reader(page).text["h1"] == "reported_consumers:honest was fed no case of orders"


def test_the_page_shows_tolerances_that_excused_nothing(reported):
    page = render(reported("honest", tolerate="/state:required.missing"), "html")
    assert "excused nothing: remove it" in page


def test_a_deep_contract_has_a_page():
    schema = {"type": "string"}
    for _ in range(30):
        schema = {"type": "object", "properties": {"in": schema}, "required": ["in"]}
    contract = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "deep", **schema})
    page = Reader(render(check(lambda _: None, contract, examples=0), "html"))
    rows = [attributes for _, attributes in page.elements if attributes.get("class") == "row location"]
    assert len(rows) == 31
