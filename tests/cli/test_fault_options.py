"""`--base FILE` and `--faults N` choose other invalid cases for `sample` and `check`."""

from __future__ import annotations

import json
import re

import pytest
from payload_judges import LabelJudge
from shaped_contracts import DRAFT, PAYLOADS, SCHEMAS

from contractfuzz import Contract

ORDER = ("--contract", "order.schema.json")
CONSUMER = """
def accept(payload):
    return 1


def read(payload):
    if not isinstance(payload, dict) or payload.get("id") != "QX-7781":
        raise ValueError("unknown id")
    if not isinstance(payload.get("lines"), list):
        raise ValueError("no lines")
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("faults")
    (folder / "order.schema.json").write_text(json.dumps({"$schema": DRAFT, "title": "order", **SCHEMAS["order"]}))
    (folder / "tagged.schema.json").write_text(
        json.dumps({"$schema": DRAFT, "title": "event", **SCHEMAS["tagged root"]})
    )
    (folder / "order.json").write_text(json.dumps(PAYLOADS["order"]))
    (folder / "event.json").write_text(json.dumps(PAYLOADS["tagged root"]))
    (folder / "wrong.json").write_text(json.dumps({**PAYLOADS["order"], "id": 5}))
    (folder / "broken.json").write_text("{")
    (folder / "consumer.py").write_text(CONSUMER)
    return folder


@pytest.fixture(scope="module")
def contract(folder):
    return Contract.load(folder / "order.schema.json")


def test_sample_writes_the_violations_of_a_base(run, folder, contract):
    options = ("--contract", "order.schema.json", "--base", "order.json")
    done = run("sample", "-n", "150", "--kind", "invalid", *options, cwd=folder)
    assert (done.returncode, done.stderr) == (0, b"")
    expected = contract.sample(150, "invalid", base=PAYLOADS["order"])
    assert done.stdout == b"".join(case.body + b"\n" for case in expected)


@pytest.mark.thinned(3)
@pytest.mark.parametrize(
    "options", [("--base", "order.json"), ("--faults", "2"), ("--base", "order.json", "--faults", "2")]
)
def test_workers_write_the_same_files(run, folder, tmp_path, options):
    for workers in ("1", "2"):
        target = f"{tmp_path / workers}/"
        fixed = ("-n", "60", "--kind", "invalid", "--shard-size", "20", "--contract", "order.schema.json")
        done = run("sample", *fixed, *options, "--workers", workers, "--output", target, cwd=folder)
        assert done.returncode == 0
    one, two = (
        {path.name: path.read_bytes() for path in (tmp_path / workers).glob("*.jsonl")} for workers in ("1", "2")
    )
    assert one == two
    assert len(one) == 3


def test_check_feeds_the_violations_of_a_base(check, folder, contract):
    done, report = check("consumer:read", "--contract", "order.schema.json", "--base", "order.json", cwd=folder)
    assert (done.returncode, done.stderr) == (1, b"")
    assert report["labels"]["invalid"].keys() == set(contract.labels())
    invalid = [finding for finding in report["findings"] if finding["kind"] == "invalid"]
    judge = LabelJudge(contract.schema)
    assert len(invalid) > 50
    assert all(finding["payload"]["id"] == "QX-7781" for finding in invalid)
    cases = contract.sample(len(contract.labels()), "invalid", base=PAYLOADS["order"])
    assert all(judge.objections(case) == [] for case in cases)


def test_violations_that_cannot_be_applied_are_reported(run, folder):
    options = ("--contract", "tagged.schema.json", "--base", "event.json")
    done = run("sample", "-n", "1", "--kind", "invalid", *options, cwd=folder)
    assert done.returncode == 0
    message = done.stderr.decode()
    assert re.match(
        r"contractfuzz: 12 of \d+ violations cannot be applied to the base, such as \(user\.deleted\)/id:", message
    )
    assert message.count("\n") == 1


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (("--base", "wrong.json"), "the base is not valid: type at /id"),
        (("--base", "missing.json"), "missing.json cannot be read (No such file or directory): name a file"),
        (("--base", "broken.json"), "broken.json is not a JSON payload: "),
    ],
)
def test_a_base_that_cannot_be_used_is_refused(refusal, folder, options, message):
    contract = ("--contract", "order.schema.json")
    assert refusal("sample", "--kind", "invalid", *contract, *options, cwd=folder).startswith(message)
    assert refusal("check", "consumer:read", *contract, *options, cwd=folder).startswith(message)


def test_other_kinds_have_no_base(refusal, folder):
    message = refusal("sample", "--base", "order.json", "--contract", "order.schema.json", cwd=folder)
    assert message == "--base goes with invalid cases only: add --kind invalid, or leave it out"


def test_sample_writes_pairs(run, folder, contract):
    done = run("sample", "-n", "3", "--kind", "invalid", "--faults", "2", "--labels", *ORDER, cwd=folder)
    assert done.returncode == 0
    assert re.match(rb"contractfuzz: \d+ of \d+ violations are in no pair, such as :type.null: no payload", done.stderr)
    rows = [json.loads(line) for line in done.stdout.splitlines()]
    cases = list(contract.sample(3, "invalid", faults=2))
    assert [row["label"] for row in rows] == [case.label for case in cases]
    assert all(" + " in row["label"] for row in rows)


@pytest.mark.thinned(2)
@pytest.mark.parametrize("report_format", ["text", "json", "html", "junit", "github"])
def test_every_report_shows_pairs(run, folder, report_format):
    options = ("--faults", "2", "--examples", "20", "--format", report_format, *ORDER)
    done = run("check", "consumer:accept", *options, cwd=folder)
    assert done.returncode == 1
    assert b" + " in done.stdout
    assert b"Traceback" not in done.stdout + done.stderr


def test_a_check_of_pairs_counts_each_label(check, folder, contract):
    done, report = check("consumer:accept", "--faults", "2", "--examples", "20", *ORDER, cwd=folder)
    assert done.returncode == 1
    labels = contract.labels(faults=2)
    assert list(report["labels"]["invalid"]) == list(labels)
    assert set(report["labels"]["invalid"].values()) == {"accepted"}
    assert report["counts"]["invalid"] == {"accepted": len(labels) + 20}


def test_a_pair_is_chosen_by_its_label(check, folder):
    label = "/id:type.null + /status:enum.case"
    _, report = check("consumer:accept", "--faults", "2", "--only", label, *ORDER, cwd=folder)
    assert {finding["label"] for finding in report["findings"]} == {label}
    assert all("/id" in finding["cause"] and "/status" not in finding["cause"] for finding in report["findings"])


def test_a_pair_is_tolerated_only_if_both_of_its_violations_are(check, folder):
    label = "/id:type.null + /status:enum.case"
    options = ("--faults", "2", "--examples", "5", "--only", label, *ORDER)
    done, report = check("consumer:accept", *options, "--tolerate", "/id:*", cwd=folder)
    assert (done.returncode, len(report["findings"])) == (1, 1)
    done, report = check("consumer:accept", *options, "--tolerate", "/id:*", "--tolerate", "/status:*", cwd=folder)
    assert (done.returncode, report["findings"]) == (0, [])
    done, report = check(
        "consumer:accept", *options, "--must-accept", "/id:*", "--must-accept", "/status:*", cwd=folder
    )
    assert (done.returncode, report["findings"]) == (0, [])


def test_the_number_of_faults_is_checked(run, folder):
    done = run("sample", "--kind", "invalid", "--faults", "3", *ORDER, cwd=folder)
    assert done.returncode == 2
    assert b"Traceback" not in done.stderr
