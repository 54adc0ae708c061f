"""`contractfuzz replay` and `contractfuzz init`."""

from __future__ import annotations

import json
import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
from runs import report_of
from systems import needs_fork

from contractfuzz import Contract
from contractfuzz.testing.kept_cases import keep_case

CONTRACTFUZZ = shutil.which("contractfuzz", path=str(Path(sys.executable).parent))
CARELESS = "def read(response):\n    return response['status']\n"
HONEST = "def read(response):\n    if 'status' not in response:\n        raise ValueError\n"
MISSING = "/status:required.missing"


def run(*arguments, folder):
    return subprocess.run([CONTRACTFUZZ, *arguments], cwd=folder, capture_output=True, text=True, timeout=60)


@pytest.fixture
def project(tmp_path):
    """Folder with a careless consumer and one case that it failed."""
    (tmp_path / "service.py").write_text(CARELESS)
    contract = Contract.named("batch_association_response")
    [finding] = report_of(lambda response: response["status"], contract, examples=0, only=MISSING).findings
    keep_case(finding, tmp_path / "tests" / "contract_regressions")
    return tmp_path


def test_replay_fails_while_a_case_fails_and_explains_it(project):
    done = run("replay", "service:read", folder=project)
    assert done.returncode == 1
    assert done.stdout.startswith(
        "fails  tests/contract_regressions/batch_association_response/status-required.missing-"
    )
    assert "KeyError: 'status'" in done.stdout


def test_replay_lists_fixed_cases(project):
    (project / "service.py").write_text(HONEST)
    done = run("replay", "tests/contract_regressions", "service:read", folder=project)
    assert done.returncode == 0
    assert done.stdout.startswith("fixed  ")


@needs_fork
def test_replay_isolates_a_consumer_that_hangs(project):
    (project / "service.py").write_text("import time\n\ndef read(response):\n    time.sleep(1000)\n")
    done = run("replay", "service:read", "--isolate", "--time-limit", "0.5", folder=project)
    assert done.returncode == 1
    assert "  got          hung: no answer within 0.5 s, at service.py:4 in read\n" in done.stdout


def keep_cases_of(document, folder, *names):
    """Keep one failed case of a document under each of the names that pytest's ini file may give it."""
    for name in names:
        contract = Contract.load(document, name=name)
        [finding] = report_of(lambda order: order["id"], contract, examples=0, only="/id:required.missing").findings
        keep_case(finding, folder / "tests" / "contract_regressions")


@pytest.fixture
def document(tmp_path):
    """A document with a name of its own, and a consumer that fails it."""
    schema = {"title": "Order", "type": "object", "properties": {"id": {}}, "required": ["id"]}
    (tmp_path / "service.py").write_text("def read(order):\n    return order['id']\n")
    (tmp_path / "order.json").write_text(json.dumps(schema))
    return tmp_path / "order.json"


@pytest.mark.parametrize("contract", ["order.json", "order.json#my_order"])
def test_replay_finds_the_cases_of_a_document_that_has_another_name_in_the_ini_file(document, tmp_path, contract):
    keep_cases_of(document, tmp_path, "my_order")
    done = run("replay", "service:read", "--contract", contract, folder=tmp_path)
    assert (done.returncode, done.stderr) == (1, "")
    assert done.stdout.startswith("fails  tests/contract_regressions/my_order/id-required.missing-")


def test_replay_asks_for_the_name_if_the_cases_of_several_contracts_are_kept(document, tmp_path):
    keep_cases_of(document, tmp_path, "first", "second")
    done = run("replay", "service:read", "--contract", "order.json", folder=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        "contractfuzz: tests/contract_regressions has no kept cases of Order, but of first, second: "
        "name one of these, as in --contract 'order.json#first'\n"
    )
    assert run("replay", "service:read", "--contract", "order.json#second", folder=tmp_path).returncode == 1


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["replay", "nowhere", "service:read"], "nowhere is not a folder"),
        (["replay", ".", "a", "b"], "at most a folder and a target"),
        (["replay", "service:red"], "did you mean 'read'?"),
        (["replay", "service:read", "--time-limit", "1"], "a time limit needs an isolated consumer"),
        (["replay", "service:read", "--strict"], "service:read is not a pydantic model or a msgspec Struct"),
        (["replay", "service:read", "--route", "/hook"], "service:read is not a WSGI or ASGI application"),
        (["init", "not a target"], "is not PACKAGE.MODULE:CALLABLE"),
        (["init", "--output", "service.py"], "service.py exists"),
        (["init", "--contract", "batch-association"], "unknown contract"),
        (["init", "--contract", "missing.json"], "missing.json: cannot be read"),
        (["init", "--contract", "service.py"], "service.py: "),
        (["init", "service:red"], "unknown name in service 'red': did you mean 'read'?"),
        (["init", "nowhere:read"], "there is no module 'nowhere'"),
        (["init", "service:read", "--output", ""], "exists: name another file"),
        (["init", "service:read", "--output", "x" * 300], " cannot be written (File name too long)"),
    ],
)
def test_a_wrong_call_is_one_line_and_exit_code_2(project, arguments, words):
    done = run(*arguments, folder=project)
    assert done.returncode == 2
    assert words in done.stderr
    assert done.stderr.count("\n") == 1
    assert done.stdout == ""


def test_a_corrupted_kept_file_is_one_line_and_exit_code_2(project):
    [file] = (project / "tests" / "contract_regressions").rglob("*.json")
    file.write_bytes(file.read_bytes()[:-20])
    done = run("replay", "service:read", folder=project)
    assert (done.returncode, done.stdout) == (2, "")
    assert f"{file.name} is not a kept case: restore it from version control, or delete it\n" in done.stderr
    assert done.stderr.count("\n") == 1


def test_init_writes_a_test_file_that_runs(tmp_path):
    (tmp_path / "service.py").write_text(
        "from contractfuzz import Contract\n"
        "contract = Contract.named('batch_association_response')\n"
        "def read(response):\n"
        "    if not contract.is_valid(response):\n"
        "        raise ValueError\n"
    )
    assert run("init", "service:read", folder=tmp_path).returncode == 0
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "tests"],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path), "CI": "1"},
        capture_output=True,
        text=True,
    )
    assert "3 passed, 1 skipped" in done.stdout


ORDER = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["id"]}
ORDER["properties"] = {"id": {"$ref": "parts/id.json"}}
PARTS = {"$schema": ORDER["$schema"], "$id": "parts/id.json", "type": "string"}
API = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "components": {"schemas": {"Order": {**ORDER}}}}
API["components"]["schemas"]["Order"]["properties"] = {"id": {"type": "string"}}


@pytest.mark.thinned(3)
@pytest.mark.parametrize(
    ("target", "arguments"),
    [
        ("service:read", ["--contract", "my orders/order.json", "--components", "my orders/parts"]),
        (
            "service:Order.read",
            ["--contract", "my orders/api.json#Order", "--side", "request", "--output", "deep/er/test_it.py"],
        ),
        ("service:read", ["--contract", "my orders/api.json#Order", "--output", "test_it.py"]),
    ],
)
def test_init_writes_a_test_file_of_a_document_that_runs_anywhere(tmp_path, target, arguments):
    project = tmp_path / "project"
    (project / "my orders" / "parts").mkdir(parents=True)
    for name, document in (("order", ORDER), ("parts/id", PARTS), ("api", API)):
        (project / "my orders" / f"{name}.json").write_text(json.dumps(document))
    (project / "service.py").write_text(
        "def read(order):\n"
        "    if not (isinstance(order, dict) and isinstance(order.get('id'), str)):\n"
        "        raise ValueError\n\n\n"
        "class Order:\n"
        "    read = staticmethod(read)\n"
    )
    done = run("init", target, *arguments, folder=project)
    assert (done.returncode, done.stderr) == (0, "")

    clone = project.rename(tmp_path / "clone")
    [test] = clone.rglob("test_*.py")
    assert shlex.split(done.stdout)[-1] == str(test.relative_to(clone))
    done = subprocess.run(
        [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", str(test)],
        cwd=tmp_path,
        env={"PYTHONPATH": os.pathsep.join([str(clone), os.environ.get("PYTHONPATH", "")]), "CI": "1"},
        capture_output=True,
        text=True,
    )
    assert "3 passed, 1 skipped" in done.stdout


def test_init_without_a_target_writes_a_stub(tmp_path):
    assert run("init", folder=tmp_path).stdout == (
        "wrote contractfuzz.toml\n"
        "wrote tests/test_batch_association_response.py: run python -m pytest tests/test_batch_association_response.py\n"
    )
    assert "call your code here" in (tmp_path / "tests" / "test_batch_association_response.py").read_text()


# --- the configuration that init writes ---------------------------------------------------------------------------------

PROJECTS = [
    None,
    b"",
    b"[project]\nname = 'x'\n",
    b"[project]\nname = 'x'  # no line break at the end",
    b"[project]\r\nname = 'x'\r\n",
    b"[tool.other]\nkey = 1\n\n",
]


@pytest.fixture
def order(document, tmp_path):
    """A project with a document in a folder, and a consumer that honours it."""
    (tmp_path / "service.py").write_text(
        "def read(order):\n    if not (isinstance(order, dict) and 'id' in order):\n        raise ValueError\n"
    )
    (tmp_path / "sub").mkdir()
    return document.rename(tmp_path / "sub" / "order.json")


@pytest.mark.parametrize("before", PROJECTS)
def test_init_writes_a_configuration_and_changes_no_byte_of_a_project_file(order, tmp_path, before):
    if before is not None:
        (tmp_path / "pyproject.toml").write_bytes(before)
    done = run("init", "service:read", "--contract", "sub/order.json", folder=tmp_path)
    file = tmp_path / ("contractfuzz.toml" if before is None else "pyproject.toml")
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(f"wrote {file.name}: run contractfuzz check\n")
    written = file.read_bytes()
    assert written.startswith(before or b"")
    assert (b"\r\n" in written) is (written.count(b"\n") == written.count(b"\r\n"))
    checked = run("check", folder=tmp_path)
    assert (checked.returncode, checked.stderr) == (0, "")
    assert "service:read honours Order." in checked.stdout
    assert "Path" not in (tmp_path / "tests" / "test_Order.py").read_text()


@pytest.mark.parametrize("text", ["tool = {}\n", "[tool]\nother = 1\n[tool.x]\n"])
def test_init_writes_a_file_of_its_own_where_a_table_cannot_be_added(order, tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    done = run("init", "service:read", "--contract", "sub/order.json", folder=tmp_path)
    is_extended = "contractfuzz" in (tmp_path / "pyproject.toml").read_text()
    assert is_extended is not (tmp_path / "contractfuzz.toml").exists()
    assert is_extended is not text.startswith("tool =")
    assert (done.returncode, run("check", folder=tmp_path).returncode) == (0, 0)


def test_init_never_changes_a_configuration(order, tmp_path):
    text = '[tool.contractfuzz]\ncontracts.my_order = "sub/order.json"\n'
    (tmp_path / "pyproject.toml").write_text(text)
    done = run("init", "service:read", "--contract", "my_order", folder=tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    assert done.stdout.startswith(
        "left pyproject.toml as it is: it has a configuration\nwrote tests/test_my_order.py: "
    )
    assert (tmp_path / "pyproject.toml").read_text() == text
    assert not (tmp_path / "contractfuzz.toml").exists()
    assert "def test_it_accepts_every_valid_payload(my_order):" in (tmp_path / "tests" / "test_my_order.py").read_text()


@pytest.mark.parametrize("text", ["[project", '[tool.contractfuzz]\ncontracts = "a"\n'])
def test_init_writes_nothing_next_to_a_wrong_project_file(order, tmp_path, text):
    (tmp_path / "pyproject.toml").write_text(text)
    done = run("init", "service:read", "--contract", "sub/order.json", folder=tmp_path)
    assert (done.returncode, done.stdout, done.stderr.count("\n")) == (2, "", 1)
    assert done.stderr.startswith("contractfuzz: pyproject.toml: ")
    assert not (tmp_path / "tests").exists()
