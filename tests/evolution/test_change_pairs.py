"""Pairs of payloads before and after a possible change: they differ at the location of the change, in the way that it names."""

import random
import re

import pytest
from payload_judges import rust_says
from random_schemas import random_schema
from shaped_contracts import DRAFT, SCHEMAS

from contractfuzz import Contract, ContractError
from contractfuzz.evolution.catalogue import CHANGE_TYPES
from contractfuzz.evolution.evolving import find_pairs
from contractfuzz.evolution.shape_changes import NEW_PROPERTY, NEW_PROPERTY_SNAKE, WRAPPER, other_spelling
from contractfuzz.evolution.twins import Twin
from contractfuzz.json_pointer import parse_pointer

EVERYTHING = {
    "type": "object",
    "properties": {
        "id": {"type": "integer"},
        "level": {"type": "integer", "maximum": 99},
        "isOpen": {"type": "boolean"},
        "name": {"type": "string"},
        "status": {"enum": ["OPEN", "PAID"]},
        "placed": {"type": "string", "format": "date-time"},
        "day": {"type": "string", "format": "date"},
        "tags": {"type": "array", "items": {"type": "string"}},
        "owner": {"type": "object", "properties": {"id": {"type": "string"}}},
        "rates": {"type": "object", "additionalProperties": {"type": "number"}},
        "event": {
            "oneOf": [
                {"type": "object", "properties": {"type": {"const": one}}, "required": ["type"]} for one in ("a", "b")
            ]
        },
    },
}
PAYLOAD = {
    "id": 7,
    "level": 3,
    "isOpen": True,
    "name": "Ann",
    "status": "OPEN",
    "placed": "2024-05-17T10:30:00Z",
    "day": "2024-05-17",
    "tags": ["x", "y"],
    "owner": {"id": "9"},
    "rates": {"EUR": 1.5},
    "event": {"type": "a"},
}


def pairs_of(contract, payload):
    return find_pairs(contract, [Twin.of(contract, payload)])


def different_paths(one, other, path=()):
    """Yield the paths to the smallest parts in which two JSON values differ."""
    if isinstance(one, dict) and isinstance(other, dict):
        for name in one.keys() | other.keys():
            if name in one and name in other:
                yield from different_paths(one[name], other[name], (*path, name))
            else:
                yield *path, name
    elif isinstance(one, list) and isinstance(other, list) and len(one) == len(other):
        for index, (first, second) in enumerate(zip(one, other, strict=True)):
            yield from different_paths(first, second, (*path, str(index)))
    elif (type(one), one) != (type(other), other):
        yield path


def is_explained(path, pair):
    """Return True if a difference is at the location of the change, or is a name that the change gives."""
    tokens = parse_pointer(re.sub(r"(?<!\*)\([^()]*\)", "", pair.location))
    name = pair.change_type.name
    if name in ("renamed", "moved"):
        *tokens, own = tokens
        if not (path[len(tokens) :] and path[len(tokens)] in (own, other_spelling(own), WRAPPER)):
            return False
    if name == "added" and path[len(tokens)] not in (NEW_PROPERTY, NEW_PROPERTY_SNAKE):
        return False
    return len(path) >= len(tokens) and all(
        token == part or token.startswith("*") for token, part in zip(tokens, path, strict=False)
    )


def objections(contract, pairs):
    """Return the ids of the pairs that are not what they claim."""
    is_valid = rust_says(contract.schema)
    for pair in pairs.values():
        paths = list(different_paths(pair.twin, pair.payload))
        is_true = is_valid(pair.twin) and paths and all(is_explained(path, pair) for path in paths)
        if not is_true or is_valid(pair.payload) != pair.is_allowed:
            yield pair.id, pair.twin, pair.payload


def test_pairs_of_random_schemas_differ_at_their_locations(nightly):
    made = found = 0
    for seed in range(1500 if nightly else 40):
        rng = random.Random(seed)
        schema = random_schema(rng, rng.randint(1, 3))
        try:
            contract = Contract.load({"$schema": DRAFT, **schema}, name="random")
            payloads = [case.payload for case in contract.sample(4)]
        except ContractError:
            continue
        made += 1
        for payload in payloads:
            pairs = pairs_of(contract, payload)
            found += len(pairs)
            assert list(objections(contract, pairs)) == [], (seed, schema)
    assert made > 20
    assert found > 10 * made


@pytest.mark.parametrize("name", SCHEMAS)
def test_pairs_of_shaped_contracts_differ_at_their_locations(name):
    contract = Contract.load({"$schema": DRAFT, **SCHEMAS[name]}, name="shaped")
    pairs = [pairs_of(contract, case.payload) for case in contract.sample(5, profile="closed")]
    assert sum(map(len, pairs)) > 5
    assert [objection for some in pairs for objection in objections(contract, some)] == []


def test_every_change_type_applies_somewhere():
    contract = Contract("everything", EVERYTHING)
    pairs = pairs_of(contract, PAYLOAD)
    assert {pair.change_type.name for pair in pairs.values()} == {one.name for one in CHANGE_TYPES}
    assert list(objections(contract, pairs)) == []


@pytest.mark.parametrize(
    ("id", "after"),
    [
        ("/id:beyond-53-bits", 2**53 + 1),
        ("/id:number-as-string", "7"),
        ("/isOpen:boolean-as-string", "false"),
        ("/isOpen:renamed", None),
        ("/status:new-value", "UNKNOWN"),
        ("/status:other-case", "open"),
        ("/placed:fractional-seconds", "2024-05-17T10:30:00.123456Z"),
        ("/placed:other-offset", "2024-05-17T12:30:00+02:00"),
        ("/placed:epoch", 1715941800),
        ("/day:with-time", "2024-05-17T00:00:00Z"),
        ("/tags:list-as-map", {"0": "x", "1": "y"}),
        ("/tags:paged", {"items": ["x", "y"], "total": 2}),
        ("/owner:reduced", "9"),
        ("/rates:map-as-list", [1.5]),
        ("/event:new-branch", {"type": "UNKNOWN"}),
    ],
)
def test_a_change_is_the_one_of_its_name(id, after):  # noqa: A002
    pair = pairs_of(Contract("everything", EVERYTHING), PAYLOAD)[id]
    assert pair.payload.get(pair.location[1:]) == after


@pytest.mark.parametrize(
    ("before", "name", "after"),
    [
        ("2024-05-17T10:30:00.5+02:00", "no-offset", "2024-05-17T10:30:00.5"),
        ("2024-05-17T10:30:00.5+02:00", "other-offset", "2024-05-17T08:30:00.500000Z"),
        ("2024-05-17T10:30:00+00:00", "utc-offset", "2024-05-17T10:30:00Z"),
        ("2024-05-17T10:30:00Z", "utc-offset", "2024-05-17T10:30:00+00:00"),
        ("2024-05-17T10:30:00+00:00", "fractional-seconds", "2024-05-17T10:30:00.123456+00:00"),
    ],
)
def test_a_date_time_of_a_recorded_payload_keeps_its_form(before, name, after):
    contract = Contract("date-time", {"properties": {"at": {"type": "string", "format": "date-time"}}})
    pair = pairs_of(contract, {"at": before})[f"/at:{name}"]
    assert (pair.twin, pair.payload) == ({"at": before}, {"at": after})


def test_the_tag_of_a_union_gains_no_value():
    pairs = pairs_of(Contract("everything", EVERYTHING), PAYLOAD)
    assert "/event:new-branch" in pairs
    assert "/event(a)/type:new-value" not in pairs


def test_nothing_becomes_nullable_that_is():
    contract = Contract("nullable", {"properties": {"a": {"type": ["string", "null"]}, "b": {"type": "string"}}})
    pairs = pairs_of(contract, {"a": "x", "b": "x"})
    assert "/b:nullable" in pairs
    assert "/a:nullable" not in pairs


def test_all_values_at_a_location_change():
    schema = {"type": "array", "items": {"type": "object", "properties": {"id": {"type": "integer"}}}}
    pair = pairs_of(Contract("list", schema), [{"id": 1}, {}, {"id": 2}])["/*/id:number-as-string"]
    assert pair.payload == [{"id": "1"}, {}, {"id": "2"}]


@pytest.mark.parametrize(
    ("name", "other"),
    [
        ("createdAt", "created_at"),
        ("created_at", "createdAt"),
        ("id", "Id"),
        ("Id", "id"),
        ("userID", "user_id"),
        ("_id", "_id"),
        ("user-id", "userId"),
        ("HTMLPage", "html_page"),
    ],
)
def test_a_name_has_another_spelling(name, other):
    assert other_spelling(name) == other
