"""In which dialect a document is read: by what it does, or by what was asked for."""

import pytest

from contractfuzz import Contract, ContractError

CORE = "https://json-structure.org/meta/core/v0/#"
FROM_OPENAPI = "https://json-structure.org/draft/2020-12/schema"


def document(schema=CORE, /, beside=None, **it):
    properties = {"it": {"type": "int64", **it}, **({"beside": beside} if beside else {})}
    return {"$schema": schema, "name": "It", "type": "object", "properties": properties}


def is_a_number(contract):
    number, string = contract.is_valid({"it": 7}), contract.is_valid({"it": "7"})
    assert number is not string
    return number


def test_in_a_strict_document_an_int64_is_a_string():
    assert not is_a_number(Contract.load(document()))


def test_in_a_document_made_from_openapi_it_is_a_number():
    assert is_a_number(Contract.load(document(FROM_OPENAPI)))


@pytest.mark.parametrize("example", [{"example": 7}, {"examples": [7]}, {"default": 7}, {"enum": [7]}, {"minimum": 7}])
def test_a_strict_document_whose_examples_are_numbers_means_numbers(example):
    assert is_a_number(Contract.load(document(**example)))


@pytest.mark.parametrize(
    "beside",
    [
        {"$ref": "#/components/schemas/It"},
        {"type": "object", "additionalProperties": {"type": "string"}},
        {"type": "string", "example": "x"},
        {"type": "string", "nullable": True},
        {"type": "email"},
    ],
)
def test_a_strict_document_that_does_what_only_openapi_does_means_numbers(beside):
    assert is_a_number(Contract.load(document(beside=beside)))


def test_examples_that_are_strings_have_the_last_word():
    contract = Contract.load(
        document(examples=["7"], beside={"type": "object", "additionalProperties": {"type": "any"}})
    )
    assert not is_a_number(contract)


@pytest.mark.parametrize(("dialect", "number"), [("json-structure", False), ("json-structure-openapi", True)])
@pytest.mark.parametrize("schema", [CORE, FROM_OPENAPI])
def test_a_dialect_can_be_forced(schema, dialect, number):
    assert is_a_number(Contract.load(document(schema), dialect=dialect)) is number


def test_a_forced_dialect_holds_for_the_components_as_well():
    main = {"name": "Main", "type": "object", "properties": {"it": {"$ref": "#/components/schemas/Id"}}}
    contract = Contract.load(main, [{"$schema": CORE, "name": "Id", "type": "int64"}], dialect="json-structure-openapi")
    assert is_a_number(contract)


def test_a_dialect_that_there_is_not_is_refused_with_the_nearest():
    with pytest.raises(ContractError, match="unknown dialect 'draft-4': did you mean \"draft-04\""):
        Contract.load({}, dialect="draft-4")


# --- JSON Schema of every age -------------------------------------------------------------------------------------------

DRAFT = {
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "draft-06": "http://json-schema.org/draft-06/schema#",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": "https://json-schema.org/draft/2020-12/schema",
}
OLD = ["draft-04", "draft-06", "draft-07"]
READINGS = [
    (OLD[:1], {"minimum": 3, "exclusiveMinimum": True}, [4], [3]),
    (OLD[:1], {"maximum": 3, "exclusiveMaximum": False}, [3], [4]),
    (OLD[:1], {"const": 1, "propertyNames": False, "contains": {"type": "null"}}, [2, {"a": 1}, []], []),
    (OLD[1:], {"exclusiveMinimum": 3}, [4], [3]),
    (OLD[1:], {"const": 1}, [1], [2]),
    (OLD[:2], {"if": {"const": 1}, "then": False}, [1, 2], []),
    (["draft-07", "2019-09", "2020-12"], {"if": {"const": 1}, "then": False}, [2], [1]),
    ([*OLD, "2019-09"], {"items": [{"type": "null"}], "additionalItems": False}, [[], [None]], [[1], [None, None]]),
    ([*OLD, "2019-09"], {"items": {"type": "null"}, "additionalItems": False}, [[None, None]], [[1]]),
    ([*OLD, "2019-09"], {"prefixItems": [{"type": "null"}]}, [[1]], []),
    (OLD, {"dependencies": {"a": ["b"]}}, [{}, {"a": 1, "b": 1}], [{"a": 1}]),
    (OLD, {"dependentRequired": {"a": ["b"]}}, [{"a": 1}], []),
    (["2019-09", "2020-12"], {"dependentRequired": {"a": ["b"]}}, [{"b": 1}], [{"a": 1}]),
    (OLD, {"$ref": "#/definitions/a", "maxLength": 1, "definitions": {"a": {"type": "string"}}}, ["xx"], [1]),
    (["2019-09"], {"$ref": "#/$defs/a", "maxLength": 1, "$defs": {"a": {"type": "string"}}}, ["x"], [1, "xx"]),
    (["draft-04"], {"items": {"$ref": "#a"}, "definitions": {"a": {"id": "#a", "type": "null"}}}, [[None]], [[1]]),
]


@pytest.mark.parametrize(
    ("draft", "schema", "right", "wrong"),
    [pytest.param(draft, *rest, id=f"{draft} {list(rest[0])}") for drafts, *rest in READINGS for draft in drafts],
)
def test_a_json_schema_is_read_as_its_draft_says(draft, schema, right, wrong, judge):
    said = {"$schema": DRAFT[draft], **schema}
    for contract in (Contract.load(said), Contract.load(schema, dialect=draft)):
        assert [payload for payload in right if not contract.is_valid(payload)] == []
        assert [payload for payload in wrong if contract.is_valid(payload)] == []
    assert [payload for payload in right if not judge(said).is_valid(payload)] == []
    assert [payload for payload in wrong if judge(said).is_valid(payload)] == []


@pytest.fixture
def judge():
    """Return the validator of a schema's own draft."""
    from jsonschema.validators import validator_for

    return lambda schema: validator_for(schema)(schema)


# --- pydantic -----------------------------------------------------------------------------------------------------------


def test_a_pydantic_model_is_a_contract_that_it_keeps_itself():
    pydantic = pytest.importorskip("pydantic")

    class Part(pydantic.BaseModel):
        code: int

    class Order(pydantic.BaseModel):
        state: str = pydantic.Field(max_length=5)
        parts: list[Part]

    contract = Contract.load(Order)
    assert contract.name == "Order"
    for case in contract.sample(50):
        Order.model_validate(case.payload)
    assert not contract.is_valid({"state": "x", "parts": [{}]})


def test_a_class_that_is_no_model_is_refused():
    with pytest.raises(
        ContractError, match="must be the path of a file, a dict or a pydantic model, not the class int"
    ):
        Contract.load(int)


def test_a_model_that_makes_no_schema_is_refused_with_its_reason():
    class Odd:
        @classmethod
        def model_json_schema(cls):
            raise TypeError("no\nway")

    with pytest.raises(ContractError, match="Odd: generates no JSON Schema: no; change the model or pass a schema"):
        Contract.load(Odd)
