"""What is at a place of a document."""

from __future__ import annotations

import re

from contractfuzz.documents.document import Place

NOWHERE = object()
"""What is at a place that there is not."""


def value_at(place: Place) -> object:
    """Look up what is at a place: ``NOWHERE`` where there is nothing."""
    value: object = place.document.content
    for step in place.steps:
        if isinstance(value, dict):
            value = value.get(step, NOWHERE)
        elif isinstance(value, list) and re.fullmatch("0|[1-9][0-9]{0,8}", step) and int(step) < len(value):
            value = value[int(step)]
        else:
            return NOWHERE
    return value
