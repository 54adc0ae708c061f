"""Dask cluster whose workers generate the files of a shard folder. Their bytes travel back, so no shared disk is needed."""

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
from contractfuzz.bulk.shard_folder import ShardFolder
from contractfuzz.bulk.window import submit_in_window
from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, compressed
from contractfuzz.text import printable
from contractfuzz.version import installed_version

if TYPE_CHECKING:
    from distributed import Client


def fill_with_cluster(folder: ShardFolder, address: str) -> Generator[Shard]:
    """Write the missing files with a Dask cluster; yield each shard when its file is complete.

    If a worker dies, Dask gives its shard to another one.

    Args:
        folder: the folder.
        address: the address of the scheduler, for example ``tcp://host:8786``.

    Raises:
        ContractError: Dask is not installed, the scheduler does not answer or disappears, or the workers cannot generate the
            cases.

    """
    with closing(_generate_shards(folder.job, folder.missing(), address)) as shards:
        for shard, content in shards:
            with atomic_write(folder.path / shard.name) as file:
                file.write(content)
            yield shard


def _generate_shards(job: Job, shards: Iterable[Shard], address: str) -> Generator[tuple[Shard, bytes]]:
    """Yield each shard with the bytes of its file, in the order in which the workers complete them."""
    with _connect(address) as client:
        # Imported here, because Dask is an optional dependency: _connect reports if it is missing.
        from distributed import wait

        call_pickled = _make_portable_call()
        if not client.ncores():
            logging.getLogger(__name__).warning(
                "contractfuzz: the cluster at %s has no workers yet: waiting for workers", printable(address)
            )
        finished = submit_in_window(
            shards,
            # Not pure: Dask would keep the result of a pure call for later calls.
            lambda shard: client.submit(call_pickled, pickle.dumps((shard_content, (job, shard))), pure=False),
            wait,
            # Two shards per worker keep all workers busy. Workers come and go, and there may be none yet.
            lambda: 2 * max(1, len(client.ncores())),
        )
        for shard, future in finished:
            error = future.exception()
            if isinstance(error, ContractError):
                raise error
            if error is not None:
                raise ContractError(
                    f"the cluster at {address} cannot generate the cases ({type(error).__name__}: {error}): "
                    f"its workers need contractfuzz {installed_version()} and the contract's pack"
                )
            yield shard, future.result()


def shard_content(job: Job, shard: Shard) -> bytes:
    """Return the bytes of a shard's file. Runs in a worker.

    Raises:
        ContractError: the worker's installation would generate other cases than the caller's.

    """
    with BytesIO() as content:
        with compressed(content, shard.name) as file:
            job.write(shard, file)
        return content.getvalue()


def _make_portable_call() -> Callable[[bytes], Any]:
    """Return a function that calls a pickled function with its pickled arguments.

    Dask sends a nested function as code. Thus the scheduler does not need contractfuzz, and a worker without it raises an
    ImportError; a function that the worker has to import would crash the worker instead.
    """

    def call_pickled(pickled: bytes) -> Any:
        import pickle  # within the function, because only its code travels

        function, arguments = pickle.loads(pickled)  # noqa: S301 - comes from our own caller
        return function(*arguments)

    return call_pickled


@contextmanager
def _connect(address: str) -> Iterator[Client]:
    """Connect to a scheduler; turn every failure of the connection into a ContractError."""
    # Imported here, because Dask is an optional dependency.
    try:
        from distributed import Client
    except ImportError:
        raise ContractError("--scheduler needs Dask: pip install 'contractfuzz[dask]'") from None
    # Dask would log fifty lines for what our message says in one. Both loggers have a level of their own.
    for logger in ("distributed", "distributed.client"):
        logging.getLogger(logger).setLevel(logging.CRITICAL)
    try:
        asyncio.run(_probe_scheduler(address))
    except (OSError, ValueError, TimeoutError) as error:
        raise ContractError(
            f"no Dask scheduler answers at {address} ({error or 'it sends no reply'}): "
            "give its address, for example --scheduler tcp://host:8786"
        ) from None
    try:
        with Client(address) as client:
            yield client
    except (CancelledError, OSError):
        raise ContractError(
            f"the connection to the Dask scheduler at {address} was lost: "
            "run the same command with --resume to continue"
        ) from None


async def _probe_scheduler(address: str) -> None:
    """Connect once, with a timeout. Dask itself waits forever if the port belongs to something else, such as its dashboard."""
    from dask import config
    from dask.utils import parse_timedelta
    from distributed import Client

    timeout = parse_timedelta(config.get("distributed.comm.timeouts.connect"))
    client = Client(address, asynchronous=True, set_as_default=False, timeout=timeout)
    try:
        await asyncio.wait_for(client, 2 * timeout)
    finally:
        await client.close()
