"""Page sequences: coherent ones, and ones with exactly one fault."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import ContractError
from hubspot_strategies import contract
from hubspot_strategies.paging import PAGING_FAULTS, association_pages

EACH_FAULT = pytest.mark.parametrize("fault", [None, *PAGING_FAULTS])


def to(response):
    return [association["toObjectId"] for association in response["results"][0]["to"]]


def after(response):
    return response["results"][0].get("paging", {}).get("next", {}).get("after")


def follow(ask, max_pages=20):
    """Request page after page, as a client that follows every cursor, up to ``max_pages`` pages."""
    cursor, responses = None, []
    while len(responses) < max_pages:
        item = {"id": "7"} if cursor is None else {"id": "7", "after": cursor}
        responses.append(ask("read", {"inputs": [item]}).json)
        cursor = after(responses[-1])
        if cursor is None:
            return responses
    return responses


# --- coherent -----------------------------------------------------------------------------------------------------------


@given(pages=st.integers(1, 3), size=st.integers(1, 3), seed=st.integers(0, 2**32))
def test_every_page_keeps_the_contract_and_all_its_rules(pages, size, seed):
    for response in association_pages(pages, size=size, seed=seed):
        assert contract.errors(response) == []
        assert [rule.name for rule in contract.rules if not rule.keeps(response)] == []


@given(pages=st.integers(1, 6), size=st.integers(1, 5), seed=st.integers(0, 2**32))
def test_all_pages_together_list_distinct_objects(pages, size, seed):
    sequence = association_pages(pages, size=size, seed=seed)
    listed = [target for response in sequence for target in to(response)]
    assert len(sequence) == pages
    assert len(set(listed)) == len(listed) == pages * size


def test_all_pages_are_about_the_requested_object():
    assert {response["results"][0]["from"]["id"] for response in association_pages(3, object_id="42")} == {"42"}


def test_each_page_but_the_last_has_a_different_cursor():
    cursors = [after(response) for response in association_pages(4)]
    assert None not in cursors[:3]
    assert len(set(cursors)) == 4
    assert "paging" not in association_pages(4)[-1]["results"][0]


def test_a_page_is_requested_after_the_previous_one_is_completed():
    for previous, following in pairwise(association_pages(4)):
        assert previous["completedAt"] <= following["requestedAt"]


def test_one_primary_company_at_most():
    labels = [
        way.get("label")
        for response in association_pages(5, size=5)
        for association in response["results"][0]["to"]
        for way in association["associationTypes"]
    ]
    assert labels.count("Primary") == 1


def test_the_same_seed_gives_the_same_pages():
    assert (
        list(association_pages(3, seed=1)) == list(association_pages(3, seed=1)) != list(association_pages(3, seed=2))
    )


# --- faulty -------------------------------------------------------------------------------------------------------------


@EACH_FAULT
def test_every_page_keeps_the_schema_with_any_fault(fault):
    for response in association_pages(5, fault=fault):
        assert contract.errors(response) == []


@EACH_FAULT
def test_no_page_breaks_a_rule_except_the_one_without_a_cursor(fault):
    broken = {
        rule.name
        for response in association_pages(5, fault=fault)
        for rule in contract.rules
        if not rule.keeps(response)
    }
    assert broken == ({"paging-next-without-after"} if fault == "missing-cursor" else set())


def test_repeating_cursor_repeats_from_the_second_page_on():
    first, *others = (after(response) for response in association_pages(4, fault="repeating-cursor"))
    assert others == [first] * 3


def test_endless_has_a_new_cursor_on_every_page():
    cursors = [after(response) for response in association_pages(4, fault="endless")]
    assert None not in cursors
    assert len(set(cursors)) == 4


def test_empty_page_is_in_the_middle_and_loses_no_associations():
    pages = association_pages(5, fault="empty-page")
    assert [len(to(response)) for response in pages] == [2, 2, 0, 2, 2]
    assert [after(response) is None for response in pages] == [False] * 4 + [True]
    whole = [target for response in association_pages(4) for target in to(response)]
    assert [target for response in pages for target in to(response)] == whole


def test_missing_cursor_is_on_the_second_to_last_page():
    pages = association_pages(3, fault="missing-cursor")
    assert pages[1]["results"][0]["paging"] == {"next": {}}
    # The last page exists, although no cursor refers to it.
    assert to(pages[2]) == to(association_pages(3)[2])


def test_overlapping_starts_with_the_last_association_of_the_previous_page():
    for previous, following in pairwise(association_pages(4, fault="overlapping")):
        assert to(following)[0] == to(previous)[-1]


# --- served -------------------------------------------------------------------------------------------------------------


def test_a_script_sends_the_pages_in_order_and_ignores_cursors(batch_association_server, read):
    pages = association_pages(3)
    batch_association_server.script(*pages)
    assert [read("7").json for _ in pages] == list(pages)


def test_a_client_that_follows_the_cursors_gets_every_page(batch_association_server, ask):
    batch_association_server.always(association_pages(4, size=3, object_id="7"))
    listed = [target for response in follow(ask) for target in to(response)]
    assert listed == [target for response in association_pages(4, size=3, object_id="7") for target in to(response)]


def test_a_client_that_omits_the_cursor_always_gets_the_first_page(batch_association_server, read):
    batch_association_server.always(association_pages(4))
    assert to(read("7").json) == to(read("7").json)


def test_each_object_has_its_own_pages_and_cursors(batch_association_server, ask, read):
    batch_association_server.always(association_pages(3))
    first = read("7", "8").json["results"]
    cursors = [result["paging"]["next"]["after"] for result in first]
    swapped = ask("read", {"inputs": [{"id": "7", "after": cursors[1]}, {"id": "8", "after": cursors[1]}]})
    assert swapped.status == 207
    assert [error["context"]["ids"] for error in swapped.json["errors"]] == [["7"]]
    assert [result["from"]["id"] for result in swapped.json["results"]] == ["8"]


@pytest.mark.parametrize("cursor", ["", "7:1", "Nzox=", "Nzo5OQ==", "Nzow", "Nzot", "é"])
def test_an_unknown_cursor_is_an_error(batch_association_server, ask, cursor):
    batch_association_server.always(association_pages(3))
    assert ask("read", {"inputs": [{"id": "7", "after": cursor}]}).json["numErrors"] == 1


@pytest.mark.parametrize(
    ("fault", "requests"),
    [("repeating-cursor", 20), ("endless", 20), ("empty-page", 5), ("missing-cursor", 4), ("overlapping", 5)],
)
def test_number_of_requests_of_a_client_that_follows_every_cursor(batch_association_server, ask, fault, requests):
    batch_association_server.always(association_pages(5, fault=fault))
    assert len(follow(ask)) == requests


# --- rejected -----------------------------------------------------------------------------------------------------------


def test_an_unknown_fault_suggests_the_nearest():
    with pytest.raises(ContractError, match="did you mean 'endless'"):
        association_pages(3, fault="endles")


@pytest.mark.parametrize("fault", [None, *PAGING_FAULTS])
def test_too_few_pages_for_the_fault_are_rejected(fault):
    minimum = 1 if fault is None else PAGING_FAULTS[fault]
    assert len(association_pages(minimum, fault=fault)) == minimum
    with pytest.raises(ContractError, match=f"ask for {minimum} or more"):
        association_pages(minimum - 1, fault=fault)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"object_id": "seven"}], ids=repr)
def test_invalid_arguments_are_rejected(wrong):
    with pytest.raises(ContractError):
        association_pages(3, **wrong)
