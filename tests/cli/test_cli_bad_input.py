"""Bad input: one line on standard error that says what to do, exit code 2, no traceback."""

from __future__ import annotations

import json
import os
import subprocess
from functools import partial
from pathlib import Path

import pytest
from systems import needs_endless_file, needs_full_device, needs_posix

pytestmark = needs_posix
full, endless = partial(pytest.param, marks=needs_full_device), partial(pytest.param, marks=needs_endless_file)

MODULES = {
    "needs": "import a_package_that_nobody_has\n",
    "raises": "raise RuntimeError('no\\n\\x1b[31m database')\n",
    "exits": "import sys\nsys.exit(0)\n",
    "broken": "def read(payload:\n",
    "two": "def read(payload, other):\n    pass\n",
}
SMALL = {"name": "Order", "type": "object", "properties": {"id": {"type": "string"}}}


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Folder of bad input."""
    folder = tmp_path_factory.mktemp("bad")
    for name, source in MODULES.items():
        (folder / f"{name}.py").write_text(source)
    (folder / "fine.py").write_text("def read(payload):\n    pass\n\nNUMBER = 5\n")
    (folder / "order.json").write_text(json.dumps(SMALL))
    (folder / "no-json.json").write_text("<html>")
    (folder / "empty.json").write_text("")
    (folder / "nan.json").write_text("NaN")
    (folder / "latin.json").write_bytes(b'{"id": "\xe9"}')
    (folder / "deep.json").write_text("[" * 100_000 + "]" * 100_000)
    (folder / "folder.json").mkdir()
    (folder / "taken").write_text("")
    (folder / "loop.json").symlink_to("loop.json")
    with (folder / "huge.json").open("wb") as file:
        file.truncate(50 * 2**20)
    return folder


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("fine", "the target 'fine' is not PACKAGE.MODULE:CALLABLE"),
        ("nowhere:read", "there is no module 'nowhere'"),
        ("fine.deeper:read", "there is no module 'fine.deeper'"),
        ("fine:raed", "unknown name in fine 'raed': did you mean 'read'?"),
        ("fine:NUMBER", "fine:NUMBER cannot be called: give a function"),
        ("two:read", "two:read(payload, other) cannot be called with one payload"),
        ("needs:read", "importing 'needs' failed: it needs 'a_package_that_nobody_has'"),
        ("raises:read", "importing 'raises' raised RuntimeError: no \\u001b[31m database: fix that first"),
        ("exits:read", "importing 'exits' raised SystemExit: 0: fix that first"),
        ("broken:read", "importing 'broken' raised SyntaxError: "),
        ("fine\n:read", "there is no module 'fine\\n'"),
        ("fine:re\x1b[31mad", "unknown name in fine 're\\x1b[31mad'"),
    ],
)  # fmt: skip
def test_a_target_that_cannot_be_imported_or_called(refusal, folder, target, message):
    assert refusal("check", target, cwd=folder).startswith(message)


@pytest.mark.parametrize(
    ("document", "message"),
    [
        ("missing.json", "missing.json: cannot be read (No such file or directory)"),
        ("no-json.json", "no-json.json: is not JSON, line 1 column 1"),
        ("empty.json", "empty.json: is empty"),
        ("folder.json", "folder.json: is a folder"),
        ("huge.json", "huge.json: is too large, 52,428,800 bytes"),
        ("deep.json", "deep.json: is nested too deep"),
        ("latin.json", "latin.json: is not UTF-8"),
        ("https://example.org/order.json", "https:/example.org/order.json: cannot be read"),
        ("odd\n\x1b[31m.json", "odd\\n\\"),
    ],
)
def test_a_document_that_is_not_a_contract(refusal, folder, document, message):
    assert refusal("violations", "--contract", document, cwd=folder).startswith(message)


@pytest.mark.parametrize(
    ("args", "message"),
    [
        ((), "Missing command. (see contractfuzz --help)"),
        (("chekc",), "No such command 'chekc'."),
        (("ch\neck",), "No such command 'ch\\neck'"),
        (("check",), "there is nothing to check: name PACKAGE.MODULE:CALLABLE, or declare targets in [tool."),
        (("check", "fine:read", "--examples", "-1"), "Invalid value for '--examples': -1 is not in the range"),
        (("check", "fine:read", "--examples", "9" * 30), f"Invalid value for '--examples': {'9' * 30} is not"),
        (("check", "fine:read", "--feed", "byte"), "unknown feed 'byte': did you mean 'bytes'?"),
        (("check", "fine:read", "--time-limit", "1"), "a time limit needs an isolated consumer: add --isolate"),
        (("check", "fine:read", "--strict"), "fine:read is not a pydantic model or a msgspec Struct: leave out strict=True"),
        (("check", "fine:read", "--lax"), "fine:read is not a pydantic model or a msgspec Struct: leave out strict=False"),
        (("check", "fine:read", "--route", "/hook"), "fine:read is not a WSGI or ASGI application: leave out the route"),
        (("check", "fine:read", "--raises", "KeyErorr"), "unknown exception 'KeyErorr': did you mean 'KeyError'?"),
        (("check", "fine:read", "--raises", "print"), "'print' is not an exception class"),
        (("check", "fine:read", "--tolerate", "/status:enum.nukown"), "unknown label '/status:enum.nukown': did you mean"),
        (("check", "fine:read", "--only", "gzpi"), "unknown label 'gzpi': did you mean 'gzip'?"),
        (("check", "fine:read", "--format", "yaml"), "Invalid value for '--format': 'yaml' is not one of"),
        (("check", "fine:read", "--contract", "batch_asociation"), "unknown contract 'batch_asociation': did you mean "),
        (("check", "fine:read", "--output", "nowhere/report.txt"), "nowhere/report.txt cannot be written (No such file"),
        (("sample", "-n", "-1"), "Invalid value for '-n': -1 is not in the range"),
        (("sample", "-n", "many"), "Invalid value for '-n': 'many' is not a valid integer"),
        (("sample", "--kind", "invald"), "unknown kind 'invald': did you mean 'invalid'?"),
        (("sample", "--profile", "broda"), "unknown profile 'broda': did you mean 'broad'?"),
        (("sample", "--profile", "x\n\x1b"), "unknown profile 'x\\n\\x1b': use one of 'broad', 'minimal', "),
        (("sample", "--profile", "realistic", "--contract", "order.json"), "the contract 'Order' has no realistic"),
        (("sample", "--profile", "minimal", "--kind", "malformed"), "the profile 'minimal' goes with valid cases only"),
        (("sample", "--output", "nowhere/some.jsonl"), "nowhere/some.jsonl cannot be written (No such file or directory)"),
        (("sample", "--output", "n" * 300), "n" * 300 + " cannot be written (File name too long)"),
        (("sample", "--contract", "n" * 300), "unknown contract "),
        full(("sample", "--output", "/dev/full"), "/dev/full cannot be written (No space left on device)"),
        (("violations", "--output", "folder.json"), "folder.json cannot be written (Is a directory)"),
        (("violations", "--only", "/statsu:*"), "unknown label '/statsu:*'"),
        (("violations", "--kind", "hostle"), "unknown kind 'hostle': did you mean 'hostile'?"),
        (("violations", "--kind", "malformed", "--count"), "--count counts the labels of every kind"),
        (("violations", "--components", "empty.json", "--contract", "order.json"), "empty.json: is empty"),
        (
            ("check", "fine:read", "--format", "html", "--compare", "empty.json"),
            "empty.json has no report to compare with (Expecting value: line 1 column 1 (char 0)): name a report",
        ),
        (("check", "fine:read", "--format", "html", "--compare", "deep.json"), "deep.json has no report to compare with"),
        (("validate",), "Missing argument 'FILE...'."),
        (("validate", "missing.json"), "missing.json cannot be read (No such file or directory)"),
        (("validate", "missing\n\x1b.json"), "missing\\n\\u001b.json cannot be read (No such file or directory)"),
        (("validate", "no-json.json"), "no-json.json is not JSON: Expecting value: line 1 column 1"),
        (("validate", "nan.json"), "nan.json is not JSON: NaN is not a JSON value"),
        (("validate", "latin.json"), "latin.json is not JSON: 'utf-8' codec can't decode byte 0xe9"),
        (("validate", "deep.json"), "deep.json is nested too deeply to be checked"),
        (("validate", "folder.json"), "folder.json cannot be read (Is a directory)"),
        endless(("validate", "/dev/zero"), "/dev/zero is larger than 268,435,456 bytes: name a file with smaller payloads"),
        endless(("validate", "--lines", "/dev/zero"), "/dev/zero:1 is larger than 268,435,456 bytes: name a file"),
        endless(("sample", "--kind", "invalid", "--base", "/dev/zero"), "/dev/zero cannot be read (it is larger than 268,435"),
        endless(("check", "fine:read", "--baseline", "/dev/zero"), "/dev/zero cannot be read (it is larger than 268,435"),
        (("sample", "--output", "loop.json"), "loop.json cannot be written (Too many levels of symbolic links)"),
        (("sample", "--as-tests", "n" * 300 + ".py"), "n" * 300 + ".py cannot be written (File name too long)"),
        (("init", "--output", "n" * 300), "n" * 300 + " cannot be written (File name too long)"),
        (("init", "--output", "loop.json"), "loop.json exists: name another file with --output"),
    ],
    ids=lambda value: " ".join(value)[:60] if isinstance(value, tuple) else "",
)  # fmt: skip
def test_a_wrong_call(refusal, folder, args, message):
    assert refusal(*args, cwd=folder).startswith(message)


@pytest.mark.parametrize("body", [b"", b"{", b"\xff"])
def test_standard_input_that_is_not_json(refusal, body):
    assert refusal("validate", "-", stdin=body).startswith("- is not JSON: ")


def test_a_payload_near_the_recursion_limit(run, tmp_path):
    # At about this depth, reading, validating or printing it exceeds the recursion limit. None of them may end in a traceback.
    (tmp_path / "deep.json").write_text('{"status":' + "[" * 980 + "]" * 980 + "}")
    done = run("validate", "deep.json", cwd=tmp_path)
    assert done.returncode in (1, 2)
    assert len(done.stderr.splitlines()) == done.returncode - 1


@needs_full_device
@pytest.mark.parametrize("args", ["sample", "check service:careless --examples 0", "violations", "validate -"])
def test_standard_output_that_is_full(script, service, args):
    with Path("/dev/full").open("wb") as full:
        done = subprocess.run(
            [script, *args.split()], cwd=service, input=b"{}", stdout=full, stderr=subprocess.PIPE, check=False
        )
    assert done.returncode == 2
    assert done.stderr.replace(b"importing\n", b"") == (
        b"contractfuzz: standard output cannot be written (No space left on device): name a file with --output\n"
    )


def closed(script, service, which, *args):
    command = f'exec "$@" {which}'
    return subprocess.run(["sh", "-c", command, "sh", script, *args], cwd=service, capture_output=True, env=os.environ)


def test_standard_output_that_is_closed(script, service):
    done = closed(script, service, ">&-", "sample")
    assert (done.returncode, done.stderr) == (
        2,
        b"contractfuzz: standard output is closed: name a file with --output\n",
    )


def test_standard_input_that_is_closed(script, service):
    done = closed(script, service, "<&-", "validate", "-")
    assert (done.returncode, done.stderr) == (
        2,
        b"contractfuzz: standard input is closed: name a file that contains a payload\n",
    )


def test_standard_error_that_is_closed(script, service):
    done = closed(script, service, "2>&-", "check", "service:reject", "--only", "/status:*")
    assert done.returncode == 0
    assert done.stdout.startswith(b"service:reject honours batch_association_response.\n")
    assert closed(script, service, "2>&-", "check", "nowhere:read").returncode == 2
