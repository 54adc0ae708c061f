"""Sequences of responses that are linked by ``paging.next.after``: coherent ones, and ones that are broken on purpose."""

from __future__ import annotations

from base64 import b64decode, b64encode
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any, overload
from urllib.parse import quote

from contractfuzz.errors import ContractError, unknown
from hubspot_strategies.account import Account, write_error, write_response
from hubspot_strategies.realistic import HOST

if TYPE_CHECKING:
    from contractfuzz.server.answers import Received

FAULTS = {
    "repeating-cursor": 2,
    "endless": 1,
    "empty-page": 3,
    "missing-cursor": 2,
    "overlapping": 2,
}
"""The ways in which sequences are broken, each with the fewest pages that show it.

- ``repeating-cursor``: the second page names the cursor that it was asked for with, so that it comes again and again;
- ``endless``: every page names a new one, the last page never comes;
- ``empty-page``: a page in the middle has no associations, yet more pages follow;
- ``missing-cursor``: the page before the last says that there is a next one and has no ``after`` to ask for it with;
- ``overlapping``: every page begins with the last association of the page before it.
"""

NUMBER = "9104772031"
ADDRESS = "/crm/v4/associations/contacts/companies/batch/read"


@dataclass(frozen=True)
class Layout:
    """How the associations of an object are laid out on pages.

    Attributes:
        pages: how many pages there are.
        size: how many associations are on each; None for as many as the object has.
        fault: one of ``FAULTS``, or None.

    """

    pages: int = 1
    size: int | None = None
    fault: str | None = None

    def read(
        self, account: Account, inputs: Iterable[tuple[str, str | None]], number: int, address: str
    ) -> dict[str, Any]:
        """Return the response to the request ``number`` of a test, which asks for these ids, each with a cursor or None."""
        results, errors = [], []
        for source, after in dict(inputs).items():
            place = 0 if after is None else self._place(source, after)
            if not account.has(source):
                errors.append(account.lacks(source, "source"))
            elif place is None:
                message = f"{after!r} is no cursor of the object {source}."
                errors.append(write_error("VALIDATION_ERROR", message, ids=[source], after=[str(after)]))
            else:
                results.append(self._page(account, source, place, address))
        return write_response(number, results, errors)

    def _page(self, account: Account, source: str, place: int, address: str) -> dict[str, Any]:
        size = account.size(source) if self.size is None else self.size
        start = place * size
        if self.fault == "overlapping" and place:
            start -= 1
        stop = place * size + size
        if self.fault == "empty-page" and place == self.pages // 2:
            stop = start
        elif self.fault == "empty-page" and place > self.pages // 2:
            # Nothing is lost: what the empty page should have had is on the pages behind it.
            start, stop = start - size, stop - size
        result: dict[str, Any] = {
            "from": {"id": source},
            "to": list(islice(account.associations(source), start, stop)),
        }
        following = self._following(source, place, address)
        return result if following is None else {**result, "paging": {"next": following}}

    def _following(self, source: str, place: int, address: str) -> dict[str, Any] | None:
        if self.fault == "repeating-cursor" and place:
            place -= 1
        elif self.fault != "endless" and place + 1 >= self.pages:
            return None
        cursor = _cursor(source, place + 1)
        following = {"after": cursor, "link": f"{HOST}{address}?after={quote(cursor, safe='')}"}
        if self.fault == "missing-cursor" and place + 2 == self.pages:
            return {}
        return following

    def _place(self, source: str, after: str) -> int | None:
        """Return which page a cursor asks for; None for one that no page of this object has named."""
        try:
            place = int(b64decode(after, validate=True).rpartition(b":")[2])
        except ValueError:
            return None
        known = after == _cursor(source, place) and place > 0 and (place < self.pages or self.fault == "endless")
        return place if known else None


class AssociationPages(Sequence[dict[str, Any]]):
    """The responses that a client gets which follows the cursors of one object.

    A sequence, for a script: ``server.script(*pages)`` sends them in order whatever the client asks for. And a function of a
    request, for ``server.always(pages)``: each object that is asked for has its pages, and the cursor says which is meant.
    """

    def __init__(self, layout: Layout, number: str, seed: int) -> None:
        self._layout = layout
        self._number = number
        self._seed = seed
        account = Account(seed=seed)
        self._responses = []
        after: str | None = None
        for request in range(layout.pages):
            response = layout.read(account, [(number, after)], request, ADDRESS)
            self._responses.append(response)
            after = response["results"][0].get("paging", {}).get("next", {}).get("after")
            if after is None and layout.fault == "missing-cursor":
                after = _cursor(number, request + 1)

    def __call__(self, request: Received) -> dict[str, Any]:
        """Return the page that a good read request asks for, of each of its inputs."""
        account = Account(request.variables["fromObjectType"], request.variables["toObjectType"], self._seed)
        return self._layout.read(account, read_inputs(request.json), request.number, request.path)

    @overload
    def __getitem__(self, index: int) -> dict[str, Any]: ...
    @overload
    def __getitem__(self, index: slice) -> list[dict[str, Any]]: ...
    def __getitem__(self, index: int | slice) -> dict[str, Any] | list[dict[str, Any]]:
        return self._responses[index]

    def __len__(self) -> int:
        return len(self._responses)

    def __repr__(self) -> str:
        return f"<{len(self)} association pages of {self._number}, {self._layout.fault or 'coherent'}>"


def association_pages(
    pages: int = 3, *, fault: str | None = None, size: int = 2, number: str = NUMBER, seed: int = 0
) -> AssociationPages:
    """Return a sequence of responses to ``batch/read``, linked by ``paging.next.after``.

    Every response is valid and keeps the rules of the pack, and together they are coherent: one object, none of whose
    associations comes twice, moments in order. A fault breaks one of these, on purpose.

    Args:
        pages: how many responses.
        fault: None, or one of ``FAULTS``: ``repeating-cursor``, ``endless``, ``empty-page``, ``missing-cursor``,
            ``overlapping``.
        size: how many associations each has.
        number: the id of the object that they are about.
        seed: same seed, same associations.

    Raises:
        ContractError: an unknown fault, or fewer pages than show it; a size below 1, a number that is none.

    """
    if fault is not None and fault not in FAULTS:
        raise unknown("paging fault", fault, FAULTS)
    fewest = 1 if fault is None else FAULTS[fault]
    if pages < fewest:
        raise ContractError(f"cannot make {pages} pages{f' with {fault}' if fault else ''}: ask for {fewest} or more")
    if size < 1:
        raise ContractError(f"cannot make pages of {size} associations: ask for 1 or more")
    if not Account().has(number):
        raise ContractError(f"{number!r} is the id of no object: give a number, as text")
    return AssociationPages(Layout(pages, size, fault), number, seed)


def read_inputs(body: Mapping[str, Any]) -> list[tuple[str, str | None]]:
    """Return the ids that a good read request asks for, each with its cursor."""
    return [(str(item["id"]), item.get("after")) for item in body["inputs"]]


def _cursor(source: str, place: int) -> str:
    return b64encode(f"{source}:{place}".encode()).decode()
