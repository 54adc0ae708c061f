"""Checksums: --resume writes each file again that does not match its checksum, and the folder ends as if nothing had happened."""

from __future__ import annotations

import logging
import shutil
import subprocess

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from contractfuzz.bulk.job import make_job
from contractfuzz.bulk.sampling import sample_to_folder

DAMAGES = {
    "nothing": lambda content, other: content,
    "emptied": lambda content, other: b"",
    "cut off": lambda content, other: content[:-1],
    "one bit": lambda content, other: bytes([content[0] ^ 1]) + content[1:],
    "longer": lambda content, other: content + b"\n",
    "another file": lambda content, other: other,
    "removed": lambda content, other: None,
}


def contents_of(folder):
    return {path.name: path.read_bytes() for path in folder.iterdir()}


def write(path, damage, other):
    content = damage(path.read_bytes(), other)
    if content is None:
        path.unlink()
    else:
        path.write_bytes(content)


@pytest.fixture(scope="module", params=[".jsonl", ".jsonl.gz"])
def job(counter, request):
    return make_job(counter, 20, shard_size=5, suffix=request.param)


@pytest.fixture(scope="module")
def complete(job, tmp_path_factory):
    """The folder of a job that was not interrupted."""
    folder = tmp_path_factory.mktemp("complete")
    sample_to_folder(job, str(folder))
    assert len(list(folder.iterdir())) == 6
    return folder


@settings(max_examples=60, deadline=None)
@given(damages=st.lists(st.sampled_from(list(DAMAGES)), min_size=5, max_size=5))
def test_a_damaged_folder_is_completed(job, complete, tmp_path_factory, damages):
    folder = tmp_path_factory.mktemp("damaged") / "folder"
    shutil.copytree(complete, folder)
    files = sorted(path for path in folder.iterdir() if path.name != "manifest.json")
    bodies = [path.read_bytes() for path in files]
    for path, damage, other in zip(files, damages, bodies[1:] + bodies[:1], strict=True):
        write(path, DAMAGES[damage], other)

    sample_to_folder(job, str(folder), resume=True)

    assert contents_of(folder) == contents_of(complete)


def test_a_file_that_matches_is_not_written_again_and_others_are_reported(job, complete, tmp_path, caplog):
    folder = tmp_path / "folder"
    shutil.copytree(complete, folder)
    names = [shard.name for shard in job.shards()]
    kept = (folder / names[0]).stat()
    (folder / names[1]).write_bytes(b"")

    with caplog.at_level(logging.WARNING):
        sample_to_folder(job, str(folder), resume=True)

    assert (folder / names[0]).stat().st_ino == kept.st_ino
    assert [record.getMessage() for record in caplog.records] == [
        f"contractfuzz: {folder / names[1]} does not match its checksum: it is written again"
    ]


@pytest.mark.skipif(shutil.which("sha256sum") is None, reason="needs sha256sum")
def test_sha256sum_checks_the_files(complete):
    done = subprocess.run(
        ["sha256sum", "--check", "--strict", "SHA256SUMS"], cwd=complete, capture_output=True, text=True
    )
    assert done.returncode == 0
    assert done.stdout.count(": OK\n") == 4


def test_the_header_of_a_compressed_file_is_the_same_on_every_python(counter, tmp_path):
    sample_to_folder(make_job(counter, 5, suffix=".jsonl.gz"), str(tmp_path))
    # RFC 1952, section 2.3.1: no flags, no time, fastest compression, unknown operating system.
    assert (tmp_path / "valid-000000.jsonl.gz").read_bytes()[:10] == b"\x1f\x8b\x08\0\0\0\0\0\x04\xff"
