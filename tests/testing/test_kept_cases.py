"""A case that failed once is kept beside the tests, fed first from then on, and stays as a guard when it is fixed."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import pytest

from contractfuzz import Contract, ContractError, check
from contractfuzz.running.run import Run
from contractfuzz.testing import kept_cases as regressions

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
    run = Run(consumer, ORDER, feed=feed, examples=0, only=only)
    run.feed_all()
    return run.report().findings


def statuses(consumer, folder, contract=ORDER):
    run = Run(consumer, contract, feed="object")
    return [replayed.status for replayed in regressions.replay(run, regressions.load(folder))]


def test_a_kept_case_is_small_and_readable(tmp_path):
    [finding] = findings(only="/state:required.missing")
    path = regressions.keep(finding, tmp_path)
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
    path = regressions.keep(finding, tmp_path)
    path.write_text(path.read_text().replace("KeyError", "edited by hand"))
    assert regressions.keep(finding, tmp_path) == path
    assert "edited by hand" in path.read_text()
    assert [file.name for file in tmp_path.rglob("*") if file.is_file()] == [path.name]


def test_what_is_kept_is_read_back_as_the_same_case(tmp_path):
    for finding in findings():
        regressions.keep(finding, tmp_path)
    kept = {one.case.label: one.case for one in regressions.load(tmp_path, "Order")}
    assert kept
    for finding in findings():
        case = kept[finding.case.label]
        assert (case.payload, case.body, case.pointer) == (
            finding.case.payload,
            finding.case.body,
            finding.case.pointer,
        )


def test_a_malformed_body_is_kept_byte_by_byte(tmp_path):
    [finding] = findings(lambda body: None, only="cut-utf-8", feed="bytes")
    regressions.keep(finding, tmp_path)
    [kept] = regressions.load(tmp_path)
    assert kept.case.body == finding.case.body


def test_a_fixed_case_is_told_from_one_that_still_fails(tmp_path):
    for finding in findings(only=["/state:required.missing", "/state:type.null"]):
        regressions.keep(finding, tmp_path)
    assert statuses(careless, tmp_path) == ["fails", "fails"]
    assert statuses(honest, tmp_path) == ["fixed", "fixed"]


def test_a_case_whose_label_the_contract_no_longer_has_is_outdated(tmp_path):
    [finding] = findings(only="/state:required.missing")
    regressions.keep(finding, tmp_path)
    changed = Contract.load({**DOCUMENT, "required": []})
    assert statuses(careless, tmp_path, changed) == ["outdated"]


def test_a_case_that_the_contract_allows_by_now_is_outdated(tmp_path):
    [finding] = findings(only="/state:enum.unknown")
    regressions.keep(finding, tmp_path)
    values = ["open", "paid", finding.case.payload["state"]]
    changed = Contract.load({**DOCUMENT, "properties": {"state": {"type": "string", "enum": values}}})
    assert statuses(careless, tmp_path, changed) == ["outdated"]


@pytest.mark.parametrize("earlier", [{}, {"class": "hostile", "kind": "valid"}], ids=["now", "in an earlier version"])
def test_a_kept_hostile_case_may_be_rejected(tmp_path, earlier):
    [hostile] = ORDER.sample(1, kind="hostile")
    path = regressions.keep(replace(findings()[0], case=hostile), tmp_path)
    record = json.loads(path.read_bytes())
    assert (record["kind"], "class" in record) == ("hostile", False)
    path.write_text(json.dumps(record | earlier))
    [kept] = regressions.load(tmp_path)
    assert (kept.case.kind, kept.case.expectation) == ("hostile", "survives")

    def reject(order):
        raise ValueError("no order")

    assert statuses(reject, tmp_path) == ["fixed"]
    assert statuses(lambda order: order["unknown"], tmp_path) == ["fails"]


@pytest.mark.parametrize("text", ["", "{", "[]", "{}", '{"kind": "nonsense"}', '{"kind": "invalid", "body": "%"}'])
def test_a_file_that_is_no_kept_case_is_refused_in_one_line(tmp_path, text):
    (tmp_path / "broken.json").write_text(text)
    with pytest.raises(ContractError, match=r"broken\.json is no kept case") as caught:
        regressions.load(tmp_path)
    assert "\n" not in str(caught.value)


def test_a_huge_body_is_not_kept(tmp_path):
    [finding] = findings(lambda body: None, only="huge-string", feed="bytes") or [None]
    if finding is None:  # the body is readable to Python, so nothing is found
        [small] = findings(only="/state:required.missing")
        finding = replace(small, case=next(ORDER.sample(1, "malformed", only="huge-string")))
    with pytest.raises(ContractError, match="is not kept"):
        regressions.keep(finding, tmp_path)
    assert not list(tmp_path.rglob("*.json"))


@pytest.mark.skipif(os.name != "posix", reason="needs a folder that is a file's child")
def test_a_folder_that_cannot_be_made_is_named(tmp_path):
    (tmp_path / "file").write_text("")
    [finding] = findings(only="/state:required.missing")
    with pytest.raises(ContractError, match="cannot be written"):
        regressions.keep(finding, tmp_path / "file" / "deeper")


def test_a_write_that_fails_midway_leaves_nothing(tmp_path, monkeypatch):
    [finding] = findings(only="/state:required.missing")

    def full(self, target):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "replace", full)
    with pytest.raises(ContractError, match="No space left on device"):
        regressions.keep(finding, tmp_path)
    assert not [path for path in tmp_path.rglob("*") if path.is_file()]


def test_what_a_check_found_can_be_kept_as_it_is(tmp_path):
    for finding in check(careless, ORDER, examples=50).findings:
        assert regressions.keep(finding, tmp_path).exists()
