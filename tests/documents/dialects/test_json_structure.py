"""Lowering of JSON Structure: its types and keywords in JSON Schema."""

import pytest

from contractfuzz import Contract

CORE = "https://json-structure.org/meta/core/v0/#"
FROM_OPENAPI = "https://json-structure.org/draft/2020-12/schema"


def load(schema=CORE, **keywords):
    return Contract.load({"$schema": schema, "name": "It", **keywords})


def keywords_of(**keywords):
    """Lower a document and return its keywords without `$schema` and `title`."""
    return dict(list(load(**keywords).schema.items())[2:])


@pytest.mark.parametrize(
    ("name", "valid", "invalid"),
    [
        ("any", [None, 1, "x", {}], []),
        ("null", [None], [0, "", False]),
        ("boolean", [True, False], [0, 1, "true", None]),
        ("string", ["", "x"], [1, None, ["x"]]),
        ("number", [0, 1.5, -1e9], ["1", None, True]),
        ("float", [0, 1.5], ["1", None, True]),
        ("double", [0, 1.5], ["1", None, True]),
        ("int8", [-128, 127], [-129, 128, 1.5, "1", True]),
        ("uint8", [0, 255], [-1, 256, 1.5, "1", True]),
        ("int16", [-(2**15), 2**15 - 1], [-(2**15) - 1, 2**15, "1"]),
        ("uint16", [0, 2**16 - 1], [-1, 2**16, "1"]),
        ("int32", [-(2**31), 2**31 - 1], [-(2**31) - 1, 2**31, 1.5, "1", True]),
        ("integer", [-(2**31), 2**31 - 1], [-(2**31) - 1, 2**31, 1.5, "1"]),
        ("uint32", [0, 2**32 - 1], [-1, 2**32, "1"]),
        (
            "int64",
            [str(-(2**63)), "0", str(2**63 - 1)],
            [str(-(2**63) - 1), str(2**63), 0, "", "1.0", "+1", "01", "1\n"],
        ),
        ("uint64", ["0", str(2**64 - 1)], ["-1", str(2**64), 0]),
        ("int128", [str(-(2**127)), str(2**127 - 1)], [str(-(2**127) - 1), str(2**127), 0]),
        ("uint128", ["0", str(2**128 - 1)], ["-1", str(2**128), 0]),
        ("decimal", ["0.0", "-12345678901234567890.5"], ["", ".5", "1.", "1e3", "01.5", "NaN", 1.5, "1,5"]),
        ("float8", [0, 1.5], ["1", None, True]),
        ("date", ["2025-03-15"], ["2025-02-30", "2025-03-15T14:30:00Z", "", 20250315]),
        ("datetime", ["2025-03-15T14:30:00Z", "2025-03-15T14:30:00.5+05:30"], ["2025-13-01T00:00:00Z", "", 0]),
        ("time", ["14:30:00Z"], ["25:00:00Z", ""]),
        ("duration", ["P1DT2H"], ["1 day", ""]),
        ("uuid", ["123e4567-e89b-12d3-a456-426614174000"], ["123e4567", ""]),
        ("uri", ["https://example.org/"], ["not a uri", ""]),
        ("email", ["a@example.org"], ["a", ""]),
        ("jsonpointer", ["", "/a~1b"], ["a", "/~2"]),
        ("binary", ["", "AAEC", "AAE=", "AA=="], [0, [0, 1, 2], "AAE", "A===", "AA-_", "AAE=\n"]),
        ("object", [{}, {"x": 1}], [[], None, "{}"]),
        ("map", [{}, {"x": 1}], [[], None]),
        ("array", [[], [1, 1]], [{}, None]),
        ("set", [[], [1, 2]], [[1, 1], {}]),
    ],
)
def test_a_type_means_what_the_specification_says(name, valid, invalid):
    contract = load(type=name)
    assert [payload for payload in valid if not contract.is_valid(payload)] == []
    assert [payload for payload in invalid if contract.is_valid(payload)] == []


def test_an_int32_is_an_integer_within_its_bounds():
    assert keywords_of(type="int32") == {"type": "integer", "minimum": -2147483648, "maximum": 2147483647}


def test_a_datetime_is_a_string_with_the_format_date_time():
    assert keywords_of(type="datetime") == {"type": "string", "format": "date-time"}


def test_an_integer_from_openapi_has_no_bounds():
    assert load(FROM_OPENAPI, type="integer").is_valid(1_700_000_000_000)


def test_an_object_with_additional_properties_and_no_properties_is_a_map():
    contract = load(type="object", additionalProperties={"type": "array", "items": {"type": "string"}})
    assert contract.is_valid({"any": ["x"], "": []})
    assert [error.pointer for error in contract.errors({"any": [1]})] == ["/any/0"]


def test_a_map_has_values():
    assert keywords_of(type="map", values={"type": "int8"}) == {
        "type": "object",
        "additionalProperties": {"type": "integer", "minimum": -128, "maximum": 127},
    }


@pytest.mark.parametrize("allowed", [True, False])
def test_additional_properties_may_be_a_boolean(allowed):
    assert load(type="object", properties={}, additionalProperties=allowed).is_valid({"x": 1}) is allowed


def test_a_tuple_has_all_its_properties_in_order():
    contract = load(type="tuple", properties={"y": {"type": "string"}, "x": {"type": "int8"}}, tuple=["x", "y"])
    assert contract.is_valid([1, "a"])
    assert [p for p in ([1], ["a", 1], [1, "a", 2], {"x": 1, "y": "a"}) if contract.is_valid(p)] == []


def test_bounds_tighten_a_type_and_never_widen_it():
    assert keywords_of(type="int8", minimum=0, maximum=300) == {"type": "integer", "minimum": 0, "maximum": 127}


def test_a_union_of_plain_types_is_one_schema():
    assert keywords_of(type=["int8", "null"]) == {"type": ["integer", "null"], "minimum": -128, "maximum": 127}


@pytest.mark.parametrize(
    ("union", "valid", "invalid"),
    [
        (["int8", "string", "null"], [1, "x", None], [128, 1.5, True]),
        (["int8", "double"], [1, 1.5, 1e9], ["x"]),
        (["datetime", "date"], ["2025-03-15", "2025-03-15T14:30:00Z"], ["14:30:00Z"]),
        (["set", "object"], [[1], {}], [[1, 1], None]),
        ([{"type": "string", "enum": ["x"]}, "null"], ["x", None], ["y", 1]),
        ([{"$ref": "#/definitions/Short"}, "null"], ["abc", None], ["abcd", 1]),
        (["any", "null"], [1, None, "x"], []),
    ],
)
def test_a_union_allows_what_any_of_its_types_allows(union, valid, invalid):
    contract = load(type=union, definitions={"Short": {"type": "string", "maxLength": 3}})
    assert [payload for payload in valid if not contract.is_valid(payload)] == []
    assert [payload for payload in invalid if contract.is_valid(payload)] == []


def test_a_contract_may_be_changed_without_effect_on_others():
    union = keywords_of(type=["datetime", "date"])["anyOf"]
    union[0]["format"] = "changed"
    assert keywords_of(type=["datetime", "date"])["anyOf"][0]["format"] == "date-time"


def test_a_reference_may_be_inside_the_type():
    contract = load(
        type="object",
        properties={"it": {"type": {"$ref": "#/definitions/Short"}}},
        definitions={"Short": {"type": "string", "maxLength": 3}},
    )
    assert contract.is_valid({"it": "abc"})
    assert not contract.is_valid({"it": "abcd"})


def test_the_root_may_be_one_of_the_definitions(assert_self_contained):
    contract = Contract.load(
        {"$schema": CORE, "name": "It", "$root": "#/definitions/Short", "definitions": {"Short": {"type": "int8"}}}
    )
    assert_self_contained(contract.schema)
    assert contract.is_valid(1)
    assert not contract.is_valid(128)


def test_an_example_is_the_first_of_the_examples():
    assert keywords_of(type="int8", example=1, examples=[2, 3])["examples"] == [1, 2, 3]


@pytest.mark.parametrize("unknown", [{"unit": "m"}, {"x-tags": {"any": ["thing"]}}])
def test_an_unknown_keyword_is_kept_as_an_annotation(unknown):
    assert keywords_of(type="string", **unknown) == {"type": "string", **unknown}


def test_a_document_without_a_dialect_is_detected_by_its_types(assert_self_contained):
    contract = Contract.load({"type": "object", "properties": {"at": {"type": "datetime"}}})
    assert_self_contained(contract.schema)
    assert not contract.is_valid({"at": "yesterday"})


def test_metadata_is_dropped(assert_self_contained):
    contract = load(
        type="string", **{"$id": "https://example.org/it", "$uses": ["JSONStructureValidation"], "$anchor": "it"}
    )
    assert_self_contained(contract.schema)
    assert set(contract.schema) == {"$schema", "title", "type"}
