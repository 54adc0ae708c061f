"""Destinations of a bulk sample: one file, a folder with a file for each case, or a shard folder."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import ExitStack, closing
from pathlib import Path

from contractfuzz.bulk.folder_lock import lock_folder
from contractfuzz.bulk.job import Job, Shard
from contractfuzz.bulk.json_lines import write_case_files
from contractfuzz.bulk.shard_folder import ShardFolder, open_folder, refuse_other_files
from contractfuzz.files import open_output, write_errors
from contractfuzz.progress import progress_bar


class SamplingInterruptedError(Exception):
    """The user interrupted the sampling. The message reports how much was written and how to continue."""


def is_folder(output: str) -> bool:
    """Return True if a path is a folder, or does not exist and looks like one: it ends in a slash or has no suffix."""
    # Unlike those of pathlib, the functions of os.path never raise, not even for a name that the system cannot represent.
    if os.path.exists(output):  # noqa: PTH110
        return os.path.isdir(output)  # noqa: PTH112
    return output.endswith(("/", os.sep)) or not Path(output).suffix


def sample_to_file(job: Job, output: str) -> None:
    """Write all lines of a job to one file.

    Raises:
        ContractError: the file cannot be written.

    """
    with (
        write_errors(output, "name a file in a folder that exists and has room"),
        open_output(Path(output)) as file,
        progress_bar(job.n) as bar,
    ):
        job.write(Shard(output, 0, job.n), file, bar.advance)


def sample_to_case_files(job: Job, output: str) -> None:
    """Write each case of a job to a file of its own in the folder ``output``.

    Raises:
        ContractError: the folder contains other files or cannot be written.

    """
    folder = Path(output)
    with write_errors(output, "name a folder that can be written and has room"), progress_bar(job.n) as bar:
        folder.mkdir(parents=True, exist_ok=True)
        with lock_folder(folder):
            refuse_other_files(folder)
            for _ in write_case_files(job.cases(0, job.n), folder):
                bar.advance(1)


def sample_to_folder(
    job: Job, output: str, *, workers: int = 1, scheduler: str | None = None, resume: bool = False
) -> None:
    """Write the lines of a job to a folder, ``job.shard_size`` of them to each file.

    Args:
        job: the job.
        output: the path of the folder.
        workers: the number of processes that write the files, at least 1. Ignored if there is a scheduler.
        scheduler: the address of a Dask scheduler, to write the files with its cluster.
        resume: write only the files that an interrupted call did not write, or that do not match their checksums.

    Raises:
        ContractError: the folder cannot be written, contains other files or is in use by another process, or the workers fail.
        SamplingInterruptedError: the user pressed Ctrl-C. All files in the folder are complete; a call with ``resume`` writes
            the others.

    """
    path = Path(output)
    with ExitStack() as stack:
        with write_errors(output, "name a folder that can be written"):
            path.mkdir(parents=True, exist_ok=True)
            stack.enter_context(lock_folder(path))
            folder = open_folder(path, job, resume=resume)
        _fill_folder(folder, output, workers, scheduler)


def _fill_folder(folder: ShardFolder, output: str, workers: int, scheduler: str | None) -> None:
    job = folder.job
    try:
        with (
            write_errors(output, "fix that, then run the same command with --resume to continue"),
            progress_bar(job.n, folder.count_written()) as bar,
            closing(_fill(folder, workers, scheduler)) as shards,
        ):
            for shard in shards:
                folder.record(shard)
                bar.advance(shard.stop - shard.start)
            folder.finish()
    except KeyboardInterrupt:
        raise SamplingInterruptedError(
            f"interrupted after {folder.count_written():,} of {job.n:,} cases: "
            "run the same command with --resume to continue"
        ) from None


def _fill(folder: ShardFolder, workers: int, scheduler: str | None) -> Generator[Shard]:
    # Imported within the function: most calls need neither Dask nor multiprocessing, which take long to load.
    if scheduler is not None:
        from contractfuzz.bulk.dask_cluster import fill_with_cluster

        return fill_with_cluster(folder, scheduler)
    # More processes than files would be idle.
    workers = min(workers, -(-folder.job.n // folder.job.shard_size))
    if workers > 1:
        from contractfuzz.bulk.processes import fill_with_processes

        return fill_with_processes(folder, workers)
    return folder.fill()
