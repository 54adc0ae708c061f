"""Explanations: every label has one, its example has the label, and a label that does not exist is refused."""

from __future__ import annotations

import ast
import json
import random
from contextlib import suppress

import pytest
from core_documents import DOCUMENTS
from random_schemas import random_schema
from shaped_contracts import SCHEMAS, shaped_contract

from contractfuzz import Contract, ContractError
from contractfuzz.evolution.catalogue import CHANGE_TYPES
from contractfuzz.explanations.advice import (
    change_advice,
    change_names,
    malformation_advice,
    violation_advice,
    violation_names,
    wire_advice,
)
from contractfuzz.explanations.example_documents import example_documents
from contractfuzz.explanations.explaining import explain
from contractfuzz.payloads.bodies.lexical_forms import LEXICAL_FORMS
from contractfuzz.payloads.bodies.malformations import MALFORMATIONS
from contractfuzz.payloads.values.formats import DATE_TIME_MISTAKES, FORMAT_MISTAKES
from contractfuzz.payloads.values.pattern_edits import EDITS
from contractfuzz.payloads.violations.compositions import ALL_OF_VARIANTS, COMPOSITION_VARIANTS
from contractfuzz.payloads.violations.fault import PLAIN_VALUES
from contractfuzz.payloads.violations.matrix import FAULTS_BY_TYPE
from contractfuzz.payloads.violations.types import NEAR_MISSES
from contractfuzz.payloads.wire.page_sequences import PAGE_DESCRIPTIONS
from contractfuzz.payloads.wire.wire_cases import RETRIED_LABELS, WIRE_CASES

BODIES = [*dict.fromkeys([*(one.name for one in MALFORMATIONS), *(one.name for one in LEXICAL_FORMS)])]
WIRE = [*WIRE_CASES, *PAGE_DESCRIPTIONS]
CHANGES = [one.name for one in CHANGE_TYPES]


def names_in(contract):
    return {f"{one.keyword}.{one.variant}" for one in contract.violations()}


@pytest.fixture(scope="module")
def examples():
    """Return the names of the violations of all example documents."""
    keywords = dict.fromkeys(name.partition(".")[0] for name in violation_names())
    documents = [document for keyword in keywords for document in example_documents(keyword)]
    return set().union(*(names_in(Contract.load(document, name="example")) for document in documents))


def test_the_violations_with_an_explanation_are_those_of_the_example_documents(examples):
    assert len(examples) > 200
    assert set(violation_names()) == examples


def test_every_variant_of_the_tables_in_the_code_has_an_explanation():
    near_misses = [one.variant for some in NEAR_MISSES.values() for one in some]
    expected = {f"type.{variant}" for variant in (*PLAIN_VALUES, *near_misses)}
    expected |= {f"format.{one[0]}" for some in FORMAT_MISTAKES.values() for one in some}
    expected |= {f"format.{variant}" for variant in DATE_TIME_MISTAKES}
    expected |= {f"pattern.{variant}" for variant in EDITS}
    expected |= {f"{keyword}.{variant}" for keyword, variant, _ in (*COMPOSITION_VARIANTS, *ALL_OF_VARIANTS)}
    assert len(expected) > 100
    assert expected <= set(violation_names())
    keywords = {keyword for faults in FAULTS_BY_TYPE.values() for keyword in faults}
    assert keywords <= {name.partition(".")[0] for name in violation_names()}


def test_every_violation_of_many_contracts_has_an_explanation(hubspot):
    generator = random.Random(7)
    contracts = [hubspot, *map(shaped_contract, SCHEMAS), *(Contract.load(one) for one in DOCUMENTS.values())]
    found = set().union(*map(names_in, contracts))
    usable = 0
    for _ in range(40):
        with suppress(ContractError):  # some random schemas allow nothing
            found |= names_in(Contract.load(random_schema(generator, 3), name="random"))
            usable += 1
    assert usable > 20
    assert len(found) > 100
    assert not found - set(violation_names())


@pytest.mark.parametrize(
    ("names", "advice"),
    [
        (violation_names(), lambda name: violation_advice(*name.split("."))),
        (BODIES, malformation_advice),
        (WIRE, wire_advice),
        (CHANGES, change_advice),
    ],
    ids=["violations", "malformations", "wire", "changes"],
)
def test_every_label_has_complete_advice_with_a_line_of_python(names, advice):
    assert len(names) > 30
    for name in names:
        found = advice(name)
        texts = (found.why, found.strict, found.tolerant)
        assert all(text[0].isupper() and text.endswith((".", '"')) and "  " not in text for text in texts), name
        code = f"try: pass\n{found.hint}" if found.hint.startswith("except") else found.hint
        ast.parse(code)
        assert len(found.hint) < 130, name


def test_the_advice_on_a_variant_without_texts_is_that_on_its_keyword():
    assert violation_advice("minItems", "invented") == violation_advice("minItems", "few")


def test_the_names_of_changes_are_those_of_the_catalogue():
    assert set(change_names()) == set(CHANGES)


def test_no_label_is_of_two_types():
    names = [*violation_names(), *BODIES, *WIRE, *CHANGES]
    assert len(names) == len(set(names))


# --- explaining -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", ["enum.unknown", "type.unquoted", "pattern.scale", "tag.other", "format.month-13"])
def test_a_violation_is_explained_by_an_example_that_has_it(name):
    [found] = explain(name)
    keyword = name.partition(".")[0]
    contracts = [Contract.load(one, name="example") for one in example_documents(keyword)]
    contract = next(one for one in contracts if name in names_in(one))
    assert found.type == "violation"
    assert found.example is not None
    assert found.example.label.endswith(f":{name}")
    assert not contract.is_valid(json.loads(found.example.body))
    assert contract.is_valid(json.loads(found.example.twin))


def test_the_example_is_from_the_contract_if_it_has_the_violation(hubspot):
    [found] = explain("enum.unknown", hubspot)
    assert found.example.contract == "batch_association_response"
    assert found.labels == hubspot.labels("invalid", "*:enum.unknown")
    [other] = explain("minLength.short", hubspot)
    assert (other.example.contract, other.labels) == ("example", ())


def test_an_id_is_explained_at_its_location(hubspot):
    [found] = explain("/numErrors:minimum.beyond", hubspot)
    assert json.loads(found.example.body)["numErrors"] < json.loads(found.example.twin)["numErrors"]
    assert "--tolerate /numErrors:minimum.beyond: the consumer may accept it" in found.options


@pytest.mark.parametrize(
    ("name", "effect"),
    [
        ("enum.unknown", "must accept"),
        ("enum.case", "may accept it"),
        ("additionalProperties.extra", "must accept"),
        ("type.null", "if its result is the same"),
    ],
)
def test_the_effect_of_the_tolerant_policy_is_named(name, effect):
    [found] = explain(name)
    assert effect in found.options[0]


def test_malformations_and_odd_forms_have_examples(hubspot):
    [cut] = explain("cut-in-string", hubspot)
    with pytest.raises(ValueError, match="Unterminated"):
        json.loads(cut.example.body)
    json.loads(cut.example.twin)
    [placed] = explain("nan@/numErrors", hubspot)
    assert '"numErrors":NaN' in placed.example.body
    [form] = explain("nan", hubspot)
    assert "nan@/numErrors" in form.labels
    assert "correct consumer rejects" in form.expectation
    [bare] = explain("long-integer")
    assert bare.definition.startswith("an integer of 40 digits")


def test_every_label_is_explained(counter):
    for contract in (None, counter):
        found = {one.label: one for one in explain("*", contract)}
        assert {*violation_names(), *BODIES, *WIRE, *CHANGES} <= found.keys()
        assert all(one.example is not None for one in found.values() if one.type != "wire case")
    assert {*counter.labels("invalid"), *counter.labels("malformed")} <= found.keys()


def test_only_cases_that_the_option_concerns_name_the_retries():
    found = [label for label in WIRE if any("--retries" in one for one in explain(label)[0].options)]
    assert set(found) == set(RETRIED_LABELS)


def test_a_rule_is_explained_by_its_description(hubspot):
    rule = hubspot.rules[0]
    [found] = explain(rule.name, hubspot)
    assert (found.type, found.definition) == ("rule", rule.description)
    assert hubspot.is_valid(json.loads(found.example.body))


def test_a_possible_change_is_explained_at_its_location(hubspot):
    [found] = explain("/status:other-case", hubspot)
    before, after = json.loads(found.example.twin), json.loads(found.example.body)
    assert after["status"] == before["status"].lower() != before["status"]
    assert found.definition == "/status changes its letter case"


def test_globs_list_labels_and_a_keyword_its_variants(hubspot):
    assert [one.label for one in explain("/status:enum.*", hubspot)] == list(
        hubspot.labels("invalid", "/status:enum.*")
    )
    assert {one.label for one in explain("minimum")} == {"minimum.beyond", "minimum.far"}
    assert {one.label for one in explain("status.429*")} == {label for label in WIRE if label.startswith("status.429")}
    assert all(one.label.endswith(":nullable") for one in explain("/st*:nullable", hubspot))


def test_both_labels_of_a_case_with_two_faults_are_explained(hubspot):
    found = explain("/status:type.null + /results:type.null", hubspot)
    assert [one.label for one in found] == ["/status:type.null", "/results:type.null"]


@pytest.mark.parametrize(
    ("text", "closest"),
    [
        ("enum.unkown", "enum.unknown"),
        ("/status:enum.unkown", "/status:enum.unknown"),
        ("cut-in-strin", "cut-in-string"),
    ],
)
def test_an_unknown_label_is_refused_with_the_closest(hubspot, text, closest):
    with pytest.raises(ContractError, match="unknown label") as error:
        explain(text, hubspot)
    assert str(error.value).endswith(f"did you mean '{closest}'?")


def test_a_violation_that_the_contract_does_not_have_is_refused(hubspot):
    with pytest.raises(ContractError, match="unknown label"):
        explain("/status:minLength.short", hubspot)
