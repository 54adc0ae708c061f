"""Where cases go: one file, a file for each, or a folder of JSON Lines that can be gone on with."""

from __future__ import annotations

import os
from collections.abc import Generator
from contextlib import closing
from pathlib import Path

from contractfuzz.bulk.job import Job, Shard
from contractfuzz.bulk.json_lines import write_each
from contractfuzz.bulk.shard_folder import Folder, open_folder, refuse_foreign
from contractfuzz.files import open_output, write_errors
from contractfuzz.progress import progress_bar


class InterruptedRunError(Exception):
    """A run was interrupted: the message says how far it came and how to go on."""


def is_folder(output: str) -> bool:
    """Return whether ``output`` names a folder: one that is there, or a new path that ends in a slash or has no suffix."""
    # The functions of os.path never raise, whatever the name.
    if os.path.exists(output):  # noqa: PTH110
        return os.path.isdir(output)  # noqa: PTH112
    return output.endswith(("/", os.sep)) or not Path(output).suffix


def sample_to_file(job: Job, output: str) -> None:
    """Write all rows into one file; ContractError where it cannot be written."""
    with (
        write_errors(output, "name a file in a folder that exists and has room"),
        open_output(Path(output)) as file,
        progress_bar(job.n) as bar,
    ):
        job.write(Shard(output, 0, job.n), file, bar.advance)


def sample_each(job: Job, output: str) -> None:
    """Write each case into the folder ``output`` as a file of its own; ContractError where that cannot be written."""
    folder = Path(output)
    with write_errors(output, "name a folder that can be written and has room"), progress_bar(job.n) as bar:
        folder.mkdir(parents=True, exist_ok=True)
        refuse_foreign(folder)
        for _ in write_each(job.cases(0, job.n), folder):
            bar.advance(1)


def sample_to_folder(
    job: Job, output: str, *, workers: int = 1, scheduler: str | None = None, resume: bool = False
) -> None:
    """Write the rows into a folder, in files of ``job.shard_size``, made by ``workers`` processes or a Dask cluster.

    ContractError where it cannot be written or the workers cannot make it, InterruptedRunError when the user has it stop:
    whole files are there then, and the same call with ``resume`` makes the others.
    """
    with write_errors(output, "name a folder that can be written"):
        folder = open_folder(Path(output), job, resume=resume)
    try:
        with (
            write_errors(output, "mend that, and the same command with --resume goes on"),
            progress_bar(job.n, folder.done()) as bar,
            closing(_filling(folder, workers, scheduler)) as shards,
        ):
            for shard in shards:
                bar.advance(shard.stop - shard.start)
    except KeyboardInterrupt:
        raise InterruptedRunError(
            f"interrupted after {folder.done():,} of {job.n:,} cases: the same command with --resume goes on"
        ) from None


def _filling(folder: Folder, workers: int, scheduler: str | None) -> Generator[Shard]:
    if scheduler is not None:
        from contractfuzz.bulk.dask_cluster import fill_with_cluster

        return fill_with_cluster(folder, scheduler)
    # More processes than files would have nothing to do.
    workers = min(workers, -(-folder.job.n // folder.job.shard_size))
    if workers > 1:
        from contractfuzz.bulk.processes import fill_with_processes

        return fill_with_processes(folder, workers)
    return folder.fill()
