"""`contractfuzz fuzz`: coverage-guided fuzzing until the first finding."""

from __future__ import annotations

import json
import os
import re
import shutil
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from contractfuzz import ContractError
from contractfuzz.running.fuzzing import _import_atheris

SCRIPTS = Path(sys.executable).parent
EXAMPLE = Path(__file__).parents[2] / "examples" / "fuzzing"
NEEDS_ATHERIS = "needs Atheris: pip install atheris"
SMALLEST = {
    "status": "PENDING",
    "results": [],
    "startedAt": "2000-01-01T00:00:00Z",
    "completedAt": "2000-01-01T00:00:00Z",
}
SERVICE = """
import os

calls = 0


def is_it(response):
    return response.get("numErrors", 0) < -5 and response["status"] == "CANCELED"


def crashing(response: dict):
    if is_it(response):
        raise KeyError("numErrors")


def dying(response: dict):
    if is_it(response):
        os.kill(os.getpid(), 11)


def leaving(response: dict):
    if is_it(response):
        os._exit(0)


def hanging(response: dict):
    while is_it(response):
        pass


def unsteady(response: dict):
    global calls
    calls += 1
    if calls == 50:
        raise KeyError("now and then")


def alternating(response: dict):
    global calls
    calls += 1
    if calls % 2:
        raise KeyError("now and then")


def rare(response: dict):
    global calls
    calls += 1
    if calls % 7 == 3:
        raise KeyError("now and then")


def status_of(path, body):
    if path == "/orders":
        return 404
    if path == "/picky":
        return 404 if len(body) % 2 else 400
    return 405


def wsgi_app(environ, start_response):
    body = environ["wsgi.input"].read()
    start_response(f"{status_of(environ['PATH_INFO'], body)} x", [])
    return [b""]


async def asgi_app(scope, receive, send):
    assert scope["type"] == "http"
    body = (await receive())["body"]
    await send({"type": "http.response.start", "status": status_of(scope["path"], body), "headers": []})
    await send({"type": "http.response.body", "body": b""})


def lax(response: dict):
    print("read", response)


def branching(response: dict):
    if response["status"] == "CANCELED":
        if response.get("numErrors", 0) < 0:
            return 1
    if response["results"]:
        if response["results"][0]["to"]:
            return 2
    return 3


def hidden(response: dict):
    if response["status"] == "CANCELED":
        if response.get("numErrors", 0) < 0:
            if len(response["results"]) > 2:
                if len(response["results"][0]["to"]) > 1:
                    if "paging" in response["results"][1]:
                        if "paging" in response["results"][2]:
                            if len(response.get("links", ())) > 1:
                                if response.get("errors") and "id" in response["errors"][0]:
                                    if len(response["results"][1]["to"]) == 1:
                                        if len(response["results"][1]["from"]["id"]) > 1:
                                            raise KeyError("hidden behind ten conditions")
"""


class Fuzz:
    """Runs `contractfuzz fuzz` in a folder with service.py."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        (folder / "service.py").write_text(SERVICE)

    def __call__(self, *arguments: str, **options) -> subprocess.CompletedProcess:
        command = [SCRIPTS / "contractfuzz", "fuzz", *arguments]
        return subprocess.run(command, cwd=self.folder, capture_output=True, text=True, encoding="utf-8", **options)

    def valid(self, target: str, *arguments: str, runs: int = 5000) -> subprocess.CompletedProcess:
        """Feed valid cases, the same ones each time."""
        return self(target, "--kind", "valid", "--runs", str(runs), "--seed", "1", *arguments)


@pytest.fixture
def fuzz(tmp_path):
    return Fuzz(tmp_path)


@pytest.fixture
def atheris():
    pytest.importorskip("atheris", reason=NEEDS_ATHERIS)


def payload_of(output: str) -> dict:
    return json.loads(re.search(r"^  payload +(.*)$", output, re.MULTILINE)[1])


@pytest.mark.usefixtures("atheris")
@pytest.mark.parametrize(
    ("target", "what"),
    [
        ("crashing", "crashed with KeyError: 'numErrors'"),
        ("dying", "died: killed by SIGSEGV"),
        ("leaving", "died: exited with status 0"),
    ],
)
def test_it_ends_at_the_first_finding_with_the_smallest_case(fuzz, target, what):
    done = fuzz.valid(f"service:{target}")

    assert done.returncode == 1, done.stderr
    assert f"  got          {what}\n" in done.stdout
    assert payload_of(done.stdout) == {**SMALLEST, "status": "CANCELED", "numErrors": -6}


@pytest.mark.deep
@pytest.mark.usefixtures("atheris")
def test_a_consumer_that_hangs_is_found(fuzz):
    done = fuzz.valid("service:hanging", "--time-limit", "2")

    assert done.returncode == 1, done.stderr
    assert "service:hanging hung on a valid payload" in done.stdout


@pytest.mark.usefixtures("atheris")
@pytest.mark.parametrize(
    "target", ["alternating", *(pytest.param(name, marks=pytest.mark.deep) for name in ("unsteady", "rare"))]
)
def test_a_finding_that_does_not_repeat_is_reported_as_flaky(fuzz, target):
    done = fuzz.valid(f"service:{target}")

    assert done.returncode == 1, done.stderr
    assert done.stdout.startswith(f"service:{target} crashed on a valid payload (flaky)\n")
    assert "KeyError: 'now and then'" in done.stdout
    assert (
        "\n  flaky        the same case did not show this again: the consumer depends on more than its argument\n"
        in done.stdout
    )


@pytest.mark.usefixtures("atheris")
@pytest.mark.parametrize("route", ["/orders", pytest.param("/shop", marks=pytest.mark.deep)])
@pytest.mark.parametrize("app", ["wsgi_app", "asgi_app"])
def test_a_route_that_always_answers_404_or_405_is_a_wrong_call(fuzz, app, route):
    done = fuzz(f"service:{app}", "--route", route, "--runs", "10")

    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr == (
        f"contractfuzz: service:{app} answers every POST to {route} with 404, 405 or a redirect: "
        "give the path of a route that takes POST\n"
    )


@pytest.mark.usefixtures("atheris")
@pytest.mark.parametrize("app", ["wsgi_app", "asgi_app"])
def test_a_route_that_answers_404_at_times_is_fuzzed(fuzz, app):
    done = fuzz(f"service:{app}", "--route", "/picky", "--kind", "malformed", "--runs", "50", "--seed", "1")

    assert done.returncode == 0, done.stderr
    assert re.fullmatch(rf"service:{app}: nothing found in \d+ cases of batch_association_response\n", done.stdout)


@pytest.mark.usefixtures("atheris")
def test_without_a_finding_one_line_says_how_many_cases_were_fed(fuzz):
    done = fuzz.valid("service:lax", runs=300)

    assert (done.returncode, done.stdout) == (
        0,
        "service:lax: nothing found in 300 cases of batch_association_response\n",
    )


@pytest.mark.usefixtures("atheris")
def test_kinds_and_tolerances_can_be_chosen(fuzz):
    found = fuzz("service:lax", "--kind", "invalid", "--runs", "300")
    assert found.returncode == 1, found.stderr
    assert "service:lax accepted a payload that breaks the contract" in found.stdout

    tolerated = fuzz("service:lax", "--kind", "invalid", "--runs", "300", "--tolerate", "*")
    assert tolerated.returncode == 0, tolerated.stdout


@pytest.mark.usefixtures("atheris")
def test_the_corpus_keeps_inputs_that_reach_new_branches(fuzz):
    def corpus() -> int:
        return len(list((fuzz.folder / "deeper" / "corpus").iterdir()))

    first = fuzz.valid("service:branching", "--corpus", "deeper/corpus", runs=1000)
    assert first.returncode == 0, first.stdout
    kept = corpus()
    assert kept >= 2  # one input may go several ways

    second = fuzz.valid("service:branching", "--corpus", "deeper/corpus", runs=20)
    assert f"{kept} files found in" in second.stderr


@pytest.mark.usefixtures("atheris")
def test_without_branches_the_corpus_stays_empty(fuzz):
    fuzz.valid("service:lax", "--corpus", "corpus", runs=1000)

    assert not list((fuzz.folder / "corpus").iterdir())


@pytest.mark.usefixtures("atheris")
def test_a_bug_inside_many_conditions_is_found(fuzz, nightly):
    if not nightly:
        pytest.skip("may take minutes: pytest --hypothesis-profile=nightly")
    done = fuzz.valid("service:hidden", runs=300_000)

    assert done.returncode == 1, done.stderr[-500:]
    assert "hidden behind ten conditions" in done.stdout


@pytest.mark.usefixtures("atheris")
def test_ctrl_c_ends_the_fuzzer(fuzz):
    command = [SCRIPTS / "contractfuzz", "fuzz", "service:lax", "--kind", "valid", "--seconds", "50"]
    with subprocess.Popen(
        command,
        cwd=fuzz.folder,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        start_new_session=True,
        # Where the tests run in the background, Ctrl-C may be ignored, and that is inherited.
        preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL),
    ) as process:
        while "INITED" not in process.stderr.readline():
            assert process.poll() is None
        os.killpg(process.pid, signal.SIGINT)
        process.stderr.read()
        assert process.wait(timeout=30) == 130
        assert process.stdout.read() == ""


@pytest.mark.thinned(3)
@pytest.mark.usefixtures("atheris")
@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        (["service:lax", "--kind", "vali"], "unknown kind 'vali': did you mean 'valid'?"),
        (["service:lax", "--kind", "malformed"], "service:lax takes no malformed cases of batch_association_response"),
        (["service:lacks"], "unknown name in service 'lacks': did you mean 'lax'?"),
        (["service:lax", "--strict"], "service:lax is not a pydantic model or a msgspec Struct"),
        (["service:lax", "--route", "/hook"], "service:lax is not a WSGI or ASGI application"),
        (["service:lax", "--corpus", "service.py"], "service.py cannot be written"),
        (["service:lax", "--corpus", ""], "--corpus is empty: name a folder"),
        (
            ["service:lax", "--corpus", os.fsdecode(b"\xff")],
            "Atheris cannot open the folder '\\udcff': name one whose path",
        ),
        (["service:lax", "--time-limit", "1e300"], "the time limit of 1e+300 s is out of range: give a time above 0 s"),
        (["service:lax", "--time-limit", "nan"], "the time limit of nan s is out of range"),
        (["service:lax", "--time-limit", "0"], "the time limit of 0.0 s is out of range"),
    ],
)
def test_a_wrong_call_is_refused_in_one_line(fuzz, arguments, why):
    done = fuzz(*arguments)

    assert done.returncode == 2
    assert done.stderr.startswith(f"contractfuzz: {why}")
    assert done.stderr.count("\n") == 1


def test_without_atheris_one_line_says_how_to_install_it(fuzz):
    (fuzz.folder / "atheris.py").write_text("raise ImportError")
    done = fuzz("service:lax", env={**os.environ, "PYTHONPATH": str(fuzz.folder)})

    assert (done.returncode, done.stderr) == (
        2,
        "contractfuzz: fuzz needs Atheris: pip install 'contractfuzz[fuzz]'\n",
    )


@pytest.mark.usefixtures("atheris")
def test_a_version_of_hypothesis_with_which_nothing_is_found_is_refused(monkeypatch):
    monkeypatch.setattr("hypothesis.__version__", "6.169.4")
    monkeypatch.setattr("hypothesis.__version_info__", (6, 169, 4))
    with pytest.raises(ContractError, match=r"fuzz needs Hypothesis 6\.170 or later, but 6\.169\.4 is installed"):
        _import_atheris()


@pytest.fixture
def example(tmp_path):
    """Copy of the project in examples/fuzzing."""
    return Path(
        shutil.copytree(EXAMPLE, tmp_path / "fuzzing", ignore=shutil.ignore_patterns(".hypothesis", "__pycache__"))
    )


def run(example: Path, *command: str) -> subprocess.CompletedProcess:
    return subprocess.run([sys.executable, *command], cwd=example, capture_output=True, text=True)


@pytest.mark.deep
@pytest.mark.usefixtures("atheris")
def test_the_target_of_the_example_is_a_fuzz_target_and_a_test(example):
    fuzzed = run(example, "associations_fuzzer.py", "-runs=500")
    assert fuzzed.returncode == 0, fuzzed.stdout
    assert "DONE" in fuzzed.stderr

    tested = run(example, "-m", "pytest", "-q", "-p", "no:cacheprovider")
    assert "1 passed" in tested.stdout


@pytest.mark.usefixtures("atheris")
def test_the_target_of_the_example_finds_a_bug(example):
    reader = example / "associations" / "reading.py"
    reader.write_text(reader.read_text().replace('_object(result.get("from"))', 'result["from"]'))

    fuzzed = run(example, "associations_fuzzer.py", "-runs=20000", "-seed=1")
    assert fuzzed.returncode != 0
    assert "associations.reading:associated_ids crashed on a payload that breaks the contract" in fuzzed.stdout


def test_the_build_of_the_example_compiles_each_target(example, tmp_path):
    tools = tmp_path / "tools"
    tools.mkdir()
    for name in ("pip3", "compile_python_fuzzer"):
        (tools / name).write_text(f'#!/bin/sh\necho {name} "$@"\n')
        (tools / name).chmod(0o755)
    build = example / ".clusterfuzzlite" / "build.sh"
    done = subprocess.run(
        [build], cwd=example, env={"PATH": f"{tools}:{os.environ['PATH']}"}, capture_output=True, text=True, check=True
    )
    installed, *compiled = done.stdout.splitlines()

    assert installed == "pip3 install . contractfuzz"
    assert [line.split()[:2] for line in compiled] == [["compile_python_fuzzer", "associations_fuzzer.py"]]
