"""The folder that a job fills: its manifest says what belongs there, its files are whole or absent."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from contractfuzz.bulk.job import Job, Shard
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, remove_leftovers

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class Folder:
    """A folder for the files of one job, beside its manifest."""

    path: Path
    job: Job

    def missing(self) -> Iterator[Shard]:
        """Yield the parts that have no file yet, in order."""
        return (shard for shard in self.job.shards() if not (self.path / shard.name).exists())

    def done(self) -> int:
        """Return how many cases the files hold."""
        return self.job.n - sum(shard.stop - shard.start for shard in self.missing())

    def fill(self) -> Generator[Shard]:
        """Make the missing files one after the other in this process, and yield the part of each when it is there."""
        for shard in self.missing():
            with atomic_write(self.path / shard.name) as file:
                self.job.write(shard, file)
            yield shard


def open_folder(path: Path, job: Job, *, resume: bool) -> Folder:
    """Return the folder ``path``, ready for the files of ``job``: made, or with ``resume`` gone on with.

    ContractError where it holds anything else; OSError where it cannot be written.
    """
    path.mkdir(parents=True, exist_ok=True)
    begun = _read(path / MANIFEST)
    if begun is not None and resume:
        _refuse_other(path, begun, job.manifest)
        remove_leftovers(path)
        return Folder(path, job)
    if begun is None:
        refuse_foreign(path)
    elif _files(path) != {MANIFEST}:  # what has no file of cases yet may begin anew: perhaps the call was wrong
        raise ContractError(f"{path} holds cases already: go on with --resume, or name an empty folder")
    with atomic_write(path / MANIFEST) as file:
        file.write(json.dumps(job.manifest, indent=2, ensure_ascii=False).encode() + b"\n")
    return Folder(path, job)


def refuse_foreign(path: Path) -> None:
    """Raise ContractError if there is anything in the folder ``path``, hidden files aside."""
    if _files(path):
        raise ContractError(f"{path} holds other files: name an empty folder, or one that does not exist")


def _files(path: Path) -> set[str]:
    return {file.name for file in path.iterdir() if not file.name.startswith(".")}


def _read(manifest: Path) -> dict[str, Any] | None:
    """Return what a manifest of ours says, or None where there is none."""
    if not manifest.is_file():
        return None
    try:
        begun = json.loads(manifest.read_bytes())
    except (ValueError, RecursionError):
        return None
    return begun if isinstance(begun, dict) and {"contract", "digest", "version"} <= begun.keys() else None


def _refuse_other(path: Path, begun: dict[str, Any], now: dict[str, Any]) -> None:
    others = [
        f"{name} {begun.get(name)!r}, not {now.get(name)!r}"
        for name in {**now, **begun}
        if name != "digest" and begun.get(name) != now.get(name)
    ]
    if not others and begun["digest"] != now["digest"]:
        others = ["another schema or other labels"]
    if others:
        raise ContractError(
            f"{path} was begun with {', '.join(others)}: call it as it was begun, or name an empty folder"
        )
