"""The tutorial leads from the installation of the wheel to a fixed, guarded bug."""

from __future__ import annotations

import os
import subprocess
import sys

import pytest
from page_blocks import PAGES, PICTURE, PICTURED_COMMAND, ROOT, blocks_of, is_true, picture_text, run, update, write
from systems import needs_posix

[TUTORIAL] = [page for page in PAGES if page.name == "tutorial.md"]
QUIET_PIP = {"PIP_DISABLE_PIP_VERSION_CHECK": "1", "PIP_NO_COMPILE": "1"}
CLEARED = dict.fromkeys(("PYTHONPATH", "PYTEST_ADDOPTS", "UPDATE_DOCS"), "")


@pytest.fixture
def wheel(tmp_path):
    """Return the wheel of this repository."""
    folder = tmp_path / "wheel"
    pip = [sys.executable, "-m", "pip", "--quiet", "wheel", "--no-deps", "--wheel-dir", folder, ROOT]
    subprocess.run(pip, check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    return wheel


@needs_posix
def test_the_tutorial_leads_from_nothing_to_a_fixed_guarded_bug(wheel, tmp_path, request):
    folder, constraints = tmp_path / "project", tmp_path / "constraints.txt"
    folder.mkdir()
    constraints.write_text(f"contractfuzz @ {wheel.as_uri()}\n")
    variables = {**QUIET_PIP, **CLEARED, "HOME": str(tmp_path), "PIP_CONSTRAINT": str(constraints)}
    reports, printed, pictured = [], "", ""
    for block in blocks_of(TUTORIAL):
        if block.file:
            write(block, folder)
        for match in block.commands if block.language == "console" else ():
            command, shown = match["command"], match["output"]
            # A command that activates the environment ends with its shell, so its scripts are on the path of each command.
            printed = run(command, folder, scripts=folder / ".venv" / "bin", **variables)
            if command.startswith("pip install"):
                assert (folder / ".venv" / "bin" / "contractfuzz").exists(), printed
            elif not is_true(shown, printed):
                assert os.environ.get("UPDATE_DOCS"), f"{TUTORIAL.name}:{block.line}: {command} printed\n{printed}"
                update(TUTORIAL, command, shown, printed)
            if command == PICTURED_COMMAND:
                pictured = printed
            if (folder / "report.html").exists():
                reports.append((folder / "report.html").read_text(encoding="utf-8"))
                (folder / "report.html").unlink()
    [careless, honest] = reports
    assert "does not honour" in careless
    assert "does not honour" not in honest
    assert printed.endswith("exit code 0\n")
    assert "".join(pictured.split()) in picture_text(PICTURE), "run `python docs/screenshots.py check.svg`"
