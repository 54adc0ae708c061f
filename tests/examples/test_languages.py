"""Adapters of other languages: each gives the same verdicts as a reader in Python, in the protocol of persistent commands."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from pathlib import Path

import pytest
from external_programs import feed_all, feed_one

from contractfuzz import Command, Contract, adapt
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

FOLDER = Path(__file__).parents[2] / "examples" / "languages"
MAX_LINES = 40
ADAPTERS = {
    "node": "adapter.mjs",
    "go": "adapter.go",
    "rust": "src/main.rs",
    "java": "Adapter.java",
    "csharp": "Adapter.cs",
    "ruby": "adapter.rb",
    "php": "adapter.php",
}
WEIGHTS = {"low": 1, "high": 3}


def read(body: bytes) -> dict:
    """The sample reader in Python, with the same bug."""
    order = json.loads(body.decode())
    if type(order) is not dict:
        raise ValueError("not an object")
    name, quantity, priority = (order.get(key) for key in ("id", "quantity", "priority"))
    if not isinstance(name, str) or not name:
        raise ValueError("no id")
    if type(quantity) is not int or not 1 <= quantity <= 1000:
        raise ValueError("wrong quantity")
    if type(priority) is not str:
        raise ValueError("wrong priority")
    return {"id": name, "cost": quantity * WEIGHTS[priority]}


def bodies() -> list[bytes]:
    """Fifty bodies on which JSON parsers agree."""
    contract = Contract.load(FOLDER / "order.json")
    cases = [
        *contract.sample(20, seed=7),
        *contract.sample(20, "invalid", seed=7),
        *contract.sample(7, "invalid", only="/priority:enum.*", seed=7),
    ]
    return [*(case.body for case in cases), b'{"id": "\xff", "quantity": 1, "priority": "low"}', b"{", b'"order"']


BODIES = bodies()


@pytest.fixture(scope="module")
def expected():
    consumer = adapt(read, "bytes")
    results = []
    for body in BODIES:
        try:
            results.append(("accepted", consumer.call(body)))
        except ValueError:
            results.append(("rejected", None))
        except KeyError:
            results.append(("crashed", None))
    assert len(results) == 50
    assert {verdict for verdict, _ in results} == {"accepted", "rejected", "crashed"}
    return results


def program(language: str, folder: Path) -> Command:
    """Return the command that runs an adapter, compiled into ``folder`` if that is quick; skip if a tool is missing."""
    source = FOLDER / language
    match language:
        case "node" | "ruby" | "php":
            return Command([_tool(language), str(source / ADAPTERS[language])], persistent=True)
        case "go":
            adapter = folder / "adapter"
            environment = {**os.environ, "GOFLAGS": "-mod=mod", "GOPROXY": "off", "GOTOOLCHAIN": "local"}
            _compile([_tool("go"), "build", "-o", str(adapter), "."], source, environment)
            return Command([str(adapter)], persistent=True)
        case "java":
            jars = _jackson()
            _compile([_tool("javac"), "-cp", jars, "-d", str(folder), "Adapter.java", "Reader.java"], source)
            # It starts faster without the second compiler.
            words = [_tool("java"), "-XX:TieredStopAtLevel=1", "-cp", f"{folder}{os.pathsep}{jars}", "Adapter"]
            return Command(words, persistent=True)
        case _:
            return _built(source, {"rust": "target/release/adapter", "csharp": "bin/Release/net8.0/adapter"}[language])


def _tool(name: str) -> str:
    found = shutil.which(name)
    if found is None:
        pytest.skip(f"{name} is not installed")
    return found


def _compile(words: list[str], source: Path, environment: dict[str, str] | None = None) -> None:
    done = subprocess.run(words, cwd=source, env=environment, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def _jackson() -> str:
    """Return the class path of Jackson, from Debian's packages or from the repository of Maven."""
    names = ("databind", "core", "annotations")
    debian = [Path(f"/usr/share/java/jackson-{name}.jar") for name in names]
    maven = Path.home() / ".m2/repository/com/fasterxml/jackson/core"
    versions = sorted(path.name for path in maven.glob("jackson-databind/2.*"))
    # Later versions have no patch releases of the annotations.
    releases = [(version, version, one) for version in versions for one in (version, version.rpartition(".")[0])]
    others = [
        [
            maven / f"jackson-{name}/{version}/jackson-{name}-{version}.jar"
            for name, version in zip(names, some, strict=True)
        ]
        for some in releases
    ]
    for jars in (debian, *others):
        if all(jar.exists() for jar in jars):
            return os.pathsep.join(map(str, jars))
    pytest.skip("Jackson is not installed")


def _built(source: Path, file: str) -> Command:
    if not (source / file).exists():
        pytest.skip(f"{file} is not built: compiling it takes too long for the suite")
    return Command([str(source / file)], persistent=True)


@pytest.mark.parametrize("language", ADAPTERS)
def test_an_adapter_gives_the_verdicts_of_the_reader_in_python(language, tmp_path, expected):
    results = feed_all(program(language, tmp_path), *BODIES, time_limit=30.0)
    assert [(str(result.verdict), result.result) for result in results] == expected
    crashes = {ExceptionSummary.of(result.error).place for result in results if result.verdict == "crashed"}
    assert len(crashes) == 1
    assert "reader" in crashes.pop().lower()


@pytest.mark.parametrize("language", ADAPTERS)
def test_an_adapter_is_short(language):
    lines = (FOLDER / language / ADAPTERS[language]).read_text(encoding="utf-8").splitlines()
    assert len(lines) <= MAX_LINES


def test_the_command_for_each_case_gives_the_same_verdicts(expected):
    consumer = adapt(Command([_tool("node"), str(FOLDER / "node" / "read.mjs")]))
    chosen = range(0, len(BODIES), 12)
    results = [feed_one(consumer, BODIES[index]) for index in chosen]
    assert [(str(result.verdict), result.result) for result in results] == [expected[index] for index in chosen]
