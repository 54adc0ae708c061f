"""Shard folder: a manifest that describes a job, the job's files, each complete or absent, and their checksums."""

from __future__ import annotations

import json
import logging
from collections.abc import Generator, Iterator
from dataclasses import dataclass
from pathlib import Path

from contractfuzz.bulk.checksums import CHECKSUMS, add_checksum, file_digest, read_checksums, write_checksums
from contractfuzz.bulk.job import Job, Shard
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, remove_leftovers
from contractfuzz.json_values import JsonObject
from contractfuzz.text import json_text, printable

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

    def record(self, shard: Shard) -> None:
        """Add the checksum of a file that was written. A file without one counts as missing for ``open_folder``."""
        add_checksum(self.path, shard.name)

    def finish(self) -> None:
        """Put the checksums in order, so that equal jobs give equal bytes, however many processes wrote the files."""
        write_checksums(self.path, read_checksums(self.path))


def open_folder(path: Path, job: Job, *, resume: bool) -> ShardFolder:
    """Create the folder of a job, or reopen it.

    A folder without cases counts as empty, even if it has a manifest: the earlier command may have been a mistake.

    Args:
        path: the folder. It is created if it does not exist.
        job: the job.
        resume: continue the job that an earlier command started in this folder. A file that does not match its checksum is
            removed, so that it is written again.

    Raises:
        ContractError: the folder contains other files, or files of another job.
        OSError: the folder cannot be written.

    """
    path.mkdir(parents=True, exist_ok=True)
    manifest = _read_manifest(path / MANIFEST)
    if manifest is not None and resume:
        _refuse_other_job(path, manifest, job.manifest)
        remove_leftovers(path)
        _remove_wrong_files(path, job)
        return ShardFolder(path, job)
    if manifest is None:
        refuse_other_files(path)
    elif not _file_names(path) <= {MANIFEST, CHECKSUMS}:
        raise ContractError(f"{path} already contains cases: add --resume to continue, or name an empty folder")
    write_checksums(path, {})
    with atomic_write(path / MANIFEST) as file:
        file.write(json_text(job.manifest).encode())
    return ShardFolder(path, job)


def refuse_other_files(path: Path) -> None:
    """Raise ContractError if the folder is not empty; hidden files do not count."""
    if _file_names(path):
        raise ContractError(f"{path} contains other files: name an empty folder, or one that does not exist")


def _file_names(path: Path) -> set[str]:
    return {file.name for file in path.iterdir() if not file.name.startswith(".")}


def _remove_wrong_files(path: Path, job: Job) -> None:
    """Remove the files that do not match their checksums, and the checksums that have no file."""
    expected = read_checksums(path)
    right = {}
    for shard in job.shards():
        file = path / shard.name
        if not file.exists():
            continue
        if shard.name in expected and file_digest(file) == expected[shard.name]:
            right[shard.name] = expected[shard.name]
            continue
        if shard.name in expected:
            logging.getLogger(__name__).warning(
                "contractfuzz: %s does not match its checksum: it is written again", printable(str(file))
            )
        file.unlink()
    write_checksums(path, right)


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
