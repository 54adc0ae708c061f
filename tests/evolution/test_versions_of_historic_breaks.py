"""The stories of real APIs, with the contract after the change: ``diff --consumer`` reports the break of the client of that day.

It reports no break of the corrected client.
"""

from __future__ import annotations

import pytest
from test_historic_breaks import DATE_TIME, EVENT_SCHEMA, STORIES, record

from contractfuzz import Contract
from contractfuzz.diff import witnesses
from contractfuzz.diff.changes import find_changes
from contractfuzz.evolution.consumer_changes import measure_changes
from contractfuzz.running.run import Run

STRING, INTEGER, NUMBER = {"type": "string"}, {"type": "integer"}, {"type": "number"}
INT32, INT64 = ({**INTEGER, "minimum": 0, "maximum": 2**bits - 1} for bits in (31, 63))
NULL = {"type": "null"}


def listed(items, **keywords):
    return {"type": "array", "items": items, **keywords}


def text(**keywords):
    return {**STRING, **keywords}


DISPUTED = record(type={"const": "charge.disputed"}, amount=INTEGER)
LATER = {
    "counters beyond 32 bits": record(views=INT64),
    "ids beyond doubles": record(post=record(id=INT64, text=STRING)),
    "ids as strings": record(build_id=text(pattern="^[0-9]+$")),
    "deleted authors": record(comments=listed(record(text=STRING, author={"anyOf": [record(login=STRING), NULL]}))),
    "a property removed": record(name=STRING),
    "a new status": record(status={"enum": ["PENDING", "SHIPPED", "ON_HOLD"]}),
    "one becomes several": record(address=listed(record(city=STRING), minItems=1)),
    "a list becomes a page": record(items=listed(record(title=STRING)), total=INTEGER),
    "prices as strings": record(quantity={**INTEGER, "minimum": 1}, price=text(pattern=r"^[0-9]+(\.[0-9]+)?$")),
    "no match": record(matches=listed(record(name=STRING))),
    "switches as strings": record(flags=record(beta={"enum": ["true", "false"]})),
    "a map becomes a list": record(rates=listed(NUMBER)),
    "a new type of event": {"oneOf": [*EVENT_SCHEMA["oneOf"], DISPUTED]},
    "a new property": record(id=INTEGER, weight=NUMBER, color=STRING),
    "a new property of a model": record(id=INTEGER, weight=NUMBER, color=STRING),
    "another convention of names": record(account=record(createdBy=STRING)),
    "longer texts": record(message=text(maxLength=1000)),
    "other offsets": record(event=record(start=DATE_TIME)),
}
"""The contract after the change of a story."""

EARLIER = {
    "counters beyond 32 bits": record(views=INT32),
    "ids beyond doubles": record(post=record(id=INT32, text=STRING)),
    "no match": record(matches=listed(record(name=STRING), minItems=1)),
    "longer texts": record(message=text(maxLength=140)),
    "other offsets": record(event=record(start={**DATE_TIME, "pattern": "Z$"})),
}
"""The contract before the change, if it states more than that of the story."""


@pytest.fixture(autouse=True)
def few_samples(monkeypatch):
    monkeypatch.setattr(witnesses, "SAMPLES_PER_PROFILE", 20)


def breaks(name, client):
    """Return the ids of the changes that break a client."""
    old, new = Contract(name, EARLIER.get(name, STORIES[name].schema)), Contract(name, LATER[name])
    measured = measure_changes(find_changes(old, new), old, new, Run(client, old))
    return [change.id for change in measured if change.impact.is_break]


@pytest.mark.parametrize("name", LATER)
def test_the_change_breaks_the_client_of_that_day_and_not_the_corrected_one(name):
    assert breaks(name, STORIES[name].client) != []
    assert breaks(name, STORIES[name].fixed) == []
