"""References to the published metaschemas of JSON Schema, which need not be given: nothing is fetched."""

from __future__ import annotations

import jsonschema_rs
import pytest
from jsonschema.validators import validator_for
from payload_judges import keyword_of

from contractfuzz import Contract, ContractError

DRAFT_2020_12 = "https://json-schema.org/draft/2020-12/schema"
METASCHEMAS = {
    "draft-04": "http://json-schema.org/draft-04/schema#",
    "draft-06": "http://json-schema.org/draft-06/schema#",
    "draft-07": "http://json-schema.org/draft-07/schema#",
    "2019-09": "https://json-schema.org/draft/2019-09/schema",
    "2020-12": DRAFT_2020_12,
}
SCHEMAS = (
    *({}, {"type": "string"}, {"properties": {"a": {"type": ["null", "object"]}}}, {"title": "a", "minimum": 1.5}),
    *(
        {"type": "text"},
        {"properties": {"a": {"type": 1}}},
        {"minLength": -1},
        {"required": "a"},
        {"allOf": []},
        1,
        None,
    ),
)


@pytest.fixture(params=METASCHEMAS.values(), ids=METASCHEMAS)
def document(request):
    """A contract for payloads with a schema in them, in the draft of that schema."""
    schema = {"$ref": request.param}
    return {"$schema": request.param, "type": "object", "properties": {"schema": schema}, "required": ["schema"]}


def test_a_metaschema_is_known(document, assert_self_contained):
    contract, judge = Contract.load(document), validator_for(document)(document)
    assert_self_contained(contract.schema)
    verdicts = [judge.is_valid({"schema": schema}) for schema in SCHEMAS]
    assert [contract.is_valid({"schema": schema}) for schema in SCHEMAS] == verdicts
    assert set(verdicts) == {True, False}


def test_schemas_are_generated_from_a_metaschema(document):
    contract, judge = Contract.load(document), validator_for(document)(document)
    payloads = [case.payload for case in contract.sample(40)]
    assert all(map(judge.is_valid, payloads))
    schemas = [payload["schema"] for payload in payloads if isinstance(payload["schema"], dict)]
    assert len({keyword for schema in schemas for keyword in schema}) > 20


def test_the_violations_of_a_metaschema_are_true(document):
    contract, judge = Contract.load(document), validator_for(document)(document)
    cases = list(contract.sample(len(contract.labels()), "invalid"))
    if "draft-04" in document["$schema"] or "draft-06" in document["$schema"]:  # jsonschema-rs has others of its own
        cases = [case for case in cases if keyword_of(case.label) != "format"]
    else:
        judge = jsonschema_rs.validator_for(document, validate_formats=True)
    assert len(cases) > 100
    assert [case.label for case in cases if judge.is_valid(case.payload)] == []


def test_a_part_of_a_metaschema_is_known():
    contract = Contract.load({"$ref": f"{METASCHEMAS['draft-07']}/definitions/nonNegativeInteger"})
    assert [contract.is_valid(payload) for payload in (0, -1)] == [True, False]
    vocabulary = Contract.load({"$ref": "https://json-schema.org/draft/2020-12/meta/validation#/$defs/simpleTypes"})
    assert [contract.is_valid(payload) for payload in ("null", 1)] == [False, True]
    assert [vocabulary.is_valid(payload) for payload in ("null", 1)] == [True, False]


def test_a_metaschema_may_be_extended():
    extended = {
        "$schema": DRAFT_2020_12,
        "$dynamicAnchor": "meta",
        "$ref": DRAFT_2020_12,
        "properties": {"unit": {"type": "string"}},
    }
    contract = Contract.load(extended)
    assert contract.is_valid({"properties": {"a": {"unit": "cm"}}})
    assert not contract.is_valid({"properties": {"a": {"unit": 1}}})


def test_a_given_document_with_the_uri_of_a_metaschema_comes_first():
    own = {"$schema": DRAFT_2020_12, "$id": DRAFT_2020_12, "type": "null"}
    contract = Contract.load({"$ref": DRAFT_2020_12}, [own])
    assert [contract.is_valid(payload) for payload in (None, {})] == [True, False]


@pytest.mark.parametrize("uri", ["https://json-schema.org/draft/2020-12/nothing", "https://json-schema.org/draft/2031"])
def test_any_other_schema_of_the_same_site_must_be_given(uri):
    with pytest.raises(ContractError, match="is not in any document that was given, and nothing is fetched"):
        Contract.load({"$ref": uri})
