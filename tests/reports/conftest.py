from __future__ import annotations

import sys
from pathlib import Path

import pytest

from contractfuzz import check

sys.path.insert(0, str(Path(__file__).parent))


@pytest.fixture(scope="session")
def reported():
    """Return the report of a consumer's name, each made once."""
    import reported_consumers

    made = {}

    def report(name, **options):
        key = name, *sorted(options.items())
        if key not in made:
            consumer = getattr(reported_consumers, name)
            made[key] = check(consumer, reported_consumers.orders_contract, feed="bytes", **{"examples": 20, **options})
        return made[key]

    return report
