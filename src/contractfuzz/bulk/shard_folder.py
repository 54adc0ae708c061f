"""Shard folder: a manifest that describes a job, and the job's files, each complete or absent."""

from __future__ import annotations

import json
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from contractfuzz.bulk.job import Job, Shard
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, remove_leftovers
from contractfuzz.json_values import JsonObject

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True)
class ShardFolder:
    """A folder for the files of one job."""

    path: Path
    job: Job

    def missing(self) -> Iterator[Shard]:
        """Yield the shards that have no file yet, in order."""
        return (shard for shard in self.job.shards() if not (self.path / shard.name).exists())

    def count_written(self) -> int:
        """Return the number of cases in the files."""
        return self.job.n - sum(shard.stop - shard.start for shard in self.missing())

    def fill(self) -> Generator[Shard]:
        """Write the missing files one after another in this process; yield each shard when its file is complete."""
        for shard in self.missing():
            with atomic_write(self.path / shard.name) as file:
                self.job.write(shard, file)
            yield shard


def open_folder(path: Path, job: Job, *, resume: bool) -> ShardFolder:
    """Create the folder of a job, or reopen it.

    A folder that contains only a manifest counts as empty: the earlier command may have been a mistake.

    Args:
        path: the folder. It is created if it does not exist.
        job: the job.
        resume: continue the job that an earlier command started in this folder.

    Raises:
        ContractError: the folder contains other files, or files of another job.
        OSError: the folder cannot be written.

    """
    path.mkdir(parents=True, exist_ok=True)
    manifest = _read_manifest(path / MANIFEST)
    if manifest is not None and resume:
        _refuse_other_job(path, manifest, job.manifest)
        remove_leftovers(path)
        return ShardFolder(path, job)
    if manifest is None:
        refuse_other_files(path)
    elif _file_names(path) != {MANIFEST}:
        raise ContractError(f"{path} already contains cases: add --resume to continue, or name an empty folder")
    with atomic_write(path / MANIFEST) as file:
        file.write(json.dumps(job.manifest, indent=2, ensure_ascii=False).encode() + b"\n")
    return ShardFolder(path, job)


def refuse_other_files(path: Path) -> None:
    """Raise ContractError if the folder is not empty; hidden files do not count."""
    if _file_names(path):
        raise ContractError(f"{path} contains other files: name an empty folder, or one that does not exist")


def _file_names(path: Path) -> set[str]:
    return {file.name for file in path.iterdir() if not file.name.startswith(".")}


def _read_manifest(path: Path) -> JsonObject | None:
    """Return the content of a manifest; None if the file does not exist or is not a manifest of ours."""
    if not path.is_file():
        return None
    try:
        manifest = json.loads(path.read_bytes())
    except (ValueError, RecursionError):
        return None
    return manifest if isinstance(manifest, dict) and {"contract", "digest", "version"} <= manifest.keys() else None


def _refuse_other_job(path: Path, found: JsonObject, wanted: JsonObject) -> None:
    """Raise ContractError if the manifest that was found differs from the wanted one."""
    differences = [
        f"{name} {found.get(name)!r}, not {wanted.get(name)!r}"
        for name in {**wanted, **found}
        if name != "digest" and found.get(name) != wanted.get(name)
    ]
    if not differences and found["digest"] != wanted["digest"]:
        differences = ["another schema or other labels"]
    if differences:
        raise ContractError(
            f"{path} was started with {', '.join(differences)}: repeat the options that started it, or name an empty folder"
        )
