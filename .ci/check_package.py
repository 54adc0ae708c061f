"""Check the distributions in a folder: their files, their metadata, and that the installed wheel works.

Usage: ``python .ci/check_package.py dist``, in a clone of the repository, because git knows which files belong to it.
"""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tarfile
import tempfile
import venv
import zipfile
from email.message import Message
from email.parser import Parser
from pathlib import Path

ROOT = Path(__file__).parents[1]
PACKAGES = {"src/contractfuzz/": "contractfuzz/", "strategies/hubspot_strategies/": "hubspot_strategies/"}
"""Folders of the repository, and what they are called in the wheel."""
RELATIVE_LINK = re.compile(r"\]\((?!https://)([^)]+)\)|(?:src|srcset|href)=\"(?!https://)([^\"]+)\"")
SERVICE = """
def read(response):
    if not isinstance(response, dict) or not isinstance(response.get("status"), str):
        raise ValueError("not a response")
    return response["status"]
"""


def main() -> None:
    """Check the only source distribution and the only wheel in the folder of the command line."""
    folder = Path(sys.argv[1])
    [source], [wheel] = folder.glob("*.tar.gz"), folder.glob("*.whl")
    tracked = tracked_files()
    check_source(source, tracked)
    check_wheel(wheel, tracked)
    check_metadata(read_metadata(wheel))
    check_installed(wheel)


def tracked_files() -> set[str]:
    """Return the files that git tracks."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return set(listed.strip("\0").split("\0"))


def check_source(source: Path, tracked: set[str]) -> None:
    """Check that the source distribution has all that the package is built from, and nothing that git does not track."""
    with tarfile.open(source) as archive:
        files = {member.name.partition("/")[2] for member in archive.getmembers() if member.isfile()} - {"PKG-INFO"}
    refuse("files in the source distribution that git does not track", files - tracked)
    needed = {file for file in tracked if file.startswith(("src/", "strategies/", "tests/")) or "/" not in file}
    refuse("files that the source distribution lacks", needed - files - REPOSITORY_ONLY)


REPOSITORY_ONLY = {
    ".pre-commit-config.yaml",
    ".pre-commit-hooks.yaml",
    "CODE_OF_CONDUCT.md",
    "CONTRIBUTING.md",
    "SECURITY.md",
    "action.yml",
}
"""Files of the root folder that are for GitHub and pre-commit alone."""


def check_wheel(wheel: Path, tracked: set[str]) -> None:
    """Check that the wheel has the files of the packages and its metadata, and nothing else."""
    with zipfile.ZipFile(wheel) as archive:
        files = {name for name in archive.namelist() if ".dist-info/" not in name}
    expected = {
        file.replace(folder, package, 1)
        for file in tracked
        for folder, package in PACKAGES.items()
        if file.startswith(folder)
    }
    refuse("files in the wheel that do not belong there", files - expected)
    refuse("files that the wheel lacks", expected - files)


def read_metadata(wheel: Path) -> Message:
    """Return the metadata of the wheel."""
    with zipfile.ZipFile(wheel) as archive:
        [name] = [name for name in archive.namelist() if name.endswith(".dist-info/METADATA")]
        return Parser().parsestr(archive.read(name).decode())


def check_metadata(metadata: Message) -> None:
    """Check what the package index shows."""
    description = str(metadata.get_payload())
    refuse("relative links in the description", {a or b for a, b in RELATIVE_LINK.findall(description)})
    if "<picture>" in description or "## Install" not in description:
        sys.exit("the description is not README.md without <picture>: see fancy-pypi-readme in pyproject.toml")


def check_installed(wheel: Path) -> None:
    """Install the wheel into a fresh environment, ask for the version and check a function."""
    version = wheel.name.split("-")[1]
    with tempfile.TemporaryDirectory() as scratch:
        scripts = Path(scratch, "venv", "Scripts" if os.name == "nt" else "bin")
        venv.create(Path(scratch, "venv"), with_pip=True)
        pip = [scripts / "python", "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
        subprocess.run([*pip, wheel.resolve()], check=True)
        Path(scratch, "service.py").write_text(SERVICE, encoding="utf-8")
        for command, code, shown in (
            ("--version", 0, f"contractfuzz {version}"),
            ("check service:read --only /status:type.*", 0, "service:read honours batch_association_response"),
            ("check service:read --only /status:required.* --only /results:*", 1, "service:read does not honour"),
        ):
            run = [scripts / "contractfuzz", *command.split()]
            done = subprocess.run(run, cwd=scratch, capture_output=True, text=True, encoding="utf-8", check=False)
            if done.returncode != code or not done.stdout.startswith(shown):
                sys.exit(f"contractfuzz {command} ended with {done.returncode} and printed\n{done.stdout}{done.stderr}")
            print(f"contractfuzz {command}: {done.stdout.splitlines()[0]}")


def refuse(problem: str, names: set[str]) -> None:
    """Exit with a message if there are any names."""
    if names:
        sys.exit(f"{problem}: {', '.join(sorted(names))}")


if __name__ == "__main__":
    main()
