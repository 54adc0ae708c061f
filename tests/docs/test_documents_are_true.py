"""README and docs are true: their Python runs, and their commands print what the pages show.

``UPDATE_DOCS=1 pytest tests/docs`` writes what the commands print today into the pages. Read the difference before you commit it.
"""

from __future__ import annotations

import doctest
import os
import re
import subprocess
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "contractfuzz"
PAGES = (ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md")))
UPDATES = bool(os.environ.get("UPDATE_DOCS"))

RUN = {"python", "console"}
SHOWN = {"text", "toml", "ini", "json", "yaml"}
"""Languages of blocks that are run, and of blocks that a page only shows."""

BLOCKS = 84
COMMANDS = 55
"""Number of blocks and of commands that are run, over all pages: a block that is lost by accident changes them."""

FENCE = re.compile(r"^(?P<fence>`{3,})(?P<language>.*)\n(?P<text>(?s:.*?))^(?P=fence)$", re.MULTILINE)
FILE = re.compile(r"# (?P<name>[\w/]+\.py)\n")
COMMAND = re.compile(r"^\$ (?P<command>.*)\n(?P<output>(?:(?!\$ ).*\n)*)", re.MULTILINE)
LINK = re.compile(r"(?:\]\(|srcset=\"|src=\")(?P<target>[^)\"\s]+)")
HEADING = re.compile(r"^#+ (?P<title>.*)$", re.MULTILINE)
CODE_PATH = re.compile(r"`([\w.]+(?:/[\w.]*)+|[\w]+\.py)`")
FOLDER_ROW = re.compile(r"^\| (?P<names>`[^|]*`) \|", re.MULTILINE)

moved = pytest.mark.skipif(not (SOURCE / "running" / "options.py").exists(), reason="not all modules are moved yet")


@dataclass
class Block:
    language: str
    text: str
    line: int

    @property
    def file(self) -> str:
        """The file that a Python block is, as its first line names it; empty if it names none."""
        named = FILE.match(self.text)
        return named["name"] if named else ""

    @property
    def commands(self) -> list[re.Match[str]]:
        return list(COMMAND.finditer(self.text))


def blocks_of(page: Path) -> list[Block]:
    text = page.read_text(encoding="utf-8")
    return [Block(m["language"], m["text"], text[: m.start()].count("\n") + 2) for m in FENCE.finditer(text)]


def runnable(page: Path) -> list[Block]:
    return [block for block in blocks_of(page) if block.language in RUN]


def run(command: str, folder: Path) -> str:
    scripts = str(Path(sys.executable).parent)
    environment = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}", "COLUMNS": "80"}
    environment.pop("CI", None)
    done = subprocess.run(
        command, shell=True, cwd=folder, env=environment, capture_output=True, text=True, encoding="utf-8", timeout=300
    )
    return done.stdout + done.stderr


def run_python(block: Block, folder: Path) -> None:
    """Write a block to the file that it names, and run that with pytest if it is a test file.

    Blocks without a name are one script: each is run after those before it on the page.
    """
    file = folder / (block.file or "snippet.py")
    file.parent.mkdir(exist_ok=True)
    before = file.read_text(encoding="utf-8") if not block.file and file.exists() else ""
    file.write_text(before + block.text, encoding="utf-8")
    if block.file and not file.name.startswith("test_"):
        compile(block.text, file.name, "exec")
        return
    runner = "pytest -q -p no:cacheprovider" if block.file else "python"
    printed = run(f"{runner} {file.relative_to(folder)} && echo it-went-well", folder)
    assert "it-went-well" in printed, printed


def run_commands(block: Block, folder: Path) -> Iterator[tuple[str, str, str]]:
    """Run the commands of a block; yield each with the output that the page shows and the output that it has."""
    assert block.text.startswith("$ "), "the block begins with no command"
    for match in block.commands:
        yield match["command"], match["output"], run(match["command"], folder)


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
    """Return the lines of a page, each replaced by the printed line that it resembles if it is no longer true."""
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


NO_DEADLINE = """
from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
"""
"""Configuration of the pages' tests: a loaded machine must not fail them."""


@pytest.mark.slow
@pytest.mark.parametrize("page", [page for page in PAGES if runnable(page)], ids=lambda page: page.name)
def test_the_code_of_a_page_does_what_the_page_says(page, tmp_path):
    (tmp_path / "conftest.py").write_text(NO_DEADLINE, encoding="utf-8")
    ran = 0
    for block in runnable(page):
        place = f"{page.name}:{block.line}"
        if block.language == "python":
            try:
                run_python(block, tmp_path)
            except (AssertionError, SyntaxError) as error:
                raise AssertionError(f"{place}: {error}") from error
        else:
            for command, shown, printed in run_commands(block, tmp_path):
                if is_true(shown, printed):
                    continue
                assert UPDATES, f"{place}: {command} printed\n{printed}"
                update(page, command, shown, printed)
        ran += 1
    assert ran == len(runnable(page)) > 0


def test_no_block_is_lost():
    blocks = [block for page in PAGES for block in runnable(page)]
    assert len(blocks) == BLOCKS
    assert sum(len(block.commands) for block in blocks) == COMMANDS


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_fence_is_read_as_a_block_of_a_known_language(page):
    blocks = blocks_of(page)
    fences = sum(line.lstrip().startswith("```") for line in page.read_text(encoding="utf-8").splitlines())
    assert fences == 2 * len(blocks)
    assert {block.language for block in blocks} <= RUN | SHOWN


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_every_link_leads_somewhere(page):
    for match in LINK.finditer(without_code(page)):
        target, _, anchor = match["target"].partition("#")
        if target.startswith(("https://", "http://")):
            continue
        file = (page.parent / target).resolve() if target else page
        assert file.exists(), match["target"]
        if anchor:
            assert anchor in anchors_of(file), match["target"]


def anchors_of(page: Path) -> set[str]:
    """Return the anchors that GitHub gives the headings of a page."""
    titles = [match["title"].lower() for match in HEADING.finditer(without_code(page))]
    return {re.sub(r"[^\w\- ]", "", title).replace(" ", "-") for title in titles}


def without_code(page: Path) -> str:
    return FENCE.sub("", page.read_text(encoding="utf-8"))


def test_the_readme_is_short():
    assert len((ROOT / "README.md").read_bytes()) <= 7000


def test_every_page_is_reached_from_the_readme():
    linked = {match["target"] for match in LINK.finditer(without_code(ROOT / "README.md"))}
    assert {f"docs/{page.name}" for page in PAGES[1:]} <= linked


@moved
@pytest.mark.parametrize("name", ["glossary.md", "architecture.md", "contributing.md"])
def test_every_path_that_a_page_names_exists(name):
    paths = set(CODE_PATH.findall((ROOT / "docs" / name).read_text(encoding="utf-8")))
    assert len(paths) > 10
    places = (ROOT, SOURCE, SOURCE / "payloads" / "violations")
    wanted = {path for path in paths if not path.endswith("NAME.py")}
    assert not {
        path
        for path in wanted
        if not any((place / path).exists() or (place / f"{path}.py").exists() for place in places)
    }


@moved
def test_the_architecture_names_every_folder_and_nothing_else():
    page = without_code(ROOT / "docs" / "architecture.md").partition("## Folders")[2].partition("\n## ")[0]
    named = {name.rstrip("/") for row in FOLDER_ROW.finditer(page) for name in re.findall(r"`([^`]*)`", row["names"])}
    folders = {folder.parent for folder in SOURCE.rglob("*.py")} - {SOURCE}
    modules = {module for module in SOURCE.glob("*.py") if not module.name.startswith("__")}
    assert named == {path.relative_to(SOURCE).with_suffix("").as_posix() for path in folders | modules}


def test_the_glossary_is_short():
    rows = [
        line
        for line in (ROOT / "docs" / "glossary.md").read_text(encoding="utf-8").splitlines()
        if line.startswith("| ")
    ]
    assert len(rows) - 2 <= 45
