"""Constructs of JSON Structure, each with payloads that are valid and payloads that are not."""

import pytest
from core_documents import ANIMALS, DOCUMENTS, document, holding

from contractfuzz import Contract, ContractError

CONSTRUCTS = [
    ("bounds of int64", [{"it": "-5"}, {"it": "999"}, {"it": "-0"}], [{"it": "-6"}, {"it": "1000"}, {"it": 5}]),
    (
        "decimal with precision",
        [{"it": "123456.78"}, {"it": "-0.01"}, {"it": "12345678"}],
        [{"it": "1234567.89"}, {"it": "0.001"}, {"it": "123456789"}],
    ),
    (
        "decimal with bounds",
        [{"it": "0.01"}, {"it": "100.00"}, {"it": "100"}, {"it": "99.99"}],
        [{"it": "0.00"}, {"it": "-1.00"}, {"it": "100.01"}, {"it": "1e1"}],
    ),
    ("number with scale", [{"it": 999.99}, {"it": -0.5}], [{"it": 1000}, {"it": 0.001}]),
    ("base64url", [{"it": "-_8"}, {"it": "-_8="}, {"it": ""}], [{"it": "+/8="}, {"it": "A"}]),
    ("pattern", [{"it": "ab1"}], [{"it": "ab1!"}, {"it": " ab1"}, {"it": "1"}]),
    ("names of keys", [{"it": {}}, {"it": {"a": 1}}], [{"it": {"A": 1}}, {"it": {"a": "1"}}]),
    ("patterns of keys", [{"it": {"n_a": 1, "b": "x"}}], [{"it": {"n_a": "x"}}]),
    ("map", [{"it": {"a": 1}}], [{"it": {}}, {"it": {"a": 1, "b": 2, "c": 3, "d": 4}}]),
    ("has", [{"it": {"a": 1, "b": "x"}}], [{"it": {}}, {"it": {"a": 1}}]),
    (
        "alternative sets",
        [{"name": "n", "fins": 2}, {"name": "n", "legs": 4}],
        [{"name": "n"}, {"fins": 2}, {"name": "n", "fins": 2, "legs": 4}],
    ),
    (
        "tagged choice",
        [{"it": {"text": "x"}}, {"it": {"number": 1}}],
        [{"it": {}}, {"it": {"text": "x", "number": 1}}, {"it": {"text": 1}}, {"it": {"other": 1}}, {"it": "x"}],
    ),
    (
        "inline choice",
        [{"it": {"kind": "Bird", "name": "n", "wings": 2}}, {"it": {"kind": "Fish", "name": "n"}}],
        [
            {"it": {"kind": "Bird", "name": "n"}},
            {"it": {"kind": "Cat", "name": "n"}},
            {"it": {"name": "n", "wings": 2}},
            {"it": {"kind": "Fish", "fins": 2}},
        ],
    ),
    (
        "extension",
        [{"it": {"name": "n", "wings": 2}}],
        [{"it": {"wings": 2}}, {"it": {"name": "n"}}, {"it": {"name": 1, "wings": 2}}],
    ),
    ("root in a namespace", [{"size": 1}], [{"size": "1"}, []]),
]


@pytest.mark.parametrize(("name", "valid", "invalid"), CONSTRUCTS, ids=[name for name, *_ in CONSTRUCTS])
def test_a_construct_follows_the_specification(name, valid, invalid):
    contract = Contract.load(DOCUMENTS[name])
    assert [payload for payload in valid if not contract.is_valid(payload)] == []
    assert [payload for payload in invalid if contract.is_valid(payload)] == []


def test_alternate_names_have_no_effect_on_payloads():
    contract = Contract.load(DOCUMENTS["alternate names"])
    assert contract.schema["properties"]["it"] == {"type": "string"}


def extending(**owl):
    return holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": {"type": "object", **owl}})


ERRORS = [
    (holding({"type": {"$ref": "#/definitions/Animal"}}, definitions=ANIMALS), "/definitions/Animal: is abstract"),
    (extending(**{"$extends": "#/definitions/Owl"}), "/definitions/Owl/$extends"),
    (extending(**{"$extends": "#/definitions/Bat"}), '"#/definitions/Bat" does not resolve'),
    (extending(**{"$extends": 5}), "must be a reference or a list of references, not 5"),
    (
        extending(**{"$extends": "#/definitions/Bird", "properties": {"name": {"type": "any"}}}),
        "has the same property; delete one of the two",
    ),
    (holding({"type": "choice"}), "/properties/it/choices: must be an object, not null"),
    (holding({"type": "choice", "choices": {}}), "is empty, so no payload is valid"),
    (holding({"type": "choice", "choices": {"a": {"type": "any"}}, "selector": "a"}), "needs `$extends`, too"),
    (holding({"type": "choice", "choices": {"a": {"type": "any"}}, "$extends": "#"}), "needs `selector`, too"),
    (holding({"type": ["choice", "null"]}), "a union cannot contain a choice"),
    (holding({"type": "string", "selector": "a"}), "`selector` belongs to a choice"),
    (holding({"type": "string", "precision": 3}), "`precision` belongs to a `decimal` or a `number`"),
    (holding({"type": "number", "precision": 3}), "`precision` of a number needs its `scale`"),
    (holding({"type": "decimal", "precision": 2, "scale": 3}), "scale 3 is greater than precision 2"),
    (holding({"type": "decimal", "minimum": "2.0", "maximum": "1.0"}), "no decimal is within the bounds"),
    (holding({"type": "decimal", "precision": True}), "must be a whole number from 1 to 1000, not true"),
    (holding({"type": "int64", "minimum": "1.5"}), 'must be a string with an integer, like "10", not "1.5"'),
    (holding({"type": "int64", "minimum": "2", "maximum": "1"}), "no int64 is within the bounds"),
    (holding({"type": "int64", "multipleOf": "2"}), '`multipleOf` with "int64" is not supported'),
    (holding({"type": "binary", "contentEncoding": "base46"}), 'did you mean "base64"?'),
    (holding({"type": "binary", "contentCompression": "gzip"}), "`contentCompression` is not supported"),
    (holding({"type": {"$ref": "#/definitions/Zoo"}}, definitions={"Zoo": {"A": {"type": "any"}}}), "is a namespace"),
    (holding({"type": "any"}, **{"$import": "https://example.org/a"}), "/$import: "),
    (document(type="object", properties={"a": {"type": "any"}}, required=[[5]]), "/required/0/0: must be a string"),
]


@pytest.mark.parametrize(("invalid", "problem"), ERRORS)
def test_a_construct_used_wrongly_is_an_error(invalid, problem):
    with pytest.raises(ContractError) as caught:
        Contract.load(invalid)
    assert problem in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("keywords", "valid", "invalid"),
    [
        ({"precision": 4, "scale": 2, "minimum": 0}, [0, 99.99], [-0.01, 100]),
        ({"precision": 4, "scale": 2, "minimum": -1000, "maximum": 5.5}, [-99.99, 5.5], [-100, 5.51]),
        ({"precision": 4, "scale": 2, "exclusiveMinimum": 1}, [1.01], [1, 0]),
        ({"scale": 1, "multipleOf": 0.25}, [0.5, 1], [0.25, 0.1]),
        ({"scale": 2, "multipleOf": 5}, [5, 10], [2.5, 1]),
        ({"precision": 1000, "scale": 2}, [0.01, 1e300], [0.001]),
    ],
    ids=str,
)
def test_precision_and_scale_are_combined_with_bounds_next_to_them(keywords, valid, invalid):
    contract = Contract.load(holding({"type": "number", **keywords}))
    assert [number for number in valid if not contract.is_valid({"it": number})] == []
    assert [number for number in invalid if contract.is_valid({"it": number})] == []
    assert all(contract.is_valid(case.payload) for case in contract.sample(30))
    cases = list(contract.sample(30, "invalid"))
    assert cases
    assert not any(contract.is_valid(case.payload) for case in cases)
