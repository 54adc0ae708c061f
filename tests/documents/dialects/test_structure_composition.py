"""What the constructs of JSON Structure mean: each with payloads that keep it and payloads that do not."""

import pytest
from core_documents import ANIMALS, DOCUMENTS, document, holding

from contractfuzz import Contract, ContractError

MEANINGS = [
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


@pytest.mark.parametrize(("name", "right", "wrong"), MEANINGS, ids=[name for name, *_ in MEANINGS])
def test_a_construct_means_what_the_specification_says(name, right, wrong):
    contract = Contract.load(DOCUMENTS[name])
    assert [payload for payload in right if not contract.is_valid(payload)] == []
    assert [payload for payload in wrong if contract.is_valid(payload)] == []


def test_of_two_types_that_are_extended_the_first_counts():
    other = {"type": "object", "properties": {"name": {"type": "int8"}, "age": {"type": "int8"}}, "required": ["age"]}
    both = {"type": "object", "$extends": ["#/definitions/Animal", "#/definitions/Aged"]}
    contract = Contract.load(holding(both, definitions={**ANIMALS, "Aged": other}))
    assert contract.is_valid({"it": {"name": "n", "age": 3}})
    assert [error.pointer for error in contract.errors({"it": {"name": 1, "age": 3}})] == ["/it/name"]
    assert not contract.is_valid({"it": {"name": "n"}})


def test_a_type_has_all_that_the_types_have_that_it_extends_in_a_row():
    owl = {"type": "object", "$extends": "#/definitions/Bird", "properties": {"hoots": {"type": "boolean"}}}
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": owl}))
    assert list(contract.schema["$defs"]["Owl"]["properties"]) == ["name", "wings", "hoots"]
    assert contract.schema["$defs"]["Owl"]["required"] == ["name", "wings"]


def test_a_type_that_allows_nothing_further_allows_what_it_has_by_extension():
    owl = {"type": "object", "$extends": "#/definitions/Bird", "additionalProperties": False}
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": owl}))
    assert contract.is_valid({"it": {"name": "n", "wings": 2}})
    assert not contract.is_valid({"it": {"name": "n", "wings": 2, "x": 1}})


def test_what_is_wrong_in_a_variant_of_a_choice_is_wrong_at_its_own_place():
    contract = Contract.load(DOCUMENTS["inline choice"])
    labels = set(contract.labels())
    assert {"/it/kind:enum.unknown", "/it/wings:type.null", "/it/fins:maximum.beyond"} <= labels
    [error] = contract.errors({"it": {"kind": "Cat", "name": "n"}})
    assert (error.pointer, error.keyword) == ("/it/kind", "enum")


@pytest.mark.parametrize("count", [1, 3, 5])
def test_a_choice_may_have_any_number_of_variants(count):
    variants = {f"V{i}": {"type": "object", "properties": {f"p{i}": {"type": "int8"}}} for i in range(count)}
    choice = {"type": "choice", "$extends": "#/definitions/Animal", "selector": "kind", "choices": variants}
    contract = Contract.load(holding(choice, definitions=ANIMALS))
    for i in range(count):
        assert contract.is_valid({"it": {"kind": f"V{i}", f"p{i}": 1}})
        assert not contract.is_valid({"it": {"kind": f"V{i}", f"p{i}": "x"}})
    assert {case.payload["it"]["kind"] for case in contract.sample(200)} == set(variants)


def test_a_choice_may_hold_itself():
    terms = {
        "Term": {"abstract": True, "type": "object", "properties": {"note": {"type": "string"}}},
        "Number": {"type": "object", "$extends": "#/definitions/Term", "properties": {"value": {"type": "int8"}}},
        "Sum": {"type": "object", "$extends": "#/definitions/Term", "additionalProperties": False},
    }
    choices = {name: {"type": {"$ref": f"#/definitions/{name}"}} for name in ("Number", "Sum")}
    term = {"type": "choice", "$extends": "#/definitions/Term", "selector": "op", "choices": choices}
    terms["Sum"]["properties"] = {"terms": {"type": "array", "items": term}}
    contract = Contract.load(holding(term, definitions=terms))
    deep = {"op": "Sum", "terms": [{"op": "Number", "value": 1}, {"op": "Sum", "terms": []}]}
    assert contract.is_valid({"it": deep})
    assert not contract.is_valid({"it": {"op": "Sum", "terms": [{"op": "Sum", "terms": [{"op": "Nothing"}]}]}})
    assert all(contract.is_valid(case.payload) for case in contract.sample(50))


@pytest.mark.parametrize("order", [("Number", "Negation"), ("Negation", "Number")])
def test_a_choice_ends_in_a_variant_that_holds_no_further_one_wherever_that_stands(order):
    term = {"type": {"$ref": "#/definitions/Term"}}
    variants = {
        "Number": {"type": "object", "properties": {"value": {"type": "int8"}}, "required": ["value"]},
        "Negation": {"type": "object", "properties": {"of": term}, "required": ["of"]},
    }
    choices = {name: variants[name] for name in order}
    base = {"abstract": True, "type": "object"}
    definitions = {
        "Base": base,
        "Term": {"type": "choice", "$extends": "#/definitions/Base", "selector": "op", "choices": choices},
    }
    contract = Contract.load(holding(term, definitions=definitions))
    payloads = [case.payload for case in contract.sample(100)]
    assert all(map(contract.is_valid, payloads))
    assert {payload["it"]["op"] for payload in payloads} == {"Number", "Negation"}


def test_a_type_may_hold_one_that_extends_it():
    node = {
        "type": "object",
        "properties": {
            "v": {"type": "int8"},
            "child": {"type": "object", "$extends": "#/definitions/Node", "additionalProperties": False},
        },
    }
    contract = Contract.load(holding({"type": {"$ref": "#/definitions/Node"}}, definitions={"Node": node}))
    assert contract.is_valid({"it": {"child": {"child": {"v": 2}}}})
    assert not contract.is_valid({"it": {"child": {"child": {"child": {"v": "x"}}}}})


def test_alternate_names_change_no_payload():
    contract = Contract.load(DOCUMENTS["alternate names"])
    assert contract.schema["properties"]["it"] == {"type": "string"}


STREETS = {
    "$id": "https://example.org/streets",
    "name": "Street",
    "type": "object",
    "properties": {"zip": {"type": {"$ref": "#/definitions/Zip"}}},
    "definitions": {"Zip": {"type": "string", "maxLength": 5}},
}


@pytest.mark.parametrize(
    ("reference", "definitions", "root", "valid", "invalid"),
    [
        ("#/definitions/Street", {}, {"$import": "https://example.org/streets"}, {"zip": "12345"}, {"zip": "123456"}),
        ("#/definitions/Zip", {}, {"$import": "https://example.org/streets"}, "12345", "123456"),
        ("#/definitions/Zip", {}, {"$importdefs": "https://example.org/streets"}, "12345", "123456"),
        (
            "#/definitions/Town/Zip",
            {"Town": {"$importdefs": "https://example.org/streets"}},
            {},
            "12345",
            "123456",
        ),
        (
            "#/definitions/Zip",
            {"Zip": {"type": "string", "maxLength": 2}},
            {"$importdefs": "https://example.org/streets"},
            "12",
            "123",
        ),
    ],
)
def test_types_are_imported_from_the_components_that_were_given(reference, definitions, root, valid, invalid):
    importing = holding({"type": {"$ref": reference}}, definitions=definitions, **root)
    contract = Contract.load(importing, [STREETS])
    assert contract.is_valid({"it": valid})
    assert not contract.is_valid({"it": invalid})


def extending(**owl):
    return holding({"type": {"$ref": "#/definitions/Owl"}}, definitions={**ANIMALS, "Owl": {"type": "object", **owl}})


REFUSED = [
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
    (holding({"type": "int64", "minimum": "1.5"}), 'must be a string that holds a int64, like "10", not "1.5"'),
    (holding({"type": "int64", "minimum": "2", "maximum": "1"}), "no int64 is within the bounds"),
    (holding({"type": "int64", "multipleOf": "2"}), '`multipleOf` with "int64" is not supported'),
    (holding({"type": "binary", "contentEncoding": "base46"}), 'did you mean "base64"?'),
    (holding({"type": "binary", "contentCompression": "gzip"}), "`contentCompression` is not supported"),
    (holding({"type": {"$ref": "#/definitions/Zoo"}}, definitions={"Zoo": {"A": {"type": "any"}}}), "is a namespace"),
    (holding({"type": "any"}, **{"$import": "https://example.org/a"}), "/$import: "),
    (document(type="object", properties={"a": {"type": "any"}}, required=[[5]]), "/required/0/0: must be a string"),
]


@pytest.mark.parametrize(("wrong", "said"), REFUSED)
def test_what_makes_no_contract_is_refused_with_its_name(wrong, said):
    with pytest.raises(ContractError) as caught:
        Contract.load(wrong)
    assert said in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
@pytest.mark.parametrize("order", [slice(None), slice(None, None, -1)], ids=["leaf last", "leaf first"])
def test_a_payload_ends_in_a_branch_that_does_not_lead_back_wherever_that_stands(keyword, order):
    branches = [{"type": "object", "properties": {"x": {"$ref": "#"}}, "required": ["x"]}, {"type": "null"}]
    contract = Contract.load({"$schema": "https://json-schema.org/draft/2020-12/schema", keyword: branches[order]})
    payloads = [case.payload for case in contract.sample(50)]
    assert None in payloads
    assert {"x": None} in payloads
