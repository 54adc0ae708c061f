"""Baselines: which findings are known, which are fixed, and what an update keeps."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from broken_files import damaged
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Contract, check
from contractfuzz.errors import ContractError
from contractfuzz.reports.json_report import from_json, report_as_json
from contractfuzz.reports.merging import merge
from contractfuzz.reports.rendering import REPORT_FORMATS, render
from contractfuzz.running.options import RunOptions
from contractfuzz.running.run import Run
from contractfuzz.testing.baseline import Baseline, entry_of, read_baseline

ORDER = Contract.load(
    {
        "title": "order",
        "type": "object",
        "properties": {"state": {"enum": ["open", "paid"]}, "count": {"type": "integer", "minimum": 1}},
        "required": ["state"],
    }
)


def careless(order):
    return order["state"].upper()


def without_valid(order):
    raise KeyError(order)


def report_of(consumer=careless, only=()):
    run = Run(consumer, ORDER, RunOptions(name="service:read"), examples=5, only=only)
    run.feed_all()
    return run.report()


def baseline_of(report, file="baseline.json"):
    return Baseline(file, {}).updated([report])


def test_every_finding_of_the_update_is_known_afterwards():
    report = report_of()
    applied = baseline_of(report).apply(report)
    assert (applied.ok, applied.findings, applied.fixed) == (True, [], ())
    assert {entry_of(finding) for finding in applied.known} == {entry_of(finding) for finding in report.findings}
    assert len(applied.known) == len(report.findings) > 10


def test_a_finding_with_another_verdict_is_new():
    report = report_of()
    entry = "/count:type.null accepted"
    baseline = Baseline("b", {"service:read": {"order": frozenset({entry, "/count:type.string crashed"})}})
    applied = baseline.apply(report)
    assert [entry_of(finding) for finding in applied.known] == [entry]
    assert applied.fixed == ("/count:type.string crashed",)
    assert "/count:type.string accepted" in {entry_of(finding) for finding in applied.findings}


def test_a_finding_without_a_label_is_known_by_its_kind():
    report = report_of(without_valid)
    assert "valid crashed" in {entry_of(finding) for finding in report.findings}
    assert baseline_of(report).apply(report).ok


def test_only_what_was_fed_is_fixed_and_dropped():
    baseline = baseline_of(report_of())
    fixed = report_of(lambda order: ORDER.is_valid(order) or int("wrong"), only="/count:*")
    applied = baseline.apply(fixed)
    assert applied.ok
    assert len(applied.fixed) >= 5
    assert {entry.partition(":")[0] for entry in applied.fixed} == {"/count"}
    kept = baseline.updated([fixed]).entries["service:read"]["order"]
    assert kept == baseline.entries["service:read"]["order"] - set(applied.fixed)
    assert kept


def test_other_consumers_and_contracts_stay():
    others = {
        "other:read": {"order": frozenset({"valid crashed"})},
        "service:read": {"bill": frozenset({"valid hung"})},
    }
    updated = Baseline("b", others).updated([report_of()]).entries
    assert updated["other:read"] == others["other:read"]
    assert updated["service:read"]["bill"] == others["service:read"]["bill"]
    assert len(updated["service:read"]["order"]) > 10


@pytest.mark.parametrize(("only", "stays"), [((), False), (("/count:*",), False)])
def test_a_label_that_the_contract_no_longer_has_is_dropped_by_a_full_check(only, stays):
    baseline = Baseline("b", {"service:read": {"order": frozenset({"/gone:type.null accepted"})}})
    report = report_of(only=only)
    assert baseline.apply(report).fixed == ()
    assert ("/gone:type.null accepted" in baseline.updated([report]).entries["service:read"]["order"]) is stays


def test_a_label_that_a_partial_report_does_not_know_stays():
    baseline = Baseline("b", {"service:read": {"order": frozenset({"nan accepted"})}})
    report = replace(report_of(), labels={"invalid": report_of().labels["invalid"]})
    assert "nan accepted" in baseline.updated([report]).entries["service:read"]["order"]


def test_the_file_is_sorted_and_is_read_back(tmp_path):
    baseline = baseline_of(report_of(), str(tmp_path / "baseline.json"))
    baseline.write()
    text = (tmp_path / "baseline.json").read_text()
    [entries] = json.loads(text)["findings"]["service:read"].values()
    assert entries == sorted(entries)
    assert '\n        "/count:type.null accepted",\n' in text
    assert read_baseline(baseline.file) == baseline
    before = (tmp_path / "baseline.json").stat().st_mtime_ns
    baseline.write()
    assert (tmp_path / "baseline.json").stat().st_mtime_ns == before


def test_strange_labels_are_read_back(tmp_path):
    entries = frozenset({"/a b \ud800\x1b:type.null accepted", "/##[group]:type.null crashed", "/é/\u2028:x died"})
    baseline = Baseline(str(tmp_path / "b.json"), {"m:f\n": {"::error::": entries}})
    baseline.write()
    assert read_baseline(baseline.file) == baseline


@pytest.mark.parametrize(
    "text",
    [
        "",
        "null",
        "[]",
        "{}",
        "<<<<<<< HEAD",
        "[" * 100_000,
        '{"contractfuzz baseline": 2, "findings": {}}',
        '{"contractfuzz baseline": 1, "findings": []}',
        '{"contractfuzz baseline": 1, "findings": {"a": []}}',
        '{"contractfuzz baseline": 1, "findings": {"a": {"b": "c"}}}',
        '{"contractfuzz baseline": 1, "findings": {"a": {"b": [1]}}}',
        '{"contractfuzz baseline": 1, "findings": {"a": {"b": [["x accepted"]]}}}',
        '{"contractfuzz baseline": 1, "findings": {"a": {"b": ["x"]}}}',
        '{"contractfuzz baseline": 1, "findings": {"a": {}, "a": {}}}',
        "\udcff",
    ],
)
def test_a_file_that_is_not_a_baseline_is_refused_in_one_line(tmp_path, text):
    file = tmp_path / "b.json"
    file.write_bytes(text.encode(errors="surrogateescape"))
    with pytest.raises(ContractError, match="is not a baseline: ") as caught:
        read_baseline(str(file), create="--update-baseline", may_be_missing=True)
    assert str(caught.value).isprintable()


@given(st.data())
def test_a_damaged_file_is_read_or_refused_in_one_line(tmp_path_factory, data):
    file = tmp_path_factory.getbasetemp() / "damaged.json"
    Baseline(str(file), {"m:f": {"order": frozenset({"/a:type.null accepted", "valid crashed"})}}).write()
    file.write_bytes(data.draw(damaged(file.read_bytes())))
    try:
        baseline = read_baseline(str(file))
    except ContractError as error:
        message = str(error)
        baseline = None
    else:
        message = ""
        baseline.write()
    assert message.isprintable()
    assert baseline is None or read_baseline(str(file)) == baseline


@pytest.mark.parametrize("file", [".", "a\0b", "file.txt/b.json", "x" * 300])
def test_a_path_that_cannot_be_read_is_refused_in_one_line(tmp_path, monkeypatch, file):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "file.txt").write_text("")
    with pytest.raises(ContractError) as caught:
        read_baseline(file, may_be_missing=True)
    assert str(caught.value).isprintable()


def test_each_report_format_counts_the_known_findings():
    report = report_of()
    applied = baseline_of(report).apply(report)
    for name in REPORT_FORMATS:
        text = render(applied, name)
        if name not in ("junit", "sarif"):
            assert f"{len(applied.known)} known findings" in text or '"known": [' in text, name
    assert "<failure" not in render(applied, "junit")
    assert json.loads(render(applied, "sarif"))["runs"][0]["results"] == []


def test_known_findings_survive_json_and_merging():
    report = report_of()
    applied = baseline_of(report).apply(report)
    again = from_json(json.loads(json.dumps(report_as_json(applied))))
    assert [entry_of(finding) for finding in again.known] == [entry_of(finding) for finding in applied.known]
    [merged] = merge([again, again])
    assert len(merged.known) == len(applied.known)
    assert merged.ok


def test_fixed_entries_are_listed_in_text_and_page():
    fixed = replace(check(lambda order: ORDER.is_valid(order) or int("x"), ORDER, examples=2), fixed=("/a:x accepted",))
    for name in ("text", "html", "json"):
        assert "/a:x accepted" in render(fixed, name)
