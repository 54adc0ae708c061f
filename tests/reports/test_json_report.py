"""The JSON report is what its published schema says, and comes back from it as it was."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from runs import report_of

from contractfuzz import ContractError, Verdict, check
from contractfuzz.reports import from_json, merge, render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text(encoding="utf-8"))


def closed(schema):
    """The schema, but refusing every property that it does not describe: our own reports have none."""
    if isinstance(schema, list):
        return [closed(one) for one in schema]
    if not isinstance(schema, dict):
        return schema
    made = {key: closed(value) for key, value in schema.items()}
    return {**made, "additionalProperties": False} if "properties" in made else made


VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


def test_the_published_schema_is_a_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("consumer", ["careless", "mended", "honest", "echoing"])
def test_a_report_keeps_the_published_schema(reported, consumer):
    VALIDATOR.validate(json.loads(render(reported(consumer), "json")))


def test_reports_of_hubspots_contract_keep_the_published_schema(batch_association_response):
    report = check(lambda response: response["results"][0]["from"], batch_association_response, examples=0)
    assert not report.ok
    VALIDATOR.validate(json.loads(render(report, "json")))


def test_several_reports_are_an_array_that_keeps_the_published_schema(reported):
    data = json.loads(render([reported("careless"), reported("honest")], "json"))
    assert [one["consumer"] for one in data] == ["reported_consumers:careless", "reported_consumers:honest"]
    VALIDATOR.validate(data)


def test_a_report_of_an_isolated_consumer_keeps_the_published_schema_and_has_the_same_labels(reported):
    isolated = reported("careless", isolate=True)
    VALIDATOR.validate(json.loads(render(isolated, "json")))
    assert isolated.labels == reported("careless").labels


def test_the_published_schema_refuses_a_report_without_its_findings(reported):
    data = json.loads(render(reported("careless"), "json"))
    del data["findings"]
    assert not VALIDATOR.is_valid(data)


def test_every_label_of_the_contract_is_told_with_what_its_smallest_case_met(reported):
    from reported_consumers import orders_contract

    labels = reported("careless").labels
    assert tuple(labels["invalid"]) == orders_contract.labels("invalid")
    assert labels["invalid"]["/state:required.missing"] is Verdict.ACCEPTED
    assert labels["invalid"]["/lines:required.missing"] is Verdict.CRASHED
    assert labels["malformed"]["cut-before-end"] is Verdict.REJECTED


def test_labels_that_were_not_fed_have_met_nothing():
    from reported_consumers import careless, orders_contract

    report = report_of(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    labels = report.labels["invalid"]
    assert labels["/state:required.missing"] is Verdict.ACCEPTED
    assert labels["/lines:required.missing"] is None


def test_malformed_bodies_are_not_fed_to_a_consumer_of_objects():
    from reported_consumers import orders_contract

    report = check(lambda order: None, orders_contract, examples=1)
    assert set(report.labels["malformed"].values()) == {None}


def test_a_report_comes_back_from_json_as_it_was(reported):
    text = render(reported("careless"), "json")
    again = from_json(json.loads(text))
    assert render(again, "json") == text
    assert render(again, "text") == render(reported("careless"), "text")


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"format": 1}, {"format": 2}, {"format": 1, "consumer": "a", "contract": "b", "findings": 7}],
    ids=repr,
)
def test_what_is_no_report_is_refused_in_one_line(data):
    with pytest.raises(ContractError) as caught:
        from_json(data)
    assert "\n" not in str(caught.value)


def test_merging_counts_cases_together_and_keeps_each_finding_once(reported):
    report = reported("careless")
    (merged,) = merge([report, report])
    assert merged.counts["invalid"] == {verdict: 2 * n for verdict, n in report.counts["invalid"].items()}
    assert [finding.key for finding in merged.findings] == [finding.key for finding in report.findings]
    assert [finding.seen for finding in merged.findings] == [2 * finding.seen for finding in report.findings]
    assert merged.labels == report.labels


def test_merging_keeps_consumers_apart_in_the_order_of_their_appearance(reported):
    merged = merge([reported("honest"), reported("careless"), reported("honest")])
    assert [report.consumer for report in merged] == ["reported_consumers:honest", "reported_consumers:careless"]


def test_merging_keeps_the_worst_that_a_label_met(reported):
    from reported_consumers import careless, orders_contract

    report = report_of(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    (merged,) = merge([report, reported("careless")])
    assert merged.labels == reported("careless").labels
