"""Linting a document: each remark has a JSON Pointer, a rule and a remedy."""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from contractfuzz import ContractError
from contractfuzz.lint import RULES, lint

CONTRACTFUZZ = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))
ROOT = Path(__file__).parents[2]
PACK = ROOT / "strategies" / "hubspot_strategies" / "documents"
CONTRACT = PACK / "batch-association-response.structure.json"
CORE = "https://json-structure.org/meta/core/v0/#"
ORDER = {"$schema": CORE, "$id": "https://example.com/order", "name": "Order", "type": "object"}


def document(**keywords):
    return {
        "$schema": CORE,
        "$id": "https://example.com/order",
        "name": "Order",
        "type": "object",
        "properties": {"id": {"type": "string"}},
        **keywords,
    }


def remarks_of(*documents, components=()):
    return [(remark.pointer, remark.rule) for remark in lint(documents, components)]


def test_a_correct_document_has_no_remarks():
    assert remarks_of(document(required=["id"], example={"id": "1"})) == []


def test_namespaces_and_inherited_properties_are_correct():
    zoo = {
        "Animal": {"abstract": True, "type": "object", "properties": {"name": {"type": "string"}}},
        "Bird": {
            "type": "object",
            "$extends": "#/definitions/Zoo/Animal",
            "properties": {"wings": {"type": "int8"}},
            "required": ["name"],
        },
    }
    bird = {"type": {"$ref": "#/definitions/Zoo/Bird"}}
    assert remarks_of(document(properties={"bird": bird}, definitions={"Zoo": zoo})) == []
    zoo["Bird"]["properties"]["wings"] = {"type": "int8", "minimun": 1}
    assert remarks_of(document(properties={"bird": bird}, definitions={"Zoo": zoo})) == [
        ("/definitions/Zoo/Bird/properties/wings/minimun", "unknown-keyword")
    ]


def test_the_components_of_an_openapi_file_are_checked():
    schemas = {
        "Order": {"type": "string", "nullable": True, "maxLenght": 3},
        "Part": {"$ref": "#/components/schemas/P"},
    }
    assert remarks_of({"openapi": "3.0.3", "info": {}, "components": {"schemas": schemas}}) == [
        ("/components/schemas/Order/maxLenght", "unknown-keyword"),
        ("/components/schemas/Part/$ref", "unresolved-reference"),
    ]


def test_a_reference_resolves_to_the_file_of_its_own_api(tmp_path):
    order = {
        "$schema": CORE,
        "$id": "https://example.com/order",
        "name": "Order",
        "type": "object",
        "properties": {"it": {"$ref": "#/definitions/Part"}},
    }
    for name, content in {
        "shop-order": order,
        "shop-part": {"$schema": CORE, "$id": "https://shop.com/part", "name": "Part", "type": "string"},
        "bank-part": {"$schema": CORE, "$id": "https://bank.com/part", "name": "Part", "type": "int8"},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    assert remarks_of(tmp_path / "shop-order.json", components=tmp_path) == [
        ("/properties/it/$ref", "ref-outside-type"),
        ("", "name-drift"),
    ]


@pytest.mark.parametrize(
    ("keywords", "pointer", "rule"),
    [
        (
            {"properties": {"id": {"$ref": "#/definitions/Id"}}, "definitions": {"Id": {"type": "string"}}},
            "/properties/id/$ref",
            "ref-outside-type",
        ),
        (
            {"properties": {"tags": {"type": "object", "additionalProperties": {"type": "string"}}}},
            "/properties/tags",
            "map-without-type",
        ),
        ({"properties": {"id": {"description": "anything"}}}, "/properties/id", "type-missing"),
        (
            {"properties": {"id": {"type": {"$ref": "#/definitions/Ir"}}}},
            "/properties/id/type/$ref",
            "unresolved-reference",
        ),
        (
            {"properties": {"s": {"type": "string", "enum": ["a"], "example": "b"}}},
            "/properties/s/example",
            "example-not-in-enum",
        ),
        ({"example": {"id": 1}}, "/example", "example-breaks-schema"),
        ({"required": ["idd"]}, "/required/0", "required-undefined"),
        (
            {"properties": {"n": {"type": "int32", "minimum": 5, "maximum": 4}}},
            "/properties/n/minimum",
            "bounds-crossed",
        ),
        ({"requierd": ["id"]}, "/requierd", "unknown-keyword"),
        ({"properties": {"id": {"type": "strnig"}}}, "", "unreadable"),
        ({"properties": {"id": {"type": "string", "pattern": "(a"}}}, "/properties/id/pattern", "pattern-unreadable"),
    ],
)
def test_each_rule_names_the_location(keywords, pointer, rule):
    assert (pointer, rule) in remarks_of(document(**keywords))
    assert rule in RULES


def test_a_misspelt_name_is_reported_with_the_closest_match():
    messages = [remark.message for remark in lint([document(requierd=["id"], required=["idd"])])]
    assert any('did you mean "required"' in message for message in messages)
    assert any('did you mean "id"' in message for message in messages)


@pytest.mark.parametrize(
    ("bounds", "crossed"),
    [
        ({"type": "int32", "minimum": 4, "maximum": 4}, []),
        ({"type": "int32", "exclusiveMinimum": 4, "maximum": 4}, ["exclusiveMinimum"]),
        ({"type": "int64", "minimum": "10", "maximum": "9"}, ["minimum"]),
        ({"type": "int64", "minimum": "9", "maximum": "10"}, []),
        ({"type": "string", "minLength": 2, "maxLength": 1}, ["minLength"]),
        ({"type": "string", "minLength": "2", "maxLength": None}, []),
        ({"type": "double", "minimum": "NaN", "maximum": True}, []),
    ],
)
def test_crossed_bounds_are_reported_at_the_lower_one(bounds, crossed):
    remarks = lint([document(properties={"it": bounds})])
    assert [r.pointer.rpartition("/")[2] for r in remarks if r.rule == "bounds-crossed"] == crossed


def test_different_documents_with_the_same_name_drift():
    other = document(properties={"id": {"type": "int32"}})
    assert remarks_of(document(), other) == [("", "name-drift")]
    assert remarks_of(document(), document(description="in other words")) == []


def test_documents_resolve_each_others_references():
    line = {
        "$schema": CORE,
        "$id": "https://example.com/line",
        "name": "Line",
        "type": "object",
        "properties": {"n": {"type": "int32"}},
    }
    order = document(properties={"line": {"type": {"$ref": "#/components/schemas/Line"}}})
    assert remarks_of(order) == [("/properties/line/type/$ref", "unresolved-reference")]
    assert remarks_of(order, line) == []


def test_an_example_is_checked_where_references_resolve():
    order = document(
        properties={"line": {"type": {"$ref": "#/components/schemas/Line"}}}, example={"line": 5, "id": []}
    )
    order["properties"]["id"] = {"type": "string"}
    [remark] = [remark for remark in lint([order]) if remark.rule == "example-breaks-schema"]
    assert remark.message.startswith("/id:")


def test_the_examples_of_the_published_contract_break_it_at_four_locations():
    remarks = lint([CONTRACT], [PACK])
    assert [remark.pointer for remark in remarks if remark.rule == "example-breaks-schema"] == [
        "/properties/results/example",
        "/properties/errors/example",
        "/properties/errors/items/properties/errors/example",
        "/properties/errors/items/properties/context/example",
    ]


def test_json_schema_is_checked_for_its_own_keywords():
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "array",
        "prefixItems": [True],
        "values": {},
    }
    assert remarks_of(schema) == [("/values", "unknown-keyword")]


def test_a_value_that_is_not_json_is_refused():
    with pytest.raises(ContractError):
        lint([{"type": float("nan")}])


@pytest.mark.parametrize(
    ("bounds", "message"),
    [
        ({"type": "int8", "minimum": 5, "maximum": 3}, "minimum 5 is greater than maximum 3: swap them"),
        (
            {"type": "int8", "exclusiveMinimum": 3, "maximum": 3},
            "no value is between exclusiveMinimum 3 and maximum 3: widen one of them",
        ),
    ],
)
def test_crossed_bounds_are_reported_with_their_values(bounds, message):
    remarks = lint([document(properties={"age": bounds})])
    assert [remark.message for remark in remarks if remark.rule == "bounds-crossed"] == [message]


def test_every_rule_has_a_summary_of_one_sentence():
    assert len(RULES) == 33
    assert all(summary.endswith(".") and "\n" not in summary for summary in RULES.values())


# --- the command ----------------------------------------------------------------------------------------------------------


def run(*arguments):
    return subprocess.run([CONTRACTFUZZ, "lint", *arguments], capture_output=True, text=True, timeout=60)


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(document(required=["idd"])))
    return str(path)


def test_the_command_prints_a_line_per_remark_and_exits_with_1(wrong):
    done = run(wrong)
    assert done.returncode == 1
    assert done.stdout == (
        f'{wrong} at /required/0: required-undefined: "idd" is required but not in `properties`; did you mean "id"?\n'
    )


def test_the_command_exits_with_0_without_remarks(tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(document()))
    done = run(str(path))
    assert (done.returncode, done.stdout) == (0, "")


def test_json_and_sarif_have_the_same_content(wrong):
    [remark] = json.loads(run(wrong, "--format", "json").stdout)
    [result] = json.loads(run(wrong, "--format", "sarif").stdout)["runs"][0]["results"]
    assert remark["rule"] == result["ruleId"] == "required-undefined"
    assert remark["message"] == result["message"]["text"]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/required/0"


def test_a_file_that_is_not_json_gives_one_line_and_exit_code_2(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{")
    done = run(str(path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
