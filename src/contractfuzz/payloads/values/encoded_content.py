"""Strings whose content is described: ``contentEncoding``, ``contentMediaType`` and OpenAPI's ``format: byte``.

These are annotations: every string is valid. Strings that follow them are what a consumer expects, so payloads contain them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from contractfuzz.json_values import compact_json
from contractfuzz.payloads.values.string_encoded import BYTES, ENCODERS

_JSON_VALUES: tuple[Any, ...] = ({}, [], None, 0, True, "", -1.5, "a", [1, "b"], {"a": 1}, {"é": [None]})
_LONG_BYTES = b"contractfuzz"


def describes_content(schema: Mapping[str, Any]) -> bool:
    """Return True if the annotations of a schema describe strings that this module makes."""
    return _encoding(schema) is not None or _is_json(schema)


def content_strings(schema: Mapping[str, Any], contents: Iterable[Any] = (), low: int = 0) -> list[str]:
    """Return strings that follow the annotations of a schema, the shortest first.

    Args:
        schema: the schema, for which ``describes_content`` is true.
        contents: JSON values of the content, if it is JSON; by default some simple ones.
        low: the least length. Some strings are made for it.

    """
    name = _encoding(schema)
    if _is_json(schema):
        texts = [compact_json(value) for value in tuple(contents) or _JSON_VALUES]
        # JSON permits white space around a value, which makes a text as long as is needed.
        texts += [text + " " * (low - len(text)) for text in texts if len(text) < low]
        data: Iterable[bytes] = [text.encode() for text in texts]
        if name is None:
            return sorted(dict.fromkeys(texts), key=len)
    else:
        data = [*BYTES, *_long_bytes(low)]
    encode = ENCODERS[name or "base64"]
    return sorted(dict.fromkeys(encode(one).decode() for one in data), key=len)


def _long_bytes(low: int) -> Iterator[bytes]:
    # Each byte takes at least one character and at most two.
    for size in {low * parts // 8 + extra for parts in (4, 5, 6) for extra in range(4)} if low else ():
        yield (_LONG_BYTES * (size // len(_LONG_BYTES) + 1))[:size]


def _encoding(schema: Mapping[str, Any]) -> str | None:
    name = schema.get("contentEncoding", "base64" if schema.get("format") == "byte" else None)
    return name.lower() if isinstance(name, str) and name.lower() in ENCODERS else None


def _is_json(schema: Mapping[str, Any]) -> bool:
    media_type = str(schema.get("contentMediaType", "")).partition(";")[0].strip().lower()
    is_json = media_type == "application/json" or media_type.endswith("+json")
    return is_json and ("contentEncoding" not in schema or _encoding(schema) is not None)
