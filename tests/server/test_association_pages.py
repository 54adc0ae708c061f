"""Sequences of pages: coherent ones, and ones that are broken in the way that their fault says and in no other."""

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


def follow(ask, most=20):
    """Ask for page after page as a client does that trusts the server, for ``most`` pages at most."""
    cursor, responses = None, []
    while len(responses) < most:
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
def test_together_they_are_one_list_of_different_objects(pages, size, seed):
    sequence = association_pages(pages, size=size, seed=seed)
    listed = [target for response in sequence for target in to(response)]
    assert len(sequence) == pages
    assert len(set(listed)) == len(listed) == pages * size


def test_all_are_about_the_object_that_was_named():
    assert {response["results"][0]["from"]["id"] for response in association_pages(3, object_id="42")} == {"42"}


def test_each_page_names_a_cursor_of_its_own_and_the_last_one_names_none():
    cursors = [after(response) for response in association_pages(4)]
    assert None not in cursors[:3]
    assert len(set(cursors)) == 4
    assert "paging" not in association_pages(4)[-1]["results"][0]


def test_a_page_is_begun_when_the_one_before_is_completed():
    for before, behind in pairwise(association_pages(4)):
        assert before["completedAt"] <= behind["requestedAt"]


def test_one_primary_company_at_most():
    labels = [
        way.get("label")
        for response in association_pages(5, size=5)
        for association in response["results"][0]["to"]
        for way in association["associationTypes"]
    ]
    assert labels.count("Primary") == 1


def test_same_seed_same_pages():
    assert (
        list(association_pages(3, seed=1)) == list(association_pages(3, seed=1)) != list(association_pages(3, seed=2))
    )


# --- broken -------------------------------------------------------------------------------------------------------------


@EACH_FAULT
def test_every_page_keeps_the_schema_whatever_is_broken(fault):
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


def test_repeating_cursor_comes_again_from_the_second_page_on():
    first, *others = (after(response) for response in association_pages(4, fault="repeating-cursor"))
    assert others == [first] * 3


def test_endless_names_a_new_cursor_on_every_page():
    cursors = [after(response) for response in association_pages(4, fault="endless")]
    assert None not in cursors
    assert len(set(cursors)) == 4


def test_empty_page_lies_in_the_middle_and_hides_nothing():
    pages = association_pages(5, fault="empty-page")
    assert [len(to(response)) for response in pages] == [2, 2, 0, 2, 2]
    assert [after(response) is None for response in pages] == [False] * 4 + [True]
    whole = [target for response in association_pages(4) for target in to(response)]
    assert [target for response in pages for target in to(response)] == whole


def test_missing_cursor_is_promised_on_the_page_before_the_last():
    pages = association_pages(3, fault="missing-cursor")
    assert pages[1]["results"][0]["paging"] == {"next": {}}
    # The last page exists, if nobody can ask for it.
    assert to(pages[2]) == to(association_pages(3)[2])


def test_overlapping_begins_with_the_last_one_of_the_page_before():
    for before, behind in pairwise(association_pages(4, fault="overlapping")):
        assert to(behind)[0] == to(before)[-1]


# --- served -------------------------------------------------------------------------------------------------------------


def test_a_script_sends_them_in_order_whatever_is_asked_for(batch_association_server, read):
    pages = association_pages(3)
    batch_association_server.script(*pages)
    assert [read("7").json for _ in pages] == list(pages)


def test_a_client_that_follows_the_cursors_gets_every_page(batch_association_server, ask):
    batch_association_server.always(association_pages(4, size=3, object_id="7"))
    listed = [target for response in follow(ask) for target in to(response)]
    assert listed == [target for response in association_pages(4, size=3, object_id="7") for target in to(response)]


def test_a_client_that_forgets_the_cursor_gets_the_first_page_for_ever(batch_association_server, read):
    batch_association_server.always(association_pages(4))
    assert to(read("7").json) == to(read("7").json)


def test_each_object_has_pages_and_cursors_of_its_own(batch_association_server, ask, read):
    batch_association_server.always(association_pages(3))
    first = read("7", "8").json["results"]
    cursors = [result["paging"]["next"]["after"] for result in first]
    swapped = ask("read", {"inputs": [{"id": "7", "after": cursors[1]}, {"id": "8", "after": cursors[1]}]})
    assert swapped.status == 207
    assert [error["context"]["ids"] for error in swapped.json["errors"]] == [["7"]]
    assert [result["from"]["id"] for result in swapped.json["results"]] == ["8"]


@pytest.mark.parametrize("cursor", ["", "7:1", "Nzox=", "Nzo5OQ==", "Nzow", "Nzot", "é"])
def test_a_cursor_that_no_page_named_is_an_error(batch_association_server, ask, cursor):
    batch_association_server.always(association_pages(3))
    assert ask("read", {"inputs": [{"id": "7", "after": cursor}]}).json["numErrors"] == 1


@pytest.mark.parametrize(
    ("fault", "requests"),
    [("repeating-cursor", 20), ("endless", 20), ("empty-page", 5), ("missing-cursor", 4), ("overlapping", 5)],
)
def test_how_long_a_client_that_trusts_the_server_asks(batch_association_server, ask, fault, requests):
    batch_association_server.always(association_pages(5, fault=fault))
    assert len(follow(ask)) == requests


# --- refused ------------------------------------------------------------------------------------------------------------


def test_an_unknown_fault_names_the_nearest():
    with pytest.raises(ContractError, match="did you mean 'endless'"):
        association_pages(3, fault="endles")


@pytest.mark.parametrize("fault", [None, *PAGING_FAULTS])
def test_too_few_pages_to_show_the_fault(fault):
    fewest = 1 if fault is None else PAGING_FAULTS[fault]
    assert len(association_pages(fewest, fault=fault)) == fewest
    with pytest.raises(ContractError, match=f"ask for {fewest} or more"):
        association_pages(fewest - 1, fault=fault)


@pytest.mark.parametrize("wrong", [{"size": 0}, {"object_id": "seven"}], ids=repr)
def test_pages_of_nothing_are_refused(wrong):
    with pytest.raises(ContractError):
        association_pages(3, **wrong)
