"""Every option and argument of every command, with values at its edges: a verdict, or one line and exit code 2.

The options come from click, so a new one is tested without a change here.
"""

from __future__ import annotations

import json
import multiprocessing
import os
import shutil
import signal
import sys
import time
from contextlib import suppress
from importlib.util import find_spec
from pathlib import Path

import click
import pytest
from runs import report_of
from systems import needs_posix

from contractfuzz import Contract
from contractfuzz.cli.main import cli, main
from contractfuzz.testing.kept_cases import keep_case

pytestmark = needs_posix

NEEDS_ATHERIS = "needs Atheris: pip install atheris"
MAX_SECONDS = 60
"""Reached only by a command that hangs."""

ORDER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "order",
    "type": "object",
    "properties": {"id": {"type": "string"}},
    "required": ["id"],
}
SERVICE = """
def read(payload):
    if not (isinstance(payload, dict) and isinstance(payload.get("id"), str)):
        raise ValueError


def application(environ, start_response):
    start_response("404 Not Found", [])
    return [b""]
"""

CALLS = {
    "check": ["service:read", "--contract", "order.json", "--examples", "1"],
    "diff": ["order.json", "order.json"],
    "differ": [
        "service:read",
        "service:read",
        "--contract",
        "order.json",
        "--examples",
        "0",
        "--only",
        "/id:type.null",
    ],
    "evolve": ["service:read", "--contract", "order.json", "--only", "/id:longer"],
    "explain": ["/id:type.null", "--contract", "order.json"],
    "fuzz": ["service:read", "--contract", "order.json", "--kind", "valid", "--runs", "1"],
    "init": ["service:read", "--output", "new/test_order.py"],
    "lint": ["order.json"],
    "replay": ["kept", "service:read", "--contract", "order.json"],
    "sample": ["--contract", "order.json", "-n", "1"],
    "serve": ["--port", "0"],
    "validate": ["payload.json", "--contract", "order.json"],
    "violations": ["--contract", "order.json"],
}
"""A right call of each command. A test adds one option to it, or replaces one argument."""

TEXTS = [
    "",
    "x" * 300 + ".json",
    "missing/missing.json",
    "folder.json",
    "binary.json",
    "loop.json",
    os.fsdecode(b"\xff.json"),
    "/dev/full",
]
"""Values of an option of text: names of everything that is not what the option needs."""

MORE_TEXTS = [
    "-",
    "[",
    "service:application",
    "é\u202e\x1b[31m\n.json",
    " ",
    "--",
    ":",
    "/",
    ".",
    "..",
    "*",
    "#",
    "%",
    "~",
    "nan",
    "x" * 300,
    "x" * 300 + ".py",
    "/" + "a/" * 3000,
    "missing.json",
    "missing/",
    "order.json/",
    "order.json/deeper",
    "folder",
    "empty.json",
    "nothing.json",
    "array.json",
    "secret.json",
    "payload.json",
    "service.py",
    "service",
    "service:",
    ":read",
    "file:///etc/hostname",
    "/dev/null",
    "/dev/zero",
]
"""Values for nightly runs."""

NUMBERS = ["", "x", "nan", "inf", "1e300", "0.5", "9" * 5000, "-1", "0"]
"""Values of an option of a number."""


def edges(parameter: click.Parameter, *, nightly: bool) -> list[str]:
    """Return values at the edges of a parameter, right and wrong ones. None of them makes a command work for long."""
    if isinstance(parameter.type, click.Choice):
        return [*parameter.type.choices, "", "x", str(parameter.type.choices[0]).upper()]
    if isinstance(parameter.type, click.types.IntParamType | click.types.FloatParamType):
        low, high = getattr(parameter.type, "min", None), getattr(parameter.type, "max", None)
        return [*NUMBERS, *(str(edge) for edge in (low, high and high + 1) if edge is not None)]
    return TEXTS + MORE_TEXTS if nightly else TEXTS


def parameters() -> list:
    return [
        pytest.param(name, number, id=f"{name} {max(parameter.opts, key=len)}")
        for name, command in cli.commands.items()
        for number, parameter in enumerate(command.params)
        if not getattr(parameter, "is_flag", False)
    ]


def calls_with(name: str, parameter: click.Parameter, value: str) -> list[list[str]]:
    """Return the calls of a command with a value for one parameter: one call, or one for each argument of several."""
    call = list(CALLS[name])
    if isinstance(parameter, click.Option):
        option = max(parameter.opts, key=len)
        if option in call:
            del call[call.index(option) : call.index(option) + 2]
        return [[name, *call, f"{option}={value}" if option.startswith("--") else f"{option}{value}"]]
    first = next((index for index, word in enumerate(call) if word.startswith("-")), len(call))
    arguments, options = call[:first], call[first:]
    own = [one for one in cli.commands[name].params if isinstance(one, click.Argument)]
    places = range(len(arguments)) if parameter.nargs == -1 else [own.index(parameter)]
    return [[name, *options, "--", *arguments[:place], value, *arguments[place + 1 :]] for place in places]


@pytest.fixture(scope="module")
def launcher():
    """Context of processes that start with the engine loaded, so that each of hundreds starts at once."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["contractfuzz.cli.main", "contractfuzz.contract", "contractfuzz.running.run"])
    return context


@pytest.fixture(scope="module")
def kept(tmp_path_factory):
    """Folder with one kept case of the contract."""
    folder = tmp_path_factory.mktemp("kept")
    order = Contract.load(ORDER)
    [finding] = report_of(lambda payload: payload["id"], order, examples=0, only="/id:required.missing").findings
    keep_case(finding, folder)
    return folder


@pytest.fixture
def folder(tmp_path, kept):
    """Folder of right and wrong inputs."""
    shutil.copytree(kept, tmp_path / "kept")
    (tmp_path / "service.py").write_text(SERVICE)
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "payload.json").write_text('{"id": "a"}')
    (tmp_path / "empty.json").write_text("")
    (tmp_path / "nothing.json").write_text("{}")
    (tmp_path / "array.json").write_text("[1]")
    (tmp_path / "binary.json").write_bytes(bytes(range(256)))
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder.json").mkdir()
    (tmp_path / "loop.json").symlink_to("loop.json")
    (tmp_path / "secret.json").write_text("{}")
    (tmp_path / "secret.json").chmod(0)
    return tmp_path


def run(launcher, folder: Path, call: list[str]) -> tuple[int | None, str, str]:
    """Run the command line in a process of its own; return its exit code, standard output and standard error."""
    out, err = folder.parent / "out", folder.parent / "err"
    process = launcher.Process(target=_command_line, args=(call, folder, out, err))
    process.start()
    started = time.monotonic()
    process.join(0.05)
    while process.is_alive() and time.monotonic() < started + MAX_SECONDS:
        if call[0] == "serve" and out.exists() and b"listens on" in out.read_bytes():
            with suppress(ProcessLookupError):
                os.kill(process.pid, signal.SIGINT)
        process.join(0.1)
    hung = process.is_alive()
    process.kill()
    process.join()
    return None if hung else process.exitcode, *(file.read_text(errors="replace") for file in (out, err))


def _command_line(call: list[str], folder: Path, out: Path, err: Path) -> None:
    signal.signal(signal.SIGINT, signal.default_int_handler)
    os.chdir(folder)
    for number, file in enumerate((Path(os.devnull), out, err)):
        descriptor = os.open(file, os.O_RDWR | os.O_CREAT | os.O_TRUNC)
        os.dup2(descriptor, number)
    sys.stdin, sys.stdout, sys.stderr = os.fdopen(0), os.fdopen(1, "w"), os.fdopen(2, "w")
    sys.argv = ["contractfuzz", *call]
    main()


def test_each_command_has_a_call():
    assert CALLS.keys() == cli.commands.keys()


@pytest.mark.parametrize("name", CALLS)
def test_the_call_of_each_command_is_right(launcher, folder, name):
    if name == "fuzz" and find_spec("atheris") is None:
        pytest.skip(NEEDS_ATHERIS)
    code, _, err = run(launcher, folder, [name, *CALLS[name]])
    assert code == 0, err


@pytest.mark.parametrize(("name", "number"), parameters())
def test_an_option_at_its_edges(launcher, folder, nightly, name, number):
    if name == "fuzz" and find_spec("atheris") is None:
        pytest.skip(NEEDS_ATHERIS)
    if name == "fuzz" and not nightly:
        pytest.skip("takes minutes, because a fuzzer starts for each value: pytest --hypothesis-profile=nightly")
    parameter = cli.commands[name].params[number]
    wrong = []
    values = edges(parameter, nightly=nightly)
    # All values take minutes, so that each option gets some of them, and all options together all values.
    for value in values if nightly else values[number % 12 :: 12]:
        for call in calls_with(name, parameter, value):
            code, out, err = run(launcher, folder, call)
            if complaint := _complaint(code, out, err):
                wrong.append(f"{complaint}: {call}\n{err[-400:]}")
    assert not wrong, "\n\n".join(wrong)


def _complaint(code: int | None, out: str, err: str) -> str:
    """Return what is wrong with the end of a command; empty if nothing is."""
    if code is None:
        return "it hung"
    if code not in (0, 1, 2):
        return f"exit code {code}"
    if "Traceback" in err or "Traceback" in out:
        return "a traceback"
    if code == 2 and not (err.startswith("contractfuzz: ") and err.count("\n") == 1 and err[:-1].isprintable()):
        return "not one line"
    return ""
