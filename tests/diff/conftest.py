"""Fixtures of the tests of diff."""

from __future__ import annotations

import pytest

from contractfuzz.diff import witnesses


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    """Search with few payloads: small documents need no more, and a test needs little time."""
    monkeypatch.setattr(witnesses, "SAMPLES_PER_PROFILE", 20)
