"""Sequences of pages: right ones and broken ones, made from the payloads of a contract that has cursors."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from contractfuzz.json_pointer import MISSING, parse_pointer, resolve_pointer
from contractfuzz.json_values import copy_json
from contractfuzz.payloads.cases.case import Case, Expectation
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.wire.cursors import (
    URL_NAMES,
    Tokens,
    cursor_tokens,
    flag_tokens,
    plain_name,
    remove_location,
    set_location,
)

PAGING_PREFIX = "paging."
PAGES_LABEL, EMPTY_PAGE_LABEL, REPEATED_CURSOR_LABEL = "paging.pages", "paging.empty-page", "paging.repeated-cursor"

PAGE_DESCRIPTIONS: dict[str, tuple[str, Expectation]] = {
    PAGES_LABEL: ("three pages", "accepts"),
    EMPTY_PAGE_LABEL: ("three pages, and the second one has no items", "accepts"),
    REPEATED_CURSOR_LABEL: ("pages that all have the same cursor", "survives"),
    "paging.repeated-page": ("three pages, and the second one has the items of the first", "survives"),
    "paging.wrong-order": ("three pages in another order", "survives"),
    "paging.endless": (
        "pages with fresh cursors, almost until the limit of requests, and then a last page",
        "survives",
    ),
}
"""All sequences by label: one line on the pages, and what a client should do."""

PAGES_OF_LONG_SEQUENCE = 20
"""Pages of the sequence with fresh cursors. The server ends it earlier if the client may send fewer requests."""

URL_PLACEHOLDER = "http://contractfuzz.invalid/"
"""Start of a cursor that is a URL. The server replaces it with its own URL."""

MAX_ITEMS_PER_PAGE = 2
MAX_WAYS = 6
"""Payloads with a cursor that are tried as the model of the pages."""

Pages = list[Any]


def is_page_sequence(label: str | None) -> bool:
    """Return True if the payload of the wire case with a label is a list of pages."""
    return label is not None and label.startswith(PAGING_PREFIX)


@dataclass(frozen=True, slots=True)
class PageRecipe:
    """The recipe of one sequence of pages. The payload of its case is the list of the pages.

    Attributes:
        label: the label.
        description: one line on the pages.
        expectation: what a client should do.
        pages: the pages.

    """

    label: str
    description: str
    expectation: Expectation
    pages: Pages

    def case(self, choices: Choices) -> Case:  # noqa: ARG002
        """Return the case. It does not depend on choices."""
        return Case("wire", copy_json(self.pages), self.label, self.description, expectation=self.expectation)


def page_recipes(
    payloads: Iterable[Any], is_valid: Callable[[Any], bool], pointer: str | None
) -> tuple[PageRecipe, ...]:
    """Return the recipes of the sequences that a contract allows; none if it has no pages.

    Args:
        payloads: some valid payloads, to take items and cursors from.
        is_valid: returns True if a payload is valid.
        pointer: the location of the cursor, as the user names it; None to recognise it by its name.

    """
    payloads = list(payloads)
    maker = _find_maker(payloads, is_valid, pointer)
    if maker is None:
        return ()
    one, two, three = maker.items[:3]
    second, third = maker.cursors[:2]
    middle, last = maker.page(two, third), maker.last(three)
    first = maker.page(one, second)
    long = [
        *(maker.page(maker.items[i % 3], maker.cursors[i]) for i in range(len(maker.cursors))),
        last,
    ]
    sequences = {
        PAGES_LABEL: [first, middle, last],
        EMPTY_PAGE_LABEL: [first, maker.page([], third), last],
        REPEATED_CURSOR_LABEL: [first, maker.page(two, second)],
        "paging.repeated-page": [first, maker.page(one, third), last],
        "paging.wrong-order": [maker.page(two, second), maker.page(one, third), last],
        "paging.endless": long,
    }
    left_out = maker.labels_without_meaning
    return tuple(
        PageRecipe(label, *PAGE_DESCRIPTIONS[label], pages)
        for label, pages in sequences.items()
        if label not in left_out and all(map(is_valid, pages))
    )


def filled_pages(pages: Sequence[Any]) -> Pages:
    """Return pages with the items of the first page in the second page, which has none."""
    first, second, *others = pages
    return [first, _filled(second, first), *others]


def _filled(page: Any, model: Any) -> Any:
    if isinstance(page, list) or isinstance(model, list):
        return copy_json(model) if page == [] else page
    if not (isinstance(page, dict) and isinstance(model, dict)):
        return page
    return {name: _filled(value, model.get(name)) for name, value in page.items()}


@dataclass(frozen=True, slots=True)
class _PageMaker:
    """Makes pages.

    Attributes:
        template: a payload with a cursor and items.
        cursor: the location of its cursor; None if pages have none.
        flags: the locations of flags that say that there is another page.
        at: the location of its items.
        items: three lists of items, all different.
        cursors: cursors, all different.
        end: changes a page into one without a next page.

    """

    template: Any
    cursor: Tokens | None
    flags: Sequence[Tokens]
    at: Tokens
    items: Sequence[list[Any]]
    cursors: Sequence[Any]
    end: Callable[[Any], Any]

    def page(self, items: list[Any], cursor: Any) -> Any:
        """Return a page that has a next one."""
        page = set_location(self.template, self.at, items)
        for flag in self.flags:
            page = set_location(page, flag, True)
        return page if self.cursor is None else set_location(page, self.cursor, cursor)

    @property
    def labels_without_meaning(self) -> tuple[str, ...]:
        """Labels of sequences that a client cannot read: without a cursor, it asks for an offset or follows a link."""
        if self.cursor is not None:
            return ()
        # An offset does not grow after an empty page.
        return (REPEATED_CURSOR_LABEL, EMPTY_PAGE_LABEL) if self.flags else (REPEATED_CURSOR_LABEL,)

    def last(self, items: list[Any]) -> Any:
        """Return a page that has no next one."""
        page = self.page(items, self.cursors[0])
        for flag in self.flags:
            page = set_location(page, flag, False)
        return self.end(page)


def _find_maker(payloads: Sequence[Any], is_valid: Callable[[Any], bool], pointer: str | None) -> _PageMaker | None:
    ways = sorted(((payload, *way) for payload in payloads for way in _paged_by(payload, pointer)), key=_best_first)
    for payload, cursor, flags in ways[:MAX_WAYS]:
        at = _items_location(payload, cursor or (flags[0] if flags else ()))
        found = [] if at is None else _distinct_items(payloads, at)
        for size in range(1, min(MAX_ITEMS_PER_PAGE, len(found) // 3) + 1):
            items = [found[i * size : (i + 1) * size] for i in range(3)]
            maker = _complete(_PageMaker(payload, cursor, flags, at or (), items, (), _same), payloads, is_valid)
            if maker is not None:
                return maker
    return None


def _best_first(way: tuple[Any, Tokens | None, list[Tokens]]) -> tuple[bool, int]:
    payload, cursor, _ = way
    return cursor is None, len(json.dumps(payload))


def _paged_by(payload: Any, pointer: str | None) -> Iterator[tuple[Tokens | None, list[Tokens]]]:
    """Yield the location of a cursor, or None, with the locations of flags, for each way in which a payload may be paged."""
    if isinstance(payload, list):
        yield None, []  # the header Link has the cursor
        return
    flags = flag_tokens(payload)
    if pointer is not None:
        tokens = parse_pointer(pointer)
        if resolve_pointer(payload, tokens) not in (MISSING, None):
            yield tokens, flags
        return
    for tokens in cursor_tokens(payload):
        yield tokens, flags
    if flags:
        yield None, flags


def _items_location(payload: Any, cursor: Tokens) -> Tokens | None:
    """Return the location of the array of items that is nearest to a cursor."""
    if isinstance(payload, list):
        return ()
    for depth in range(max(0, len(cursor) - 1), -1, -1):
        owner = resolve_pointer(payload, cursor[:depth])
        arrays = [name for name, value in owner.items() if isinstance(value, list)] if isinstance(owner, dict) else []
        if arrays:
            return (*cursor[:depth], max(arrays, key=lambda name: len(owner[name])))
    return None


def _distinct_items(payloads: Iterable[Any], at: Tokens) -> list[Any]:
    found: dict[str, Any] = {}
    for payload in payloads:
        items = resolve_pointer(payload, at)
        for item in items if isinstance(items, list) else ():
            found.setdefault(json.dumps(item, sort_keys=True), item)
    return list(found.values())


def _complete(maker: _PageMaker, payloads: Sequence[Any], is_valid: Callable[[Any], bool]) -> _PageMaker | None:
    """Return the maker with cursors and the end of a sequence; None if no valid ones are found."""
    cursors: list[Any] = []
    for cursor in _possible_cursors(maker, payloads):
        if cursor not in cursors and is_valid(maker.page(maker.items[0], cursor)):
            cursors.append(cursor)
        if len(cursors) == PAGES_OF_LONG_SEQUENCE - 1:
            break
    if len(cursors) < 2:
        return None
    for end in _possible_ends(maker.cursor):
        complete = _PageMaker(maker.template, maker.cursor, maker.flags, maker.at, maker.items, cursors, end)
        if is_valid(complete.last(maker.items[2])):
            return complete
    return None


def _possible_cursors(maker: _PageMaker, payloads: Iterable[Any]) -> Iterator[Any]:
    numbers = range(2, PAGES_OF_LONG_SEQUENCE + 1)
    if maker.cursor is None:
        yield from numbers
        return
    if plain_name(maker.cursor[-1]) in URL_NAMES:
        yield from (f"{URL_PLACEHOLDER}?cursor=page-{number}" for number in numbers)
    yield from (f"page-{number}" for number in numbers)
    yield from numbers
    for payload in payloads:
        value = resolve_pointer(payload, maker.cursor)
        if value is not MISSING and isinstance(value, str | int) and not isinstance(value, bool) and value != "":
            yield value


def _possible_ends(cursor: Tokens | None) -> Iterator[Callable[[Any], Any]]:
    """Yield functions that change a page into the last one, the most usual ones first."""
    if cursor is None:
        yield _same
        return
    # Without the property, or without the object that holds it.
    for depth in range(len(cursor), 0, -1):
        yield partial(remove_location, tokens=cursor[:depth])
    for depth in range(len(cursor), 0, -1):
        yield partial(set_location, tokens=cursor[:depth], value=None)
    yield partial(set_location, tokens=cursor, value="")


def _same(page: Any) -> Any:
    return page
