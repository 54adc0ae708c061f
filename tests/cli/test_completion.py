"""Completion: names, labels, files and words, by the API of click and in a real bash."""

from __future__ import annotations

import os
import shlex
import shutil
import subprocess
import sys

import pytest
from click.shell_completion import FishComplete, ShellComplete, ZshComplete

from contractfuzz.cli.arguments.bash_completion import BashLineComplete
from contractfuzz.cli.arguments.contracts import project_configuration
from contractfuzz.cli.main import COMPLETION_VARIABLE, cli

CONFIGURATION = """
contract = "paint"
[contracts]
paint = "paint.json"
[targets.shop]
consumer = "shop:read"
[targets.store]
consumer = "store:read"
"""
PAINT = """{"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "object", "required": ["colour"],
"properties": {"colour": {"enum": ["red", "green"]}, "gloss": {"type": "number"}}}"""


@pytest.fixture
def project(tmp_path, monkeypatch):
    (tmp_path / "contractfuzz.toml").write_text(CONFIGURATION)
    (tmp_path / "paint.json").write_text(PAINT)
    (tmp_path / "shop.py").write_text(
        "import missing_library\nclass Client: ...\ndef read(b): ...\ndef _hidden(): ...\n"
    )
    monkeypatch.chdir(tmp_path)
    project_configuration.cache_clear()
    yield tmp_path
    project_configuration.cache_clear()


def completions(line):
    """Return what click offers for a line; the last word is incomplete."""
    *words, incomplete = shlex.split(line) if not line.endswith(" ") else [*shlex.split(line), ""]
    found = ShellComplete(cli, {}, "contractfuzz", COMPLETION_VARIABLE).get_completions(words, incomplete)
    return [one.value if one.type == "plain" else one.type for one in found]


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("ex", ["explain"]),
        ("check --contract p", ["file", "paint"]),
        ("check --contract batch", ["file", "batch_association_response"]),
        ("check s", ["shop", "store"]),
        ("check shop:", ["shop:Client", "shop:read"]),
        ("check nothing:", []),
        ("check --feed t", ["text"]),
        ("check --policy t", ["tolerant"]),
        ("check --show w", ["wrong", "wrongly"]),
        ("check --format j", ["json", "junit"]),
        ("check --side re", ["response", "request"]),
        ("check --values ", ["file"]),
        ("check --output rep", ["file"]),
        ("sample --kind i", ["invalid", "incoherent"]),
        ("check --only *:enum.un", ["*:enum.unknown"]),
        ("check --only cut-in-a", ["cut-in-array"]),
        ("check --only status.20", ["status.201", "status.202", "status.207", "status.204"]),
        ("check --only /colour:enum.u", ["/colour:enum.unknown"]),
        ("check --tolerate /gloss:type.nul", ["/gloss:type.null"]),
        ("check --must-accept nan@", ["nan@/gloss"]),
        ("check --contract batch_association_response --only /status:enum.i", ["/status:enum.index"]),
        ("check --contract missing.json --only /status", []),
        ("evolve --tolerate *:null", ["*:nullable"]),
        ("explain enum.un", ["enum.unknown"]),
        ("explain /colour:enum.un", ["/colour:enum.unknown"]),
        ("explain nulla", ["nullable"]),
        ("serve batch", ["file", "batch_association_response", "batch_association_server"]),
    ],
)
def test_a_word_is_completed(project, line, expected):
    assert completions(line) == expected


def test_a_wrong_configuration_completes_nothing_and_prints_nothing(project, capsys):
    (project / "contractfuzz.toml").write_text("contract = [")
    assert completions("check s") == []
    assert capsys.readouterr() == ("", "")


@pytest.fixture
def in_bash(project, monkeypatch):
    """Return what click prints for a line in bash, which ends words at colons by default."""

    def complete(line, breaks=" \t\n\"'><=;|&(:"):
        monkeypatch.setenv("COMP_LINE", line)
        monkeypatch.setenv("COMP_WORDBREAKS", breaks)
        return BashLineComplete(cli, {}, "contractfuzz", COMPLETION_VARIABLE).complete().splitlines()

    return complete


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("contractfuzz check sh", ["plain,shop"]),
        ("contractfuzz check shop:r", ["plain,read"]),
        ("contractfuzz check --only /colour:enum.un", ["plain,enum.unknown"]),
        ("contractfuzz check --only '/colour:enum.un", ["plain,/colour:enum.unknown"]),
        ("contractfuzz check --only /colour:enum.unknown s", ["plain,shop", "plain,store"]),
        ("contractfuzz check --only '*:enum.unknown' sh", ["plain,shop"]),
        ("contractfuzz check --values ", ["file,"]),
    ],
)
def test_bash_gets_what_follows_the_last_colon(in_bash, line, expected):
    assert in_bash(line) == expected


def test_bash_gets_the_whole_word_if_colons_do_not_end_words(in_bash):
    assert in_bash("contractfuzz check shop:r", breaks=" ") == ["plain,shop:read"]


def test_characters_that_bash_reads_are_escaped(in_bash, project):
    (project / "contractfuzz.toml").write_text("[targets.'my shop (old)']\nconsumer = 'shop:read'\n")
    assert in_bash("contractfuzz check my") == [r"plain,my\ shop\ \(old\)"]
    assert in_bash("contractfuzz check 'my sh") == ["plain,my shop (old)"]


@pytest.mark.skipif(shutil.which("bash") is None, reason="needs bash")
def test_a_real_bash_completes_a_label(project):
    script = f"""
        contractfuzz() {{ {sys.executable} -m contractfuzz "$@"; }}
        compopt() {{ :; }}
        eval "$({COMPLETION_VARIABLE}=bash_source contractfuzz)"
        COMP_LINE='contractfuzz check --only /colour:enum.un'
        COMP_POINT=${{#COMP_LINE}}
        _contractfuzz_completion contractfuzz
        printf '%s|' "${{COMPREPLY[@]}}"
    """
    environment = {**os.environ, "COVERAGE_PROCESS_START": ""}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, env=environment, timeout=60)
    assert (done.stdout, done.stderr) == ("enum.unknown|", "")


@pytest.mark.parametrize("shell", [ZshComplete, FishComplete])
def test_the_scripts_of_other_shells_are_those_of_click(shell):
    source = shell(cli, {}, "contractfuzz", COMPLETION_VARIABLE).source()
    assert f"{COMPLETION_VARIABLE}=" in source
