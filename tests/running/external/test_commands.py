"""Commands with a process for each case: the exit code decides, and nothing that a command does ends or blocks the run."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest
from external_programs import feed, feed_one, shell
from hypothesis import given, settings
from hypothesis import strategies as st
from systems import needs_posix

from contractfuzz import Command, ContractError, Verdict, adapt, assert_accepts, check
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

pytestmark = needs_posix


@given(st.integers(0, 255))
@settings(max_examples=30, deadline=None)
def test_the_exit_code_is_the_verdict(code):
    expected = {0: Verdict.ACCEPTED, 1: Verdict.REJECTED}.get(code, Verdict.CRASHED)
    assert feed(shell(f"exit {code}")).verdict is expected


@given(st.binary(max_size=200_000))
@settings(max_examples=10, deadline=None)
def test_the_body_is_on_standard_input(body):
    assert feed(shell("wc -c"), body).result == len(body)


@pytest.mark.parametrize(
    ("output", "result"),
    [('{"id": 7}', {"id": 7}), ("null", None), ("two words", None), ("", None), ("1 2", None), ("[" * 100_000, None)],
)
def test_one_json_value_on_standard_output_is_the_result(output, result):
    assert feed(shell("cat"), output.encode()).result == result


def test_a_crash_names_the_exit_status_and_the_last_telling_line():
    result = feed(shell("echo 'KeyError: 7' >&2; exit 9"))
    summary = ExceptionSummary.of(result.error)
    assert (summary.line, summary.name) == ("exit status 9: KeyError: 7", "exit status 9, KeyError: N")


def test_a_signal_is_a_death():
    result = feed(shell("kill -SEGV $$"))
    assert result.verdict is Verdict.DIED
    assert ExceptionSummary.of(result.error).line == "killed by SIGSEGV"


def test_the_exit_status_of_a_shell_names_the_signal_of_its_child():
    result = feed(shell("sh -c 'kill -SEGV $$'; exit $?"))
    assert ExceptionSummary.of(result.error).line.startswith("exit status 139 (SIGSEGV)")


def test_a_command_that_takes_too_long_hangs_and_is_killed_with_its_children(tmp_path):
    result = feed(shell(f"sleep 60 & echo $! > {tmp_path / 'child'}; wait"), time_limit=0.2)
    assert (result.verdict, result.detail) == (Verdict.HUNG, "no answer within 0.2 s")
    child = int((tmp_path / "child").read_text())
    deadline = time.monotonic() + 5
    while _is_running(child):
        assert time.monotonic() < deadline, "the child is still running"
        time.sleep(0.01)


def _is_running(process_id: int) -> bool:
    try:
        return Path(f"/proc/{process_id}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False


def test_what_a_command_leaves_running_does_not_delay_the_answer():
    start = time.monotonic()
    assert feed(shell("sleep 60 >/dev/null 2>&1 & exit 1")).verdict is Verdict.REJECTED
    assert time.monotonic() - start < 30


def test_a_command_that_reads_nothing_answers_a_large_body():
    assert feed(shell("exit 1"), b" " * 2**20).verdict is Verdict.REJECTED


def test_a_command_that_prints_without_end_hangs():
    assert feed(shell("yes"), time_limit=0.2).verdict is Verdict.HUNG


@pytest.mark.parametrize(
    ("command", "problem"),
    [
        ("", "the command is empty"),
        ("'", "cannot be split"),
        ([], "the command is empty"),
        ("no-such-program-here x", "there is no program 'no-such-program-here'; install it, or correct the name"),
        ("./data.txt", r"./data.txt is not executable; make it so with chmod \+x, or name the program that runs it"),
        ("data.txt", "there is no program 'data.txt'; name the program that runs it"),
    ],
)
def test_a_command_that_cannot_be_started_is_a_wrong_call(tmp_path, monkeypatch, command, problem):
    monkeypatch.chdir(tmp_path)
    Path("data.txt").write_text("exit 0", encoding="utf-8")
    with pytest.raises(ContractError, match=problem):
        adapt(Command(command))


def test_a_program_that_the_system_refuses_is_a_wrong_call(tmp_path):
    program = tmp_path / "program"
    program.write_bytes(b"\x7fELF")
    program.chmod(0o755)
    with pytest.raises(ContractError, match=r"cannot be started \(Exec format error\)"):
        feed(Command([str(program)]))


def test_a_command_starts_in_its_folder(tmp_path):
    (tmp_path / "code").write_text("7")
    (tmp_path / "read").write_text(f"#!{sys.executable} -SI\nprint(open('code').read())")
    (tmp_path / "read").chmod(0o755)
    assert feed(Command("./read", folder=str(tmp_path))).result == 7


NODE = "TypeError: no\\n    at read (/srv/read.js:7:1)\\n\\nNode.js v20.1.0"


def test_rejections_that_are_uncaught_exceptions_are_noted():
    consumer = adapt(shell(f"printf '{NODE}' >&2; exit 1"))
    assert feed_one(consumer, b"1").verdict is Verdict.REJECTED
    assert feed_one(consumer, b"2").verdict is Verdict.REJECTED
    [note] = consumer.notes()
    assert note.startswith("2 rejections of ")
    assert "exit code 1: TypeError at read.js:7 (2); if one is a bug" in note


def test_rejections_that_only_report_an_error_are_not_noted():
    consumer = adapt(shell("echo 'ValueError: no id' >&2; exit 1"))
    assert feed_one(consumer, b"1").verdict is Verdict.REJECTED
    assert consumer.notes() == []


def test_words_keep_their_spaces_and_no_shell_reads_them():
    assert feed(Command(["printf", "%s", '"$HOME * ;"'])).result == "$HOME * ;"
    assert Command(["a b", "c"]).name == "'a b' c"
    assert Command("read 'a b'").words == ("read", "a b")


def test_a_run_stops_after_a_few_hung_cases(counter):
    report = check(shell("sleep 60"), counter, examples=20, time_limit=0.01)
    assert report.counts["valid"] == {"hung": 3}
    assert not report.complete


def test_the_effect_is_measured_on_the_result(counter):
    from contractfuzz.running.run import Run

    run = Run(shell("cat"), counter, only="/n:type.string", examples=0)
    run.feed_all()
    [finding] = run.report().findings
    assert finding.effect == "changed"


def test_raises_does_not_apply(counter):
    with pytest.raises(ContractError, match="rejects by its status alone"):
        check(shell("exit 0"), counter, raises=KeyError)


def test_an_assertion_takes_a_command(counter, repeatable):
    with pytest.raises(AssertionError, match=r"printf '%s' .* \| sh -c 'exit 3'"):
        assert_accepts(shell("exit 3"), counter)


def test_no_descriptors_are_left_open():
    feed(shell("exit 0"))
    before = len([*Path("/dev/fd").iterdir()])
    for _ in range(5):
        feed(shell("exit 0"))
    assert len([*Path("/dev/fd").iterdir()]) == before
