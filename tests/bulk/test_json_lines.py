"""Output of `contractfuzz sample`: JSON Lines, or a file for each case."""

from __future__ import annotations

import gzip
import json
import os
from base64 import b64decode

import pytest
from systems import needs_posix

from contractfuzz import Contract

contract = Contract.named("batch_association_response")


@pytest.mark.parametrize("kind", ["valid", "invalid", "incoherent"])
def test_a_line_is_the_payload(sample, kind):
    printed = sample("-n", "30", "--kind", kind, "--seed", "5").stdout

    assert printed.encode() == b"".join(case.compact_body + b"\n" for case in contract.sample(30, kind, seed=5))


@pytest.mark.parametrize("kind", ["valid", "invalid", "incoherent"])
def test_with_labels_a_line_contains_the_label_and_the_pointer_too(sample, kind):
    printed = sample("-n", "30", "--kind", kind, "--labels").stdout

    assert [json.loads(line) for line in printed.splitlines()] == [
        {"label": case.label, "pointer": case.pointer, "payload": case.payload} for case in contract.sample(30, kind)
    ]


@pytest.mark.parametrize("option", [[], ["--labels"]], ids=["bare", "labels"])
def test_the_line_of_a_malformed_body_contains_it_in_base64(sample, option):
    printed = sample("-n", "40", "--kind", "malformed", *option).stdout
    rows = [json.loads(line) for line in printed.splitlines()]

    assert [(row["label"], b64decode(row["body"])) for row in rows] == [
        (case.label, case.body) for case in contract.sample(40, "malformed")
    ]


def test_a_terminal_gets_escapes_for_what_it_cannot_show(sample):
    pty = pytest.importorskip("pty")
    word = "\x9b31m\u202e\u2028 ##vso[a]"
    (sample.folder / "word.json").write_text(json.dumps({"title": "Word", "enum": [word]}))
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        done = sample("--contract", "word.json", "-n", "1", stdout=theirs)
        os.close(theirs)
        shown = screen.read(65536).decode()

    assert done.returncode == 0
    assert json.loads(shown) == word
    assert shown.strip().isprintable()
    assert sample("--contract", "word.json", "-n", "1").stdout == f'"{word}"\n'


def test_a_file_contains_the_same_lines_as_standard_output(sample):
    sample("-n", "20", "--output", "cases.jsonl")

    assert (sample.folder / "cases.jsonl").read_text(encoding="utf-8") == sample("-n", "20").stdout


def test_a_gz_file_is_compressed_and_contains_no_time(sample):
    for name in ("one.jsonl.gz", "two.jsonl.gz"):
        sample("-n", "20", "--output", name)

    packed = (sample.folder / "one.jsonl.gz").read_bytes()
    assert gzip.decompress(packed).decode() == sample("-n", "20").stdout
    assert packed[4:8] == bytes(4)  # the time, RFC 1952 section 2.3.1
    assert packed == (sample.folder / "two.jsonl.gz").read_bytes()


@needs_posix
def test_a_pipe_is_written_directly(sample):
    assert sample("-n", "20", "--output", "/dev/stdout").stdout == sample("-n", "20").stdout


def test_each_case_can_have_its_own_file_named_by_number_and_label(sample):
    made = sample.files("-n", "4", "--kind", "invalid", "--only", "/results/*/from/id:type.*", "--each")

    cases = list(contract.sample(4, "invalid", only="/results/*/from/id:type.*"))
    assert len(made) == 4
    assert sorted(made.values()) == sorted(case.body for case in cases)
    assert {name.partition("-")[0] for name in made} == {"000000", "000001", "000002", "000003"}
    assert all("results-any-from-id-type." in name and name.endswith(".json") for name in made)


def test_the_file_of_a_malformed_body_contains_its_bytes(sample):
    made = sample.files("-n", "20", "--kind", "malformed", "--each")

    assert len(made) == 20
    assert [body for _, body in sorted(made.items())] == [case.body for case in contract.sample(20, "malformed")]
    assert all(name.endswith(".bin") for name in made)
