"""README and docs are true: their Python runs, and their commands print what they say."""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
BLOCK = re.compile(r"^```(?P<language>python|console)\n(?P<text>.*?)^```$", re.DOTALL | re.MULTILINE)
FILE = re.compile(r"# (?P<name>[\w/]+\.py)\n")
COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)


@dataclass
class Block:
    language: str
    text: str
    line: int


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m["language"], m["text"], text[: m.start()].count("\n") + 2) for m in BLOCK.finditer(text)]


def run(command: str, folder: Path) -> str:
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    return done.stdout + done.stderr


PAGES = [page for page in (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))) if blocks_of(page)]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_the_code_of_a_page_does_what_the_page_says(page, tmp_path):
    checker = doctest.OutputChecker()
    for block in blocks_of(page):
        at = f"{page.name}:{block.line}"
        if block.language == "python":
            named = FILE.match(block.text)
            file = tmp_path / (named["name"] if named else "snippet.py")
            file.parent.mkdir(exist_ok=True)
            file.write_text(block.text, encoding="utf-8")
            runner = "pytest -q -p no:cacheprovider" if file.name.startswith("test_") else "python"
            if named is None or file.name.startswith("test_"):
                done = run(f"{runner} {file.name} && echo it-went-well", tmp_path)
                assert "it-went-well" in done, f"{at}: {done}"
            continue
        for match in COMMAND.finditer(block.text):
            printed = run(match["command"], tmp_path)
            expected = match["output"]
            assert checker.check_output(expected, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE), (
                f"{at}: {match['command']} printed\n{printed}"
            )
