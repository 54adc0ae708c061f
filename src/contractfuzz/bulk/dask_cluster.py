"""The files of a folder, made by the workers of a Dask cluster: their bytes travel, so that no disk need be shared."""

from __future__ import annotations

import asyncio
import logging
import pickle
from collections.abc import Callable, Generator, Iterable, Iterator
from concurrent.futures import CancelledError
from contextlib import closing, contextmanager
from io import BytesIO
from typing import TYPE_CHECKING, Any

from contractfuzz.bulk.job import Job, Shard
from contractfuzz.bulk.shard_folder import Folder
from contractfuzz.bulk.window import in_window
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, compressed
from contractfuzz.version import installed_version

if TYPE_CHECKING:
    from distributed import Client


def fill_with_cluster(folder: Folder, address: str) -> Generator[Shard]:
    """Make the missing files with the cluster whose scheduler is at ``address``, and yield the part of each when it is there.

    Dask gives the part of a worker that dies to another one. ContractError where Dask is not installed, the scheduler does not
    answer or goes away, or the workers cannot make the cases.
    """
    with closing(_parts(folder.job, folder.missing(), address)) as parts:
        for shard, whole in parts:
            with atomic_write(folder.path / shard.name) as file:
                file.write(whole)
            yield shard


def _parts(job: Job, shards: Iterable[Shard], address: str) -> Generator[tuple[Shard, bytes]]:
    with _connected(address) as client:
        from distributed import wait

        portable = _portable()
        if not client.ncores():
            logging.getLogger(__name__).warning(
                "contractfuzz: the cluster at %s has no workers yet: waiting for some", address
            )
        parts = in_window(
            shards,
            # Not "pure": the result is not to be kept for a later call.
            lambda shard: client.submit(portable, pickle.dumps((make_part, (job, shard))), pure=False),
            wait,
            # Two for each worker, so that none waits for us; workers come and go, and there may be none yet.
            lambda: 2 * max(1, len(client.ncores())),
        )
        for shard, future in parts:
            error = future.exception()
            if isinstance(error, ContractError):
                raise error
            if error is not None:
                raise ContractError(
                    f"the cluster at {address} cannot make the cases ({type(error).__name__}: {error}): "
                    f"its workers need contractfuzz {installed_version()} and the contract's pack"
                )
            yield shard, future.result()


def make_part(job: Job, shard: Shard) -> bytes:
    """Return the bytes of a file; runs in a worker."""
    with BytesIO() as whole:
        with compressed(whole, shard.name) as file:
            job.write(shard, file)
        return whole.getvalue()


def _portable() -> Callable[[bytes], Any]:
    def call(pickled: bytes) -> Any:
        import pickle

        function, arguments = pickle.loads(pickled)  # noqa: S301 - it comes from our caller
        return function(*arguments)

    # A function within a function travels as its code, so that the scheduler need not have contractfuzz and that a worker which
    # lacks it says so: it would die of a function that it has to look up.
    return call


@contextmanager
def _connected(address: str) -> Iterator[Client]:
    try:
        from distributed import Client
    except ImportError:
        raise ContractError("--scheduler needs Dask: pip install 'contractfuzz[dask]'") from None
    # We say in one line what they say in fifty; each has a level of its own.
    for logger in ("distributed", "distributed.client"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        asyncio.run(_knock(address))
    except (OSError, ValueError, TimeoutError) as error:
        raise ContractError(
            f"no Dask scheduler answers at {address} ({error or 'it says nothing'}): "
            "give its address, as in --scheduler tcp://host:8786"
        ) from None
    try:
        with Client(address) as client:
            yield client
    except (CancelledError, OSError):
        raise ContractError(
            f"the Dask scheduler at {address} went away: the same command with --resume goes on"
        ) from None


async def _knock(address: str) -> None:
    """Connect once; Dask itself waits for ever at the port of something else that says nothing, such as its own dashboard."""
    from dask import config
    from dask.utils import parse_timedelta
    from distributed import Client

    patience = parse_timedelta(config.get("distributed.comm.timeouts.connect"))
    client = Client(address, asynchronous=True, set_as_default=False, timeout=patience)
    try:
        await asyncio.wait_for(client, 2 * patience)
    finally:
        await client.close()
