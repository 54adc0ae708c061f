"""docs/report-card.md matches a new measurement, and its statements about HubSpot's client are correct."""

from __future__ import annotations

import sys
from functools import cache
from pathlib import Path

import pytest

from contractfuzz import Verdict
from contractfuzz.running.adapters import clients
from hubspot_strategies import contract

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "examples" / "report_card"))

import report  # noqa: E402
from libraries.hubspot_client import get_page  # noqa: E402
from measured_libraries import python_version  # noqa: E402

LIBRARIES = {library.name: library for library in report.LIBRARIES}
PAGE = (ROOT / "docs" / "report-card.md").read_text(encoding="utf-8")


@cache
def measurement_of(name):
    return report.measure(LIBRARIES[name], contract)


def was_measured_with_the_same(library):
    row = next(line for line in PAGE.splitlines() if line.startswith(f"| {library.name} |"))
    return row.split(" | ")[1] == library.version and f"Measured on Python {python_version()}." in PAGE


@pytest.mark.parametrize("name", LIBRARIES)
def test_the_page_matches_the_measurement(name):
    if not was_measured_with_the_same(LIBRARIES[name]):
        pytest.skip(f"the page was measured with another version of {name} or Python")
    measurement = measurement_of(name)
    rows = [report.counts_row(measurement), report.accepted_faults_row(measurement), report.round_trip_row(measurement)]
    missing = [line for line in filter(None, rows) if line not in PAGE.splitlines()]
    assert not missing, "docs/report-card.md is out of date: make report-card"
    assert report.section(measurement) in PAGE, "docs/report-card.md is out of date: make report-card"


def test_the_page_lists_exactly_the_measured_libraries():
    titles = [line.removeprefix("### ") for line in PAGE.splitlines() if line.startswith("### ")]
    assert titles == list(LIBRARIES)


@pytest.mark.parametrize("name", LIBRARIES)
def test_every_library_accepts_all_valid_payloads(name):
    assert set(measurement_of(name).counts["valid"]) == {"accepted"}


# --- HubSpot's own client, version 12 -----------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def hubspot():
    if not LIBRARIES["hubspot-api-client"].version.startswith("12."):
        pytest.skip("these tests are for version 12 of HubSpot's client")
    return measurement_of("hubspot-api-client")


def labels(measurement, kind, verdict):
    return {finding.case.label for finding in measurement.found(kind, verdict)}


def test_hubspots_client_reads_an_html_page_or_an_empty_body_as_an_empty_response(hubspot):
    assert {"empty", "html-error", "login-page"} <= labels(hubspot, "malformed", Verdict.ACCEPTED)
    for body in (b"", b"<!DOCTYPE html><html><body>Sign in</body></html>"):
        response = clients.call(get_page, body)
        assert (response.status, response.results, response.started_at) == (None, None, None)


def test_hubspots_client_accepts_missing_required_properties_and_unknown_enum_values(hubspot):
    accepted = labels(hubspot, "invalid", Verdict.ACCEPTED)
    assert set(contract.labels("invalid", "*:required.missing")) <= accepted
    assert set(contract.labels("invalid", "*:enum.*")) <= accepted


def test_hubspots_client_reads_a_string_as_a_list_of_results(hubspot):
    assert "/results:type.string" in labels(hubspot, "invalid", Verdict.ACCEPTED)
    response = clients.call(get_page, b'{"status": "COMPLETE", "results": "none"}')
    assert [result._from for result in response.results] == [None] * len("none")


def test_hubspots_client_raises_a_type_error_for_a_number_where_a_date_time_should_be(hubspot):
    crashes = {finding.case.label: finding.raised.name for finding in hubspot.found("invalid", Verdict.CRASHED)}
    assert crashes["/startedAt:type.integer"] == crashes["/completedAt:type.number"] == "TypeError"


def test_hubspots_client_drops_properties_that_its_models_name_differently(hubspot):
    kind = "/results/*/to/*/associationTypes/*"
    lost = {location for location, what in hubspot.changes if what == "lost"}
    assert {f"{kind}/associationTypeId", f"{kind}/associationCategory"} <= lost
    assert f"`{kind}/associationTypeId` lost" in PAGE
