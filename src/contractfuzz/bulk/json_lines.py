"""Cases as rows of JSON Lines, and as files of their own."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any

from contractfuzz.files import atomic_write
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind

RowWriter = Callable[[Case], bytes]


def row_of(kind: Kind, *, labels: bool = False) -> RowWriter:
    """Return what makes the row of a case, line break included.

    A row is the payload itself, or with ``labels`` ``{"label":…,"pointer":…,"payload":…}``. A malformed body may hold any bytes,
    line breaks too, so that its row always is ``{"label":…,"body":…}`` with the body in base64 (RFC 4648, section 4).
    """
    if kind == "malformed":
        return _encoded
    return _labelled if labels else _bare


def write_each(cases: Iterable[Case], folder: Path) -> Iterator[Path]:
    """Write each body into ``folder`` as a file of its own, named by its number and label, and yield that."""
    for number, case in enumerate(cases):
        suffix = "bin" if case.payload is ABSENT else "json"
        label = re.sub(r"[^A-Za-z0-9.*_-]+", "-", case.label or case.kind).replace("*", "any").strip("-")
        path = folder / f"{number:06}-{label[:100]}.{suffix}"
        with atomic_write(path, durable=False) as file:
            file.write(case.body)
        yield path


def _bare(case: Case) -> bytes:
    return case.body + b"\n"


def _labelled(case: Case) -> bytes:
    # The body is the payload as compact JSON already: it need not be written once more.
    return b'{"label":%b,"pointer":%b,"payload":%b}\n' % (_json(case.label), _json(case.pointer), case.body)


def _encoded(case: Case) -> bytes:
    return b'{"label":%b,"body":"%b"}\n' % (_json(case.label), b64encode(case.body))


def _json(value: Any) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode()
