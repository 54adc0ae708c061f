"""The JSON report satisfies its published schema, and reads back as the same report."""

from __future__ import annotations

import json
from pathlib import Path

import jsonschema
import pytest
from reported_consumers import careless, orders_contract
from runs import report_of
from systems import needs_fork

from contractfuzz import ContractError, Verdict, check
from contractfuzz.reports.json_report import from_json
from contractfuzz.reports.rendering import render

SCHEMA = json.loads((Path(__file__).parents[2] / "docs/report.schema.json").read_text(encoding="utf-8"))


def closed(schema):
    """Return the schema without additional properties: our own reports have none."""
    if isinstance(schema, list):
        return [closed(item) for item in schema]
    if not isinstance(schema, dict):
        return schema
    members = {key: closed(value) for key, value in schema.items()}
    return {**members, "additionalProperties": False} if "properties" in members else members


VALIDATOR = jsonschema.Draft202012Validator(closed(SCHEMA))


def test_the_published_schema_is_a_valid_json_schema():
    jsonschema.Draft202012Validator.check_schema(SCHEMA)


@pytest.mark.parametrize("consumer", ["careless", "improved", "honest", "echoing"])
def test_a_report_satisfies_the_published_schema(reported, consumer):
    VALIDATOR.validate(json.loads(render(reported(consumer), "json")))


def test_a_report_of_hubspots_contract_satisfies_the_published_schema(batch_association_response):
    report = check(lambda response: response["results"][0]["from"], batch_association_response, examples=0)
    assert not report.ok
    VALIDATOR.validate(json.loads(render(report, "json")))


def test_several_reports_are_an_array_that_satisfies_the_published_schema(reported):
    data = json.loads(render([reported("careless"), reported("honest")], "json"))
    assert [report["consumer"] for report in data] == ["reported_consumers:careless", "reported_consumers:honest"]
    VALIDATOR.validate(data)


@needs_fork
def test_a_report_of_an_isolated_consumer_satisfies_the_published_schema_and_has_the_same_labels(reported):
    isolated = reported("careless", isolate=True)
    VALIDATOR.validate(json.loads(render(isolated, "json")))
    assert isolated.labels == reported("careless").labels


def test_the_published_schema_rejects_a_report_without_findings(reported):
    data = json.loads(render(reported("careless"), "json"))
    del data["findings"]
    assert not VALIDATOR.is_valid(data)


def test_every_label_of_the_contract_has_the_verdict_of_its_smallest_case(reported):
    labels = reported("careless").labels
    assert tuple(labels["invalid"]) == orders_contract.labels("invalid")
    assert labels["invalid"]["/state:required.missing"] is Verdict.ACCEPTED
    assert labels["invalid"]["/lines:required.missing"] is Verdict.CRASHED
    assert labels["malformed"]["cut-before-end"] is Verdict.REJECTED


def test_labels_that_were_not_fed_have_no_verdict():
    report = report_of(careless, orders_contract, feed="bytes", examples=0, only="/state:*")
    labels = report.labels["invalid"]
    assert labels["/state:required.missing"] is Verdict.ACCEPTED
    assert labels["/lines:required.missing"] is None


def test_malformed_bodies_are_not_fed_to_a_consumer_of_objects():
    report = check(lambda order: None, orders_contract, examples=1)
    assert set(report.labels["malformed"].values()) == {None}


def test_a_report_reads_back_from_json_unchanged(reported):
    text = render(reported("careless"), "json")
    read_back = from_json(json.loads(text))
    assert render(read_back, "json") == text
    assert render(read_back, "text") == render(reported("careless"), "text")


@pytest.mark.parametrize(
    "data",
    [None, [], {}, {"format": 2}, {"format": 1}, {"format": 2, "consumer": "a", "contract": "b", "findings": 7}],
    ids=repr,
)
def test_anything_but_a_report_is_refused_in_one_line(data):
    with pytest.raises(ContractError) as caught:
        from_json(data)
    assert "\n" not in str(caught.value)


def test_a_report_of_an_older_format_names_both_formats(reported):
    data = json.loads(render(reported("honest"), "json"))
    with pytest.raises(ContractError, match="has format 1 instead of 2"):
        from_json({**data, "format": 1})


def test_a_finding_with_two_faults_has_both_labels_and_both_pointers():
    label = next(label for label in orders_contract.labels(faults=2) if label.startswith("/"))
    report = report_of(str, orders_contract, examples=0, faults=2, only=label)
    data = json.loads(render(report, "json"))
    VALIDATOR.validate(data)
    [finding] = data["findings"]
    first, second = report.findings[0].case.labels
    assert finding["label"] == label == f"{first} + {second}"
    assert [finding["pointer"], finding["second"]["pointer"]] == list(report.findings[0].case.pointers)
    assert finding["second"]["label"] == second
    read = from_json(data).findings[0]
    assert (read.case.labels, read.case.pointers, read.cause) == (
        (first, second),
        report.findings[0].case.pointers,
        report.findings[0].cause,
    )
    assert f"fault at   {finding['pointer']} and {finding['second']['pointer']}\n" in render(report, "text")
