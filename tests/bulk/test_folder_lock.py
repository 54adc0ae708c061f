"""Two samplers in one folder: the second one is refused, and a lock of a dead process does not matter."""

from __future__ import annotations

import os
import signal
import threading
import time

import pytest
from systems import needs_posix

from contractfuzz import ContractError
from contractfuzz.bulk.folder_lock import LOCK_FILE, lock_folder

LONG = ("-n", "12000", "--shard-size", "300")


def test_a_locked_folder_is_refused_with_the_name_of_the_process(tmp_path):
    with (
        lock_folder(tmp_path),
        pytest.raises(
            ContractError, match=rf"^{tmp_path} is in use by process {os.getpid()} on \S+: wait until that ends"
        ),
        lock_folder(tmp_path),
    ):
        pass


def test_the_lock_file_is_removed_at_the_end_also_of_a_failure(tmp_path):
    with lock_folder(tmp_path):
        assert [path.name for path in tmp_path.iterdir()] == [LOCK_FILE]
    assert list(tmp_path.iterdir()) == []
    with pytest.raises(ZeroDivisionError), lock_folder(tmp_path):
        raise ZeroDivisionError
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("content", [b"", b"process 1 on this-machine\n", b"\xff\x00" * 500])
def test_a_lock_file_that_nobody_holds_is_taken_over(tmp_path, content):
    (tmp_path / LOCK_FILE).write_bytes(content)
    with lock_folder(tmp_path):
        assert (tmp_path / LOCK_FILE).read_text().startswith(f"process {os.getpid()} on ")
    assert list(tmp_path.iterdir()) == []


def test_one_of_many_has_the_lock_at_a_time(tmp_path):
    active, most, acquired, refused = 0, 0, 0, 0
    counting = threading.Lock()

    def work():
        nonlocal active, most, acquired, refused
        for _ in range(50):
            try:
                with lock_folder(tmp_path):
                    with counting:
                        active, acquired = active + 1, acquired + 1
                        most = max(most, active)
                    time.sleep(0.0002)
                    with counting:
                        active -= 1
            except ContractError:
                with counting:
                    refused += 1

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert acquired + refused == 400
    assert (most, active) == (1, 0)
    assert refused > 0
    assert list(tmp_path.iterdir()) == []


@pytest.mark.thinned(3)
@needs_posix
@pytest.mark.parametrize("options", [("--resume",), (), ("--each",)], ids=["resume", "start", "each"])
def test_a_second_sampler_is_refused_and_the_first_one_is_not_disturbed(sample, contents, whole, wait_until, options):
    first = sample.start(*LONG, "--output", "made/")
    wait_until(lambda: len(list((sample.folder / "made").glob("*.jsonl"))) > 1)
    os.kill(first.pid, signal.SIGSTOP)  # on a busy machine it might end first

    message = sample.refusal(
        "-n", "12000", *(options if "--each" in options else ("--shard-size", "300", *options)), "--output", "made/"
    )
    os.kill(first.pid, signal.SIGCONT)

    assert f"made is in use by process {first.pid} on " in message
    assert "wait until that ends, or name another folder" in message
    assert (first.wait(), first.stderr.read()) == (0, "")
    first.stderr.close()
    assert contents(sample.folder / "made") == whole


@needs_posix
@pytest.mark.parametrize("workers", ["1", "2"])
def test_the_lock_of_a_killed_sampler_is_taken_over(sample, living, whole, wait_until, workers):
    first = sample.start(*LONG, "--workers", workers, "--output", "made/")
    wait_until(lambda: len(list((sample.folder / "made").glob("*.jsonl"))) > 1)
    os.killpg(first.pid, signal.SIGKILL)
    first.wait()
    first.stderr.close()
    wait_until(lambda: not living(first.pid))
    assert (sample.folder / "made" / LOCK_FILE).exists()

    assert sample.files(*LONG, "--resume") == whole
