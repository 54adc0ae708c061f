"""Documents at a revision of a git repository: ``main:contracts/order.json``."""

from __future__ import annotations

import os
import posixpath
import re
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory

from contractfuzz import platforms
from contractfuzz.errors import ContractError
from contractfuzz.text import one_line

_SUFFIXES = (".json", ".yaml", ".yml")
_MAX_REASON_CHARACTERS = 200
_REVISION = re.compile(r"(?P<revision>(?:[^:{#]|\{[^}]*\})+):(?P<path>[^#]+)(?P<selector>#.*)?", re.DOTALL)
"""A revision, the path of a file, and what selects a schema in it. Braces may contain a colon: ``main@{10:00}``."""

_METHOD = re.compile("(?:get|put|post|delete|options|head|patch|trace) ", re.IGNORECASE)
"""Start of the name of an operation, whose path may have a colon."""


@dataclass(frozen=True, slots=True)
class RevisedFile:
    """A file at a revision.

    Attributes:
        revision: the revision, as git names it.
        path: the path of the file: relative to the root of the repository, or to the current folder if it starts with ``./`` or
            ``../``.
        selector: what selects a schema in the file, with its ``#``; empty if nothing does.

    """

    revision: str
    path: str
    selector: str


def find_revision(text: str) -> RevisedFile | None:
    """Return the file at a revision that an argument names; None if it names something else, such as a file with a colon.

    Args:
        text: the argument.

    """
    match = _REVISION.fullmatch(text)
    file, _, _ = text.partition("#")
    if match is None or os.path.exists(text) or os.path.exists(file):  # noqa: PTH110 - never raises
        return None
    is_url, is_drive = match["path"].startswith("//"), platforms.IS_WINDOWS and len(match["revision"]) == 1
    if is_url or is_drive or _METHOD.match(text):
        return None
    path = match["path"].replace("\\", "/") if platforms.IS_WINDOWS else match["path"]  # git reads slashes only
    return RevisedFile(match["revision"], path, match["selector"] or "")


@contextmanager
def checked_out(argument: str, components: Sequence[str]) -> Iterator[tuple[str, tuple[str, ...]]]:
    """Write the documents of a revision to a temporary folder, for the body of a ``with`` statement.

    Args:
        argument: the argument of a command: a file at a revision, or anything else that names a contract.
        components: the files and folders that ``$ref``s point to. They are read from the same revision.

    Yields:
        The argument and the components to load in their place; both unchanged without a revision.

    Raises:
        ContractError: the current folder is in no repository, or the repository has no such revision or file.

    """
    file = find_revision(argument)
    if file is None:
        yield argument, tuple(components)
        return
    tree = _Tree(file.revision)
    path = tree.path_from_root(file.path)
    with TemporaryDirectory(prefix="contractfuzz-") as folder:
        root = Path(folder, "tree")
        tree.write(path, root)
        parts = [tree.write_component(component, root) for component in components]
        try:
            yield f"{root / path}{file.selector}", tuple(part for part in parts if part is not None)
        except ContractError as error:
            # Messages name the file as the user does.
            raise ContractError(str(error).replace(f"{root}{os.sep}", f"{file.revision}:")) from None


class _Tree:
    """The files of a revision.

    Args:
        revision: the revision.

    """

    def __init__(self, revision: str) -> None:
        self._revision = revision
        self._prefix = _git("rev-parse", "--show-prefix").decode(errors="surrogateescape").rstrip("\n")
        if revision.startswith("-") or not (name := self._resolve()):
            raise ContractError(f"the git repository has no revision {revision!r}: name a branch, a tag or a commit")
        self._name = name

    def _resolve(self) -> str:
        done = _run("rev-parse", "--verify", "--quiet", f"{self._revision}^{{tree}}")
        return done.stdout.decode().strip() if done.returncode == 0 else ""

    def path_from_root(self, path: str) -> str:
        """Return the path of a file relative to the root of the repository.

        Args:
            path: the path, as git takes it after the colon.

        """
        if path.startswith(("./", "../")):
            path = self._prefix + path
        return posixpath.normpath(path)

    def write(self, path: str, root: Path) -> None:
        """Write a file, and the documents in its folder and below, which its references may lead to.

        Raises:
            ContractError: the revision does not have the file.

        """
        folder = posixpath.dirname(path)
        is_inside = not path.startswith(("/", "../"))
        blobs = self._blobs(f"{folder}/" if folder else "") if is_inside else {}
        if path not in blobs:
            raise ContractError(
                f"the revision {self._revision!r} has no file {path!r}: name its path from the root of the repository, or "
                "start it with ./"
            )
        wanted = {name: blob for name, blob in blobs.items() if name == path or name.endswith(_SUFFIXES)}
        self._write_blobs(wanted, root)

    def write_component(self, component: str, root: Path) -> str | None:
        """Write a component, and return its path there; None if the revision does not have it yet.

        A file outside of the repository has no revisions, and is taken as it is.
        """
        top = Path(_git("rev-parse", "--show-toplevel").decode(errors="surrogateescape").rstrip("\n"))
        try:
            path = Path(component).resolve().relative_to(top.resolve()).as_posix()
        except (ValueError, OSError):
            return component
        blobs = self._blobs("" if path == "." else path)
        wanted = {name: blob for name, blob in blobs.items() if name == path or name.endswith(_SUFFIXES)}
        self._write_blobs(wanted, root)
        return str(root / path) if wanted else None

    def _blobs(self, path: str) -> dict[str, str]:
        """Return the ids of the files at a path and below, by their paths."""
        listed = _git("ls-tree", "-r", "-z", "--full-tree", self._name, *(["--", path] if path else []))
        blobs = {}
        for line in filter(None, listed.decode(errors="surrogateescape").split("\0")):
            about, _, name = line.partition("\t")
            _, kind, blob = about.split()
            if kind == "blob":
                blobs[name] = blob
        return blobs

    def _write_blobs(self, blobs: dict[str, str], root: Path) -> None:
        names = "".join(f"{blob}\n" for blob in blobs.values()).encode()
        content = _git("cat-file", "--batch", given=names)
        position = 0
        for name in blobs:
            header, _, _ = content[position : position + 200].partition(b"\n")
            start, size = position + len(header) + 1, int(header.split()[2])
            file = root / name
            file.parent.mkdir(parents=True, exist_ok=True)
            file.write_bytes(content[start : start + size])
            position = start + size + 1


def _git(*arguments: str, given: bytes | None = None) -> bytes:
    """Run git in the current folder and return its output.

    Raises:
        ContractError: git fails.

    """
    done = _run(*arguments, given=given)
    if done.returncode == 0:
        return done.stdout
    reason = one_line(done.stderr.decode(errors="replace"), _MAX_REASON_CHARACTERS)
    raise ContractError(f"git cannot read the revision ({reason}): run the command in the repository, or name a file")


def _run(*arguments: str, given: bytes | None = None) -> subprocess.CompletedProcess[bytes]:
    try:
        return subprocess.run(["git", *arguments], input=given, capture_output=True, check=False)  # noqa: S603, S607
    except (OSError, ValueError) as error:  # ValueError: a null character in an argument
        reason = getattr(error, "strerror", None) or str(error)
        raise ContractError(f"git cannot be started ({reason}): install it, or name a file") from None
