"""Version of the installed package."""

from __future__ import annotations

from functools import cache


@cache
def installed_version() -> str:
    """Return the version of contractfuzz, read from the metadata of the installed package."""
    # Loaded here because importlib.metadata takes longer to import than the rest of contractfuzz.
    from importlib.metadata import version

    return version("contractfuzz")
