"""Fixture of a real Redis server, for tests of several machines that share a database."""

from __future__ import annotations

import shutil
import subprocess
import tempfile
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def redis_server():
    """URL of a Redis server that runs for these tests and stores nothing on disk."""
    redis = pytest.importorskip("redis", reason="needs the client: pip install redis")
    if shutil.which("redis-server") is None:
        pytest.skip("needs a Redis server: apt-get install redis-server")
    # Not in pytest's temporary folder: the path of a socket is limited to about a hundred characters.
    with tempfile.TemporaryDirectory(prefix="redis-") as folder:
        socket = Path(folder) / "socket"
        command = ["redis-server", "--port", "0", "--unixsocket", str(socket), "--save", "", "--dir", folder]
        with subprocess.Popen([*command, "--loglevel", "warning"], stdout=subprocess.DEVNULL) as server:
            try:
                client = redis.Redis(unix_socket_path=str(socket), retry=wait_for_start())
                client.ping()
                client.close()
                yield f"unix://{socket}"
            finally:
                server.terminate()


@pytest.fixture
def redis_url(redis_server):
    """URL of an empty Redis server."""
    import redis

    with redis.Redis.from_url(redis_server) as client:
        client.flushall()
    return redis_server


def wait_for_start():
    """Return a retry policy that waits up to half a minute for the server to start."""
    from redis.backoff import ConstantBackoff
    from redis.exceptions import ConnectionError as RedisConnectionError
    from redis.retry import Retry

    return Retry(ConstantBackoff(0.05), retries=600, supported_errors=(RedisConnectionError, FileNotFoundError))
