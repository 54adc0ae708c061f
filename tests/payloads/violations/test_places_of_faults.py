"""Where a fault stands: first, in the middle and last in arrays and maps, alone and beside valid siblings."""

from __future__ import annotations

from collections import Counter

import pytest


def unescaped(token):
    return token.replace("~1", "/").replace("~0", "~")


def spots(hubspot, label, location):
    """Count where the faulty member stands among its siblings in the array or map at ``location``."""
    counted = Counter()
    for case in hubspot.sample(800, kind="invalid", seed=5, only=label):
        *way, token = [unescaped(token) for token in case.pointer.split("/")[1 : location.count("/") + 2]]
        members = case.payload
        for step in way:
            members = members[int(step) if isinstance(members, list) else step]
        names = list(members) if isinstance(members, dict) else [str(number) for number in range(len(members))]
        place = names.index(token)
        alone = len(names) == 1
        counted["alone" if alone else "first" if place == 0 else "last" if place == len(names) - 1 else "middle"] += 1
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
def test_a_fault_stands_first_in_the_middle_last_and_alone(hubspot, label, location):
    counted = spots(hubspot, label, location)
    assert all(counted[spot] >= 10 for spot in ("first", "middle", "last", "alone")), counted


def test_the_pointer_leads_to_the_faulty_place_of_this_very_payload(hubspot):
    for case in hubspot.sample(50, kind="invalid", only="/results/*/to/*/toObjectId:type.integer"):
        _, _, result, _, association, _ = case.pointer.split("/")
        assert isinstance(case.payload["results"][int(result)]["to"][int(association)]["toObjectId"], int)
