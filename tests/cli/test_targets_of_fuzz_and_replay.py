"""`contractfuzz fuzz` and `contractfuzz replay` with the targets of the configuration."""

from __future__ import annotations

import json
from importlib.util import find_spec

import pytest
from runs import report_of

from contractfuzz import Contract
from contractfuzz.testing.kept_cases import keep_case

SERVICE = """
def read(order):
    return order["id"]


def lookup(order):
    if not isinstance(order, dict) or not isinstance(order.get("id"), str):
        raise LookupError
"""
ORDER = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
CONFIGURATION = """
contract = "order.json"
regressions = "kept"

[targets.read]
consumer = "service:read"
only = "/id:required.missing"
examples = 3
seed = 5

[targets.lookup]
consumer = "service:lookup"
raises = "LookupError"
"""
needs_atheris = pytest.mark.skipif(find_spec("atheris") is None, reason="needs Atheris: pip install atheris")


@pytest.fixture
def project(tmp_path):
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "service.py").write_text(SERVICE)
    (tmp_path / "contractfuzz.toml").write_text(CONFIGURATION)
    (tmp_path / "sub").mkdir()
    return tmp_path


def keep(project, *consumers):
    """Keep a case without an id for each consumer, as if it had failed it."""
    contract = Contract.load(project / "order.json")
    for number, name in enumerate(consumers):
        [label] = [("/id:required.missing", "/id:type.null")[number]]
        reported = report_of(lambda order: str(order["id"]), contract, examples=0, only=label, name=name)
        keep_case(reported.findings[0], project / "kept")


@needs_atheris
def test_fuzz_uses_the_settings_of_a_target(run, project):
    done = run("fuzz", "read", "--runs", "200", "--seed", "1", cwd=project / "sub")
    assert done.returncode == 1
    assert b"violation    /id:required.missing\n" in done.stdout


@needs_atheris
def test_fuzz_without_an_argument_takes_the_only_target(run, project):
    (project / "contractfuzz.toml").write_text(CONFIGURATION.partition("[targets.lookup]")[0])
    done = run("fuzz", "--runs", "200", "--seed", "1", cwd=project)
    assert done.returncode == 1
    assert b"violation    /id:required.missing\n" in done.stdout


@pytest.mark.parametrize(
    ("command", "configuration", "message"),
    [
        (["fuzz"], CONFIGURATION, "fuzz takes one target at a time: name one of read, lookup"),
        (["fuzz"], "", "there is nothing to fuzz: name PACKAGE.MODULE:CALLABLE, or declare targets in ["),
        (["fuzz", "raed"], CONFIGURATION, "unknown target 'raed': did you mean 'read'?"),
        (["fuzz", "read"], CONFIGURATION.replace("y:", "").replace("e:read", "e:raed"), "target read: unknown name in"),
        (["replay"], "", "there is nothing to replay: name PACKAGE.MODULE:CALLABLE, or declare targets in ["),
        (["replay", "raed"], CONFIGURATION, "unknown target 'raed': did you mean 'read'?"),
        (["replay", "kept", "read"], CONFIGURATION, "kept is not a folder"),
        (["replay", "sub"], CONFIGURATION, "sub has no kept cases: name another folder, or run the tests first"),
        (["replay", "sub", "read"], CONFIGURATION, "target read: sub has no kept cases of Order"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(refusal, project, command, configuration, message):
    (project / "contractfuzz.toml").write_text(configuration)
    assert refusal(*command, cwd=project).startswith(message)


def test_replay_has_nothing_to_do_before_a_case_is_kept(run, project):
    (project / "contractfuzz.toml").write_text(CONFIGURATION)
    done = run("replay", cwd=project)
    assert (done.returncode, done.stdout) == (0, b"")
    assert done.stderr == b"contractfuzz: no case is kept yet: there is no folder kept\n"


def test_replay_feeds_a_target_with_its_settings(run, project):
    keep(project, "service:read")
    done = run("replay", "lookup", cwd=project / "sub")
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"fixed  ")
    done = run("replay", "lookup", "--raises", "ValueError", cwd=project)
    assert done.returncode == 1


def test_replay_without_an_argument_feeds_each_target_the_cases_kept_for_it(run, project):
    keep(project, "service:read", "service:lookup")
    done = run("replay", cwd=project)
    assert (done.returncode, done.stderr) == (1, b"")
    assert [line.split("-")[0] for line in done.stdout.decode().splitlines()[:2]] == [
        "fails  kept/Order/id",
        "fixed  kept/Order/id",
    ]


def test_replay_lists_the_cases_that_no_target_gets(run, project):
    keep(project, "service:lookup", "tests.test_it:read")
    done = run("replay", "kept", cwd=project)
    assert (done.returncode, done.stderr) == (0, b"")
    fixed, stray = done.stdout.decode().splitlines()
    assert fixed.startswith("fixed  ")
    assert stray.endswith(": no target has the consumer tests.test_it:read and the contract Order")


def test_replay_refuses_to_feed_nothing(refusal, project):
    keep(project, "tests.test_it:read")
    assert refusal("replay", cwd=project) == (
        "kept has no kept cases of a target, but of tests.test_it:read: name the target that gets them, as in replay read"
    )
