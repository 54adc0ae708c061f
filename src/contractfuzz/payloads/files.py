"""Cases as files."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from contractfuzz.payloads.cases import ABSENT, Case


def write_each(cases: Iterable[Case], folder: Path) -> None:
    """Write each body into ``folder`` as a file of its own, named by its number and label; OSError where that fails."""
    folder.mkdir(parents=True, exist_ok=True)
    for number, case in enumerate(cases):
        suffix = "bin" if case.payload is ABSENT else "json"
        label = re.sub(r"[^A-Za-z0-9.*_-]+", "-", case.label or case.kind).replace("*", "any").strip("-")
        (folder / f"{number:06}-{label[:100]}.{suffix}").write_bytes(case.body)
