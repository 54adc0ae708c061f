"""All contracts with readers and mutants."""

from __future__ import annotations

from mutants.mutant import Subject
from mutants.tables import (
    category_tree,
    coded_strings,
    configuration,
    event_page,
    json_text,
    numeric_series,
    optional_order,
    tagged_event,
)

SUBJECTS: tuple[Subject, ...] = (
    tagged_event.SUBJECT,
    event_page.SUBJECT,
    optional_order.SUBJECT,
    category_tree.SUBJECT,
    configuration.SUBJECT,
    numeric_series.SUBJECT,
    coded_strings.SUBJECT,
    json_text.SUBJECT,
)
