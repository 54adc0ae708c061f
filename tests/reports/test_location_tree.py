"""The tree of locations, and the words for the outcomes at each of them."""

from __future__ import annotations

from contractfuzz.reports.outcomes import Outcome
from contractfuzz.reports.page.location_tree import build_tree


def test_a_location_counts_its_labels_by_their_worst_outcome():
    tree = build_tree({"/a:x.1": [Outcome.REJECTED], "/a:x.2": [Outcome.CRASHED, Outcome.WRONGLY_ACCEPTED]})
    assert tree.locations["a"].description == "1 of 2 crashed, 1 rejected"
    assert tree.locations["a"].worst is Outcome.CRASHED


def test_a_location_is_not_fed_only_if_none_of_its_labels_was_fed():
    tree = build_tree({"/a:x.1": [Outcome.NOT_FED], "/a:x.2": [Outcome.REJECTED], "/b:x.1": [Outcome.NOT_FED]})
    assert tree.locations["a"].worst is Outcome.REJECTED
    assert tree.locations["a"].description == "1 of 2 not fed, 1 rejected"
    assert tree.locations["b"].worst is Outcome.NOT_FED


def test_an_unusual_property_name_is_quoted():
    tree = build_tree({"/a~1b:x.1": [Outcome.NOT_FED], "/from:x.1": [Outcome.NOT_FED], "/:x.1": [Outcome.NOT_FED]})
    assert [location.name for location in tree.locations.values()] == ['"a/b"', "from", '""']


def test_equal_outcomes_are_described_together():
    tree = build_tree({"/a:x.1": [Outcome.REJECTED], "/a:x.2": [Outcome.REJECTED], "/b:x.1": [Outcome.REJECTED]})
    assert [location.description for location in tree.locations.values()] == ["all 2 rejected", "rejected"]
    unfed = build_tree({"/a:x.1": [Outcome.NOT_FED], "/a:x.2": [Outcome.NOT_FED], "/b:x.1": [Outcome.NOT_FED]})
    assert [location.description for location in unfed.locations.values()] == ["none of 2 fed", "not fed"]


def test_branches_of_unions_are_locations():
    tree = build_tree(
        {"(a)/x:type.null": [Outcome.REJECTED], "/x:type.null": [Outcome.REJECTED], ":tag.missing": [Outcome.CRASHED]}
    )
    assert list(tree.locations) == ["(a)", "x"]
    assert [one.name for one in tree.walk()] == ["the whole payload", "(a)", "x", "x"]
    assert list(tree.locations["(a)"].locations["x"].labels) == ["(a)/x:type.null"]
