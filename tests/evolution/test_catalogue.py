"""The catalogue of change types, and the page that lists it."""

import re
from pathlib import Path

from contractfuzz.evolution.catalogue import CHANGE_TYPES

PAGE = Path(__file__).parents[2] / "docs" / "evolution.md"


def test_names_are_unique():
    names = [one.name for one in CHANGE_TYPES]
    assert len(names) == len(set(names)) > 25


def test_the_page_lists_every_change_type():
    rows = re.findall(r"^\| `([\w-]+)` \| (.*) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(one.name, one.words) for one in CHANGE_TYPES]
