"""Strategies of files that were corrupted: JSON values with one change, and bytes that were cut or overwritten."""

from __future__ import annotations

import json
from typing import Any

from hypothesis import strategies as st

json_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats()
    | st.text(max_size=5)
    | st.sampled_from(["/a", "valid", "1"]),
    lambda inner: st.lists(inner, max_size=2) | st.dictionaries(st.text(max_size=3), inner, max_size=2),
    max_leaves=4,
)


def _containers(value: Any) -> list[Any]:
    """Return all arrays and objects in a value that have members, the outermost first."""
    members = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    inner = [container for member in members for container in _containers(member)]
    return [value, *inner] if members else inner


@st.composite
def changed(draw: st.DrawFn, value: Any) -> Any:
    """Return a strategy of copies of a JSON value in which some members have another value or are missing."""
    copy = json.loads(json.dumps(value))
    for _ in range(draw(st.integers(1, 3))):
        containers = _containers(copy)
        if not containers:
            break
        container = draw(st.sampled_from(containers))
        key = draw(st.sampled_from(sorted(container) if isinstance(container, dict) else range(len(container))))
        if draw(st.booleans()):
            container[key] = draw(json_values)
        else:
            del container[key]
    return copy


@st.composite
def damaged(draw: st.DrawFn, content: bytes) -> bytes:
    """Return a strategy of contents that are cut off, or have other bytes at one place."""
    start = draw(st.integers(0, len(content)))
    inserted = draw(
        st.binary(max_size=4) | st.sampled_from([b"{", b"[" * 100_000, b"1" * 5000, b"\xff", b"NaN", b"\\ud800"])
    )
    return content[:start] + inserted + draw(st.sampled_from([b"", content[start:], content[start + len(inserted) :]]))
