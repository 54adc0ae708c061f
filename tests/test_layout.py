"""Rules of the source tree that no linter checks."""

from __future__ import annotations

import ast
from collections import Counter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
MODULES = sorted(path for folder in ("src", "strategies") for path in (ROOT / folder).rglob("*.py"))
FOLDERS = sorted({path.parent for path in MODULES})

MAX_LINES = 400
MAX_MODULES = 14


def test_the_rules_see_the_whole_tree():
    assert len(MODULES) > 100
    assert ROOT / "src" / "contractfuzz" / "payloads" / "plan" in FOLDERS


@pytest.mark.parametrize("module", MODULES, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_module_is_short_enough_to_read_at_once(module):
    assert len(module.read_text(encoding="utf-8").splitlines()) <= MAX_LINES


@pytest.mark.parametrize("folder", FOLDERS, ids=lambda path: str(path.relative_to(ROOT)))
def test_a_folder_holds_few_modules(folder):
    modules = [path.name for path in folder.glob("*.py") if path.name != "__init__.py"]
    assert len(modules) <= MAX_MODULES, modules


def test_no_two_classes_share_a_name():
    names = Counter(
        node.name
        for module in MODULES
        for node in ast.walk(ast.parse(module.read_text(encoding="utf-8")))
        if isinstance(node, ast.ClassDef)
    )
    assert [name for name, count in names.items() if count > 1] == []


def test_no_two_files_of_tests_share_a_name():
    # pytest imports a file of tests by its name alone.
    names = Counter(path.name for path in (ROOT / "tests").rglob("test_*.py"))
    assert [name for name, count in names.items() if count > 1] == []


def test_every_module_has_a_docstring_of_its_own():
    docstrings = Counter(ast.get_docstring(ast.parse(module.read_text(encoding="utf-8"))) for module in MODULES)
    assert [text for text, count in docstrings.items() if text is None or count > 1] == []
