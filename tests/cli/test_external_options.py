"""`contractfuzz check` and `replay` for commands and services, by options and by the configuration."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest
from external_programs import PERSISTENT
from runs import report_of

from contractfuzz import Contract
from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.main import main
from contractfuzz.testing.kept_cases import keep_case

ORDER = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
READER = """
import json, sys
try:
    order = json.load(sys.stdin.buffer)
except (ValueError, RecursionError):
    sys.exit(1)
if not isinstance(order, dict):
    sys.exit(1)
if not isinstance(order.get("id"), str):
    sys.exit("KeyError: id") if "id" not in order else sys.exit(3)
print(json.dumps(order["id"]))
"""
SERVER = PERSISTENT + "    answer(number, 'rejected')\n"
ONLY = ("--examples", "0", "--only", "/id:type.null", "--only", "/id:type.integer", "--only", "/id:required.missing")


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "read.py").write_text(READER)
    (tmp_path / "server.py").write_text(SERVER)
    (tmp_path / "sub").mkdir()
    monkeypatch.chdir(tmp_path)
    project_configuration.cache_clear()
    yield tmp_path
    project_configuration.cache_clear()


@pytest.fixture
def command(monkeypatch, capsys):
    """Run a command in this process; return its exit code, standard output and standard error."""

    def run(*words):
        monkeypatch.setattr(sys, "argv", ["contractfuzz", *words])
        with pytest.raises(SystemExit) as ended:
            main()
        return ended.value.code, *capsys.readouterr()

    return run


READ = f"{sys.executable} -SI read.py"


def test_check_feeds_a_command(project, command):
    code, output, _ = command("check", "--command", READ, "--contract", "order.json", "--format", "json", *ONLY)
    report = json.loads(output)
    assert code == 1
    assert report["consumer"] == READ
    verdicts = {finding["label"]: finding["verdict"] for finding in report["findings"]}
    assert verdicts == dict.fromkeys(verdicts, "crashed")
    assert "/id:type.null" in verdicts
    assert "/id:required.missing" not in verdicts


def test_the_reproduction_of_a_finding_runs(project, command):
    _, output, _ = command("check", "--command", READ, "--contract", "order.json", *ONLY)
    line, *_ = [line for line in output.splitlines() if line.strip().startswith("reproduce")]
    done = subprocess.run(["sh", "-c", line.strip().removeprefix("reproduce").strip()], check=False)
    assert done.returncode == 3


def test_check_takes_a_time_limit_without_isolation(project, command):
    words = ("--command", "sleep 60", "--contract", "order.json", "--time-limit", "0.05", "--only", "/id:type.null")
    code, output, _ = command("check", *words, "--examples", "0")
    assert code == 1
    assert "no answer within 0.05 s" in output


def test_a_target_of_the_configuration_is_a_command_in_its_folder(project, command, monkeypatch):
    (project / "contractfuzz.toml").write_text(
        f'contract = "order.json"\n[targets.reader]\ncommand = "{sys.executable} -SI server.py"\npersistent = true\n'
        'policy = "tolerant"\nonly = "/id:*"\nexamples = 3\n'
    )
    monkeypatch.chdir(project / "sub")
    code, output, _ = command("check", "reader")
    assert (code, output.splitlines()[0]) == (0, f"{sys.executable} -SI server.py honours Order.")
    code, output, _ = command("check")
    assert output.startswith("target")


def test_a_baseline_knows_the_findings_of_a_command(project, command):
    words = ("check", "--command", READ, "--contract", "order.json", *ONLY, "--baseline", "known.json")
    assert command(*words, "--update-baseline")[0] == 0
    assert command(*words)[0] == 0
    assert READ in json.loads((project / "known.json").read_text())["findings"]


def test_replay_feeds_kept_cases_to_a_command(project, command):
    contract = Contract.load(project / "order.json")
    report = report_of(lambda order: str(order["id"]), contract, examples=0, only="/id:type.null", name="old")
    keep_case(report.findings[0], project / "kept")
    code, output, _ = command("replay", "kept", "--command", READ, "--contract", "order.json")
    assert (code, output.split()[0]) == (1, "fails")
    code, output, _ = command("replay", "kept", "--command", "false", "--contract", "order.json")
    assert (code, output.split()[0]) == (0, "fixed")


@pytest.mark.parametrize(
    ("words", "problem"),
    [
        (("--command", "no-such-program"), "'no-such-program' cannot be started: there is no program"),
        (("--command", ""), "the command is empty"),
        (("--command", "cat", "--url", "http://a/"), "--command and --url name two consumers: leave one of them out"),
        (("read:read", "--command", "cat"), "--command and read:read name two consumers"),
        (("read:read", "--persistent"), "--persistent needs a command"),
        (("read:read", "--header", "A: b"), "--header needs a URL"),
        (("--command", "cat", "--sign", "a:b"), "--sign needs a URL"),
        (("--url", "nonsense"), "'nonsense' is not the URL of a service"),
        (("--url", "http://a/", "--header", "nonsense"), "'nonsense' is not a header field: write 'NAME: VALUE'"),
        (("--url", "http://a/", "--sign", "json:NONSENSE"), "unknown name in json"),
        (("--url", "http://127.0.0.1:1/"), "http://127.0.0.1:1/ cannot be reached"),
        (("--command", "cat", "--feed", "text"), "cat takes bytes: leave out the feed 'text'"),
        (("--command", "cat", "--route", "/a"), "cat is not a WSGI or ASGI application"),
        (("--command", "cat", "--raises", "KeyError"), "cat rejects by its status alone: leave out raises"),
        (("--command", "cat", "--timeout", "3"), "cat is not a client"),
        (("--command", "cat", "--operation", "getOrder"), "--operation is for a client in Python, not for --command"),
    ],
)
def test_a_wrong_call_is_one_line(project, command, words, problem):
    code, output, errors = command("check", *words, "--contract", "order.json", "--only", "/id:type.null")
    assert (code, output) == (2, "")
    assert errors.startswith(f"contractfuzz: {problem}")
    assert errors.count("\n") == 1


@pytest.mark.parametrize(
    ("table", "problem"),
    [
        ('command = "a"\nurl = "b"', "targets.x has 'command' and 'url': remove one of them"),
        ("examples = 3", "targets.x has no 'consumer', nor 'command' or 'url': add one of them"),
        ('command = "cat"\npersistent = "yes"', 'targets.x.persistent is "yes": write true or false'),
    ],
)
def test_a_wrong_target_of_the_configuration_is_one_line(project, command, table, problem):
    (project / "contractfuzz.toml").write_text(f'contract = "order.json"\n[targets.x]\n{table}\n')
    code, _, errors = command("check", "x")
    assert (code, errors) == (2, f"contractfuzz: contractfuzz.toml: {problem}\n")


def test_fuzz_refuses_a_command(project, command):
    (project / "contractfuzz.toml").write_text('contract = "order.json"\n[targets.x]\ncommand = "cat"\n')
    code, _, errors = command("fuzz", "x")
    assert code == 2
    assert errors.startswith("contractfuzz: target x: fuzz follows the Python code that a case reaches")
