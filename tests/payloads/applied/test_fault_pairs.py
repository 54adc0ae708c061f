"""Two faults in one payload: both labels are true, and each stays true alone if the other fault is repaired."""

from __future__ import annotations

import fnmatch
import pickle
import random
from dataclasses import replace

import pytest
from hypothesis import find, settings
from payload_judges import LabelJudge, different_places, is_within, keyword_of, rust_says
from random_schemas import random_schema
from shaped_contracts import DRAFT, PAYLOADS, shaped_contract

from contractfuzz import Contract, ContractError
from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer
from contractfuzz.json_values import copy_json
from contractfuzz.payloads.cases.json_form import case_from_json, case_to_json

SOLE_PLACES = {
    # The event is the only property. An event that is deleted has nothing but an id, and one with a wrong tag has no branch.
    "event": ("/event:", "/event/type:tag.", "/event(user.deleted)", "/event(user.created):tag.other"),
    # A box needs a size, so the kind and further properties stay as they are.
    "guarded": ("(box)/size:required.missing",),
}


def repair(payload, twin, pointer):
    """Return a payload with the value that its twin has at a pointer."""
    *path, last = parse_pointer(pointer) or (None,)
    value = resolve_pointer(twin, parse_pointer(pointer))
    if last is None:
        return twin
    repaired = copy_json(payload)
    container = resolve_pointer(repaired, path)
    if isinstance(container, list):
        container[int(last)] = value
    elif value is MISSING:
        container.pop(last, None)
    else:
        container[last] = value
    return repaired


def judge(contract, case):
    """Check that both labels of a case are true, and that each is true alone; return True if its twin is known."""
    label_judge, is_valid = LabelJudge(contract.schema), rust_says(contract.schema)
    assert len(case.labels) == len(case.pointers) == 2
    assert (case.label, case.pointer) == (" + ".join(case.labels), case.pointers[0])
    one, other = (f"{pointer}/" for pointer in case.pointers)
    assert not one.startswith(other)
    assert not other.startswith(one)
    assert not is_valid(case.payload), case.label
    errors = contract.errors(case.payload)
    places = {
        pointer.rpartition("/")[0] if keyword_of(label) in ("required", "dependentRequired") else pointer
        for label, pointer in zip(case.labels, case.pointers, strict=True)
    }
    if not any(label.endswith(":tag.other") for label in case.labels):
        assert {error.pointer for error in errors} == places, case.label
    for label, pointer in zip(case.labels, case.pointers, strict=True):
        keyword = keyword_of(label)
        if keyword in ("required", "dependentRequired"):
            assert resolve_pointer(case.payload, parse_pointer(pointer)) is MISSING, case.label
        elif keyword not in ("allOf", "then", "else", "dependentSchemas") and not label.endswith(":tag.other"):
            assert any((error.pointer, error.keyword) == (pointer, keyword) for error in errors), case.label
    twin = case.twin()
    if twin is None:
        return False
    assert is_valid(twin.payload), case.label
    if all(
        any(is_within(place, pointer) for pointer in case.pointers)
        for place in different_places(case.payload, twin.payload)
    ):
        for kept, repaired in ((0, 1), (1, 0)):
            payload = repair(case.payload, twin.payload, case.pointers[repaired])
            alone = replace(
                case, label=case.labels[kept], pointer=case.pointers[kept], payload=payload, second=None, make_twin=None
            )
            assert label_judge.objections(alone) == [], (case.label, case.payload)
            assert not is_valid(payload)
    return True


@pytest.mark.thinned(2)
@pytest.mark.parametrize("name", PAYLOADS)
@pytest.mark.parametrize("has_base", [False, True])
def test_both_labels_are_true_for_each_shape(name, has_base):
    contract = shaped_contract(name)
    base = {"base": PAYLOADS[name]} if has_base else {}
    labels = contract.labels("invalid", faults=2, **base)
    cases = list(contract.sample(len(labels) + 40, "invalid", faults=2, **base))
    assert [case.label for case in cases[: len(labels)]] == list(labels)
    assert len(set(labels)) == len(labels)
    twins = sum(judge(contract, case) for case in cases)
    assert twins > 0.9 * len(cases)


@pytest.mark.parametrize("name", [name for name in PAYLOADS if name != "tagged root"])
def test_each_violation_is_in_a_pair_unless_it_is_the_whole_payload(name):
    contract = shaped_contract(name).with_faults(faults=2)
    paired = {label for case in contract.sample(len(contract.labels()), "invalid") for label in case.labels}
    alone = {violation.id for violation in contract.violations()} - paired
    root = {violation.id for violation in contract.violations() if not violation.location}
    unfit = {label for label in alone - root if label.startswith(SOLE_PLACES.get(name, "-"))}
    assert alone == root | unfit
    [note] = contract.notes
    assert note.startswith(f"{len(alone)} of {len(contract.violations())} violations are in no pair, such as :")


def test_labels_are_in_the_order_of_the_schema():
    contract = shaped_contract("order")
    order = {violation.id: index for index, violation in enumerate(contract.violations())}
    cases = list(contract.sample(200, "invalid", faults=2))
    assert all(order[case.labels[0]] < order[case.labels[1]] for case in cases)
    assert len({case.label for case in cases}) > len(contract.labels(faults=2)) + 50, "random pairs are other ones"


def test_both_labels_are_true_for_random_schemas(nightly):
    made = pairs = twins = 0
    for seed in range(600 if nightly else 60):
        rng = random.Random(seed)
        try:
            schema = {"$schema": DRAFT, **random_schema(rng, rng.randint(2, 3))}
            contract = Contract.load(schema, name="random").with_faults(faults=2)
            cases = list(contract.sample(len(contract.labels()) + 10, "invalid"))
        except ContractError:
            continue
        made += 1
        for case in cases:
            pairs += 1
            twins += judge(contract, case)
    assert made > 30
    assert pairs > 150
    assert twins > 0.9 * pairs


def test_the_published_contract_has_pairs(batch_association_response):
    contract = batch_association_response
    labels = contract.labels(faults=2)
    cases = list(contract.sample(len(labels) + 100, "invalid", faults=2))
    assert all(judge(contract, case) for case in cases)
    paired = {label for case in cases[: len(labels)] for label in case.labels}
    assert {label for label in contract.labels() if label not in paired} == set(contract.labels(only=":*"))


@pytest.mark.parametrize(
    "only",
    ["/id:type.null + /status:enum.case", "/status:enum.case + /id:type.null"],
)
def test_a_pair_can_be_chosen(only):
    contract = shaped_contract("order")
    cases = list(contract.sample(5, "invalid", only=only, faults=2))
    assert {case.label for case in cases} == {"/id:type.null + /status:enum.case"}
    found = find(contract.invalid(only, faults=2), lambda case: True, settings=settings(database=None))
    assert (found.label, found.payload) == (cases[0].label, cases[0].payload)


def test_a_glob_chooses_pairs_by_their_labels():
    contract = shaped_contract("order")
    listed = [label for label in contract.labels(faults=2) if fnmatch.fnmatchcase(label, "/id:* + /status:*")]
    assert listed
    assert list(contract.labels(only="/id:* + /status:*", faults=2)) == listed
    cases = contract.sample(20, "invalid", only="/id:* + /status:*", faults=2)
    assert {case.label for case in cases} == set(listed)


def test_a_glob_chooses_pairs_that_have_such_a_violation():
    contract = shaped_contract("order")
    cases = list(contract.sample(100, "invalid", only="/status:enum.*", faults=2))
    assert all(any(label.startswith("/status:enum.") for label in case.labels) for case in cases)
    chosen = {label for case in cases for label in case.labels if label.startswith("/status:enum.")}
    assert chosen == set(contract.labels(only="/status:enum.*"))


def test_two_faults_of_one_item_and_of_different_items():
    contract = shaped_contract("order")
    [case] = contract.sample(1, "invalid", only="/lines/*/sku:type.null + /lines/*/count:minimum.beyond", faults=2)
    assert case.payload["lines"] == [{"sku": None, "count": 0}]
    [case] = contract.sample(1, "invalid", only="/lines/*:type.null + /lines/*/sku:type.null", faults=2)
    assert sorted(case.payload["lines"], key=str) == [None, {"sku": None}] or len(case.payload["lines"]) == 2


@pytest.mark.parametrize(
    ("only", "message"),
    [
        (
            ":type.null + /id:type.null",
            "no payload has both violations of ':type.null + /id:type.null': choose two that",
        ),
        ("/id:type.null + /id:type.boolean", "no payload has both violations"),
        ("/id:type.nul + /id:type.boolean", "unknown label '/id:type.nul + /id:type.boolean'"),
        ("nothing", "unknown label 'nothing'"),
    ],
)
def test_pairs_that_do_not_exist_are_refused(only, message):
    with pytest.raises(ContractError) as refusal:
        shaped_contract("order").sample(1, "invalid", only=only, faults=2)
    assert str(refusal.value).startswith(message)


@pytest.mark.parametrize("faults", [0, 3, "2", 1.5, True, None])
def test_a_wrong_number_of_faults_is_refused(faults):
    with pytest.raises(ContractError, match=r"cannot put .* faults in a case: faults must be 1 or 2"):
        shaped_contract("order").with_faults(faults=faults)


def test_other_kinds_have_no_faults():
    with pytest.raises(ContractError, match="faults goes with invalid cases only: leave it out for valid ones"):
        shaped_contract("order").sample(1, faults=2)


def test_a_name_may_contain_the_separator_of_labels():
    schema = {"$schema": DRAFT, "type": "object", "properties": {"a + b": {"type": "string"}, "c": {"type": "integer"}}}
    contract = Contract.load(schema, name="odd")
    labels = contract.labels(faults=2)
    cases = list(contract.sample(60, "invalid", faults=2))
    assert len(labels) > 4
    for case in cases:
        assert set(case.labels) <= set(contract.labels())
        judge(contract, case)
    [case] = contract.sample(1, "invalid", only="/a + b:type.null + /c:type.null", faults=2)
    assert case.labels == ("/a + b:type.null", "/c:type.null")
    assert case.payload == {"a + b": None, "c": None}


def test_a_schema_with_one_place_has_no_pairs():
    contract = Contract.load({"$schema": DRAFT, "type": "string"}, name="text").with_faults(faults=2)
    assert contract.labels() == ()
    assert list(contract.sample(5, "invalid")) == []


def test_pairs_survive_pickling_and_json():
    contract = shaped_contract("order").with_faults(faults=2)
    cases = list(contract.sample(50, "invalid"))
    for case in cases:
        copy = pickle.loads(pickle.dumps(case))
        assert (copy.labels, copy.pointers, copy.payload) == (case.labels, case.pointers, case.payload)
        copy = case_from_json(case_to_json(case), "invalid", "rejects")
        assert (copy.labels, copy.pointers, copy.payload) == (case.labels, case.pointers, case.payload)
    again = pickle.loads(pickle.dumps(contract))
    assert [case.body for case in again.sample(50, "invalid")] == [case.body for case in cases]


def test_single_faults_have_one_label():
    [case] = shaped_contract("order").sample(1, "invalid", only="/id:type.null")
    assert (case.labels, case.pointers) == (("/id:type.null",), ("/id",))
    [case] = shaped_contract("order").sample(1)
    assert (case.labels, case.pointers) == ((), ())
