"""Output files: written completely or not at all, and compressed according to their suffix."""

from __future__ import annotations

import gzip
import os
import struct
import threading
import zlib
from pathlib import Path
from tempfile import TemporaryDirectory

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from systems import needs_endless_file, needs_posix

from contractfuzz import ContractError
from contractfuzz.files import atomic_write, open_output, read_whole, remove_leftovers, write_errors

names = st.sampled_from(["cases.jsonl", "cases.jsonl.gz"])
chunks = st.lists(st.binary(max_size=50), max_size=5)


def content_of(path):
    return gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()


def write_and_raise(path, chunks, exception):
    with atomic_write(path) as file:
        for chunk in chunks:
            file.write(chunk)
        raise exception


class Interrupted(BaseException):
    """An exception that is not an Exception, as KeyboardInterrupt is not."""


@given(names, chunks, st.booleans())
@settings(max_examples=50)
def test_a_file_contains_everything_that_was_written(name, chunks, durable):
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        with atomic_write(path, durable=durable) as file:
            for chunk in chunks:
                file.write(chunk)
        assert content_of(path) == b"".join(chunks)
        assert [path.name for path in Path(folder).iterdir()] == [name]


@given(chunks, st.booleans(), st.floats(0, 2**31))
@settings(max_examples=50)
def test_the_header_of_a_compressed_file_depends_on_nothing(chunks, durable, now):
    with TemporaryDirectory() as folder, pytest.MonkeyPatch.context() as patch:
        patch.setattr("time.time", lambda: now)
        path = Path(folder, "cases.jsonl.gz")
        with atomic_write(path, durable=durable) as file:
            for chunk in chunks:
                file.write(chunk)
        packed, content = path.read_bytes(), b"".join(chunks)
    magic, method, flags, time, extra_flags, system = struct.unpack("<2sBBIBB", packed[:10])  # RFC 1952, section 2.3
    assert (magic, method) == (b"\x1f\x8b", 8)
    assert (flags, time) == (0, 0), "no name, no comment, no time"
    assert (extra_flags, system) == (4, 255), "fastest compression, unknown system"
    assert packed[-8:] == struct.pack("<II", zlib.crc32(content), len(content))


@given(names, chunks, st.sampled_from([None, b"old"]), st.sampled_from([OSError, ValueError, Interrupted]))
@settings(max_examples=50)
def test_an_interrupted_write_changes_nothing(name, chunks, old, interruption):
    with TemporaryDirectory() as folder:
        path = Path(folder, name)
        if old is not None:
            path.write_bytes(old)
        with pytest.raises(interruption):
            write_and_raise(path, chunks, interruption)
        assert (path.read_bytes() if path.exists() else None) == old
        assert [path.name for path in Path(folder).iterdir()] == ([] if old is None else [name])


@given(chunks)
@settings(max_examples=20)
def test_equal_content_gives_equal_compressed_bytes(chunks):
    with TemporaryDirectory() as folder:
        paths = [Path(folder, "one.gz"), Path(folder, "other.gz")]
        for path in paths:
            with atomic_write(path) as file:
                file.write(b"".join(chunks))
        assert paths[0].read_bytes() == paths[1].read_bytes()


def test_an_older_file_stays_until_everything_is_written(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_bytes(b"old")
    with atomic_write(path) as file:
        file.write(b"new")
        file.flush()
        assert path.read_bytes() == b"old"
    assert path.read_bytes() == b"new"


def test_a_missing_folder_is_an_os_error(tmp_path):
    with pytest.raises(OSError, match="nowhere"), atomic_write(tmp_path / "nowhere" / "cases.jsonl"):
        pass


@needs_posix
def test_an_output_keeps_a_symbolic_link(tmp_path):
    target, link = tmp_path / "target", tmp_path / "link"
    target.write_bytes(b"old")
    link.symlink_to(target)
    with open_output(link) as file:
        file.write(b"new")
    assert link.is_symlink()
    assert target.read_bytes() == b"new"


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="needs named pipes")
def test_an_output_may_be_a_pipe(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    received = []
    reader = threading.Thread(target=lambda: received.append(pipe.read_bytes()), daemon=True)
    reader.start()
    with open_output(pipe) as file:
        file.write(b"cases")
    reader.join(10)
    assert received == [b"cases"]
    assert pipe.is_fifo()


def test_only_incomplete_files_are_removed(tmp_path):
    keep, leftover = tmp_path / "cases.jsonl", tmp_path / ".cases.jsonl.123.tmp"
    keep.touch()
    leftover.touch()
    remove_leftovers(tmp_path)
    assert list(tmp_path.iterdir()) == [keep]


def test_an_os_error_becomes_a_contract_error_with_a_remedy(tmp_path):
    message = r"^out\.json cannot be written \(No such file or directory\): name a file in a folder that exists$"
    with pytest.raises(ContractError, match=message), write_errors("out.json"):
        (tmp_path / "nowhere" / "out.json").write_bytes(b"")


@needs_endless_file
def test_a_file_without_end_is_an_os_error(tmp_path):
    (tmp_path / "payload.json").write_bytes(b"{}")
    assert read_whole(tmp_path / "payload.json") == b"{}"
    with pytest.raises(OSError, match="it is larger than 268,435,456 bytes"):
        read_whole(Path("/dev/zero"))
