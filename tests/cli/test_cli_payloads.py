"""`contractfuzz sample`, `violations` and `validate`: output, formats and options."""

from __future__ import annotations

import gzip
import json
import os

import pytest

from hubspot_strategies import contract

VALID = {
    "status": "PENDING",
    "results": [],
    "startedAt": "2000-01-01T00:00:00Z",
    "completedAt": "2000-01-01T00:00:00Z",
}


def payloads(done):
    assert (done.returncode, done.stderr) == (0, b"")
    return [json.loads(line) for line in done.stdout.decode().splitlines()]


# --- sample -------------------------------------------------------------------------------------------------------------


def test_sample_writes_one_valid_payload_per_line(run):
    sampled = payloads(run("sample", "-n", "300"))
    assert len(sampled) == 300
    assert [payload for payload in sampled if not contract.is_valid(payload)] == []


def test_sample_writes_ten_payloads_by_default(run):
    assert len(payloads(run("sample"))) == 10


def test_sample_of_zero_payloads_writes_nothing(run):
    assert payloads(run("sample", "-n", "0")) == []


def test_sample_writes_the_same_for_the_same_seed(run):
    first = run("sample", "--seed", "7").stdout
    assert run("sample", "--seed", "7").stdout == first
    assert run("sample", "--seed", "8").stdout != first


def test_sample_writes_cases_of_a_kind_and_selected_labels(run):
    sampled = payloads(run("sample", "--kind", "invalid", "--only", "/numErrors:*", "-n", "50"))
    assert len(sampled) == 50
    assert {error.pointer for payload in sampled for error in contract.errors(payload)} == {"/numErrors"}


def test_sample_writes_a_profile(run):
    assert payloads(run("sample", "--profile", "minimal", "-n", "1")) == [VALID]


def test_sample_writes_utf_8_on_an_ascii_terminal_too(run):
    done = run("sample", "-n", "100", env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout == run("sample", "-n", "100").stdout
    assert not done.stdout.isascii()


def test_sample_writes_a_file(run, tmp_path):
    done = run("sample", "--output", str(tmp_path / "some.jsonl"))
    assert (done.returncode, done.stdout) == (0, b"")
    assert (tmp_path / "some.jsonl").read_bytes() == run("sample").stdout


def test_sample_writes_hostile_payloads(run):
    hostile = contract.sample(5, kind="hostile", seed=3)
    written = run("sample", "-n", "5", "--kind", "hostile", "--seed", "3").stdout
    assert written == b"".join(case.body + b"\n" for case in hostile)


# --- violations ---------------------------------------------------------------------------------------------------------


def test_violations_lists_every_id_with_its_description(run):
    lines = run("violations").stdout.decode().splitlines()
    assert [line.split(maxsplit=1) for line in lines] == [[one.id, one.description] for one in contract.violations()]


def test_violations_are_listed_as_json(run):
    rows = json.loads(run("violations", "--format", "json").stdout)
    assert [row["id"] for row in rows] == [one.id for one in contract.violations()]
    assert list(rows[0]) == ["id", "location", "keyword", "variant", "description"]


@pytest.mark.parametrize("kind", ["malformed", "incoherent"])
def test_violations_lists_the_labels_of_another_kind(run, kind):
    cases = [(case.label, case.description) for case in contract.sample(len(contract.labels(kind)), kind)]
    lines = run("violations", "--kind", kind).stdout.decode().splitlines()
    assert [tuple(line.split(maxsplit=1)) for line in lines] == cases
    rows = json.loads(run("violations", "--kind", kind, "--format", "json").stdout)
    assert rows == [{"label": label, "description": description} for label, description in cases]


def test_violations_lists_chosen_labels_of_another_kind(run):
    lines = run("violations", "--kind", "malformed", "--only", "cut-*").stdout.decode().splitlines()
    assert [line.split()[0] for line in lines] == list(contract.labels("malformed", "cut-*"))


@pytest.mark.parametrize("kind", ["valid", "hostile"])
def test_violations_says_that_a_kind_has_no_labels(run, kind):
    done = run("violations", "--kind", kind)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr.decode() == f"contractfuzz: batch_association_response has no labels of the kind {kind}\n"


def test_violations_writes_selected_ids_to_a_file(run, tmp_path):
    run("violations", "--only", "/status:enum.*", "--output", str(tmp_path / "some.txt"))
    lines = (tmp_path / "some.txt").read_text().splitlines()
    assert [line.split()[0] for line in lines] == list(contract.labels("invalid", "/status:enum.*"))


# --- validate -----------------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def files(tmp_path_factory):
    folder = tmp_path_factory.mktemp("payloads")
    for name, changes in {
        "good": {},
        "no\udcffutf-8\n": {},
        "bad": {"numErrors": 1.5, "status": "\x1b[31m"},
        "odd": {"links": {"a\ud800\n\x1b": 1}},
    }.items():
        (folder / f"{name}.json").write_text(json.dumps({**VALID, **changes}))
    return folder


@pytest.fixture(scope="module")
def validated(run, files):
    """Result of one command for several files and standard input."""
    names = [os.fsencode(name) for name in ("good.json", "bad.json", "-", "odd.json", "no\udcffutf-8\n.json")]
    return run("validate", *names, cwd=files, stdin=b"[]")


def test_validate_reports_a_valid_payload(run, files):
    done = run("validate", "good.json", cwd=files)
    assert (done.returncode, done.stdout, done.stderr) == (0, b"good.json: valid\n", b"")


def test_the_exit_code_is_1_if_one_of_several_payloads_is_invalid(validated):
    assert (validated.returncode, validated.stderr) == (1, b"")
    answers = [line for line in validated.stdout.decode().splitlines() if line[0] != " "]
    assert answers[:4] == ["good.json: valid", "bad.json: invalid", "-: invalid", "odd.json: invalid"]


def test_validate_lists_the_errors_with_their_locations(validated):
    assert (
        "\nbad.json: invalid\n"
        "  /status: enum: '\\x1b[31m' is not one of ['PENDING', 'PROCESSING', 'CANCELED', 'COMPLETE']\n"
        "  /numErrors: type: 1.5 is not of type 'integer'\n"
    ) in validated.stdout.decode()


def test_validate_reads_standard_input(validated):
    assert b"\n-: invalid\n  the payload itself: type: [] is not of type 'object'\n" in validated.stdout


def test_validate_checks_each_line_of_json_lines(run, tmp_path):
    rows = b"".join(json.dumps({**VALID, **changes}).encode() + b"\n" for changes in ({}, {"status": 1}, {}))
    (tmp_path / "some.jsonl.gz").write_bytes(gzip.compress(rows))
    (tmp_path / "good.jsonl").write_text(json.dumps(VALID) + "\n")
    done = run("validate", "good.jsonl", "some.jsonl.gz", cwd=tmp_path)
    answers = [line for line in done.stdout.decode().splitlines() if line[0] != " "]
    assert (done.returncode, answers) == (1, ["good.jsonl: valid", "some.jsonl.gz:2: invalid"])
    assert run("validate", "--lines", "-", cwd=tmp_path, stdin=rows).stdout.startswith(b"-:2: invalid\n")


def test_validate_continues_after_a_file_that_it_cannot_read(run, files, tmp_path):
    (tmp_path / "cut.jsonl.gz").write_bytes(gzip.compress(b"[]")[:-9])
    names = ["missing.json", str(tmp_path / "cut.jsonl.gz"), "bad.json", "good.json"]
    done = run("validate", *names, cwd=files)
    assert done.returncode == 2
    assert [line.split(" (")[0].rpartition("/")[2] for line in done.stderr.decode().splitlines()] == [
        "contractfuzz: missing.json cannot be read",
        "cut.jsonl.gz cannot be read",
    ]
    assert b"bad.json: invalid\n" in done.stdout
    assert done.stdout.endswith(b"good.json: valid\n")


def test_validate_escapes_unprintable_names(validated):
    assert b"\nodd.json: invalid\n  /links/a\\ud800\\n\\u001b: type: 1 is not of type 'string'\n" in validated.stdout


def test_validate_reads_files_with_names_that_are_not_utf_8(validated):
    assert validated.stdout.endswith(b"\nno\\udcffutf-8\\n.json: valid\n")
