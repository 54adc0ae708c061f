"""What it takes to be more than one machine: a real Redis server, and projects in folders of their own."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def redis_server():
    """The address of a Redis server of our own, which keeps nothing on disk."""
    redis = pytest.importorskip("redis", reason="needs the client: pip install redis")
    if shutil.which("redis-server") is None:
        pytest.skip("needs a Redis server: apt-get install redis-server")
    # Not pytest's folder: the path of a socket may have some hundred characters only.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        socket = Path(folder) / "socket"
        command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        with subprocess.Popen([*command, "--loglevel", "warning"], stdout=subprocess.DEVNULL) as server:
            try:
                client = redis.Redis(unix_socket_path=str(socket), retry=patient())
                client.ping()
                client.close()
                yield f"unix://{socket}"
            finally:
                server.terminate()


@pytest.fixture
def redis_url(redis_server):
    """The address of a Redis server that holds nothing."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


def patient():
    """Return how to wait for a server that is being started: half a minute at most."""
    from redis.backoff import ConstantBackoff
    from redis.exceptions import ConnectionError as NoConnection
    from redis.retry import Retry

    return Retry(ConstantBackoff(0.05), retries=600, supported_errors=(NoConnection, FileNotFoundError))
