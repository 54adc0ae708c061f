"""The memory that the process of a consumer may take."""

from __future__ import annotations

import contextlib
from pathlib import Path

MAX_EXTRA_MEMORY_BYTES = 4 * 2**30
"""Address space that a consumer may take in addition to what its process has at the start."""

PROCESSES = Path("/proc")
"""Folder with a subfolder for each process. Only Linux has it."""


def limit_memory() -> None:
    """Limit the memory of this process on Linux. Elsewhere, address space does not measure memory."""
    # Imported here, because Windows does not have it.
    import resource

    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    try:
        pages = int((PROCESSES / "self" / "statm").read_text().split()[0])
    except (OSError, ValueError):
        return
    _, hard = resource.getrlimit(resource.RLIMIT_AS)
    limit = pages * resource.getpagesize() + MAX_EXTRA_MEMORY_BYTES
    resource.setrlimit(resource.RLIMIT_AS, (limit if hard == resource.RLIM_INFINITY else min(limit, hard), hard))


def lift_memory_limit() -> None:
    """Remove the limit of a process that ran out of memory, so that it can report that."""
    # Imported here, because Windows does not have it.
    import resource

    hard = resource.getrlimit(resource.RLIMIT_AS)[1]
    with contextlib.suppress(OSError, ValueError):  # macOS refuses, and has no limit
        resource.setrlimit(resource.RLIMIT_AS, (hard, hard))
