"""What wire cases show about HubSpot's own client."""

from __future__ import annotations

import hubspot
from hubspot.crm.associations.v4 import ApiException, BatchInputPublicFetchAssociationsBatchRequest
from runs import report_of

from hubspot_strategies import contract

SLOW = ("connection.silent", "connection.slow-bytes")


def get_page(base_url):
    api = hubspot.Client.create(access_token="unused").crm.associations.v4.batch_api
    api.api_client.configuration.host = base_url
    request = BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": "1"}])
    return api.get_page("contacts", "companies", request, _request_timeout=1)


def test_it_takes_pages_of_html_and_drops_the_body_of_other_statuses():
    """Its document names 200 and 207 only, and it returns the text of a body that it cannot parse."""
    labels = [label for label in contract.labels("wire") if label not in SLOW]
    report = report_of(get_page, contract, examples=0, only=labels, raises=(ValueError, ApiException))
    assert {finding.case.label for finding in report.findings} == {
        "status.201",
        "status.202",
        "header.content-length-too-short",
        "body.html",
        "body.empty",
    }


def test_it_waits_without_end_for_a_silent_server_unless_it_is_given_a_timeout():
    def without_timeout(base_url):
        api = hubspot.Client.create(access_token="unused").crm.associations.v4.batch_api
        api.api_client.configuration.host = base_url
        return api.get_page("contacts", "companies", BatchInputPublicFetchAssociationsBatchRequest(inputs=[]))

    for client, verdicts in ((get_page, []), (without_timeout, ["hung"])):
        report = report_of(client, contract, examples=0, only="connection.silent", raises=ApiException, timeout=0.5)
        assert [str(finding.verdict) for finding in report.findings] == verdicts
