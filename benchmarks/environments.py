"""An environment of its own for each peer, since not all work with the same Hypothesis; made once, kept in ``.environments``."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
ENVIRONMENTS = HERE / ".environments"


def python_of(peer: str) -> Path:
    """Return the Python that has what ``requirements/PEER.txt`` lists; it is installed where it is not yet."""
    wanted = HERE / "requirements" / f"{peer}.txt"
    home = ENVIRONMENTS / peer
    python, done = home / "bin" / "python", home / wanted.name
    if not (done.exists() and done.read_text() == wanted.read_text()):
        print(f"making the environment of {peer}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", home], check=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", wanted]
        subprocess.run([python, "-m", "pip", "install", *options], check=True)
        shutil.copy(wanted, done)
    return python


def node_folder() -> Path | None:
    """Return the folder with what ``node/package.json`` lists installed; None where there is no npm."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return None
    home = ENVIRONMENTS / "node"
    source = HERE / "node"
    wanted, done = source / "package.json", home / "package.json"
    if not (done.exists() and done.read_text() == wanted.read_text() and (home / "node_modules").exists()):
        print("making the environment of Node", file=sys.stderr)
        shutil.rmtree(home, ignore_errors=True)
        home.mkdir(parents=True)
        shutil.copy(wanted, done)
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", *options], cwd=home, check=True)
    shutil.copytree(source, home, dirs_exist_ok=True)
    return home
