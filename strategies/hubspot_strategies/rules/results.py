"""Rules on the results of a response, their pages and their associations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from hubspot_strategies.association_types import CUSTOM_TYPES, AssociationType
from hubspot_strategies.realistic import build_response, pick
from hubspot_strategies.rules.shapes import (
    AT_LEAST_ONE,
    AT_LEAST_TWO,
    all_associations,
    are_distinct,
    item_at,
    small_shape,
    two_items,
)

if TYPE_CHECKING:
    from contractfuzz.payloads.choices.protocol import Choices


# --- sources ------------------------------------------------------------------------------------------------------------


def has_distinct_sources(payload: Any) -> bool:
    """Return True if no two results have the same ``from.id``."""
    return are_distinct(result["from"]["id"] for result in payload["results"])


def make_duplicate_from_id(choices: Choices) -> Any:
    """Build a response in which two results, adjacent or not, have the same ``from.id``."""
    block = choices.block(2)
    response = build_response(choices, small_shape(results=AT_LEAST_TWO))
    first, second = two_items(response["results"], block)
    second["from"]["id"] = first["from"]["id"]
    return response


def has_source_ids(payload: Any) -> bool:
    """Return True if no ``from.id`` is empty."""
    return all(result["from"]["id"] != "" for result in payload["results"])


def make_empty_id(choices: Choices) -> Any:
    """Build a response in which one result has an empty ``from.id``."""
    (result,) = choices.block(1)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE))
    item_at(response["results"], result)["from"]["id"] = ""
    return response


# --- paging -------------------------------------------------------------------------------------------------------------


def has_cursor_on_every_page(payload: Any) -> bool:
    """Return True if every ``paging.next`` has an ``after``."""
    return all("after" in next_page for next_page in _next_pages(payload))


def make_paging_next_without_after(choices: Choices) -> Any:
    """Build a response in which one ``paging.next`` has no ``after``. It is empty or has only a ``link``."""
    result, keep_link = choices.block(2)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE, paged=True))
    next_page = item_at(response["results"], result)["paging"]["next"]
    del next_page["after"]
    if keep_link < 128:
        del next_page["link"]
    return response


def has_distinct_cursors(payload: Any) -> bool:
    """Return True if no two results have the same ``after``."""
    return are_distinct(next_page["after"] for next_page in _next_pages(payload) if "after" in next_page)


def make_repeated_cursor(choices: Choices) -> Any:
    """Build a response in which one result has the same ``after`` as the previous result."""
    pair, keep_links = choices.block(2)
    response = build_response(choices, small_shape(results=AT_LEAST_TWO, paged=True))
    previous, repeated = item_at(list(pairwise(_next_pages(response))), pair)
    repeated |= previous
    if keep_links < 128:
        del previous["link"], repeated["link"]
    return response


def _next_pages(payload: Any) -> Iterator[Any]:
    for result in payload["results"]:
        paging = result.get("paging", {})
        if "next" in paging:
            yield paging["next"]


# --- associations -------------------------------------------------------------------------------------------------------


def has_distinct_targets(payload: Any) -> bool:
    """Return True if no result lists an object twice."""
    return all(are_distinct(association["toObjectId"] for association in result["to"]) for result in payload["results"])


def make_duplicate_to_object_id(choices: Choices) -> Any:
    """Build a response in which one result lists a ``toObjectId`` twice, adjacent or not."""
    result, *block = choices.block(3)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE, to=AT_LEAST_TWO))
    first, second = two_items(item_at(response["results"], result)["to"], block)
    second["toObjectId"] = first["toObjectId"]
    return response


def has_no_self_association(payload: Any) -> bool:
    """Return True if no object is associated with itself."""
    return all(
        association["toObjectId"] != result["from"]["id"]
        for result in payload["results"]
        for association in result["to"]
    )


def make_self_association(choices: Choices) -> Any:
    """Build a response in which one result associates its object with itself."""
    result_index, association = choices.block(2)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE, to=AT_LEAST_ONE))
    result = item_at(response["results"], result_index)
    item_at(result["to"], association)["toObjectId"] = result["from"]["id"]
    return response


def has_distinct_types(payload: Any) -> bool:
    """Return True if no association lists a type twice. A type is identified by its category and id."""
    return all(
        are_distinct(map(_type_key, association["associationTypes"])) for association in all_associations(payload)
    )


def make_duplicate_association_type(choices: Choices) -> Any:
    """Build a response in which one association lists a type twice."""
    result, association, source, position = choices.block(4)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE, to=AT_LEAST_ONE))
    types = item_at(item_at(response["results"], result)["to"], association)["associationTypes"]
    types.insert(item_at(range(len(types) + 1), position), dict(item_at(types, source)))
    return response


def has_consistent_labels(payload: Any) -> bool:
    """Return True if each association type has the same label, or none, throughout the response."""
    labels: dict[tuple[str, int], str | None] = {}
    types = [fields for association in all_associations(payload) for fields in association["associationTypes"]]
    return all(labels.setdefault(_type_key(fields), fields.get("label")) == fields.get("label") for fields in types)


def make_label_conflict(choices: Choices) -> Any:
    """Build a response in which two associations, of one result or of two, give one type different labels."""
    type_index, label_index, *block = choices.block(4)
    response = build_response(choices, small_shape(results=AT_LEAST_ONE, to=AT_LEAST_TWO))
    first, second = two_items(list(all_associations(response)), block)
    custom_type = pick(CUSTOM_TYPES, type_index)
    label = str(custom_type.label)
    other_label = pick(("Other", label.upper(), f"{label} "), label_index)
    first["associationTypes"] = [custom_type.to_json()]
    second["associationTypes"] = [AssociationType(custom_type.category, custom_type.type_id, other_label).to_json()]
    return response


def _type_key(fields: Any) -> tuple[str, int]:
    return fields["associationCategory"], fields["associationTypeId"]
