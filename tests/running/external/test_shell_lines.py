"""Lines for a shell: each one feeds exactly the body that it was made for."""

from __future__ import annotations

import json
import os
import subprocess
from base64 import b64decode

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from systems import needs_posix

from contractfuzz import Command, Url
from contractfuzz.running.external.shell_lines import MAX_SHELL_BODY_BYTES, command_line, header_words, request_command

pytestmark = needs_posix


def output_of(line: str, **options) -> bytes:
    done = subprocess.run(["sh", "-c", line], capture_output=True, check=True, **options)
    assert done.stderr == b""
    return done.stdout


BODIES = st.binary() | st.text().map(str.encode) | st.sampled_from([b"", b"-n", b"%s\\n'\"$HOME", b"\n", b"x" * 9000])


@given(BODIES)
@settings(max_examples=40, deadline=None)
def test_a_line_feeds_the_body(body):
    assert output_of(str(command_line(Command("cat"), body))) == body


@given(BODIES)
@settings(max_examples=30, deadline=None)
def test_a_line_for_a_persistent_program_is_a_request(body):
    lines = output_of(str(command_line(Command("cat", persistent=True), body)))
    request = json.loads(lines)
    assert lines.endswith(b"\n")
    assert request.pop("id") == 1
    assert (request["body"].encode() if "body" in request else b64decode(request["base64"])) == body


def test_a_line_goes_to_the_folder_of_the_command(tmp_path):
    folder = tmp_path / "my folder"
    folder.mkdir()
    line = command_line(Command("pwd", folder=str(folder)), b"{}")
    assert output_of(str(line)).decode().strip() == os.path.realpath(folder)


def test_a_body_that_does_not_fit_has_no_line():
    assert command_line(Command("cat"), os.urandom(2 * MAX_SHELL_BODY_BYTES)) is None


def test_a_secret_header_is_a_variable():
    url = Url("http://user:pw@127.0.0.1:8080/hook", headers={"X-Api-Key": "s3cret", "X-Shop": "7"})
    line = str(request_command(url, b"{}", {"X-Signature": "abc"}))
    assert "s3cret" not in line
    assert "pw@" not in line
    assert line.endswith(
        "printf '%s' '{}' | curl -sS -i --data-binary @- -H 'content-type: application/json' "
        "-H \"X-Api-Key: $X_API_KEY\" -H 'X-Shop: 7' -H 'X-Signature: abc' http://127.0.0.1:8080/hook"
    )


@pytest.mark.parametrize(
    ("field", "shown"), [("Authorization: Bearer 7", "Authorization: ..."), ("X-Shop: 7", "X-Shop: 7")]
)
def test_the_command_of_a_report_has_no_secret(field, shown):
    assert header_words([field]) == [shown]
