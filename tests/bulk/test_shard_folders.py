"""`contractfuzz sample --output DIR`: the files, the manifest, --resume, and wrong calls."""

from __future__ import annotations

import gzip
import json
import os
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import click
import pytest
from systems import needs_full_device, needs_linux

from contractfuzz import Contract, ContractError, __version__
from contractfuzz.bulk.job import make_job
from contractfuzz.bulk.sampling import is_folder
from contractfuzz.bulk.shard_folder import open_folder
from contractfuzz.cli.main import cli

contract = Contract.named("batch_association_response")

SMALL = ("-n", "1100", "--shard-size", "200")


def test_the_cases_are_split_into_files_in_order(sample):
    made = sample.files(*SMALL, "--seed", "3")

    names = [f"valid-{number:06}.jsonl" for number in range(6)]
    assert sorted(made) == ["SHA256SUMS", "manifest.json", *names]
    assert [made[name].count(b"\n") for name in names] == [200, 200, 200, 200, 200, 100]
    assert b"".join(made[name] for name in names) == b"".join(
        case.compact_body + b"\n" for case in contract.sample(1100, seed=3)
    )


def test_the_manifest_describes_the_files(sample):
    made = sample.files(*SMALL, "--kind", "invalid", "--only", "/status:*", "--labels")

    manifest = json.loads(made["manifest.json"])
    assert len(manifest.pop("digest")) == 64
    assert manifest == {
        "contract": "batch_association_response",
        "kind": "invalid",
        "profile": "broad",
        "seed": 0,
        "n": 1100,
        "only": ["/status:*"],
        "labels": True,
        "shard_size": 200,
        "suffix": ".jsonl",
        "version": __version__,
    }


@pytest.mark.parametrize(
    "options",
    [("--kind", "invalid", "--labels"), ("--seed", "1", "--suffix", ".jsonl.gz")],
    ids=["labelled", "compressed"],
)
def test_the_bytes_are_the_same_with_any_number_of_workers(sample, contents, options):
    for workers in ("1", "2", "3"):
        done = sample(*SMALL, *options, "--workers", workers, "--output", workers)
        assert (done.returncode, done.stderr) == (0, "")

    one, two, three = (contents(sample.folder / workers) for workers in ("1", "2", "3"))
    assert len(one) == 8
    assert one == two == three


def test_workers_receive_a_contract_that_was_loaded_from_a_document(sample):
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Word", "enum": ["a", "b", "c"]}
    (sample.folder / "word.json").write_text(json.dumps(document))

    made = sample.files("--contract", "word.json", *SMALL, "--workers", "2")

    words = Contract.load(document).sample(200)
    assert made["valid-000000.jsonl"] == b"".join(case.compact_body + b"\n" for case in words)


def test_files_with_the_suffix_gz_are_compressed(sample):
    made = sample.files("-n", "30", "--suffix", ".jsonl.gz")

    assert gzip.decompress(made["valid-000000.jsonl.gz"]).decode() == sample("-n", "30").stdout


@pytest.mark.parametrize(
    ("output", "folder"),
    [("there", True), ("new/", True), ("new", True), ("a/b/c", True), ("new.jsonl", False), ("file", False)],
)
def test_an_existing_folder_or_a_new_path_that_looks_like_one_is_a_folder(tmp_path, monkeypatch, output, folder):
    monkeypatch.chdir(tmp_path)
    Path("there").mkdir()
    Path("file").touch()

    assert is_folder(output) == folder


def test_a_kind_without_cases_gives_only_a_manifest_and_a_note(sample, contents):
    (sample.folder / "word.json").write_text('{"title": "Word", "enum": ["a"]}')

    options = ("--contract", "word.json", "--kind", "incoherent", "-n", "9")
    note = "contractfuzz: Word has no incoherent cases, because it has no rules: the output is empty\n"

    done = sample(*options, "--output", "made/")
    assert (done.returncode, done.stdout, done.stderr) == (0, "", note)
    assert list(contents(sample.folder / "made")) == ["manifest.json"]
    printed = sample(*options)
    assert (printed.returncode, printed.stdout, printed.stderr) == (0, "", note)
    tests = sample(*options, "--as-tests", "cases.json")
    assert (tests.returncode, tests.stderr) == (0, note)
    assert json.loads((sample.folder / "cases.json").read_text())["cases"] == []
    # Nothing was asked for, so nothing is missing.
    assert sample(*options[:-1], "0").stderr == ""


def test_a_schema_that_nothing_breaks_has_no_invalid_cases(sample):
    (sample.folder / "any.json").write_text(
        '{"title": "Any", "$schema": "https://json-schema.org/draft/2020-12/schema"}'
    )
    done = sample("--contract", "any.json", "--kind", "invalid")

    assert (done.returncode, done.stdout) == (0, "")
    assert (
        done.stderr
        == "contractfuzz: Any has no invalid cases, because nothing breaks its schema: the output is empty\n"
    )


def test_resume_writes_only_the_missing_files(sample, contents):
    whole = sample.files(*SMALL)
    folder = sample.folder / "made"
    kept = (folder / "valid-000001.jsonl").stat()
    (folder / "valid-000002.jsonl").unlink()
    (folder / "valid-000005.jsonl").unlink()
    (folder / ".valid-000002.jsonl.123.tmp").write_bytes(b'{"half')  # left over from a run that was killed

    assert sample.files(*SMALL, "--resume", "--workers", "2") == whole

    assert (folder / "valid-000001.jsonl").stat() == kept


def test_resume_of_a_new_folder_starts_the_job(sample):
    assert len(sample.files("-n", "5", "--resume")) == 3


def test_resume_with_other_options_is_refused(sample):
    sample.files("-n", "5")

    message = sample.refusal("-n", "6", "--seed", "1", "--output", "made/", "--resume")

    problem = "made was started with seed 0, not 1, n 5, not 6"
    assert f"{problem}: repeat the options that started it, or name an empty folder" in message


@pytest.mark.parametrize(
    ("other", "difference"),
    [
        ({"seed": 1}, "seed 0, not 1"),
        ({"n": 6}, "n 5, not 6"),
        ({"kind": "invalid"}, "kind 'valid', not 'invalid'"),
        ({"profile": "minimal"}, "profile 'broad', not 'minimal'"),
        ({"shard_size": 2}, "shard_size 10000, not 2"),
        ({"labels": True}, "labels False, not True"),
        ({"suffix": ".jsonl.gz"}, "suffix '.jsonl', not '.jsonl.gz'"),
        ({"contract": Contract("other", {})}, "contract 'batch_association_response', not 'other'"),
        ({"contract": Contract("batch_association_response", {})}, "another schema or other labels"),
    ],
    ids=["seed", "n", "kind", "profile", "shard_size", "labels", "suffix", "contract", "schema"],
)
def test_a_folder_can_be_resumed_only_by_the_job_that_started_it(tmp_path, other, difference):
    job = {"contract": contract, "n": 5}
    open_folder(tmp_path, make_job(**job), resume=False)

    with pytest.raises(ContractError, match=f"was started with {difference}: "):
        open_folder(tmp_path, make_job(**job | other), resume=True)


def test_a_folder_of_another_version_cannot_be_resumed(tmp_path):
    job = make_job(contract, 5)
    open_folder(tmp_path, replace(job, version="0.0.1"), resume=False)

    with pytest.raises(ContractError, match=f"version '0.0.1', not '{job.version}'"):
        open_folder(tmp_path, job, resume=True)


def test_cases_are_not_overwritten(sample):
    sample.files("-n", "5")

    assert "add --resume to continue" in sample.refusal("-n", "5", "--output", "made/")


def test_a_folder_with_only_a_manifest_can_be_started_again(sample):
    sample.files("-n", "5")
    (sample.folder / "made" / "valid-000000.jsonl").unlink()

    assert sample.files("-n", "7")["valid-000000.jsonl"].count(b"\n") == 7


@pytest.mark.parametrize("options", [(), ("--resume",), ("--each",)], ids=["start", "resume", "each"])
@pytest.mark.parametrize("name", ["notes.txt", "manifest.json"])
def test_a_folder_with_other_files_is_not_changed(tmp_path, contents, options, name):
    (tmp_path / name).write_text("{}")

    with pytest.raises(ContractError, match="contains other files: name an empty folder"):
        cli.main(["sample", "--output", str(tmp_path), *options], standalone_mode=False)

    assert contents(tmp_path) == {name: b"{}"}


@pytest.mark.parametrize(
    ("options", "problem"),
    [
        (("--workers", "2"), "--workers needs a folder"),
        (("--resume", "--output", "cases.jsonl"), "--resume needs a folder"),
        (("--each", "--output", "cases.jsonl"), "--each needs a folder"),
        (("--each", "--labels", "--output", "cases/"), "--labels cannot be combined with --each"),
        (("--each", "--workers", "2", "--output", "cases/"), "--workers cannot be combined with --each"),
        (
            ("--workers", "2", "--scheduler", "tcp://a:1", "--output", "cases/"),
            "--workers cannot be combined with --scheduler",
        ),
        (("--workers", "0", "--output", "cases/"), "0 is not in the range"),
        (("--kind", "vald", "--output", "cases/"), "did you mean 'valid'?"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, tuple) else "",
)
def test_options_that_exclude_each_other_are_refused_before_anything_is_written(
    tmp_path, monkeypatch, options, problem
):
    monkeypatch.chdir(tmp_path)

    with pytest.raises((ContractError, click.UsageError)) as refused:
        cli.main(["sample", *options], standalone_mode=False)

    assert problem in str(refused.value)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("output", ["file/cases.jsonl", "file/", "file/cases/"])
def test_an_output_that_cannot_be_written_is_reported_in_one_line(sample, output):
    (sample.folder / "file").touch()

    assert f"{output} cannot be written (" in sample.refusal("--output", output)


@needs_full_device
def test_a_full_device_is_reported_in_one_line(sample):
    assert "/dev/full cannot be written (No space left on device)" in sample.refusal("--output", "/dev/full")


@needs_linux
@pytest.mark.parametrize("workers", ["1", "2"])
def test_a_disk_that_fills_up_leaves_complete_files_and_the_run_can_be_resumed(sample, contents, workers):
    pytest.importorskip("resource")
    call = (*SMALL, "--workers", workers, "--output", "made/")
    size = 50_000  # bytes: larger than the manifest, smaller than a file of cases

    message = sample.refusal(
        *call, first=f"import resource; resource.setrlimit(resource.RLIMIT_FSIZE, ({size}, {size}))"
    )

    remedy = "fix that, then run the same command with --resume to continue"
    assert f"made/ cannot be written (File too large): {remedy}" in message
    assert list(contents(sample.folder / "made")) == ["manifest.json"]
    assert sample(*call, "--resume").returncode == 0
    assert len(contents(sample.folder / "made")) == 8


def test_a_terminal_shows_the_progress_and_the_rate(sample):
    pty = pytest.importorskip("pty")
    ours, theirs = pty.openpty()
    with os.fdopen(ours, "rb", buffering=0) as screen:
        done = subprocess.run(
            [Path(sys.executable).parent / "contractfuzz", "sample", *SMALL, "--output", "made/"],
            cwd=sample.folder,
            stderr=theirs,
            env={**os.environ, "TERM": "xterm", "COLUMNS": "100"},
        )
        os.close(theirs)
        shown = screen.read(65536).decode()

    assert done.returncode == 0
    assert "1100/1100" in shown
    assert "cases/s" in shown


def test_sampling_loads_only_the_libraries_that_it_uses(sample):
    code = (
        "import sys; from contractfuzz.cli.main import cli; cli(sys.argv[1:], standalone_mode=False);"
        "print({'hypothesis', 'jsonschema', 'distributed', 'multiprocessing', 'rich'} & sys.modules.keys())"
    )
    call = [sys.executable, "-c", code, "sample", "-n", "5", "--output", str(sample.folder / "made")]

    assert subprocess.run(call, capture_output=True, text=True).stdout == "set()\n"
