"""Loops of references: allowed if a finite payload satisfies them, an error if none does."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contractfuzz import Contract, ContractError

TO_SELF = {"$ref": "#"}
NEEDS_SELF = {"type": "object", "properties": {"a": TO_SELF}, "required": ["a"]}

SATISFIABLE = {
    "an optional property": {"type": "object", "properties": {"a": TO_SELF}},
    "an array that may be empty": {"type": "array", "items": TO_SELF},
    "a map that may be empty": {"type": "object", "additionalProperties": TO_SELF},
    "another type": {**NEEDS_SELF, "type": ["object", "null"]},
    "no type": {"properties": {"a": TO_SELF}, "required": ["a"]},
    "another branch": {"anyOf": [NEEDS_SELF, {"type": "null"}]},
    "a value": {**NEEDS_SELF, "enum": [{"a": None}, 1]},
    "enough other items": {"type": "array", "prefixItems": [{"type": "null"}], "items": TO_SELF, "minItems": 1},
    "nothing to contain": {"type": "array", "contains": TO_SELF, "minContains": 0},
    "a name with a pattern of its own": {
        "type": "object",
        "patternProperties": {"^a": {"type": "null"}},
        "additionalProperties": TO_SELF,
        "required": ["a"],
    },
    "some other property": {
        "type": "object",
        "properties": {"a": TO_SELF, "b": {"type": "null"}},
        "additionalProperties": TO_SELF,
        "minProperties": 1,
    },
    "properties of some pattern": {
        "type": "object",
        "patternProperties": {"^a": {"type": "null"}},
        "additionalProperties": TO_SELF,
        "minProperties": 1,
    },
    "a number that is an integer": {
        "allOf": [{"type": ["number", "object"]}, {"type": ["integer", "object"]}],
        "properties": {"a": TO_SELF},
        "required": ["a"],
    },
    "a branch that is found later": {
        "type": "object",
        "properties": {"end": {"$ref": "#/$defs/end"}, "a": {"$ref": "#/$defs/a"}},
        "required": ["a"],
        "$defs": {
            "end": {"type": "null"},
            "a": {
                "type": "array",
                "minItems": 1,
                "anyOf": [{"items": TO_SELF}, {"items": {"$ref": "#/$defs/end"}}],
            },
        },
    },
    "the second of two needs": {
        "anyOf": [{"$ref": "#/$defs/never"}, {"$ref": "#/$defs/late"}],
        "$defs": {
            "never": {"type": "array", "items": TO_SELF, "minItems": 1},
            "late": {"type": "array", "items": {"$ref": "#/$defs/end"}, "minItems": 1},
            "end": {"type": "null"},
        },
    },
}

UNSATISFIABLE = {
    "a required property": NEEDS_SELF,
    "the second of two required properties": {**NEEDS_SELF, "required": ["b", "a"]},
    "the second of two items": {"type": "array", "prefixItems": [True, TO_SELF], "minItems": 2},
    "an array that cannot be empty": {"type": "array", "items": TO_SELF, "minItems": 1},
    "a first item": {"type": "array", "prefixItems": [TO_SELF], "minItems": 1},
    "something to contain": {"type": "array", "contains": TO_SELF},
    "a map that cannot be empty": {"type": "object", "additionalProperties": TO_SELF, "minProperties": 1},
    "every type": {**NEEDS_SELF, "type": ["object", "array"], "items": TO_SELF, "minItems": 1},
    "every branch": {"oneOf": [NEEDS_SELF, {"type": "array", "items": TO_SELF, "minItems": 1}]},
    "required elsewhere": {"type": "object", "properties": {"a": TO_SELF}, "allOf": [{"required": ["a"]}]},
    "required of something inherited": {
        "allOf": [{"$ref": "#/$defs/base"}, {"required": ["a"]}],
        "$defs": {"base": {"type": "object", "properties": {"a": TO_SELF}}},
    },
    "required of something inherited further down": {
        "type": "object",
        "properties": {"inner": {"allOf": [{"$ref": "#/$defs/base"}, {"required": ["a"]}]}},
        "required": ["inner"],
        "$defs": {"base": {"type": "object", "properties": {"a": TO_SELF}}},
    },
    "required in every branch": {
        "type": "object",
        "properties": {"a": TO_SELF, "b": TO_SELF},
        "anyOf": [{"required": ["a"]}, {"required": ["b"]}],
    },
    "required next to a reference": {
        "type": "object",
        "properties": {"a": {"$ref": "#", "required": ["a"]}},
    },
    "something to contain among items that need it": {"type": "array", "items": TO_SELF, "contains": True},
    "through others": {
        "$ref": "#/$defs/a",
        "$defs": {
            "a": {"type": "array", "items": {"$ref": "#/$defs/b"}, "minItems": 1},
            "b": {"type": "object", "properties": {"c": {"$ref": "#/$defs/a"}}, "required": ["c"]},
        },
    },
}


@pytest.mark.parametrize("document", SATISFIABLE.values(), ids=SATISFIABLE)
def test_a_satisfiable_loop_is_allowed(document, assert_self_contained):
    assert_self_contained(Contract.load(document).schema)


@pytest.mark.parametrize("document", UNSATISFIABLE.values(), ids=UNSATISFIABLE)
def test_a_loop_that_no_finite_payload_satisfies_is_an_error(document, load_error):
    assert "the `$ref`s form a loop that no finite payload can satisfy: document#" in load_error(document)


def test_the_message_lists_the_references_of_the_loop(load_error):
    message = load_error(UNSATISFIABLE["through others"])
    assert (
        "document#/$defs/a -> document#/$defs/b -> document#/$defs/a; make a property in the loop optional" in message
    )


def test_a_loop_may_go_through_several_documents(load_error):
    def requiring(name):
        return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}, "minItems": 1}

    message = load_error({"name": "A", **requiring("B")}, [{"name": "B", **requiring("A")}])
    assert "document# -> component 1# -> document#" in message


def test_types_may_require_each_other_in_a_chain_of_any_length():
    links = {f"d{i}": {"type": "array", "items": {"$ref": f"#/$defs/d{i + 1}"}, "minItems": 1} for i in range(1_500)}
    schema = Contract.load({"$ref": "#/$defs/d0", "$defs": {**links, "d1500": {"type": "null"}}}).schema
    assert len(schema["$defs"]) == 1_501


def test_nested_branches_do_not_multiply_the_work(assert_self_contained):
    schema = {"type": "object", "properties": {"a": TO_SELF}}
    for _ in range(25):
        needed = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
        schema = {**needed, "anyOf": [{"minProperties": 0}], "oneOf": [{"minItems": 1}]}
    assert_self_contained(Contract.load(schema).schema)


# --- any schema ---------------------------------------------------------------------------------------------------------

references = st.sampled_from([{"$ref": f"#/$defs/{name}"} for name in "abc"])
keywords = {
    "type": st.sampled_from(["object", "array", ["object", "array"], ["null", "object"]]),
    "properties": st.dictionaries(st.sampled_from("xy"), references, min_size=1),
    "patternProperties": st.fixed_dictionaries({"x": references}),
    "additionalProperties": references,
    "required": st.lists(st.sampled_from("xy"), min_size=1, unique=True),
    "minProperties": st.just(1),
    "items": references,
    "minItems": st.just(1),
    "contains": references,
    "enum": st.just([None, {}]),
}
parts = st.fixed_dictionaries({}, optional=keywords)
joined = st.lists(parts | st.just({"$ref": "#/$defs/c"}), min_size=1, max_size=2)  # `c` has no allOf: no loops in place


def types(more):
    always = {name: keywords[name] for name in ("type", "properties", "required")}
    return st.fixed_dictionaries(
        always, optional={name: values for name, values in (keywords | more).items() if name not in always}
    )


definitions_of_three = st.fixed_dictionaries(
    {"a": types({"allOf": joined}), "b": types({"allOf": joined, "anyOf": joined}), "c": types({})}
)
small_payloads = [None, [], {}]
for _ in range(2):
    small_payloads += [[p] for p in small_payloads]
    small_payloads += [{name: p} for p in small_payloads for name in "xy"]
small_payloads += [{"x": p, "y": q} for p in ([], {}, None) for q in ([], {}, None)]


def test_a_type_with_a_small_valid_payload_is_never_called_unsatisfiable():
    unsatisfiable = Counter()

    @given(definitions_of_three)
    def check(definitions):
        message = error_of({"$ref": "#/$defs/a", "$defs": definitions})
        unsatisfiable["no finite payload" in message] += 1
        if "no finite payload" in message:
            name = message.removeprefix("document at /$defs/")[0]
            validator = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})
            assert [payload for payload in small_payloads if validator.is_valid(payload)] == []

    check()
    assert min(unsatisfiable[True], unsatisfiable[False]) >= 5, unsatisfiable


def error_of(document):
    try:
        Contract.load(document)
    except ContractError as error:
        return str(error)
    return ""


def test_keywords_of_other_dialects_are_not_looked_into():
    assert Contract.load({"$schema": "http://json-schema.org/draft-04/schema#", "values": {"anyOf": None}}).is_valid(1)
