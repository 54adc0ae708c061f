"""A project installs the wheel in a fresh environment, finds a bug, keeps the case, fixes the bug and opens the report."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
CARELESS = "def read(response: dict):\n    return [result['from']['id'] for result in response['results']]\n"
HONEST = """
from contractfuzz import Contract

contract = Contract.named("batch_association_response")


def read(response: dict):
    if not contract.is_valid(response):
        raise ValueError("not a batch association response")
    return [result["from"]["id"] for result in response["results"]]
"""


@pytest.fixture(scope="module")
def environment(tmp_path_factory):
    """Return the scripts folder of a fresh virtual environment with the wheel."""
    folder = tmp_path_factory.mktemp("fresh")
    pip = [sys.executable, "-m", "pip", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "wheel", "--no-deps", "--wheel-dir", folder, ROOT], check=True, capture_output=True)
    [wheel] = folder.glob("*.whl")
    subprocess.run([sys.executable, "-m", "venv", folder / "venv"], check=True)
    scripts = folder / "venv" / ("Scripts" if os.name == "nt" else "bin")
    install = [scripts / "python", "-m", "pip", "--quiet", "--disable-pip-version-check", "install", wheel]
    subprocess.run(install, check=True, capture_output=True)
    return scripts


def test_a_bug_is_found_kept_fixed_and_reported(environment, tmp_path, chromium):
    def run(script, *arguments):
        clean = {"PATH": os.environ["PATH"], "HOME": str(tmp_path), "PYTHONPATH": str(tmp_path)}
        command = [environment / script, *arguments]
        return subprocess.run(command, cwd=tmp_path, env=clean, capture_output=True, text=True, timeout=300)

    service = tmp_path / "service.py"
    service.write_text(CARELESS)
    assert "wrote tests/test_" in run("contractfuzz", "init", "service:read").stdout

    found = run("pytest", "-q", "--contract-report=careless.html")
    assert found.returncode == 1, found.stdout + found.stderr
    assert "kept as" in found.stdout
    [kept, *_] = sorted((tmp_path / "tests" / "contract_regressions").rglob("*.json"))

    service.write_text(HONEST)
    passed = run("pytest", "-q", "--contract-report=honest.html")
    assert passed.returncode == 0, passed.stdout + passed.stderr
    assert f"{kept.name}: fixed" in passed.stdout
    assert run("contractfuzz", "replay", "service:read").stdout.startswith("fixed")

    for page, answer in (("careless.html", "does not honour"), ("honest.html", "honours")):
        chromium.get((tmp_path / page).as_uri())
        assert answer in chromium.find_element("tag name", "body").text
