"""Blocks of the pages: how they are read, run, and compared with what the pages show."""

from __future__ import annotations

import ast
import doctest
import os
import re
import subprocess
import sys
from dataclasses import dataclass
from difflib import get_close_matches
from importlib.util import find_spec
from pathlib import Path
from xml.etree import ElementTree

ROOT = Path(__file__).parents[2]
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))

RUN = {"python", "console"}
SHOWN = {"text", "toml", "ini", "json", "yaml", "groovy"}
"""Languages of blocks that are run, and of blocks that a page only shows, unless they have a title."""

FENCE = re.compile(
    r"^(?P<fence>`{3,})(?P<language>[^\n ]*)(?: title=\"(?P<title>[^\"\n]*)\")?\n(?P<text>(?s:.*?))^(?P=fence)$",
    re.MULTILINE,
)
FILE = re.compile(r"# (?P<name>[\w/]+\.py)\n")
COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)


PICTURE = ROOT / "docs" / "check.svg"
PICTURED_COMMAND = "contractfuzz check --top 1"
"""Picture of the output of a command of the tutorial: docs/screenshots.py makes it."""


@dataclass
class Block:
    language: str
    text: str
    line: int
    title: str = ""

    @property
    def file(self) -> str:
        """The file that a block is: its title, or the name in the first line of Python; empty if it has no name."""
        named = FILE.match(self.text)
        return self.title or (named["name"] if named else "")

    @property
    def commands(self) -> list[re.Match[str]]:
        return list(COMMAND.finditer(self.text))


OPTIONAL_LIBRARIES = ("pact", "polyfactory", "pytest_httpserver", "respx", "responses", "schemathesis", "vcr")
"""Libraries of docs/together.md. Plugins of pytest are among them, which would slow down every test that starts pytest."""


def missing_libraries(block: Block) -> list[str]:
    """Return the optional libraries that a block of Python imports and that are not installed."""
    nodes = list(ast.walk(ast.parse(block.text)))
    names = {alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names}
    names |= {str(node.module) for node in nodes if isinstance(node, ast.ImportFrom)}
    imported = {name.partition(".")[0] for name in names}
    return [name for name in OPTIONAL_LIBRARIES if name in imported and find_spec(name) is None]


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [
        Block(m["language"], m["text"], text[: m.start()].count("\n") + 2, m["title"] or "")
        for m in FENCE.finditer(text)
    ]


def runnable(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.language in RUN or block.title]


def run(command: str, folder: Path, scripts: str | Path | None = None, **variables: str) -> str:
    """Run a command in a folder, as a shell does. Programs are searched in ``scripts`` first, then in those of this Python."""
    path = os.pathsep.join(map(str, [*([scripts] if scripts else []), Path(sys.executable).parent, os.environ["PATH"]]))
    environment = {**os.environ, "PATH": path, "COLUMNS": "80", **variables}
    environment.pop("CI", None)
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    return done.stdout + done.stderr


def write(block: Block, folder: Path) -> Path:
    """Write a block to the file that it is. Blocks without a name are one script: each is added to those before it."""
    file = folder / (block.file or "snippet.py")
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if not block.file and file.exists() else ""
    file.write_text(before + block.text, encoding="utf-8")
    return file


def run_python(block: Block, folder: Path) -> None:
    """Write a block to its file, and run that: with pytest if it is a test file."""
    file = write(block, folder)
    if block.file and not file.name.startswith("test_"):
        compile(block.text, file.name, "exec")
        return
    runner = "pytest -q -p no:cacheprovider" if block.file else "python"
    printed = run(f"{runner} {file.relative_to(folder)} && echo it-went-well", folder)
    assert "it-went-well" in printed, printed


def is_true(shown: str, printed: str) -> bool:
    """Return True if a command printed what a page shows; ``...`` stands for any text."""
    return doctest.OutputChecker().check_output(shown, printed, doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE)


def update(page: Path, command: str, shown: str, printed: str) -> None:
    """Write what a command printed into a page; abbreviated lines that are still true stay as they are."""
    text = page.read_text(encoding="utf-8")
    merged = merge(shown.splitlines(), printed.splitlines())
    new = merged if is_true(merged, printed) else printed
    page.write_text(text.replace(f"$ {command}\n{shown}", f"$ {command}\n{new}", 1), encoding="utf-8")


def merge(shown: list[str], printed: list[str]) -> str:
    """Return the lines of a page, with each false line replaced by the printed line that it resembles."""
    merged: list[str] = []
    skipping = False
    for line in shown:
        if line.strip() == "...":
            merged.append(line)
            skipping = True
            continue
        true = [candidate for candidate in printed if is_true(line, candidate)]
        near = true[:1] or get_close_matches(line, printed, n=1)
        if near:
            place = printed.index(near[0])
            merged += [] if skipping else printed[:place]
            merged.append(line if true else near[0])
            printed, skipping = printed[place + 1 :], line.endswith("...")
    return "".join(f"{line}\n" for line in (merged if skipping else merged + printed))


def picture_text(picture: Path) -> str:
    """Return the text of a picture, without white space: lines that are too long for it are wrapped."""
    return "".join("".join(ElementTree.parse(picture).getroot().itertext()).split())
