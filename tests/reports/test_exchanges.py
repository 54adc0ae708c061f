"""Exchanges of clients in every report format."""

from __future__ import annotations

import json
from pathlib import Path

import httpx
import pytest
from jsonschema import Draft202012Validator
from runs import report_of
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait
from wire_clients import ITEMS, items_of

from contractfuzz.reports.json_report import from_json, report_as_json
from contractfuzz.reports.rendering import render
from contractfuzz.running.options import CaseSet

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text(encoding="utf-8"))


def read_items(base_url):
    return items_of(httpx.get(f"{base_url}/items?page=1", timeout=1).json())


@pytest.fixture(scope="module")
def report():
    return report_of(read_items, ITEMS, examples=0, only="status.502", case_sets=[CaseSet("wire")])


def test_the_json_report_has_the_exchange_and_is_valid(report):
    data = json.loads(json.dumps(report_as_json(report)))
    Draft202012Validator(SCHEMA).validate(data)
    [finding] = data["findings"]
    assert finding["exchange"]["request"] == "GET /items?page=1"
    assert finding["exchange"]["status"] == 502
    assert ["Content-Type", "text/html; charset=utf-8"] in finding["exchange"]["headers"]
    assert report_as_json(from_json(data)) == data


@pytest.mark.slow
def test_a_reader_of_the_page_sees_the_exchange(opened, report):
    browser = opened(report)
    browser.find_element(By.CSS_SELECTOR, ".cause summary").click()
    element = WebDriverWait(browser, 20).until(lambda _: browser.find_elements(By.CSS_SELECTOR, ".finding"))[0]
    names = [name.text for name in element.find_elements(By.TAG_NAME, "dt")]
    texts = [text.text for text in element.find_elements(By.TAG_NAME, "dd")]
    rows = dict(zip(names, texts, strict=True))
    assert rows["request"] == "GET /items?page=1"
    assert rows["response"].startswith("502, Content-Type: text/html; charset=utf-8")
    assert rows["body"] == "<!DOCTYPE html>"
    assert "smallest" not in rows


@pytest.mark.parametrize("report_format", ["text", "html", "junit", "github"])
def test_the_other_reports_show_the_request_and_the_response(report, report_format):
    text = render([report], report_format)
    assert "GET /items?page=1" in text
    assert "502, Content-Type: text/html; charset=utf-8" in text
    assert "DOCTYPE html" in text or report_format == "github"
