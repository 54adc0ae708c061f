"""Changes between two versions, fed to consumers: the consumer decides whether a change breaks it."""

from __future__ import annotations

import io
import json
import sys
from contextlib import redirect_stdout

import pytest

from contractfuzz import Contract
from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.main import cli
from contractfuzz.diff import witnesses
from contractfuzz.diff.changes import find_changes
from contractfuzz.errors import ContractError
from contractfuzz.evolution.consumer_changes import measure_changes
from contractfuzz.evolution.twins import Twin
from contractfuzz.evolution.version_pairs import VersionPairs
from contractfuzz.running.run import Run

STRING, INTEGER = {"type": "string"}, {"type": "integer"}


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    monkeypatch.setattr(witnesses, "SAMPLES_PER_PROFILE", 20)


def contract(required=("id",), **properties):
    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": [*required]}
    return Contract.load({**schema, "properties": {"id": STRING, **properties}}, name="order")


def impacts(consumer, old, new):
    """Return the impact of each change by the rule of the change."""
    measured = measure_changes(find_changes(old, new), old, new, Run(consumer, old))
    return {change.rule.id: change.impact for change in measured}


def pairs_of(change, old, new):
    twins = [Twin.of(old, case.payload) for case in old.sample(6, profile="closed")]
    return VersionPairs(old, new, twins).of(change)


def items(**keywords):
    return {"type": "array", "items": {"type": "object", "properties": {"n": INTEGER}, "required": ["n"], **keywords}}


PAIRS = [
    (contract(status={"enum": ["open"]}), contract(status={"enum": ["open", "lost"]}), "enum-value-added"),
    (contract(n=INTEGER), contract(n={"type": ["integer", "null"]}), "became-nullable"),
    (contract(n=INTEGER), contract(n={"type": ["integer", "string"]}), "type-widened"),
    (contract(n={**INTEGER, "maximum": 9}), contract(n={**INTEGER, "maximum": 99}), "maximum-increased"),
    (contract(), contract(required=()), "property-became-optional"),
    (contract(lines=items()), contract(lines=items(required=[])), "property-became-optional"),
    (contract(n={"type": "object", "additionalProperties": INTEGER}), contract(n={"type": "object"}), "type-widened"),
]


@pytest.mark.parametrize(("old", "new", "rule"), PAIRS, ids=[f"{rule}-{i}" for i, (_, _, rule) in enumerate(PAIRS)])
def test_both_oracles_prove_each_pair(old, new, rule):
    [change] = [change for change in find_changes(old, new) if change.rule.id == rule]
    pairs = list(pairs_of(change, old, new))
    assert pairs
    for pair in pairs:
        assert new.is_valid(pair.changed)
        assert not old.is_valid(pair.changed)
        assert old.is_valid(pair.twin)


def test_a_twin_differs_at_the_place_of_the_change_alone():
    old, new, _ = PAIRS[0]
    [change] = find_changes(old, new)
    for pair in pairs_of(change, old, new):
        assert {**pair.changed, "status": None} == {**pair.twin, "status": None}


def test_a_crash_names_the_line_of_the_consumer():
    def read(order: dict) -> int:
        return {"open": 1}[order.get("status", "open")]

    impact = impacts(read, *PAIRS[0][:2])["enum-value-added"]
    assert (impact.name, impact.is_break) == ("crashed", True)
    assert impact.description.startswith(f"breaks your code at test_consumer_changes.py:{impact.line}: KeyError")
    assert impact.file == __file__


def test_a_refusal_is_a_break():
    def read(order: dict) -> str:
        if order.get("status", "open") != "open":
            raise ValueError("unknown status")
        return "open"

    impact = impacts(read, *PAIRS[0][:2])["enum-value-added"]
    assert (impact.name, impact.is_break) == ("refused", True)


def test_a_result_that_hides_the_change_is_a_break():
    old, new = contract(n={**INTEGER, "maximum": 9}), contract(n={**INTEGER, "maximum": 99})
    impact = impacts(lambda order: min(order.get("n", 0), 9), old, new)["maximum-increased"]
    assert (impact.name, impact.is_break) == ("silently wrong", True)


def test_a_number_becomes_the_same_number_as_a_string():
    old, new = contract(("n",), n=INTEGER), contract(("n",), n={"type": "string", "pattern": "^[0-9]+$"})
    assert impacts(lambda order: order["n"] + 1, old, new)["type-widened"].name == "crashed"
    assert not impacts(lambda order: f"/orders/{order['n']}", old, new)["type-widened"].is_break


def test_a_new_property_is_fed_although_the_earlier_version_allows_it():
    def read(order: dict) -> str:
        [name] = order
        return name

    old, new = contract(), contract(color=STRING)
    assert impacts(read, old, new)["property-added"].name == "refused"
    assert impacts(lambda order: order["id"], old, new)["property-added"].name == "unaffected"


def test_several_new_properties_that_are_required_are_fed_together():
    old, new = contract(), contract(("id", "a", "b"), a=STRING, b=STRING)
    measured = measure_changes(find_changes(old, new), old, new, Run(lambda order: order.get("a"), old))
    assert {change.location: change.impact.name for change in measured} == {"/a": "passed on", "/b": "unaffected"}


def test_a_removed_property_is_fed_as_absent():
    old, new = contract(color=STRING), contract()
    assert impacts(lambda order: len(order.get("color", "")), old, new)["property-removed"].is_break is False
    found = impacts(
        lambda order: len(order["color"]) if "id" in order else 0, contract(("id", "color"), color=STRING), new
    )
    assert found["required-property-removed"].name == "crashed"


def test_a_consumer_that_passes_the_value_on_is_not_broken():
    impact = impacts(lambda order: order.get("status"), *PAIRS[0][:2])["enum-value-added"]
    assert (impact.name, impact.is_break) == ("passed on", False)


def test_a_consumer_that_does_not_read_the_value_does_not_care():
    impact = impacts(lambda order: order["id"], *PAIRS[0][:2])["enum-value-added"]
    assert (impact.name, impact.description) == ("unaffected", "your code does not care")


def test_the_change_is_tried_in_rich_payloads_too():
    # The smallest witness has no lines; the consumer fails only with some.
    def read(order: dict) -> int:
        if order["lines"]:
            return {"open": len(order["lines"])}[order.get("status", "open")]
        return 0

    old, new = (
        contract(("id", "lines"), lines={"type": "array", "items": STRING}, status={"enum": values})
        for values in (["open"], ["open", "lost"])
    )
    assert impacts(read, old, new)["enum-value-added"].name == "crashed"


def test_a_consumer_that_accepts_nothing_is_an_error():
    def refuse(order: dict) -> None:
        raise ValueError("never")

    with pytest.raises(ContractError, match="accepts no payload to compare with"):
        impacts(refuse, *PAIRS[0][:2])


def test_a_consumer_of_which_nothing_is_known_is_not_broken():
    impact = impacts(lambda order: None, *PAIRS[0][:2])["enum-value-added"]
    assert (impact.name, impact.is_break) == ("unknown", False)


def test_narrower_contracts_and_annotations_are_not_fed():
    calls = []
    _, new, _ = PAIRS[0]
    annotated = contract(status={"enum": ["open"], "deprecated": True})
    found = impacts(calls.append, new, annotated)
    assert {impact.name for impact in found.values()} == {"not fed"}
    assert calls == []


def test_a_change_without_a_witness_keeps_its_severity():
    old, new = contract(status=STRING), contract(status={**STRING, "deprecated": True})
    [change] = measure_changes(find_changes(old, new), old, new, Run(len, old))
    assert (change.severity("consumer"), change.impact.name) == ("warning", "not fed")


# --- the command ----------------------------------------------------------------------------------------------------------

SERVICE = """
LABELS = {"open": 1}


def read(order: dict) -> int:
    return LABELS[order.get("status", "open")]


def careful(order: dict) -> int:
    return LABELS.get(order.get("status"))
"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "label_service", raising=False)
    (tmp_path / "label_service.py").write_text(SERVICE)
    for name, values in (("old", ["open"]), ("new", ["open", "lost"])):
        (tmp_path / f"{name}.json").write_text(
            json.dumps({"type": "object", "properties": {"status": {"enum": values}}})
        )
    (tmp_path / "contractfuzz.toml").write_text(
        '[targets.labels]\nconsumer = "label_service:read"\ntolerate = ["*:type.null"]\n'
    )
    project_configuration.cache_clear()
    yield tmp_path
    project_configuration.cache_clear()


def run(target, output_format, *options):
    with redirect_stdout(io.StringIO()) as output:
        arguments = ["diff", "old.json", "new.json", "--consumer", target, "--format", output_format, *options]
        code = cli.main(arguments, standalone_mode=False)
    return code, output.getvalue()


@pytest.mark.parametrize("options", [(), ("--isolate",)])
def test_the_consumer_decides_the_exit_code(project, options):
    assert run("label_service:read", "text", *options)[0] == 1
    assert run("label_service:careful", "text", *options)[0] == 0


def test_a_target_of_the_configuration_is_a_consumer(project):
    assert run("labels", "text")[0] == 1


def test_a_base_is_the_payload_to_change(project):
    (project / "label_service.py").write_text(
        "def read(order: dict) -> str:\n    return {'7': {'open': 1}}[order['id']][order['status']]\n"
    )
    (project / "base.json").write_text('{"id": "7", "status": "open"}')
    with pytest.raises(ContractError, match="give a valid payload that it accepts"):
        run("label_service:read", "text")
    assert "label_service.py:2: KeyError: 'lost'" in run("label_service:read", "text", "--base", "base.json")[1]


def test_every_format_has_the_impact(project):
    words = "breaks your code at label_service.py:6: KeyError: 'lost'"
    assert f"    consumer: {words}\n" in run("labels", "text")[1]
    assert f"  - consumer: `{words}`\n" in run("labels", "markdown")[1]
    [change] = json.loads(run("labels", "json")[1])
    assert change["impact"] == {
        "name": "crashed",
        "breaks": True,
        "description": words,
        "file": str(project / "label_service.py"),
        "line": 6,
        "payload": {"status": "lost"},
    }


def test_sarif_locates_a_break_in_the_line_of_the_consumer(project):
    [result] = json.loads(run("labels", "sarif")[1])["runs"][0]["results"]
    physical = result["locations"][0]["physicalLocation"]
    assert physical == {"artifactLocation": {"uri": "label_service.py"}, "region": {"startLine": 6}}
    assert (result["level"], "KeyError" in result["message"]["text"]) == ("error", True)
