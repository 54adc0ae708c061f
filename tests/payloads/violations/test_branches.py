"""Violations inside the branches of unions and conditions, judged by validators of the single branches."""

from __future__ import annotations

import json
import random
import re
from typing import Annotated, Literal

import jsonschema_rs
import pytest
from jsonschema import Draft202012Validator
from payload_judges import LabelJudge, keyword_of, pointer_to, rust_says, with_causes
from pydantic import BaseModel, Field

from contractfuzz import Contract
from contractfuzz.errors import ContractError

DRAFT = "https://json-schema.org/draft/2020-12/schema"
STRING, INTEGER, NULL = {"type": "string"}, {"type": "integer"}, {"type": "null"}


def load(schema, name=None):
    return Contract.load({"$schema": DRAFT, **schema}, name=name)


def an_event(tag, name="type", required=(), **properties):
    return {
        "type": "object",
        "properties": {name: {"const": tag}, **properties},
        "required": [name, *required],
    }


EVENTS = [
    an_event("user.created", required=["email"], email={"type": "string", "minLength": 3}),
    an_event("user.deleted", required=["id"], id={"type": "integer", "minimum": 1}, reason=STRING),
]


def judge_all(contract, count=100):
    """Judge every label of a contract and some random cases; return the labels."""
    labels = contract.labels("invalid")
    judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
    seen = 0
    for case in contract.sample(len(labels) + count, "invalid"):
        assert judge.objections(case) == []
        assert not rust(case.payload), case.label
        assert_errors_are_at_the_label(contract, case)
        seen += 1
    assert seen >= len(labels)
    assert len(set(labels)) == len(labels)
    assert all(rust(case.payload) for case in contract.sample(count))
    return labels


def assert_errors_are_at_the_label(contract, case):
    """The law of labels: each error is at the label's pointer, and one has its keyword."""
    errors = contract.errors(case.payload)
    keyword = keyword_of(case.label)
    assert errors, case.label
    if case.label.endswith(":tag.other"):
        assert all(f"{error.pointer}/".startswith(f"{case.pointer}/") for error in errors), case.label
        return
    place = case.pointer.rpartition("/")[0] if keyword in ("required", "dependentRequired") else case.pointer
    assert {error.pointer for error in errors} == {place}, case.label
    reported_by_content = ("allOf", "then", "else", "dependentSchemas")
    assert keyword in reported_by_content or keyword in {error.keyword for error in errors}, case.label


def inside(labels, start):
    return {label.removeprefix(start) for label in labels if label.startswith(start) and ":type." not in label}


# --- tagged unions ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("keyword", ["oneOf", "anyOf"])
def test_every_fault_inside_a_tagged_branch_has_a_label(keyword):
    contract = load({"type": "object", "properties": {"event": {keyword: EVENTS}}, "required": ["event"]})
    labels = judge_all(contract)
    assert inside(labels, "/event(user.created)") == {
        ":tag.other",
        "/email:required.missing",
        "/email:minLength.short",
        "/email:minLength.far",
    }
    assert {f"/event(user.deleted)/{end}" for end in ("id:minimum.far", "reason:type.null", "id:type.string")} < set(
        labels
    )
    assert inside(labels, "/event/type:tag.") == {
        *("unknown", "case", "padded", "empty", "index"),
        *("null", "boolean", "integer", "number", "array", "object"),
    }
    assert {f"/event:{keyword}.none", "/event:tag.missing"} < set(labels)
    assert not [label for label in labels if label.startswith("/event(user.created)/type:")]


def test_branches_of_the_root_are_named_at_the_start():
    labels = judge_all(load({"oneOf": EVENTS}))
    assert {"(user.created)/email:required.missing", "(user.deleted)/id:minimum.beyond", ":tag.missing"} < set(labels)


def test_globs_select_the_faults_of_one_branch():
    contract = load({"type": "array", "items": {"oneOf": EVENTS}, "minItems": 1})
    labels = judge_all(contract)
    chosen = contract.labels("invalid", only="*(user.created)*")
    assert chosen == tuple(label for label in labels if label.startswith("/*(user.created)"))
    cases = list(contract.sample(30, "invalid", only="/[*](user.deleted)/id:required.missing"))
    assert {re.sub("[0-9]+", "N", case.pointer) for case in cases} == {"/N/id"}
    assert all(contract.errors(case.payload)[0].keyword == "required" for case in cases)


def test_keywords_next_to_a_union_keep_their_locations():
    base = {"type": "object", "properties": {"id": INTEGER, "type": STRING}, "required": ["id", "type"]}
    contract = load(
        {**base, "oneOf": [an_event("a", required=["x"], x=STRING), an_event("b", required=["y"], y=INTEGER)]}
    )
    labels = judge_all(contract)
    assert {"/id:type.null", "/id:required.missing", "/type:required.missing", "/type:type.null"} < set(labels)
    assert {"(a)/x:type.null", "(b)/y:required.missing"} < set(labels)
    assert not [label for label in labels if label.startswith(("(a)/id", "(b)/id", "(a)/type", "/type:tag"))]


def test_an_unknown_tag_is_reported_at_the_tag():
    contract = load({"properties": {"event": {"oneOf": EVENTS}}})
    for value, place in (({"type": "x"}, "/event/type"), ({}, "/event"), ({"type": None}, "/event/type")):
        [error] = contract.errors({"event": value})
        assert (error.pointer, error.keyword) == (place, "tag")
        assert '"user.created", "user.deleted"' in error.message
    assert [(e.pointer, e.keyword) for e in contract.errors({"event": {"type": "user.created"}})] == [
        ("/event", "required")
    ]
    assert contract.errors({"event": 1})[0].keyword == "oneOf"


def test_a_union_of_300_branches_makes_payloads_of_each():
    branches = [an_event(f"t{number}", required=["v"], v=INTEGER) for number in range(300)]
    contract = load({"oneOf": branches})
    assert len({case.payload["type"] for case in contract.sample(3000)}) == 300


class Cat(BaseModel):
    kind: Literal["cat"]
    lives: Annotated[int, Field(ge=1)]


class Dog(BaseModel):
    kind: Literal["dog", "wolf"]
    name: str


class Bird(BaseModel):
    kind: Literal["bird"]
    wings: list[int]


class Owner(BaseModel):
    pet: Annotated[Cat | Dog, Field(discriminator="kind")]
    second: Annotated[Cat | Bird, Field(discriminator="kind")] | None = None
    any_pet: Cat | Dog | None = None
    nick: str | None = None


def test_discriminated_unions_of_pydantic():
    contract = Contract.load(Owner)
    labels = set(judge_all(contract, 300))
    assert {
        "/pet(cat)/lives:minimum.beyond",
        "/pet(dog|wolf)/name:required.missing",
        "/pet/kind:tag.unknown",
        "/pet(cat):tag.other",
        "/second(bird)/wings/*:type.string",
        "/second:tag.missing",
        "/any_pet(dog|wolf)/name:type.null",
        "/nick:type.integer",
    } <= labels
    assert "/nick:type.null" not in labels
    for case in contract.sample(len(labels), "invalid"):
        if "(" in case.label or ":tag." in case.label:
            with pytest.raises(ValueError, match=r"validation error"):
                Owner.model_validate(case.payload, strict=True)


def pets(**more):
    return {
        "openapi": "3.0.3",
        "info": {"title": "Pets", "version": "1"},
        "paths": {},
        "components": {
            "schemas": {
                "Pet": {
                    "oneOf": [{"$ref": "#/components/schemas/Cat"}, {"$ref": "#/components/schemas/Dog"}],
                    "discriminator": {"propertyName": "petType", **more},
                },
                "Base": {"type": "object", "required": ["petType"], "properties": {"petType": STRING}},
                "Cat": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Base"},
                        {"type": "object", "required": ["lives"], "properties": {"lives": INTEGER}},
                    ]
                },
                "Dog": {
                    "allOf": [
                        {"$ref": "#/components/schemas/Base"},
                        {"type": "object", "required": ["bark"], "properties": {"bark": STRING}},
                    ]
                },
            }
        },
    }


@pytest.mark.parametrize(
    ("more", "cat", "dog"),
    [
        ({"mapping": {"felis": "#/components/schemas/Cat", "canis": "Dog"}}, "felis", "canis"),
        ({}, "Cat", "Dog"),
    ],
)
def test_the_discriminator_of_openapi_selects_the_branch(more, cat, dog):
    contract = Contract.load(pets(**more), name="Pet")
    labels = set(judge_all(contract))
    assert {f"({cat})/lives:type.string", f"({dog})/bark:type.null", f"({cat})/lives:required.missing"} <= labels
    kinds = {case.payload["petType"] for case in contract.sample(50)}
    assert kinds == {cat, dog}


def test_the_selector_of_json_structure_names_the_branch():
    document = {
        "$schema": "https://json-structure.org/meta/extended/v0/#",
        "$id": "https://example.com/shape",
        "name": "Shape",
        "type": "choice",
        "$extends": "#/definitions/Base",
        "selector": "kind",
        "choices": {
            "circle": {"type": {"$ref": "#/definitions/Circle"}},
            "square": {"type": {"$ref": "#/definitions/Square"}},
            "line": {"type": {"$ref": "#/definitions/Line"}},
        },
        "definitions": {
            "Base": {"abstract": True, "type": "object", "properties": {"id": {"type": "int32"}}, "required": ["id"]},
            **{
                name: {
                    "type": "object",
                    "$extends": "#/definitions/Base",
                    "properties": {"size": {"type": "double"}, part: {"type": "string"}},
                    "required": ["size"],
                }
                for name, part in (("Circle", "rim"), ("Square", "edge"), ("Line", "end"))
            },
        },
    }
    contract = Contract.load(document)
    labels = set(judge_all(contract))
    assert {"(circle)/rim:type.null", "(square)/size:required.missing", "(line)/size:required.missing"} <= labels
    assert {"/kind:enum.unknown", "/kind:required.missing"} <= labels
    assert not [label for label in labels if ":tag." in label]


# --- other unions ----------------------------------------------------------------------------------------------------------


def test_a_schema_next_to_null_needs_no_name():
    user = {
        "type": "object",
        "required": ["id"],
        "properties": {"id": INTEGER, "boss": {"anyOf": [NULL, {"$ref": "#"}]}},
    }
    contract = load(user)
    labels = judge_all(contract, 200)
    assert {"/boss:type.integer", "/boss/id:required.missing", "/boss/id:type.null"} < set(labels)
    assert not [label for label in labels if label == "/boss:type.null" or "(" in label or "anyOf" in label]


def test_true_next_to_null_is_within_the_bounds_that_it_is_taken_for():
    contract = load({"anyOf": [{"type": "integer", "minimum": 1}, NULL]})
    [case] = contract.sample(1, "invalid", only=":type.boolean")
    assert case.payload is True


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_each_wrong_type_at_a_union_has_a_label(keyword):
    texts = {"type": "string", "minLength": 3}
    contract = load({"type": "object", "properties": {"a": {keyword: [texts, {"type": "integer", "minimum": 100}]}}})
    labels = judge_all(contract, 200)
    names = {label.removeprefix(f"/a:{keyword}.") for label in labels if keyword in label}
    assert names == {"none", "null", "boolean", "number", "array", "wrapped"}
    [case] = contract.sample(1, "invalid", only=f"/a:{keyword}.boolean")
    assert case.payload == {"a": True}


def test_an_untagged_union_of_objects_has_labels_for_none_and_both():
    net, gross = (
        {"type": "object", "properties": {name: {"type": "number"}}, "required": [name]} for name in ("net", "gross")
    )
    contract = load({"type": "object", "properties": {"price": {"oneOf": [net, gross]}}, "required": ["price"]})
    labels = judge_all(contract, 300)
    assert {"/price:oneOf.null", "/price:oneOf.object", "/price:oneOf.number", "/price:oneOf.several"} < set(labels)
    [case] = contract.sample(1, "invalid", only="/price:oneOf.object")
    assert case.payload == {"price": {}}
    [case] = contract.sample(1, "invalid", only="/price:oneOf.several")
    assert case.payload["price"].keys() == {"net", "gross"}


def test_a_bound_that_only_a_condition_sets_has_a_label():
    document = {
        "type": "object",
        "properties": {"mode": {"enum": ["dev", "live"]}, "workers": {"type": "integer", "minimum": 1, "maximum": 64}},
        "required": ["mode", "workers"],
        "if": {"properties": {"mode": {"const": "live"}}},
        "else": {"properties": {"workers": {"maximum": 8}}},
    }
    contract = load(document)
    labels = judge_all(contract, 200)
    assert {"/workers:maximum.beyond", "(else)/workers:maximum.beyond"} < set(labels)
    assert "(else)/workers:minimum.beyond" not in labels
    [case] = contract.sample(1, "invalid", only="(else)/workers:maximum.beyond")
    assert case.payload == {"mode": "dev", "workers": 9}


def test_an_optional_enum_and_an_optional_number():
    schema = {"a": {"anyOf": [{"enum": ["x", "y"]}, NULL]}, "b": {"oneOf": [NULL, {"type": "number", "minimum": 0}]}}
    labels = judge_all(load({"type": "object", "properties": schema}), 200)
    assert {"/a:enum.unknown", "/a:enum.case", "/b:minimum.beyond", "/b:type.string"} < set(labels)


def test_nested_unions():
    inner = {"oneOf": [an_event("x", "kind", n=INTEGER), an_event("y", "kind", s=STRING)]}
    outer = {
        "oneOf": [an_event("a", inner=inner), an_event("b", inner=STRING), STRING, {"type": "array", "items": inner}]
    }
    labels = set(judge_all(load({"type": "object", "properties": {"p": outer}}), 300))
    assert {
        "/p(a)/inner(x)/n:type.null",
        "/p(a)/inner/kind:tag.unknown",
        "/p(b)/inner:type.null",
        "/p(array)/*(y)/s:type.null",
        "/p/type:tag.case",
    } <= labels


def test_a_union_of_unions_is_recognised_by_the_innermost_tags():
    users = {"oneOf": [an_event("user.created", n=INTEGER), an_event("user.deleted", s=STRING)]}
    orders = {"oneOf": [an_event("order.placed", n=INTEGER), an_event("order.paid", s=STRING)]}
    schema = {"oneOf": [{"$ref": "#/$defs/User"}, {"$ref": "#/$defs/Order"}], "$defs": {"User": users, "Order": orders}}
    labels = set(judge_all(load(schema), 200))
    assert {"(user.created|user.deleted)(user.created)/n:type.null", "/type:tag.unknown"} <= labels


def test_two_tags_together_select_a_branch():
    def versioned(kind, version, **properties):
        branch = an_event(kind, version={"const": version}, **properties)
        return {**branch, "required": ["type", "version"]}

    branches = [versioned("a", 1, x=STRING), versioned("a", 2, x=INTEGER), versioned("b", 1, y=STRING)]
    labels = set(judge_all(load({"oneOf": branches}), 200))
    assert {
        "(1)/x:type.null",
        "(2)/x:type.string",
        "(b)/y:type.null",
        "/type:tag.unknown",
        "/version:tag.unknown",
    } <= labels


def test_a_required_property_that_no_other_branch_has_recognises_a_branch():
    branches = [
        {"type": "object", "properties": {"email": STRING, "n": INTEGER}, "required": ["email"]},
        {"type": "object", "properties": {"phone": STRING, "n": STRING}, "required": ["phone", "n"]},
    ]
    labels = set(judge_all(load({"anyOf": branches}), 200))
    assert {"(email)/email:type.null", "(phone)/n:required.missing"} <= labels


def test_names_of_branches_are_unique_and_escaped():
    tags = ["a/b", "a~b", "*", "[x]", "(y)", "?", "%2A", "", "a b", "\x1b[31m", "#1", "long" * 50]
    contract = load({"oneOf": [an_event(tag, required=["v"], v=INTEGER) for tag in tags]})
    labels = judge_all(contract)
    names = [label[1 : label.index(")")] for label in labels if label.endswith("/v:required.missing")]
    assert len(set(names)) == len(tags)
    assert not [name for name in names if re.search(r"[*?\[\]()/~\x00-\x1f]", name)]
    for name in names:
        label = f"({name})/v:required.missing"
        assert contract.labels("invalid", only=label) == (label,)
        assert set(contract.labels("invalid", only=f"({name})*")) >= {label}


@pytest.mark.parametrize(
    ("branches", "names"),
    [
        ([{"$ref": "#/$defs/A"}, {"title": "The B", **an_event(1)}], {"A", "The B"}),
        ([{"type": "object", "title": "T", "required": ["x"]}, {"type": "object", "required": ["y"]}], {"T", "y"}),
        ([{"type": "string", "minLength": 1}, {"type": "integer", "minimum": 1}], {"string", "integer"}),
        ([{"type": ["integer", "boolean"], "minimum": 1}, {"type": ["string", "array"], "minLength": 1}], {"#0", "#1"}),
    ],
)
def test_the_names_of_branches(branches, names):
    a = {"type": "object", "required": ["q"], "properties": {"q": INTEGER, "type": INTEGER}}
    contract = load({"anyOf": branches, "$defs": {"A": a}})
    union = contract._oracle.unions.find(contract.schema["anyOf"], contract.schema)
    assert set(union.names) == names


# --- conditions ------------------------------------------------------------------------------------------------------------


def test_the_branches_of_a_condition_have_labels_of_their_own():
    schema = {
        "type": "object",
        "properties": {"kind": {"enum": ["a", "b"]}, "x": {}},
        "required": ["kind"],
        "if": {"properties": {"kind": {"const": "a"}}},
        "then": {"properties": {"x": INTEGER}, "required": ["x"]},
        "else": {"properties": {"x": {"type": "string", "maxLength": 3}}, "required": ["x"]},
    }
    labels = set(judge_all(load(schema), 200))
    assert {
        "(a)/x:required.missing",
        "(a)/x:type.string",
        "(else)/x:required.missing",
        "(else)/x:maxLength.long",
    } <= labels
    assert "/kind:enum.unknown" in labels


def test_dependent_schemas_have_labels_of_their_own():
    schema = {
        "type": "object",
        "properties": {"card": STRING, "iban": STRING},
        "dependentSchemas": {
            "card": {"properties": {"cvc": {"type": "string", "pattern": "^[0-9]{3}$"}}, "required": ["cvc"]},
            "iban": {"properties": {"bic": STRING}, "required": ["bic"]},
        },
    }
    labels = set(judge_all(load(schema), 200))
    assert {
        "(card)/cvc:required.missing",
        "(card)/cvc:pattern.mismatch",
        "(iban)/bic:type.null",
        "/card:type.null",
    } <= labels | {"(card)/cvc:pattern.mismatch"}
    assert [label for label in labels if label.startswith("(card)/cvc:pattern.")]


# --- coverage --------------------------------------------------------------------------------------------------------------


def test_coverage_counts_each_branch_and_its_points():
    contract = load({"type": "object", "properties": {"event": {"oneOf": EVENTS}}, "required": ["event"]})
    created = {"event": {"type": "user.created", "email": "abc"}}
    coverage = contract.coverage([created])
    assert "/event(user.created):chosen" in coverage.reached
    assert "/event(user.deleted):chosen" in coverage.missed
    assert "/event(user.deleted)/reason:absent" in coverage.missed
    deleted = {"event": {"type": "user.deleted", "id": 1}}
    assert "/event(user.deleted)/reason:absent" in contract.coverage([created, deleted]).reached
    assert contract.coverage(contract.sample(500)).ratio == 1.0


# --- random unions ---------------------------------------------------------------------------------------------------------

LEAVES = [
    STRING,
    INTEGER,
    NULL,
    {"type": "boolean"},
    {"type": "number", "minimum": 0},
    {"enum": ["p", "q"]},
    {"type": "string", "minLength": 2, "maxLength": 4},
    {"type": "array", "items": INTEGER, "minItems": 1},
    {"type": ["string", "null"], "maxLength": 2},
    {"type": "object", "properties": {"deep": INTEGER}, "required": ["deep"]},
]


def random_union(rng):
    """Return a keyword and branches: objects with and without tags, other types, overlapping ones."""
    branches = []
    tags = rng.sample(["a", "b", "c", "d", 1, 2.0, True, None], 5)
    for number in range(rng.randint(2, 5)):
        kind = rng.choice(["tagged", "tagged", "tagged", "several", "untagged", "leaf"])
        if kind == "leaf":
            branches.append(rng.choice(LEAVES))
            continue
        properties = {name: rng.choice(LEAVES) for name in rng.sample(["x", "y", "z"], rng.randint(0, 3))}
        required = [name for name in properties if rng.random() < 0.5]
        if kind != "untagged":
            listed = {"enum": [tags[number], f"t{number}"]} if kind == "several" else {"const": tags[number]}
            properties = {"tag": listed, **properties}
            required += ["tag"] if rng.random() < 0.8 else []
        branch = {"type": "object", "properties": properties, "required": required}
        if rng.random() < 0.2:
            branch["additionalProperties"] = False
        if rng.random() < 0.2:
            branch["required"] = [*required, f"own{number}"]
        if rng.random() < 0.1:
            del branch["type"]
        branches.append(branch)
    return rng.choice(["oneOf", "anyOf"]), branches


def named_branch(label, names):
    """Return the branch of the union ``u`` that a label names, with the tokens that follow."""
    name = label.removeprefix("/u(").partition(")")[0]
    return list(names).index(name)


@pytest.mark.parametrize("seed", range(60))
def test_faults_inside_random_unions_break_one_branch_in_one_place(seed):
    rng = random.Random(seed)
    keyword, branches = random_union(rng)
    contract = load({"type": "object", "properties": {"u": {keyword: branches}}, "required": ["u"]}, name="random")
    try:
        next(contract.sample(1))
    except ContractError:
        pytest.skip("no payload matches exactly one branch")
    labels = judge_all(contract, 60)
    union = contract._oracle.unions.find(contract.schema["properties"]["u"][keyword], {})
    singles = [jsonschema_rs.Draft202012Validator(branch).is_valid for branch in branches]
    for case in contract.sample(len(labels) + 60, "invalid"):
        if (
            not case.label.startswith(("/u(", "/u/", "/u:"))
            or ":oneOf.several" in case.label
            or "required.missing" in case.label
        ):
            continue
        assert not any(accepts(case.payload["u"]) for accepts in singles), case.label
    for case in contract.sample(len(labels) + 60, "invalid"):
        if case.label.startswith("/u(") and ":tag." not in case.label:
            branch = branches[named_branch(case.label, union.names)]
            errors = list(Draft202012Validator(branch).iter_errors(case.payload["u"]))
            word = keyword_of(case.label)
            place = case.pointer.removeprefix("/u")
            place = place.rpartition("/")[0] if word == "required" else place
            assert {pointer_to(e) for error in errors for e in with_causes(error)} == {place}, case.label
            assert word in {error.validator for error in errors}, case.label


def test_random_unions_have_faults_inside():
    found = {}
    for seed in range(60):
        keyword, branches = random_union(random.Random(seed))
        contract = load({"properties": {"u": {keyword: branches}}})
        for label in contract.labels("invalid"):
            kind = "inside" if label.startswith("/u(") and ":tag" not in label else label.rpartition(":")[2]
            found[kind] = found.get(kind, 0) + 1
    assert found["inside"] > 500
    assert found["tag.unknown"] > 5
    assert found["tag.other"] > 10
    assert json.dumps(found)
