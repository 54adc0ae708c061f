"""Sequences of responses linked by ``paging.next.after``: coherent ones and ones with a deliberate fault."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import quote

from contractfuzz.errors import ContractError, unknown
from hubspot_strategies.account import Account, error_json, response_json
from hubspot_strategies.association_types import API_URL

if TYPE_CHECKING:
    from contractfuzz.server.messages import Request

PAGING_FAULTS = {
    "repeating-cursor": 2,
    "endless": 1,
    "empty-page": 3,
    "missing-cursor": 2,
    "overlapping": 2,
}
"""Minimum number of pages that each fault of a sequence needs.

- ``repeating-cursor``: from the second page on, each page repeats the cursor of its own request;
- ``endless``: every page has a new cursor, so there is never a last page;
- ``empty-page``: a page in the middle has no associations, although more pages follow;
- ``missing-cursor``: the second-to-last page announces a next page without its ``after``;
- ``overlapping``: every page starts with the last association of the previous page.
"""

DEFAULT_OBJECT_ID = "9104772031"
DEFAULT_READ_PATH = "/crm/v4/associations/contacts/companies/batch/read"


@dataclass(frozen=True)
class PageLayout:
    """Distribution of an object's associations over pages.

    Attributes:
        page_count: number of pages.
        page_size: number of associations on each page; None for all associations of the object.
        fault: key of ``PAGING_FAULTS``, or None.

    """

    page_count: int = 1
    page_size: int | None = None
    fault: str | None = None

    def response(
        self, account: Account, inputs: Iterable[tuple[str, str | None]], request_number: int, path: str
    ) -> dict[str, Any]:
        """Return the response to a read request.

        Args:
            account: account to read from.
            inputs: requested object ids, each with a cursor or None.
            request_number: number of the request within its test.
            path: path of the endpoint, for the links to next pages.

        """
        results, errors = [], []
        for object_id, cursor in dict(inputs).items():
            page_index = 0 if cursor is None else self._page_index(object_id, cursor)
            if not account.has_object(object_id):
                errors.append(account.missing_object_error(object_id, account.source))
            elif page_index is None:
                message = f"{cursor!r} is not a cursor of the object {object_id}."
                errors.append(error_json("VALIDATION_ERROR", message, ids=[object_id], after=[str(cursor)]))
            else:
                results.append(self._page(account, object_id, page_index, path))
        return response_json(request_number, results, errors)

    def _page(self, account: Account, object_id: str, page_index: int, path: str) -> dict[str, Any]:
        size = account.association_count(object_id) if self.page_size is None else self.page_size
        start = page_index * size
        if self.fault == "overlapping" and page_index:
            start -= 1
        stop = page_index * size + size
        if self.fault == "empty-page" and page_index == self.page_count // 2:
            stop = start
        elif self.fault == "empty-page" and page_index > self.page_count // 2:
            # The pages after the empty one contain its associations, so none are lost.
            start, stop = start - size, stop - size
        result: dict[str, Any] = {
            "from": {"id": object_id},
            "to": list(islice(account.associations(object_id), start, stop)),
        }
        next_page = self._next_page(object_id, page_index, path)
        return result if next_page is None else {**result, "paging": {"next": next_page}}

    def _next_page(self, object_id: str, page_index: int, path: str) -> dict[str, Any] | None:
        if self.fault == "repeating-cursor" and page_index:
            page_index -= 1
        elif self.fault != "endless" and page_index + 1 >= self.page_count:
            return None
        cursor = _cursor(object_id, page_index + 1)
        if self.fault == "missing-cursor" and page_index + 2 == self.page_count:
            return {}
        return {"after": cursor, "link": f"{API_URL}{path}?after={quote(cursor, safe='')}"}

    def _page_index(self, object_id: str, cursor: str) -> int | None:
        """Return the page that a cursor refers to, or None if no page of this object has this cursor."""
        try:
            index = int(b64decode(cursor, validate=True).rpartition(b":")[2])
        except ValueError:
            return None
        known = (
            cursor == _cursor(object_id, index) and index > 0 and (index < self.page_count or self.fault == "endless")
        )
        return index if known else None


class AssociationPages(Sequence[dict[str, Any]]):
    """Responses that a client receives when it follows the cursors of one object.

    As a sequence it fits a script: ``server.script(*pages)`` sends the pages in order and ignores the cursors of the requests.
    As a function of a request it fits a default response: with ``server.always(pages)``, every requested object has its own
    pages, and the cursor selects one of them.

    Args:
        layout: distribution of the associations over pages.
        object_id: object whose pages the sequence contains.
        seed: the same seed gives the same associations.

    """

    def __init__(self, layout: PageLayout, object_id: str, seed: int) -> None:
        self._layout = layout
        self._object_id = object_id
        self._seed = seed
        account = Account(seed=seed)
        self._responses = []
        cursor: str | None = None
        for number in range(layout.page_count):
            response = layout.response(account, [(object_id, cursor)], number, DEFAULT_READ_PATH)
            self._responses.append(response)
            cursor = response["results"][0].get("paging", {}).get("next", {}).get("after")
            if cursor is None and layout.fault == "missing-cursor":
                cursor = _cursor(object_id, number + 1)

    def __call__(self, request: Request) -> dict[str, Any]:
        """Return the response to a valid read request: one page for each of its inputs."""
        account = Account(request.variables["fromObjectType"], request.variables["toObjectType"], self._seed)
        return self._layout.response(account, parse_inputs(request.json), request.number, request.path)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._responses[index]

    def __len__(self) -> int:
        return len(self._responses)

    def __repr__(self) -> str:
        return f"<{len(self)} association pages of {self._object_id}, {self._layout.fault or 'coherent'}>"


def association_pages(
    pages: int = 3,
    *,
    fault: str | None = None,
    size: int = 2,
    object_id: str = DEFAULT_OBJECT_ID,
    seed: int = 0,
) -> AssociationPages:
    """Return a sequence of responses to ``batch/read``, linked by ``paging.next.after``.

    Without a fault, every response keeps the schema and the rules of the contract, and the responses are coherent: they are about
    one object, no association occurs twice, and their timestamps are in order. A fault breaks one of these properties.

    Args:
        pages: number of responses, 1 or more.
        fault: None, or a key of ``PAGING_FAULTS``: ``repeating-cursor``, ``endless``, ``empty-page``, ``missing-cursor`` or
            ``overlapping``.
        size: number of associations in each response, 1 or more.
        object_id: id of the object, a decimal number.
        seed: the same seed gives the same associations.

    Raises:
        ContractError: the fault is unknown, the fault needs more pages, or another argument is out of range.

    Example:
        >>> batch_association_server.always(association_pages(3, fault="repeating-cursor"))

    """
    if fault is not None and fault not in PAGING_FAULTS:
        raise unknown("paging fault", fault, PAGING_FAULTS)
    minimum = 1 if fault is None else PAGING_FAULTS[fault]
    if pages < minimum:
        raise ContractError(f"cannot make {pages} pages{f' with {fault}' if fault else ''}: ask for {minimum} or more")
    if size < 1:
        raise ContractError(f"cannot make pages of {size} associations: ask for 1 or more")
    if not Account().has_object(object_id):
        raise ContractError(f"{object_id!r} is not the id of an object: give a decimal number as a string")
    return AssociationPages(PageLayout(pages, size, fault), object_id, seed)


def parse_inputs(body: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Return the object ids of a valid read request, each with its cursor or None."""
    return [(str(item["id"]), item.get("after")) for item in body["inputs"]]


def _cursor(object_id: str, page_index: int) -> str:
    return b64encode(f"{object_id}:{page_index}".encode()).decode()
