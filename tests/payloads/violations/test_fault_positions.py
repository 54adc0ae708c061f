"""Positions of faults in arrays and maps: first, in the middle, last and alone."""

from __future__ import annotations

from collections import Counter

import pytest

from contractfuzz.json_pointer import parse_pointer


def count_positions(hubspot, label, location):
    """Count the positions of the faulty member in the array or map at ``location``."""
    counted = Counter()
    for case in hubspot.sample(800, kind="invalid", seed=5, only=label):
        *path, token = parse_pointer(case.pointer)[: location.count("/") + 1]
        members = case.payload
        for step in path:
            members = members[int(step) if isinstance(members, list) else step]
        names = list(members) if isinstance(members, dict) else [str(index) for index in range(len(members))]
        index = names.index(token)
        alone = len(names) == 1
        counted["alone" if alone else "first" if index == 0 else "last" if index == len(names) - 1 else "middle"] += 1
    return counted


@pytest.mark.parametrize(
    ("label", "location"),
    [
        ("/results/*/from/id:required.missing", "/results"),
        (
            "/results/*/to/*/associationTypes/*/associationTypeId:type.numeric-string",
            "/results/*/to/*/associationTypes",
        ),
        ("/errors/*/errors/*/context/*/*:type.null", "/errors/*/errors/*/context/*"),
        ("/links/*:type.integer", "/links"),
        ("/errors/*/context/*:type.object", "/errors/*/context"),
    ],
)
def test_a_fault_is_first_in_the_middle_last_and_alone(hubspot, label, location):
    counted = count_positions(hubspot, label, location)
    assert all(counted[position] >= 10 for position in ("first", "middle", "last", "alone")), counted


def test_the_pointer_leads_to_the_fault_in_this_payload(hubspot):
    cases = list(hubspot.sample(50, kind="invalid", only="/results/*/to/*/toObjectId:type.integer"))
    assert len(cases) == 50
    for case in cases:
        _, result, _, association, _ = parse_pointer(case.pointer)
        assert isinstance(case.payload["results"][int(result)]["to"][int(association)]["toObjectId"], int)
