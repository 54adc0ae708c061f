"""References in circles: fine where a payload can end, refused where it never could."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contractfuzz import Contract, ContractError
from contractfuzz.documents.reading import MAX_DEPTH

TO_SELF = {"$ref": "#"}
NEEDS_SELF = {"type": "object", "properties": {"a": TO_SELF}, "required": ["a"]}

ENDING = {
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
    "a branch that is met later on the way": {
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

ENDLESS = {
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
    "through others": {
        "$ref": "#/$defs/a",
        "$defs": {
            "a": {"type": "array", "items": {"$ref": "#/$defs/b"}, "minItems": 1},
            "b": {"type": "object", "properties": {"c": {"$ref": "#/$defs/a"}}, "required": ["c"]},
        },
    },
}

TURNING = {
    "nothing but a reference": TO_SELF,
    "a part": {"allOf": [{"type": "string"}, TO_SELF]},
    "a branch": {"anyOf": [{"type": "string"}, TO_SELF]},
    "what is not": {"not": TO_SELF},
    "a condition": {"if": TO_SELF, "then": False},
    "a dependency": {"dependentSchemas": {"a": TO_SELF}},
}


@pytest.mark.parametrize("document", ENDING.values(), ids=ENDING)
def test_a_circle_that_a_payload_can_leave_is_fine(document, assert_whole):
    assert_whole(Contract.load(document).schema)


@pytest.mark.parametrize("document", ENDLESS.values(), ids=ENDLESS)
def test_a_circle_that_no_payload_can_leave_is_refused(document, refusal):
    assert "the `$ref`s form a loop that no finite payload can satisfy: document#" in refusal(document)


@pytest.mark.parametrize("document", TURNING.values(), ids=TURNING)
def test_a_circle_that_a_validator_never_leaves_is_refused(document, refusal):
    message = refusal(document)
    assert message == (
        "document: the `$ref`s form a loop that a validator never leaves: document# -> document#; let one lead elsewhere"
    )


def test_the_way_of_the_circle_is_told(refusal):
    message = refusal(ENDLESS["through others"])
    assert (
        "document#/$defs/a -> document#/$defs/b -> document#/$defs/a; make a property in the loop optional" in message
    )


def test_a_circle_may_go_through_several_documents(refusal):
    def needing(name):
        return {"type": "array", "items": {"$ref": f"#/definitions/{name}"}, "minItems": 1}

    message = refusal({"name": "A", **needing("B")}, [{"name": "B", **needing("A")}])
    assert "document# -> component 1# -> document#" in message


def chain(length):
    links = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(1, length)}
    return {"$ref": "#/$defs/d1", "$defs": {**links, f"d{length}": {"type": "string"}}}


def test_references_may_follow_each_other_up_to_a_limit(refusal):
    assert Contract.load(chain(MAX_DEPTH)).is_valid("x")
    assert "leads through more than 64 other `$ref`s in a row" in refusal(chain(MAX_DEPTH + 1))
    assert "leads through more than 64 other `$ref`s in a row" in refusal(chain(5_000))


def test_types_may_need_each_other_in_a_chain_of_any_length():
    links = {f"d{i}": {"type": "array", "items": {"$ref": f"#/$defs/d{i + 1}"}, "minItems": 1} for i in range(1_500)}
    schema = Contract.load({"$ref": "#/$defs/d0", "$defs": {**links, "d1500": {"type": "null"}}}).schema
    assert len(schema["$defs"]) == 1_501


def test_branches_within_branches_do_not_multiply_the_work(assert_whole):
    schema = {"type": "object", "properties": {"a": TO_SELF}}
    for _ in range(25):
        needed = {"type": "object", "properties": {"a": schema}, "required": ["a"]}
        schema = {**needed, "anyOf": [{"minProperties": 0}], "oneOf": [{"minItems": 1}]}
    assert_whole(Contract.load(schema).schema)


# --- never refused where a payload can be found --------------------------------------------------------------------------

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
joined = st.lists(parts | st.just({"$ref": "#/$defs/c"}), min_size=1, max_size=2)  # `c` joins nothing, so none turns


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


@given(definitions_of_three)
def test_a_type_that_some_small_payload_keeps_is_never_called_endless(definitions):
    message = refusal_of({"$ref": "#/$defs/a", "$defs": definitions})
    if "no finite payload" in message:
        name = message.removeprefix("document at /$defs/")[0]
        validator = Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": definitions})
        assert [payload for payload in small_payloads if validator.is_valid(payload)] == []


def refusal_of(document):
    try:
        Contract.load(document)
    except ContractError as error:
        return str(error)
    return ""
