"""Kept cases: they are stored, loaded and replayed without change, and recognised as fixed or outdated."""

from __future__ import annotations

import json
import os
import random
from dataclasses import replace
from pathlib import Path

import pytest
from consumers import accept, reject
from runs import report_of, run_of

from contractfuzz import Contract, ContractError, check
from contractfuzz.payloads.cases.case import Case
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases

DOCUMENT = {
    "name": "Order",
    "type": "object",
    "properties": {"state": {"type": "string", "enum": ["open", "paid"]}, "note": {"type": "string"}},
    "required": ["state"],
}
ORDER = Contract.load(DOCUMENT)


def careless(order):
    return order["state"].upper()


def honest(order):
    if not ORDER.is_valid(order):
        raise ValueError("no order")


def findings(consumer=careless, only=(), feed="object"):
    return report_of(consumer, ORDER, feed=feed, examples=0, only=only).findings


def statuses(consumer, folder, contract=ORDER):
    run = run_of(consumer, contract, feed="object")
    return [result.status for result in replay_kept_cases(run, load_kept_cases(folder))]


def test_the_file_of_a_kept_case_is_readable(tmp_path):
    [finding] = findings(only="/state:required.missing")
    path = keep_case(finding, tmp_path)
    assert path.parent == tmp_path / "Order"
    assert path.name.startswith("state-required.missing-")
    record = json.loads(path.read_text())
    assert record["payload"] == {}
    assert record["label"] == "/state:required.missing"
    assert record["expectation"] == "rejects"
    assert record["verdict"] == "crashed"
    assert record["error"] == "KeyError: 'state'"
    assert record["consumer"] == "test_kept_cases:careless"
    assert set(record["versions"]) == {"contractfuzz", "python"}


def test_the_same_case_is_kept_once_and_never_rewritten(tmp_path):
    [finding] = findings(only="/state:required.missing")
    path = keep_case(finding, tmp_path)
    path.write_text(path.read_text().replace("KeyError", "edited by hand"))
    assert keep_case(finding, tmp_path) == path
    assert "edited by hand" in path.read_text()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [path.name]


def test_a_kept_case_is_loaded_unchanged(tmp_path):
    for finding in findings():
        keep_case(finding, tmp_path)
    kept = {one.case.label: one.case for one in load_kept_cases(tmp_path, "Order")}
    expected = findings()
    assert len(kept) == len(expected) > 1
    for finding in expected:
        case = kept[finding.case.label]
        assert (case.payload, case.body, case.pointer) == (
            finding.case.payload,
            finding.case.body,
            finding.case.pointer,
        )


def test_a_malformed_body_is_kept_byte_for_byte(tmp_path):
    [finding] = findings(accept, only="cut-utf-8", feed="bytes")
    keep_case(finding, tmp_path)
    [kept] = load_kept_cases(tmp_path)
    assert kept.case.body == finding.case.body


def test_a_fixed_case_is_distinguished_from_one_that_still_fails(tmp_path):
    for finding in findings(only=["/state:required.missing", "/state:type.null"]):
        keep_case(finding, tmp_path)
    assert statuses(careless, tmp_path) == ["fails", "fails"]
    assert statuses(honest, tmp_path) == ["fixed", "fixed"]


def test_a_case_with_a_label_that_the_contract_no_longer_has_is_outdated(tmp_path):
    [finding] = findings(only="/state:required.missing")
    keep_case(finding, tmp_path)
    changed = Contract.load({**DOCUMENT, "required": []})
    assert statuses(careless, tmp_path, changed) == ["outdated"]


def test_an_invalid_case_that_is_valid_now_is_outdated(tmp_path):
    [finding] = findings(only="/state:enum.unknown")
    keep_case(finding, tmp_path)
    values = ["open", "paid", finding.case.payload["state"]]
    changed = Contract.load({**DOCUMENT, "properties": {"state": {"type": "string", "enum": values}}})
    assert statuses(careless, tmp_path, changed) == ["outdated"]


@pytest.mark.parametrize("earlier", [{}, {"class": "hostile", "kind": "valid"}], ids=["now", "in an earlier version"])
def test_a_kept_hostile_case_may_be_rejected(tmp_path, earlier):
    [hostile] = ORDER.sample(1, kind="hostile")
    path = keep_case(replace(findings()[0], case=hostile), tmp_path)
    record = json.loads(path.read_bytes())
    assert (record["kind"], "class" in record) == ("hostile", False)
    path.write_text(json.dumps(record | earlier))
    [kept] = load_kept_cases(tmp_path)
    assert (kept.case.kind, kept.case.expectation) == ("hostile", "survives")

    assert statuses(reject, tmp_path) == ["fixed"]
    assert statuses(lambda order: order["unknown"], tmp_path) == ["fails"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"kind": "nonsense"}', '{"kind": "invalid", "body": "%"}'])
def test_a_file_that_is_not_a_kept_case_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "broken.json").write_text(text)
    with pytest.raises(ContractError, match=r"broken\.json is not a kept case") as caught:
        load_kept_cases(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_body_that_has_no_short_recipe_is_not_kept(tmp_path):
    [finding] = findings(only="/state:required.missing")
    huge = Case("valid", {"state": random.Random(0).randbytes(200_000).hex()})
    with pytest.raises(ContractError, match="is too large to keep"):
        keep_case(replace(finding, case=huge), tmp_path)
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that is a file's child")
def test_a_folder_that_cannot_be_created_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    [finding] = findings(only="/state:required.missing")
    with pytest.raises(ContractError, match="cannot be written"):
        keep_case(finding, tmp_path / "file" / "deeper")


def test_a_write_that_fails_midway_leaves_nothing(tmp_path, monkeypatch):
    [finding] = findings(only="/state:required.missing")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ContractError, match="No space left on device"):
        keep_case(finding, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_the_findings_of_a_check_can_be_kept(tmp_path):
    paths = [keep_case(finding, tmp_path) for finding in check(careless, ORDER, examples=50).findings]
    assert len(set(paths)) == len(paths) > 1
    assert all(path.exists() for path in paths)
