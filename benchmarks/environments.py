"""Virtual environments of the peers, in ``.environments``. Each peer has its own, because they need different versions."""

from __future__ import annotations

import shutil
import subprocess
import sys
from pathlib import Path

BENCHMARKS_FOLDER = Path(__file__).parent
ENVIRONMENTS = BENCHMARKS_FOLDER / ".environments"


def python_of(peer: str) -> Path:
    """Return the Python of a peer's environment. Installs ``requirements/PEER.txt`` if the environment is out of date."""
    requirements = BENCHMARKS_FOLDER / "requirements" / f"{peer}.txt"
    folder = ENVIRONMENTS / peer
    python, installed = folder / "bin" / "python", folder / requirements.name
    if not (installed.exists() and installed.read_text() == requirements.read_text()):
        print(f"creating the environment of {peer}", file=sys.stderr)
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        options = ["--quiet", "--disable-pip-version-check", "--no-deps", "--requirement", requirements]
        subprocess.run([python, "-m", "pip", "install", *options], check=True)
        shutil.copy(requirements, installed)
    return python


def node_folder() -> Path | None:
    """Return the folder in which ``node/package.json`` is installed, or None if Node or npm is not available."""
    if shutil.which("npm") is None or shutil.which("node") is None:
        return None
    folder = ENVIRONMENTS / "node"
    source = BENCHMARKS_FOLDER / "node"
    package, installed = source / "package.json", folder / "package.json"
    if not (installed.exists() and installed.read_text() == package.read_text() and (folder / "node_modules").exists()):
        print("creating the environment of Node", file=sys.stderr)
        shutil.rmtree(folder, ignore_errors=True)
        folder.mkdir(parents=True)
        shutil.copy(package, installed)
        options = ["--no-package-lock", "--no-audit", "--no-fund", "--silent"]
        subprocess.run(["npm", "install", *options], cwd=folder, check=True)
    shutil.copytree(source, folder, dirs_exist_ok=True)
    return folder
