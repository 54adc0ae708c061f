"""The command ``contractfuzz serve``, run as a process and ended with Ctrl-C."""

from __future__ import annotations

import http.client
import json
import signal
import socket
import subprocess
import sys
from contextlib import contextmanager
from urllib.parse import urlsplit

import pytest
from click.testing import CliRunner
from systems import needs_posix

from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError
from hubspot_strategies import contract

PATH = "/crm/v4/associations/contacts/companies/batch/read"
COMMAND = [sys.executable, "-c", "from contractfuzz.cli.main import main; main()", "serve"]


@contextmanager
def serving(*arguments):
    """Run the command and yield its process with the URL that it prints."""
    with subprocess.Popen(
        [*COMMAND, *arguments], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            name, listens, on, url, *_ = process.stdout.readline().split()
            assert (name, listens, on) == ("batch_association_server", "listens", "on")
            yield process, url
        finally:
            process.kill()


def post(url):
    connection = http.client.HTTPConnection(urlsplit(url).netloc, timeout=30)
    try:
        connection.request("POST", PATH, json.dumps({"inputs": [{"id": "7"}]}))
        response = connection.getresponse()
        return response.status, response.headers["X-Contractfuzz-Label"], response.read()
    finally:
        connection.close()


@needs_posix
def test_serve_prints_a_line_per_request_and_exits_with_0_on_ctrl_c():
    with serving("--script", "429, html-page") as (process, url):
        assert [post(url)[0] for _ in range(3)] == [429, 200, 200]
        lines = [process.stdout.readline() for _ in range(3)]
        assert lines == [f"POST {PATH} 429\n", f"POST {PATH} 200 html-page\n", f"POST {PATH} 200\n"]
        process.send_signal(signal.SIGINT)
        assert process.wait(30) == 0
        assert process.stderr.read() == ""
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(("127.0.0.1", urlsplit(url).port), timeout=30)


def test_serve_responds_with_the_cases_of_sample():
    with serving("batch_association_server", "--kind", "invalid", "--seed", "4", "--only", "/results*") as (_, url):
        cases = contract.sample(3, "invalid", seed=4, only="/results*")
        assert [post(url) for _ in range(3)] == [(200, case.label, case.body) for case in cases]


def test_serve_responds_with_hostile_cases():
    with serving("batch_association_server", "--kind", "hostile", "--seed", "4") as (_, url):
        assert [post(url)[2] for _ in range(3)] == [case.body for case in contract.sample(3, "hostile", seed=4)]


def test_serve_lists_the_wire_faults():
    listed = CliRunner().invoke(cli, ["serve", "--faults"]).output.splitlines()
    assert "cut-body            half of the body that Content-Length announces" in "\n".join(listed)
    assert len(listed) == 11


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["batch_association"], "did you mean 'batch_association_server'"),
        (["--script", "429,cut-bodi"], "did you mean 'cut-body'"),
        (["--script", "99"], "cannot respond with the status 99"),
        (["--script", "9" * 5000], "unknown fault '999"),
        (["--kind", "hostil"], "did you mean 'hostile'"),
        (["--kind", "invalit"], "did you mean 'invalid'"),
        (["--only", "/status:*"], "--only needs --kind"),
        (["--port", "70000"], "1 to 65535"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_wrong_call_fails_before_the_port_is_opened(arguments, message):
    outcome = CliRunner().invoke(cli, ["serve", *arguments])
    assert isinstance(outcome.exception, ContractError)
    assert message in str(outcome.exception)
    assert outcome.output == ""


def test_help_loads_no_library_that_only_serving_needs():
    code = "import contractfuzz.cli.main, sys; print({'hypothesis', 'jsonschema', 'h11'} & {*sys.modules})"
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"
