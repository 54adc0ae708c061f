"""README and docs are true: their Python runs, and their commands print what the pages show.

``UPDATE_DOCS=1 pytest tests/docs`` writes what the commands print today into the pages. Read the difference before you commit it.
"""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from page_blocks import (
    FENCE,
    PAGES,
    RUN,
    SHOWN,
    blocks_of,
    is_true,
    missing_libraries,
    run,
    run_python,
    runnable,
    update,
)
from systems import needs_posix

ROOT = Path(__file__).parents[2]
SOURCE = ROOT / "src" / "contractfuzz"
TUTORIAL = ROOT / "docs" / "tutorial.md"
"""A page that has a test of its own, with a new virtual environment."""

UPDATES = bool(os.environ.get("UPDATE_DOCS"))

BLOCKS = 114
COMMANDS = 68
"""Number of blocks and of commands that are run, over all pages: a block that is lost by accident changes them."""

LINK = re.compile(r"(?:\]\(|srcset=\"|src=\")(?P<target>[^)\"\s]+)")
HEADING = re.compile(r"^#+ (?P<title>.*)$", re.MULTILINE)
CODE_PATH = re.compile(r"`([\w.]+(?:/[\w.]*)+|[\w]+\.py)`")
FOLDER_ROW = re.compile(r"^\| (?P<names>`[^|]*`) \|", re.MULTILINE)


NO_DEADLINE = """
from hypothesis import settings

settings.register_profile("no-deadline", deadline=None)
settings.load_profile("no-deadline")
"""
"""Configuration of the pages' tests: a loaded machine must not fail them."""


@needs_posix
@pytest.mark.slow
@pytest.mark.parametrize(
    "page", [page for page in PAGES if runnable(page) and page != TUTORIAL], ids=lambda page: page.name
)
def test_the_code_of_a_page_does_what_the_page_says(page, tmp_path):
    (tmp_path / "conftest.py").write_text(NO_DEADLINE, encoding="utf-8")
    ran, skipped = 0, list[str]()
    for block in runnable(page):
        place = f"{page.name}:{block.line}"
        if block.language == "python":
            if missing := missing_libraries(block):
                skipped.append(missing[0])
                continue
            try:
                run_python(block, tmp_path)
            except (AssertionError, SyntaxError) as error:
                raise AssertionError(f"{place}: {error}") from error
        else:
            assert block.text.startswith("$ "), "the block begins with no command"
            for match in block.commands:
                command, shown, printed = match["command"], match["output"], run(match["command"], tmp_path)
                if is_true(shown, printed):
                    continue
                assert UPDATES, f"{place}: {command} printed\n{printed}"
                update(page, command, shown, printed)
        ran += 1
    assert ran + len(skipped) == len(runnable(page)) > 0
    if skipped:
        pytest.skip(f"all blocks are true but those that need {', '.join(skipped)}, which are not installed")


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
    assert {f"docs/{page.name}" for page in PAGES[1:] if page.name != "index.md"} <= linked


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
