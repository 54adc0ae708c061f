"""Actual behaviour of HubSpot's own Python client, good and bad, with the mock server over real HTTP."""

from __future__ import annotations

import pytest

client = pytest.importorskip("hubspot.crm.associations.v4")
urllib3 = pytest.importorskip("urllib3")

from hubspot.crm.associations.v4.exceptions import ApiException, ServiceException  # noqa: E402

from hubspot_strategies import contract  # noqa: E402
from hubspot_strategies.paging import association_pages  # noqa: E402


@pytest.fixture
def api(batch_association_server):
    with client.ApiClient(client.Configuration(host=batch_association_server.url)) as connected:
        yield client.BatchApi(connected)


@pytest.fixture
def get_page(api):
    def ask(*ids, after=None):
        inputs = [client.PublicFetchAssociationsBatchRequest(id=number, after=after) for number in ids]
        return api.get_page(
            "contacts", "companies", client.BatchInputPublicFetchAssociationsBatchRequest(inputs=inputs)
        )

    return ask


def test_it_reads_a_valid_response(get_page):
    response = get_page("33451", "29851")
    assert response.status == "COMPLETE"
    assert [result._from.id for result in response.results] == ["33451", "29851"]
    assert all(result.to for result in response.results)


def test_it_reads_the_errors_of_a_207(get_page):
    response = get_page("33451", "nobody")
    assert response.num_errors == 1
    assert response.errors[0].context == {"ids": ["nobody"]}


def test_it_archives(api, batch_association_server):
    to = [client.PublicObjectId(id="2")]
    archived = client.PublicAssociationMultiArchive(_from=client.PublicObjectId(id="1"), to=to)
    api.archive("contacts", "companies", client.BatchInputPublicAssociationMultiArchive(inputs=[archived]))
    assert [exchange.status for exchange in batch_association_server.log] == [204]


def test_it_raises_an_error_for_a_rejected_request(get_page):
    with pytest.raises(ApiException) as caught:
        get_page(*map(str, range(1001)))
    assert caught.value.status == 400
    assert "VALIDATION_ERROR" in caught.value.body


def test_it_does_not_retry_after_429_by_default(get_page, batch_association_server):
    batch_association_server.script(429, 200)
    with pytest.raises(ApiException) as caught:
        get_page("7")
    assert caught.value.status == 429
    assert caught.value.headers["Retry-After"] == "1"
    assert get_page("7").status == "COMPLETE"
    assert [exchange.status for exchange in batch_association_server.log] == [429, 200]


def test_it_retries_after_429_if_configured(batch_association_server):
    batch_association_server.script(429, 200)
    again = urllib3.Retry(total=1, status_forcelist=[429], allowed_methods=["POST"], respect_retry_after_header=False)
    configuration = client.Configuration(host=batch_association_server.url)
    configuration.retries = again
    with client.ApiClient(configuration) as connected:
        inputs = client.BatchInputPublicFetchAssociationsBatchRequest(inputs=[{"id": "7"}])
        assert client.BatchApi(connected).get_page("contacts", "companies", inputs).status == "COMPLETE"
    assert [exchange.status for exchange in batch_association_server.log] == [429, 200]


@pytest.mark.parametrize("status", [500, 502, 503])
def test_it_raises_the_errors_of_servers_and_gateways(get_page, batch_association_server, status):
    batch_association_server.script(status)
    with pytest.raises(ServiceException) as caught:
        get_page("7")
    assert caught.value.status == status


def test_it_follows_a_redirect(get_page, batch_association_server):
    batch_association_server.script(307)
    assert get_page("7").status == "COMPLETE"
    assert [exchange.status for exchange in batch_association_server.log] == [307, 200]


@pytest.mark.parametrize("fault", ["html-page", "empty-body"])
def test_it_reads_an_html_page_or_an_empty_body_as_an_empty_response(get_page, batch_association_server, fault):
    batch_association_server.script(fault)
    response = get_page("7")
    assert (response.status, response.results, response.started_at) == (None, None, None)


@pytest.mark.parametrize("fault", ["wrong-content-type", "no-content-type", "chunked", "slow-bytes"])
def test_it_reads_a_response_with_any_content_type_and_transfer(get_page, batch_association_server, fault):
    batch_association_server.script(fault)
    assert get_page("7").results[0]._from.id == "7"


@pytest.mark.parametrize(
    ("fault", "error"),
    [
        ("cut-body", "IncompleteRead"),
        ("cut-chunked", "InvalidChunkLength|IncompleteRead|Response ended prematurely"),
        ("reset", "Connection reset by peer|ConnectionResetError"),
        ("no-answer", "RemoteDisconnected"),
    ],
)
def test_it_detects_a_connection_that_ends_too_soon(get_page, batch_association_server, fault, error):
    batch_association_server.script(fault)
    with pytest.raises(urllib3.exceptions.ProtocolError, match=error):
        get_page("7")


def test_it_detects_a_body_that_is_not_gzip(get_page, batch_association_server):
    batch_association_server.script("false-gzip")
    with pytest.raises(urllib3.exceptions.DecodeError):
        get_page("7")


def test_it_follows_cursors_to_the_last_page(get_page, batch_association_server):
    batch_association_server.always(association_pages(3))
    after, seen = None, []
    while not seen or after is not None:
        (result,) = get_page("7", after=after).results
        seen += [association.to_object_id for association in result.to]
        after = result.paging.next.after if result.paging else None
    assert len(seen) == len(set(seen)) == 6


def test_it_accepts_a_response_without_its_required_status(get_page, batch_association_server):
    case = next(contract.sample(1, "invalid", only="/status:required.missing"))
    batch_association_server.script(case)
    assert get_page("7").status is None
    assert batch_association_server.log[0].label == "/status:required.missing"
