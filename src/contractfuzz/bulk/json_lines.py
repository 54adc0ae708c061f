"""JSON Lines: one case per line; and case files: one case per file."""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path

from contractfuzz.files import atomic_write, safe_file_name
from contractfuzz.json_values import JsonValue
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind

MAX_LABEL_CHARACTERS = 100
"""Length limit of a label in the name of a case file."""

RowWriter = Callable[[Case], bytes]
"""Function that returns the line of a case, with its line break."""


def row_writer(kind: Kind, *, labels: bool = False) -> RowWriter:
    """Return the function that writes the lines of cases.

    A malformed body may contain any bytes, even line breaks. Its line is therefore always ``{"label":…,"body":…}``, with the
    body in base64 (RFC 4648, section 4).

    Args:
        kind: the kind of the cases.
        labels: write ``{"label":…,"pointer":…,"payload":…}`` instead of the bare payload.

    """
    if kind == "malformed":
        return _malformed_row
    return _labelled_row if labels else _payload_row


def write_case_files(cases: Iterable[Case], folder: Path) -> Iterator[Path]:
    """Write each body to a file of its own and yield the path of each.

    Args:
        cases: the cases.
        folder: an existing folder. The name of a file consists of the case's number and label.

    Raises:
        OSError: a file cannot be written.

    """
    for number, case in enumerate(cases):
        suffix = "bin" if case.payload is ABSENT else "json"
        path = (
            folder / f"{number:06}-{safe_file_name(case.label or case.kind, case.kind, MAX_LABEL_CHARACTERS)}.{suffix}"
        )
        with atomic_write(path, durable=False) as file:
            file.write(case.body)
        yield path


def _payload_row(case: Case) -> bytes:
    # The body may have line breaks.
    return case.compact_body + b"\n"


def _labelled_row(case: Case) -> bytes:
    # The payload need not be serialized again as a part of the row.
    return b'{"label":%b,"pointer":%b,"payload":%b}\n' % (
        _to_json(case.label),
        _to_json(case.pointer),
        case.compact_body,
    )


def _malformed_row(case: Case) -> bytes:
    return b'{"label":%b,"body":"%b"}\n' % (_to_json(case.label), b64encode(case.body))


def _to_json(value: JsonValue) -> bytes:
    return json.dumps(value, ensure_ascii=False).encode(errors="backslashreplace")
