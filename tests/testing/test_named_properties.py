"""Assertions as properties of Hypothesis: names in observations and in the database, and events."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from collections import Counter

import pytest

PROGRAM = """
from hypothesis import settings

from contractfuzz import Contract, assert_accepts, assert_rejects, assert_survives

ORDER = Contract.load({"title": "order", "type": "object", "properties": {"count": {"type": "integer"}}})
settings.load_profile("default")  # the profile of CI has no database


def read(order):
    if not ORDER.is_valid(order):
        raise ValueError


def limited(order):
    if not ORDER.is_valid(order):
        raise ValueError
    if order.get("count", 0) > 10:
        raise KeyError("count")


assert_accepts(read, ORDER)
assert_rejects(read, ORDER)
assert_survives(read, ORDER)
try:
    assert_accepts(limited, ORDER)
except AssertionError as error:
    print(str(error))
"""


@pytest.fixture(scope="module")
def observed(tmp_path_factory):
    """Output of the program, and what Hypothesis observed of each property."""
    folder = tmp_path_factory.mktemp("observed")
    (folder / "service.py").write_text(PROGRAM)
    environment = {**os.environ, "HYPOTHESIS_EXPERIMENTAL_OBSERVABILITY": "1", "PYTHONPATH": os.pathsep.join(sys.path)}
    done = subprocess.run(
        [sys.executable, "-c", "import service"],
        cwd=folder,
        env=environment,
        capture_output=True,
        text=True,
        timeout=120,
    )
    assert done.returncode == 0, done.stderr
    files = folder.glob(".hypothesis/observed/*_testcases.jsonl")
    lines = [json.loads(line) for file in files for line in file.read_text().splitlines()]
    return done.stdout, [line for line in lines if line["type"] == "test_case"], folder


def test_observations_name_the_consumer_and_the_kind(observed):
    names = Counter(line["property"] for line in observed[1])
    expected = ["read valid", "read invalid", "read malformed", "read hostile", "limited valid"]
    assert set(names) == {f"contractfuzz service:{name}" for name in expected}
    assert min(names.values()) > 10


def test_each_case_is_an_event_of_its_kind_and_label(observed):
    features = [line["features"] for line in observed[1] if line["property"] == "contractfuzz service:read invalid"]
    assert {feature["kind"] for feature in features if "kind" in feature} == {"invalid"}
    assert len({feature["label"] for feature in features if "label" in feature}) > 5


def test_the_failure_is_shrunk_and_nothing_else_is_printed(observed):
    assert '{"count":11}' in observed[0]
    assert observed[0].startswith("service:limited crashed on a valid payload\n")
    assert "Falsifying" not in observed[0]


def test_the_database_has_one_entry_for_each_property_that_failed(observed):
    entries = list((observed[2] / ".hypothesis" / "examples").iterdir())
    assert len(entries) >= 1


def test_the_same_function_with_other_kinds_and_consumers_has_other_database_keys():
    from hypothesis import settings
    from hypothesis.database import InMemoryExampleDatabase

    from contractfuzz import Contract, assert_accepts

    number = Contract.load({"title": "number", "type": "integer"})
    database = InMemoryExampleDatabase()
    settings.register_profile("database", database=database, parent=settings.default)
    before = settings.get_current_profile_name()
    settings.load_profile("database")
    try:
        for consumer in (first, second):
            with pytest.raises(AssertionError, match="crashed"):
                assert_accepts(consumer, number)
    finally:
        settings.load_profile(before)
    primary = [key for key, values in database.data.items() if values and b"." not in key]
    assert len(primary) >= 2


def first(number):
    if number > 1000:
        raise KeyError(number)


def second(number):
    if number > 1000:
        raise KeyError(number)
