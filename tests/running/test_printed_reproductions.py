"""Every form of a reproduction that a report prints runs as printed: in a new process, in the folder of the run."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from systems import needs_posix

pytestmark = needs_posix

SCRIPTS = Path(sys.executable).parent
ORDER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Order",
    "type": "object",
    "properties": {"id": {"type": "string"}, "count": {"type": "integer"}},
    "required": ["id"],
}
SHOP = """
import asyncio
import dataclasses
import functools
import os
import urllib.request


def crash(order):
    raise KeyError(f"crash on {type(order).__name__}")


def read_object(order):
    crash(order)


def read_text(text: str):
    crash(text)


def read_bytes(body: bytes):
    crash(body)


async def read_later(order):
    await asyncio.sleep(0)
    crash(order)


@functools.cache
def reader():
    return read_later


def wrapped(order):
    return reader()(order)


def json(order):
    crash(order)


def die(order):
    os._exit(7)


def accept(order):
    return str(order)


class Reader:
    def read(self, order):
        crash(order)


clients = Reader()


@dataclasses.dataclass
class Record:
    id: str
    count: int = 0


def get_orders(base_url):
    with urllib.request.urlopen(base_url) as response:
        crash(response.read())
"""
LIBRARIES = """
import marshmallow
import msgspec
import pydantic
from shop import crash


class Model(pydantic.BaseModel):
    id: str

    @pydantic.field_validator("id", mode="before")
    @classmethod
    def check(cls, value):
        crash(value)


class Struct(msgspec.Struct):
    id: str

    def __post_init__(self):
        crash(self.id)


class Schema(marshmallow.Schema):
    class Meta:
        unknown = marshmallow.INCLUDE

    @marshmallow.pre_load
    def check(self, data, **_):
        crash(data)
"""
WEB = """
import contextlib

from flask import Flask, request
from starlette.applications import Starlette
from starlette.routing import Route

flask_app = Flask(__name__)


@flask_app.post("/orders")
def receive():
    request.get_data()
    raise KeyError("crash in flask")


async def create_app():
    started = []

    @contextlib.asynccontextmanager
    async def lifespan(app):
        started.append(True)
        yield

    async def orders(request):
        raise KeyError("crash in starlette" if started else "not started")

    return Starlette(routes=[Route("/orders", orders, methods=["POST"])], lifespan=lifespan)
"""
DEFAULTS = {"only": "/id:type.null"}
TARGETS = {
    "object": {"consumer": "shop:read_object"},
    "text": {"consumer": "shop:read_text"},
    "bytes": {"consumer": "shop:read_bytes"},
    "object-of-bytes": {"consumer": "shop:read_bytes", "feed": "object"},
    "malformed": {"consumer": "shop:read_bytes", "only": "cut-in-literal"},
    "async": {"consumer": "shop:read_later"},
    "awaitable": {"consumer": "shop:wrapped"},
    "name-of-a-module": {"consumer": "shop:json"},
    "method": {"consumer": "shop:clients.read"},
    "isolated": {"consumer": "shop:read_object", "isolate": True},
    "died": {"consumer": "shop:die", "isolate": True},
    "accepted": {"consumer": "shop:accept"},
    "pydantic": {"consumer": "libraries:Model", "strict": False},
    "msgspec": {"consumer": "libraries:Struct", "only": "/count:type.null"},
    "msgspec-object": {"consumer": "libraries:Struct", "feed": "object", "only": "/count:type.null"},
    "cattrs": {"consumer": "shop:Record", "only": "/id:type.null"},
    "marshmallow": {"consumer": "libraries:Schema"},
    "wsgi": {"consumer": "web:flask_app", "route": "/orders"},
    "asgi": {"consumer": "web:create_app", "route": "/orders"},
    "client": {"consumer": "shop:get_orders"},
    "values": {"consumer": "shop:read_object", "values": "values.json"},
    "base": {"consumer": "shop:read_object", "base": "base.json"},
    "two-faults": {"faults": 2, "only": "/id:type.null + /count:*", "consumer": "shop:accept"},
    "component": {"consumer": "shop:read_object", "contract": "api.json#Order"},
    "long-body": {"consumer": "shop:read_bytes", "only": "deep-nesting"},
    "long-base": {"consumer": "shop:read_object", "base": "long.json"},
}
LONG_BASE = {"id": "a" * 6000}


def write_project(folder: Path) -> None:
    for name, text in (("shop", SHOP), ("libraries", LIBRARIES), ("web", WEB)):
        (folder / f"{name}.py").write_text(text)
    (folder / "order.json").write_text(json.dumps(ORDER))
    api = {"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "components": {"schemas": {"Order": ORDER}}}
    (folder / "api.json").write_text(json.dumps(api))
    (folder / "values.json").write_text(json.dumps({"/count": [17]}))
    (folder / "base.json").write_text(json.dumps({"id": "mine", "own": 1}))
    (folder / "long.json").write_text(json.dumps(LONG_BASE))
    tables = [
        f"[targets.{name}]\n"
        + "".join(f"{key} = {json.dumps(value)}\n" for key, value in ({"examples": 0} | DEFAULTS | settings).items())
        for name, settings in TARGETS.items()
    ]
    (folder / "contractfuzz.toml").write_text(
        'contract = "order.json"\n[contracts]\norders = "order.json"\n' + "\n".join(tables)
    )
    (folder / "sub").mkdir()


def run(*command: str, folder: Path) -> subprocess.CompletedProcess[str]:
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, timeout=120)


def run_printed(line: str, folder: Path) -> subprocess.CompletedProcess[str]:
    """Run a reproduction as a user does who copies it: a line of Python, or a command."""
    if re.match(r"(env|contractfuzz) ", line):
        path = f"{SCRIPTS}{os.pathsep}{os.environ['PATH']}"
        return subprocess.run(
            ["bash", "-c", line],
            cwd=folder,
            capture_output=True,
            text=True,
            timeout=120,
            env={**os.environ, "PATH": path},
        )
    return run(sys.executable, "-c", line, folder=folder)


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    folder = tmp_path_factory.mktemp("project")
    write_project(folder)
    return folder


@pytest.fixture(scope="module")
def reports(project):
    """The reports of all targets, and the folder of the run, which has none of their modules."""
    folder = project / "sub"
    done = run(str(SCRIPTS / "contractfuzz"), "check", "--format", "json", folder=folder)
    assert (done.returncode, done.stderr) == (1, "")
    return dict(zip(TARGETS, json.loads(done.stdout), strict=True)), folder


def assert_shows(finding: dict, done: subprocess.CompletedProcess[str]) -> None:
    """Assert that a process shows a finding of the JSON report."""
    if finding["reproduction"].startswith(("env ", "contractfuzz ")):
        assert done.returncode == 1, done.stderr
        assert finding["cause"].partition(":")[0] in done.stdout
    elif finding["verdict"] == "died":
        assert done.returncode == 7
    elif finding["error"] is None:
        assert (done.returncode, done.stderr) == (0, "")
    else:
        assert done.stderr.splitlines()[-1] == finding["error"]["line"]


@pytest.mark.parametrize("name", TARGETS)
def test_the_reproduction_of_a_checked_target_runs_as_printed(reports, name):
    found, folder = reports
    finding = found[name]["findings"][0]
    assert_shows(finding, run_printed(finding["reproduction"], folder))


ASSERTIONS = """
import json

import pytest

from contractfuzz import Contract, assert_accepts, assert_honours, assert_rejects, assert_round_trips, assert_survives
from readers import drop, dump, parse, read

contract = Contract.load("order.json")


def test_accepts():
    assert_accepts(read, contract)


def test_rejects():
    assert_rejects(dump, contract)


def test_survives():
    assert_survives(read, contract, feed="bytes", isolate=True)


def test_round_trips():
    assert_round_trips(parse, drop, contract)


@pytest.mark.contract_cases("orders", only="/id:required.missing")
def test_cases(case):
    assert_honours(dump, case)
"""
READERS = """
def read(order):
    raise KeyError("a reader of tests")


def parse(order):
    return order


def dump(order):
    return order


def drop(order):
    print(sorted(order))
    return {}
"""


@pytest.fixture(scope="module")
def printed(project):
    """The reproduction that pytest prints for each test of a folder that is not on the path of a new interpreter."""
    tests = project / "tests"
    tests.mkdir()
    (tests / "test_orders.py").write_text(ASSERTIONS)
    (tests / "readers.py").write_text(READERS)
    done = run(sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "--contract-keep=no", "tests", folder=project)
    parts = re.split(r"^_{3,} (test_\w+)(?:\[.*\])? _{3,}$", done.stdout, flags=re.MULTILINE)
    return {
        name: re.findall(r"^E +reproduce +(.*)$", text, flags=re.MULTILINE)
        for name, text in zip(parts[1::2], parts[2::2], strict=True)
    }


@pytest.mark.parametrize(
    ("name", "end"),
    [
        ("test_accepts", "KeyError: 'a reader of tests'"),
        ("test_rejects", ""),
        ("test_survives", "KeyError: 'a reader of tests'"),
        ("test_round_trips", "{}"),
        ("test_cases", ""),
    ],
)
def test_the_reproduction_of_an_assertion_runs_as_printed(printed, project, name, end):
    [line] = printed[name]
    done = run_printed(line, project)
    assert (done.stderr or done.stdout).rstrip("\n").endswith(end)
    assert bool(done.returncode) is ("Error" in end)


def test_the_reproduction_of_a_consumer_in_a_script_runs_as_printed(project):
    (project / "scripts").mkdir()
    (project / "scripts" / "demo.py").write_text(
        "from contractfuzz import Contract, check\n\n"
        "def read(order):\n    raise KeyError('in a script')\n\n"
        "if __name__ == '__main__':\n"
        "    [first, *_] = check(read, Contract.load('order.json'), examples=0).findings\n"
        "    print(first.reproduction)\n"
    )
    line = run(sys.executable, "scripts/demo.py", folder=project).stdout.strip()
    assert run_printed(line, project).stderr.splitlines()[-1] == "KeyError: 'in a script'"
