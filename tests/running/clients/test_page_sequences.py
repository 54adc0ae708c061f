"""Sequences of pages: made for the usual shapes of pages, and judged only if the client reads pages."""

from __future__ import annotations

from functools import partial

import pytest
import requests
from runs import run_of
from wire_clients import ITEMS, TIMEOUT_SECONDS, items_of, over_http_client, pages

from contractfuzz import Contract, ContractError, check
from contractfuzz.running.options import CaseSet

ARRAY = {"type": "array", "items": {"type": "string"}}
CURSOR_LABELS = ["pages", "empty-page", "repeated-cursor", "repeated-page", "wrong-order", "endless"]
FLAG_LABELS = ["pages", "repeated-page", "wrong-order", "endless"]
LINK_LABELS = ["pages", "empty-page", "repeated-page", "wrong-order", "endless"]


def shaped(required=(), **properties):
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": properties,
            "required": list(required),
            "additionalProperties": False,
        },
        name="shaped",
    )


TOKEN = shaped(["data", "nextPageToken"], data=ARRAY, nextPageToken={"type": ["string", "null"]})
URL = shaped(["results"], results=ARRAY, next={"type": ["string", "null"], "format": "uri"})
NUMBER = shaped(["entries"], entries=ARRAY, next={"type": "integer", "minimum": 100})
GRAPH = shaped(
    ["nodes", "pageInfo"],
    nodes=ARRAY,
    pageInfo={
        "type": "object",
        "properties": {"endCursor": {"type": "string"}, "hasNextPage": {"type": "boolean"}},
        "required": ["hasNextPage"],
    },
)
FLAG = shaped(["data", "has_more"], data={**ARRAY, "minItems": 2}, has_more={"type": "boolean"})
ARRAYS = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", **ARRAY}, name="arrays")
PLAIN = shaped(["id"], id={"type": "string"}, tags=ARRAY)


@pytest.mark.parametrize(
    ("contract", "names"),
    [
        (ITEMS, CURSOR_LABELS),
        (TOKEN, CURSOR_LABELS),
        (URL, CURSOR_LABELS),
        (NUMBER, CURSOR_LABELS),
        (GRAPH, CURSOR_LABELS),
        (FLAG, FLAG_LABELS),
        (ARRAYS, LINK_LABELS),
        (PLAIN, []),
    ],
)
def test_the_usual_shapes_of_pages_are_recognised(contract, names):
    labels = [label for label in contract.labels("wire") if label.startswith("paging.")]
    assert labels == [f"paging.{name}" for name in names]
    for case in contract.sample(len(labels), "wire", only=labels or None):
        assert len(case.payload) >= 2
        assert all(map(contract.is_valid, case.payload))


def test_a_cursor_of_another_name_is_named_by_its_pointer():
    contract = shaped(["rows"], rows=ARRAY, bookmark={"type": "string"})
    assert not any(label.startswith("paging.") for label in contract.labels("wire"))
    assert "paging.pages" in contract.with_paging("/bookmark").labels("wire")
    with pytest.raises(ContractError, match="no pages can be made with a cursor at '/nothing'"):
        contract.with_paging("/nothing")


def findings_of(client, contract=ITEMS, **options):
    run = run_of(client, contract, feed="url", examples=0, only="paging.*", case_sets=[CaseSet("wire")], **options)
    run.feed_all()
    report = run.report()
    verdicts = {label: verdict for label, verdict in report.labels["wire"].items() if label.startswith("paging.")}
    return {finding.case.label: finding for finding in report.findings}, verdicts


def get(url, **parameters):
    response = requests.get(url, params=parameters, timeout=TIMEOUT_SECONDS)
    response.raise_for_status()
    return response


def by_token(base_url):
    found, token = [], None
    while True:
        page = get(base_url, **({"token": token} if token else {})).json()
        found += page["data"]
        if page["nextPageToken"] is None or page["nextPageToken"] == token:
            return found
        token = page["nextPageToken"]


def by_url(base_url):
    found, url, seen = [], f"{base_url}/results", set()
    while url and url not in seen:
        seen.add(url)
        page = get(url).json()
        found += page["results"]
        url = page.get("next")
    return found


def by_link(base_url):
    found, url = [], f"{base_url}/list?per_page=1"
    while url:
        response = get(url)
        found += response.json()
        url = response.links.get("next", {}).get("url")
    return found


def by_offset(base_url):
    found = []
    while True:
        page = get(base_url, offset=len(found)).json()
        found += page["data"]
        if not page["has_more"] or not page["data"]:
            return found


@pytest.mark.parametrize(
    ("client", "contract"), [(pages, ITEMS), (by_token, TOKEN), (by_url, URL), (by_link, ARRAYS), (by_offset, FLAG)]
)
def test_correct_clients_read_all_pages(client, contract):
    found, verdicts = findings_of(client, contract)
    assert found == {}
    assert None not in verdicts.values()
    assert verdicts["paging.pages"] == verdicts["paging.endless"] == "accepted"


def test_the_items_of_all_pages_reach_the_client():
    results = []
    run = run_of(lambda url: results.append(by_url(url)), URL, feed="url")
    [case] = URL.sample(1, "wire", only="paging.pages")
    assert run.judge(case) is None
    run.close()
    assert results == [[item for page in case.payload for item in page["results"]]]


def test_a_client_that_ignores_a_repeated_cursor_has_looped():
    found, _ = findings_of(partial(pages, is_careful=False))
    assert list(found) == ["paging.repeated-cursor"]
    assert found["paging.repeated-cursor"].detail.endswith("with the cursor of /next/after: 'page-2'")


def test_a_client_that_stops_at_an_empty_page_loses_items():
    found, _ = findings_of(partial(pages, stops_at_empty_page=True))
    assert list(found) == ["paging.empty-page"]
    assert found["paging.empty-page"].effect == "changed"
    assert (
        found["paging.empty-page"].detail == "the client asked for 2 of 3 pages: it stopped at the page without items"
    )


def test_a_client_that_reads_a_limited_number_of_pages_loses_nothing():
    def two_pages(base_url):
        first = get(base_url).json()
        second = get(base_url, after=first["next"]["after"]).json() if "next" in first else {"items": []}
        return items_of(first) + items_of(second)

    assert findings_of(two_pages)[0] == {}


def test_broken_sequences_are_not_fed_to_a_client_that_reads_one_page():
    found, verdicts = findings_of(over_http_client)
    assert found == {}
    assert verdicts.pop("paging.pages") == "accepted"
    assert set(verdicts.values()) == {None}


def test_a_check_of_a_client_that_pages_is_green_with_every_kind_of_case():
    report = check(
        pages, ITEMS, feed="url", raises=(ValueError, AttributeError), examples=10, tolerate=["*:*"], timeout=1
    )
    assert [finding for finding in report.findings if finding.kind in ("valid", "wire")] == []
    assert report.counts["valid"] == {"accepted": 10}
