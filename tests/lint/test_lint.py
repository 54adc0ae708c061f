"""What a publisher is told about a document: each thing with its JSON Pointer, its rule and what to do."""

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


def document(**keywords):
    return {"$schema": CORE, "name": "Order", "type": "object", "properties": {"id": {"type": "string"}}, **keywords}


def told(*documents, components=()):
    return [(remark.pointer, remark.rule) for remark in lint(documents, components)]


def test_a_document_with_nothing_wrong_is_told_nothing():
    assert told(document(required=["id"], example={"id": "1"})) == []


def test_a_namespace_and_what_a_type_has_by_extension_are_no_mistakes():
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
    assert told(document(properties={"bird": bird}, definitions={"Zoo": zoo})) == []
    zoo["Bird"]["properties"]["wings"] = {"type": "int8", "minimun": 1}
    assert told(document(properties={"bird": bird}, definitions={"Zoo": zoo})) == [
        ("/definitions/Zoo/Bird/properties/wings/minimun", "unknown-keyword")
    ]


def test_an_openapi_file_is_told_what_is_wrong_with_its_components():
    schemas = {
        "Order": {"type": "string", "nullable": True, "maxLenght": 3},
        "Part": {"$ref": "#/components/schemas/P"},
    }
    assert told({"openapi": "3.0.3", "info": {}, "components": {"schemas": schemas}}) == [
        ("/components/schemas/Order/maxLenght", "unknown-keyword"),
        ("/components/schemas/Part/$ref", "unresolved-reference"),
    ]


def test_a_reference_of_a_file_leads_to_the_file_of_its_own_api(tmp_path):
    order = {"$schema": CORE, "name": "Order", "type": "object", "properties": {"it": {"$ref": "#/definitions/Part"}}}
    for name, content in {
        "shop-order": order,
        "shop-part": {"$schema": CORE, "name": "Part", "type": "string"},
        "bank-part": {"$schema": CORE, "name": "Part", "type": "int8"},
    }.items():
        (tmp_path / f"{name}.json").write_text(json.dumps(content))
    assert told(tmp_path / "shop-order.json", components=tmp_path) == [
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
    ],
)
def test_each_rule_names_its_place(keywords, pointer, rule):
    assert (pointer, rule) in told(document(**keywords))
    assert rule in RULES


def test_what_is_misspelt_is_told_with_its_nearest_match():
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
def test_bounds_between_which_nothing_lies_are_told_at_the_lower_one(bounds, crossed):
    remarks = lint([document(properties={"it": bounds})])
    assert [r.pointer.rpartition("/")[2] for r in remarks if r.rule == "bounds-crossed"] == crossed


def test_documents_of_one_name_that_say_different_things_drift():
    other = document(properties={"id": {"type": "int32"}})
    assert told(document(), other) == [("", "name-drift")]
    assert told(document(), document(description="in other words")) == []


def test_documents_answer_each_others_references():
    line = {"$schema": CORE, "name": "Line", "type": "object", "properties": {"n": {"type": "int32"}}}
    order = document(properties={"line": {"type": {"$ref": "#/components/schemas/Line"}}})
    assert told(order) == [("/properties/line/type/$ref", "unresolved-reference")]
    assert told(order, line) == []


def test_an_example_is_judged_as_far_as_references_lead_somewhere():
    order = document(
        properties={"line": {"type": {"$ref": "#/components/schemas/Line"}}}, example={"line": 5, "id": []}
    )
    order["properties"]["id"] = {"type": "string"}
    [remark] = [remark for remark in lint([order]) if remark.rule == "example-breaks-schema"]
    assert remark.message.startswith("/id:")


def test_the_contracts_own_examples_break_it_in_four_places():
    remarks = lint([CONTRACT], [PACK])
    assert [remark.pointer for remark in remarks if remark.rule == "example-breaks-schema"] == [
        "/properties/results/example",
        "/properties/errors/example",
        "/properties/errors/items/properties/errors/example",
        "/properties/errors/items/properties/context/example",
    ]


def test_plain_json_schema_is_held_to_its_own_language():
    schema = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "type": "object",
        "prefixItems": [True],
        "values": {},
    }
    assert told(schema) == [("/values", "unknown-keyword")]


def test_what_is_no_document_at_all_is_refused():
    with pytest.raises(ContractError):
        lint([{"type": float("nan")}])


# --- the command ----------------------------------------------------------------------------------------------------------


def run(*arguments):
    return subprocess.run([CONTRACTFUZZ, "lint", *arguments], capture_output=True, text=True, timeout=60)


@pytest.fixture
def wrong(tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(document(required=["idd"])))
    return str(path)


def test_the_command_prints_a_line_for_each_and_exits_1(wrong):
    done = run(wrong)
    assert done.returncode == 1
    assert done.stdout == (
        f'{wrong} at /required/0: required-undefined: "idd" is required and not defined; did you mean "id"?; '
        "define it in `properties`\n"
    )


def test_the_command_exits_0_where_nothing_is_wrong(tmp_path):
    path = tmp_path / "order.json"
    path.write_text(json.dumps(document()))
    done = run(str(path))
    assert (done.returncode, done.stdout) == (0, "")


def test_json_and_sarif_hold_the_same(wrong):
    [remark] = json.loads(run(wrong, "--format", "json").stdout)
    [result] = json.loads(run(wrong, "--format", "sarif").stdout)["runs"][0]["results"]
    assert remark["rule"] == result["ruleId"] == "required-undefined"
    assert remark["message"] == result["message"]["text"]
    assert result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"] == "/required/0"


def test_a_file_that_is_not_json_is_one_line_and_exit_code_2(tmp_path):
    path = tmp_path / "broken.json"
    path.write_text("{")
    done = run(str(path))
    assert done.returncode == 2
    assert done.stderr.count("\n") == 1
