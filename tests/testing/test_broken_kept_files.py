"""Kept files that were corrupted: each is refused in one line, or works like any other kept case."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest
from broken_files import changed, damaged
from hypothesis import given, settings
from hypothesis import strategies as st
from runs import report_of, run_of

from contractfuzz import Contract, ContractError
from contractfuzz.running.messages import explain
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases, replay_kept_cases

ORDER = Contract.load(
    {
        "name": "Order",
        "type": "object",
        "properties": {"state": {"type": "string", "enum": ["open", "paid"]}, "note": {"type": "string"}},
        "required": ["state"],
    }
)


def careless(body: bytes):
    return json.loads(body)["state"].upper()


@pytest.fixture(scope="module")
def contents(tmp_path_factory):
    """Contents of kept files of every kind, with and without recipes."""
    folder = tmp_path_factory.mktemp("kept")
    for finding in report_of(careless, ORDER, examples=20).findings:
        keep_case(finding, folder)
    files = [path.read_bytes() for path in sorted(folder.rglob("*.json"))]
    assert len(files) > 10
    assert any(b'"recipe"' in file for file in files)
    return files


def replay(content: bytes, folder) -> str:
    """Read and replay a file with this content; return how that ended. Nothing but a ContractError may be raised."""
    (folder / "case.json").write_bytes(content)
    problem = None
    try:
        [kept_case] = load_kept_cases(folder)
    except ContractError as error:
        problem = str(error)
    if problem is not None:
        assert "case.json is not a kept case: restore it" in problem
        assert problem.isprintable()
        return "refused"
    run = run_of(careless, ORDER)
    [result] = replay_kept_cases(run, [kept_case])
    if result.finding is not None:
        explain(result.finding)
        keep_case(result.finding, folder / "again")
    return result.status


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_file_with_wrong_members_is_refused_or_replayed(contents, tmp_path_factory, data):
    record = data.draw(changed(json.loads(data.draw(st.sampled_from(contents)))))
    replay(json.dumps(record).encode(), tmp_path_factory.mktemp("changed"))


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_a_damaged_file_is_refused_or_replayed(contents, tmp_path_factory, data):
    content = data.draw(damaged(data.draw(st.sampled_from(contents))))
    replay(content, tmp_path_factory.mktemp("damaged"))


def test_a_file_that_is_cut_off_anywhere_is_refused(contents, tmp_path):
    content = min(contents, key=len).rstrip()
    results = {replay(content[:length], tmp_path) for length in range(len(content))}
    assert results == {"refused"}


@pytest.mark.parametrize(
    "member",
    [
        {"payload": float("nan")},
        {"payload": "\ud800"},
        {"label": ["/state:type.null"]},
        {"pointer": 1},
        {"expectation": "explodes"},
        {"contract": 5},
        {"consumer": None},
        {"kind": "malformed"},
        {"recipe": {"zlib": "eJw="}, "bytes": 10**12, "sha256": ""},
        {"recipe": {"zlib": "eJw="}, "bytes": 5, "sha256": ""},
        {"recipe": [], "bytes": 5, "sha256": ""},
    ],
    ids=repr,
)
def test_a_member_of_a_wrong_type_is_refused(contents, tmp_path, member):
    record = next(record for record in map(json.loads, contents) if record["label"] == "/state:type.null")
    assert replay(json.dumps(record).encode(), tmp_path) == "fails"
    assert replay(json.dumps(record | member).encode(), tmp_path) == "refused"


@pytest.mark.parametrize("depth", [100, 900, 990, 5000, 100_000])
def test_a_deep_payload_is_refused_or_replayed(contents, tmp_path, depth):
    record = next(record for record in map(json.loads, contents) if record["label"] == "/state:type.null")
    deep = "[" * depth + "]" * depth
    text = json.dumps({**record, "payload": "DEEP"}).replace('"DEEP"', deep)
    assert replay(text.encode(), tmp_path) in ("refused", "fails", "outdated")


@pytest.mark.parametrize("depth", [10, 200, 400, 800])
def test_a_deep_payload_is_kept_in_a_small_file(tmp_path, depth):
    payload: object = 1
    for _ in range(depth):
        payload = [payload]
    [finding] = report_of(careless, ORDER, examples=0, only="/state:type.null").findings
    case = replace(finding.case, payload={"state": None, "x": payload})
    path = keep_case(replace(finding, case=case), tmp_path)
    [kept_case] = load_kept_cases(tmp_path)
    assert kept_case.case.body == case.body
    assert path.stat().st_size < 20_000


def test_a_folder_with_the_name_of_a_kept_file_is_ignored(tmp_path):
    (tmp_path / "case.json").mkdir()
    assert load_kept_cases(tmp_path) == []
