"""Persistent programs: each answer belongs to its request, and a program that hangs, dies or chats does not end the run."""

from __future__ import annotations

import base64
import json

import pytest
from external_programs import feed, feed_all, persistent
from hypothesis import given, settings
from hypothesis import strategies as st
from systems import needs_posix

from contractfuzz import Command, ContractError, Verdict
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.external.failures import NoAnswerError, ProgramDiedError, ProgramRejectedError
from contractfuzz.running.external.persistent import PersistentProgram
from contractfuzz.running.external.protocol import request_line
from contractfuzz.running.run import Run
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

ECHO = "    answer(number, result=base64.b64encode(body).decode())"
REJECT = "    answer(number, 'rejected', error='no')"


@given(st.binary() | st.text().map(str.encode), st.integers(1))
def test_a_request_has_the_body_as_text_or_as_base64(body, number):
    line = request_line(number, body)
    request = json.loads(line)
    assert line.isascii()
    assert line.count(b"\n") == 1
    assert request.pop("id") == number
    [(key, text)] = request.items()
    assert (text.encode() if key == "body" else base64.b64decode(text)) == body


def test_each_answer_belongs_to_its_body():
    bodies = [b"", b"{}", b"\xff", "\ufeff\u2028\x00é😀".encode(), b"x" * 300_000, b"\n\r\n"]
    results = feed_all(persistent(ECHO), *bodies)
    assert [base64.b64decode(result.result) for result in results] == bodies


@pytest.mark.parametrize("verdict", ["accepted", "rejected", "crashed"])
def test_the_answer_has_the_verdict(verdict):
    assert feed(persistent(f"    answer(number, {verdict!r})")).verdict == verdict


def test_a_crash_has_the_error_of_the_answer():
    result = feed(persistent("    answer(number, 'crashed', error='TypeError: no\\n    at read (reader.js:12:7)')"))
    summary = ExceptionSummary.of(result.error)
    assert (summary.name, summary.place, summary.line) == ("TypeError", "reader.js:12", "TypeError: no")


def test_a_program_that_dies_is_started_again_and_its_last_words_are_kept():
    rest = "    if body == b'die':\n        print('out of luck', file=sys.stderr); os._exit(3)\n" + REJECT
    results = feed_all(persistent(rest), b"{}", b"die", b"{}", b"die")
    assert [result.verdict for result in results] == ["rejected", "died", "rejected", "died"]
    assert ExceptionSummary.of(results[1].error).line == "exit status 3: out of luck"


def test_a_program_that_dies_of_an_earlier_body_says_so():
    rest = "    answer(number)\n    if body == b'die': os._exit(3)\n"
    results = feed_all(persistent(rest), b"die", b"{}", b"{}")
    assert [result.verdict for result in results] == ["accepted", "died", "accepted"]
    assert str(results[1].error).endswith("exit status 3, but not in a new process: an earlier case may be the cause")


@needs_posix
def test_a_program_that_is_killed_names_the_signal():
    result = feed(persistent("    os.kill(os.getpid(), 9)"), time_limit=0.3)
    assert ExceptionSummary.of(result.error).line == "killed by SIGKILL"


def test_a_program_that_hangs_is_started_again():
    rest = "    if body == b'hang': time.sleep(60)\n" + REJECT
    results = feed_all(persistent(rest), b"{}", b"hang", b"{}", time_limit=1.0)
    assert [result.verdict for result in results] == ["rejected", "hung", "rejected"]
    assert results[1].detail == "no answer within 1 s"


@needs_posix
def test_a_program_that_reads_nothing_hangs_on_a_large_body():
    command = Command(["sh", "-c", "sleep 60"], persistent=True)
    assert feed(command, b" " * 2**20, time_limit=0.2).verdict is Verdict.HUNG


@pytest.mark.parametrize(
    ("rest", "received"),
    [
        ("    print('reading', body, flush=True)", "reading b'{}'"),
        ("    answer(number + 1)", '{"id": 2, "verdict": "accepted"}'),
        ("    answer(str(number))", '{"id": "1", "verdict": "accepted"}'),
        ("    answer(number, 'fine')", '{"id": 1, "verdict": "fine"}'),
        ("    print('[]', flush=True)", "[]"),
        ("    print(flush=True)", ""),
    ],
)
def test_a_wrong_line_is_a_wrong_call_that_says_what_was_expected(rest, received):
    with pytest.raises(ContractError) as error:
        feed(persistent(rest))
    message = str(error.value)
    assert f"wrote {received!r} to standard output" in message
    assert '{"id":1,"verdict":"accepted"}' in message
    assert message.endswith("print everything else to standard error")
    assert "\n" not in message


def test_two_answers_to_one_request_are_a_wrong_call():
    rest = "    answer(number); answer(number)\n"
    with pytest.raises(ContractError, match=r"expects (nothing before the next request|\{\"id\":2)"):
        feed_all(persistent(rest), b"{}", b"{}")


@needs_posix
def test_a_program_that_ends_without_input_is_a_wrong_call():
    command = Command(["sh", "-c", "echo 'no module reader' >&2; exit 1"], persistent=True)
    with pytest.raises(ContractError, match=r"ends without reading a request \(exit status 1: no module reader\)"):
        feed(command)


def test_a_result_that_python_cannot_read_whole_is_still_an_answer():
    deep = '    print(\'{"id": %d, "verdict": "accepted", "result": %s}\' % (number, body.decode()), flush=True)'
    results = feed_all(persistent(deep), b"[" * 200_000 + b"]" * 200_000, b"9" * 5000)
    assert [result.verdict for result in results] == ["accepted", "accepted"]


def test_a_program_ends_when_its_input_ends(tmp_path):
    rest = f"    answer(number)\nopen({str(tmp_path / 'ended')!r}, 'w').close()"
    feed(persistent(rest))
    assert (tmp_path / "ended").exists()


def test_a_check_reports_what_a_program_does_wrong(counter):
    rest = """
    try:
        payload = json.loads(body)
    except (ValueError, RecursionError):
        answer(number, "rejected")
        continue
    if not isinstance(payload, dict) or not isinstance(payload.get("n"), (int, float)) or payload["n"] < 0:
        answer(number, "rejected")
    elif isinstance(payload["n"], float):
        os._exit(4)
    else:
        answer(number, result=payload["n"])
"""
    run = Run(persistent(rest), counter, examples=20, only=["/n:*", ":*"])
    run.feed_all()
    report = run.report()
    assert report.counts["invalid"]["rejected"] > 10
    assert {finding.verdict for finding in report.findings} == {Verdict.DIED, Verdict.ACCEPTED}
    assert not any(finding.flaky for finding in report.findings)


@given(st.lists(st.sampled_from([b"die", b"{}"]), max_size=4))
@settings(max_examples=3, deadline=None)
def test_the_verdict_of_a_body_does_not_depend_on_those_before(bodies):
    rest = "    if body == b'die': os._exit(3)\n" + REJECT
    expected = {b"die": "died", b"{}": "rejected"}
    results = feed_all(persistent(rest), *bodies, time_limit=1.0)
    assert [result.verdict for result in results] == [expected[body] for body in bodies]


@given(st.lists(st.sampled_from([b"die", b"{}", b"late", b"x" * 5000]), max_size=6))
@settings(max_examples=6, deadline=None)
def test_bodies_that_are_announced_get_the_verdicts_of_single_ones(bodies):
    rest = """
    if body == b'die': os._exit(3)
    answer(number, 'rejected' if body == b'{}' else 'accepted', result=len(body))
"""
    program = PersistentProgram(persistent(rest), 1.0)
    bodies = [bytes(bytearray(body)) for body in bodies]  # no two are the same object
    try:
        program.call(b"warm")
        for body in bodies:
            program.announce(body)
        verdicts = [verdict_of(program, body) for body in bodies]
    finally:
        program.close()
    expected = {b"die": "ProgramDiedError", b"{}": "ProgramRejectedError"}
    assert verdicts == [expected.get(body, len(body)) for body in bodies]


def test_an_announced_body_that_hangs_is_found_among_others():
    rest = "    if body == b'hang': time.sleep(60)\n    answer(number, result=body.decode())\n"
    program = PersistentProgram(persistent(rest), 1.0)
    bodies = [b"1", b"hang", b"2"]
    try:
        program.call(b"warm")
        for body in bodies:
            program.announce(body)
        assert [verdict_of(program, body) for body in bodies] == ["1", "NoAnswerError", "2"]
    finally:
        program.close()


def verdict_of(program, body):
    try:
        return program.call(body)
    except (ProgramDiedError, ProgramRejectedError, NoAnswerError) as error:
        return type(error).__name__


def test_the_verdict_of_a_twin_does_not_disturb_what_is_announced():
    program = PersistentProgram(persistent("    answer(number, result=body.decode())"), 5.0)
    try:
        program.call(b"warm")
        for body in (bodies := [b"1", b"2", b"3"]):
            program.announce(body)
        assert [program.call(body) for body in (bodies[0], b"twin", bodies[1], b"twin", bodies[2])] == [
            *("1", "twin", "2", "twin", "3")
        ]
    finally:
        program.close()


def test_announced_bodies_that_are_not_fed_are_forgotten():
    program = PersistentProgram(persistent("    answer(number, result=body.decode())"), 5.0)
    try:
        program.call(b"warm")
        program.announce(b"1")
        program.forget()
        assert [program.call(body) for body in (b"2", b"3")] == ["2", "3"]
    finally:
        program.close()


def test_a_closed_program_is_started_again():
    consumer = adapt(persistent(REJECT))
    from external_programs import feed_one

    for _ in range(2):
        assert feed_one(consumer, b"{}").verdict is Verdict.REJECTED
        consumer.close()
