"""Version of the installed package."""

from __future__ import annotations

from functools import cache


@cache
def installed_version() -> str:
    """Return the version from the package metadata, the one place where it is written."""
    # Importing importlib.metadata takes longer than the rest of `import contractfuzz`.
    from importlib.metadata import version

    return version("contractfuzz")
