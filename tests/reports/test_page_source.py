"""The page as it is written: whole in itself, and what it says is in it before any script runs."""

from __future__ import annotations

import base64
import hashlib
import json
import re
from dataclasses import replace
from html.parser import HTMLParser

import pytest
import reported_consumers

from contractfuzz import Contract, ContractError, check
from contractfuzz.payloads.cases.case import Case
from contractfuzz.reports import render
from contractfuzz.reports.comparison import comparison_for, read_comparisons
from contractfuzz.reports.html_page import reports_as_html
from contractfuzz.reports.location_tree import tree_of
from contractfuzz.reports.outcomes import Outcome, outcomes_of
from contractfuzz.reports.payload_layout import LARGEST, MOST, lay_out


class Reader(HTMLParser):
    """Reads a page: its elements with their attributes, and the text in each kind of element."""

    def __init__(self, page):
        super().__init__(convert_charrefs=True)
        self.elements, self.text, self._open = [], {}, []
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in ("meta", "input", "rect"):
            self._open.append(tag)

    def handle_endtag(self, tag):
        if tag != "rect":
            assert self._open.pop() == tag, f"{tag} is closed where it is not open"

    def handle_data(self, data):
        self.text[self._open[-1] if self._open else ""] = self.text.get(self._open[-1] if self._open else "", "") + data


@pytest.fixture(scope="module", params=["careless", "honest", "echoing"])
def page(request, reported):
    return render(reported(request.param), "html")


def test_every_element_is_closed_where_it_was_opened(page):
    Reader(page)


def test_nothing_in_the_page_leads_out_of_it(page):
    led = [
        attributes for _, attributes in Reader(page).elements if {"src", "href", "action", "srcset"} & attributes.keys()
    ]
    assert led == []
    assert "url(" not in page
    assert "@import" not in page


def test_the_policy_allows_the_style_and_the_script_of_the_page_and_nothing_else(page):
    policy = next(attributes["content"] for tag, attributes in Reader(page).elements if "http-equiv" in attributes)
    rules = dict(rule.split(" ", 1) for rule in policy.split("; "))
    assert rules["default-src"] == "'none'"
    for tag, rule in {"style": "style-src", "script": "script-src"}.items():
        (content,) = re.findall(rf"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert rules[rule] == f"'sha256-{base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()}'"


def test_the_data_of_the_page_cannot_end_its_script(page):
    (data,) = re.findall(r'<script type="application/json" class="contract-report">(.*?)</script>', page, re.DOTALL)
    assert not re.search(r"[<>&\u2028\u2029\x00-\x1f]", data)
    assert json.loads(data)["consumer"].startswith("reported_consumers:")


def test_nothing_in_the_page_is_a_character_that_nobody_sees(page):
    assert {character for character in page if not character.isprintable()} == {"\n"}


def test_without_its_script_the_page_tells_the_answer_and_the_tree(reported):
    read = Reader(render(reported("careless"), "html"))
    assert read.text["h1"] == "reported_consumers:careless does not honour orders"
    rows = [attributes for tag, attributes in read.elements if attributes.get("class") == "place"]
    locations = {violation.location for violation in reported_consumers.orders_contract.violations()}
    assert len(rows) == len(locations) + len({"valid", "malformed", "hostile"})


def test_an_interrupted_run_says_that_it_is_not_the_whole_truth(reported):
    page = render(replace(reported("honest"), cut_short="interrupted"), "html")
    assert "Not every case was fed (interrupted)" in page
    assert "honours orders so far" in page


def test_a_run_that_fed_nothing_has_a_page_too(reported):
    page = render(replace(reported("honest"), counts={}, labels={}), "html")
    assert Reader(page).text["h1"] == "reported_consumers:honest was fed no case of orders"


def test_a_tolerance_that_was_not_needed_is_told(reported):
    page = render(reported("honest", tolerate="/state:required.missing"), "html")
    assert "was not needed, remove it" in page


def test_a_contract_may_be_deep():
    schema = {"type": "string"}
    for _ in range(30):
        schema = {"type": "object", "properties": {"in": schema}, "required": ["in"]}
    contract = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "deep", **schema})
    Reader(render(check(lambda _: None, contract, examples=0), "html"))


# --- words of the tree ----------------------------------------------------------------------------------------------------------


def test_a_place_says_how_many_of_its_labels_met_what_worst_first():
    tree = tree_of({"/a:x.1": [Outcome.REJECTED], "/a:x.2": [Outcome.CRASHED, Outcome.LET_THROUGH]})
    assert tree.places["a"].words == "1 of 2 crashed, 1 rejected"
    assert tree.places["a"].standing is Outcome.CRASHED


def test_a_place_is_not_reached_only_if_none_of_its_labels_was():
    tree = tree_of({"/a:x.1": [Outcome.MISSED], "/a:x.2": [Outcome.REJECTED], "/b:x.1": [Outcome.MISSED]})
    assert tree.places["a"].standing is Outcome.REJECTED
    assert tree.places["a"].words == "1 of 2 not reached, 1 rejected"
    assert tree.places["b"].standing is Outcome.MISSED


def test_a_property_s_name_is_shown_as_it_is_and_in_quotes_where_it_is_odd():
    tree = tree_of({"/a~1b:x.1": [Outcome.MISSED], "/from:x.1": [Outcome.MISSED], "/:x.1": [Outcome.MISSED]})
    assert [place.name for place in tree.places.values()] == ['"a/b"', "from", '""']


# --- payloads -------------------------------------------------------------------------------------------------------------------


def laid_out(payload, pointer=None):
    return lay_out(Case("invalid", payload, pointer=pointer))


def test_a_short_payload_stays_on_one_line_and_a_long_one_is_broken():
    assert laid_out({"a": [1, 2]}) == ('{"a": [1, 2]}', "", "")
    assert laid_out({"a": ["x" * 50, "y" * 50], "b": []})[0] == (
        '{\n  "a": [\n    "' + "x" * 50 + '",\n    "' + "y" * 50 + '"\n  ],\n  "b": []\n}'
    )


@pytest.mark.parametrize("payload", [{"a/b": {"~": [0, None]}}, {"a/b": {"~": [0, None], "long": "x" * 100}}])
def test_the_faulty_place_is_told_apart_and_the_pieces_make_the_payload(payload):
    before, fault, after = laid_out(payload, "/a~1b/~0/1")
    assert fault == "null"
    assert json.loads(before + fault + after) == payload


def test_of_a_missing_property_nothing_is_told_apart():
    assert laid_out({"a": 1}, "/b") == ('{"a": 1}', "", "")


def test_a_payload_says_the_numbers_that_it_holds():
    assert laid_out([9007199254740993, 1.0, 1e308])[0] == "[9007199254740993, 1.0, 1e+308]"


def test_a_long_payload_is_cut_around_its_faulty_place():
    before, fault, after = laid_out({"a": "x" * 9_000, "b": 7, "c": "y" * 9_000}, "/b")
    assert fault == "7"
    assert len(before) < MOST + 10
    assert len(after) < MOST + 40


def test_a_huge_payload_is_shown_by_its_beginning():
    shown, fault, after = laid_out(["x" * LARGEST], "/0")
    assert shown.startswith('["xxx')
    assert f"({LARGEST + 4:,} bytes)" in shown
    assert (fault, after) == ("", "")


# --- comparing ------------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("form", ["json", "html"])
def test_a_report_that_is_read_for_comparing_stands_as_it_stood(reported, tmp_path, form):
    file = tmp_path / "earlier"
    file.write_text(render([reported("careless"), reported("echoing")], form), encoding="utf-8")
    careless, echoing = read_comparisons(str(file))
    assert careless.standings == outcomes_of(reported("careless"))
    assert echoing.standings == outcomes_of(reported("echoing"))
    assert echoing.contract == reported("echoing").contract


def test_a_report_is_compared_with_its_own_consumer_before_another_and_never_with_another_contract(reported, tmp_path):
    file = tmp_path / "earlier"
    file.write_text(render([reported("echoing"), reported("careless"), reported("mended")], "json"), encoding="utf-8")
    others = read_comparisons(str(file))
    assert comparison_for(reported("mended"), others).consumer == "reported_consumers:mended"
    assert comparison_for(reported("honest"), others).consumer == "reported_consumers:careless"
    assert comparison_for(reported("honest"), others[:1]) is None


def test_what_was_mended_is_better_and_what_was_broken_is_worse(reported, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(render([reported("careless"), reported("mended")], "json"), encoding="utf-8")
    careless, mended = read_comparisons(str(file))
    label = "/lines:required.missing"
    assert careless.change("invalid", label, mended.standings["invalid"][label]) == "better"
    assert mended.change("invalid", label, careless.standings["invalid"][label]) == "worse"
    assert mended.change("invalid", label, mended.standings["invalid"][label]) == "same"
    assert mended.change("invalid", label, [Outcome.MISSED]) == "otherwise"
    assert mended.change("invalid", "/new:type.null", [Outcome.CRASHED]) == "otherwise"


def test_labels_that_only_the_other_report_has_are_listed(reported, tmp_path):
    file = tmp_path / "report.json"
    file.write_text(render(reported("careless"), "json"), encoding="utf-8")
    fewer = replace(reported("honest"), labels={**reported("honest").labels, "invalid": {}})
    page = reports_as_html([fewer], read_comparisons(str(file)))
    count = len(reported_consumers.orders_contract.violations())
    assert f"{count} labels only in report.json" in page


@pytest.mark.parametrize("content", [b"", b"{}", b"<html></html>", b"\xff", b'{"format": 1}', b"[1]"], ids=repr)
def test_a_file_that_holds_no_report_is_refused_in_one_line(tmp_path, content):
    file = tmp_path / "report.json"
    file.write_bytes(content)
    with pytest.raises(ContractError, match=r"report\.json") as caught:
        read_comparisons(str(file))
    assert "\n" not in str(caught.value)


def test_a_file_that_is_not_there_is_refused(tmp_path):
    with pytest.raises(ContractError, match="name a report"):
        read_comparisons(str(tmp_path / "nowhere.json"))
