"""Detection of a document's dialect, and choice of one by name."""

import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.documents.dialects.registry import DIALECT_OPTIONS, DIALECTS, DIALECTS_BY_URI

CORE = "https://json-structure.org/meta/core/v0/#"
FROM_OPENAPI = "https://json-structure.org/draft/2020-12/schema"


def document(schema=CORE, /, sibling=None, **it):
    properties = {"it": {"type": "int64", **it}, **({"sibling": sibling} if sibling else {})}
    return {"$schema": schema, "name": "It", "type": "object", "properties": properties}


def is_a_number(contract):
    number, string = contract.is_valid({"it": 7}), contract.is_valid({"it": "7"})
    assert number is not string
    return number


def test_an_int64_is_a_string_in_json_structure():
    assert not is_a_number(Contract.load(document()))


def test_an_int64_is_a_number_in_a_document_converted_from_openapi():
    assert is_a_number(Contract.load(document(FROM_OPENAPI)))


@pytest.mark.parametrize("example", [{"example": 7}, {"examples": [7]}, {"default": 7}, {"enum": [7]}, {"minimum": 7}])
def test_examples_that_are_numbers_make_an_int64_a_number(example):
    assert is_a_number(Contract.load(document(**example)))


@pytest.mark.parametrize(
    "sibling",
    [
        {"$ref": "#/components/schemas/It"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "string", "example": "x"},
        {"type": "string", "nullable": True},
        {"type": "email"},
    ],
)
def test_keywords_of_openapi_make_an_int64_a_number(sibling):
    assert is_a_number(Contract.load(document(sibling=sibling)))


def test_examples_that_are_strings_take_precedence_over_keywords_of_openapi():
    contract = Contract.load(
        document(examples=["7"], sibling={"type": "object", "additionalProperties": {"type": "any"}})
    )
    assert not is_a_number(contract)


@pytest.mark.parametrize(("dialect", "number"), [("json-structure", False), ("json-structure-openapi", True)])
@pytest.mark.parametrize("schema", [CORE, FROM_OPENAPI])
def test_a_dialect_can_be_chosen_by_name(schema, dialect, number):
    assert is_a_number(Contract.load(document(schema), dialect=dialect)) is number


def test_a_chosen_dialect_applies_to_components_as_well():
    main = {"name": "Main", "type": "object", "properties": {"it": {"$ref": "#/components/schemas/Id"}}}
    contract = Contract.load(main, [{"$schema": CORE, "name": "Id", "type": "int64"}], dialect="json-structure-openapi")
    assert is_a_number(contract)


def test_an_unknown_dialect_is_an_error_with_the_most_similar_name():
    with pytest.raises(ContractError, match="unknown dialect 'draft-4': did you mean \"draft-04\""):
        Contract.load({}, dialect="draft-4")


def test_the_names_of_dialects_are_the_documented_ones():
    json_schema = {"draft-04", "draft-06", "draft-07", "2019-09", "2020-12"}
    assert set(DIALECT_OPTIONS) == {"json-structure", "json-structure-openapi", *json_schema}


def test_each_name_option_and_uri_belongs_to_one_dialect():
    assert len({dialect.name for dialect in DIALECTS}) == len(DIALECTS)
    assert len(DIALECT_OPTIONS) == sum(dialect.option != "" for dialect in DIALECTS)
    assert len(DIALECTS_BY_URI) == sum(len(dialect.schema_uris) for dialect in DIALECTS)


@pytest.mark.parametrize("uri", DIALECTS_BY_URI)
def test_a_uri_may_have_either_scheme_and_an_empty_fragment(uri):
    expected = Contract.load({"$schema": f"https://{uri}", "type": "null"}).schema
    for written in (f"http://{uri}", f"https://{uri}#", f"https://{uri}/#"):
        assert Contract.load({"$schema": written, "type": "null"}).schema == expected


@pytest.mark.parametrize("companion", ["relations", "semantic-annotations", "units", "alternate-names", "extended"])
@pytest.mark.parametrize("end", ["v0/#", "v0", "v1/#", "v0/schema"])
def test_metaschemas_of_the_companions_of_json_structure_mean_json_structure(companion, end):
    document = {
        "$schema": f"https://json-structure.org/meta/{companion}/{end}",
        "name": "Order",
        "type": "object",
        "identity": ["id"],
        "relations": {"customer": {"targettype": {"$ref": "#/definitions/Customer"}, "cardinality": "single"}},
        "properties": {"id": {"type": "int64"}},
        "definitions": {"Customer": {"type": "object", "properties": {}}},
    }
    contract = Contract.load(document)
    assert [contract.is_valid({"id": payload}) for payload in ("1", 1)] == [True, False]
