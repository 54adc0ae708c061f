"""Bodies that some parsers read, although they are not JSON or not interoperable."""

from __future__ import annotations

import json

from contractfuzz.payloads.bodies.splicing import TextChange, enclosed, with_value


def _with_duplicate_name(text: str) -> bytes:
    payload = json.loads(text)
    if isinstance(payload, dict) and payload:
        key, value = next(iter(payload.items()))
        return f"{text[:-1]},{json.dumps(key)}:{'0' if value is None else 'null'}}}".encode()
    return b'{"x":1,"x":2}'


READABLE_BODIES: tuple[tuple[str, str, TextChange], ...] = (
    ("nan", "the word NaN, which Python's parser reads", with_value("NaN")),
    ("infinity", "the word Infinity, which Python's parser reads", with_value("Infinity")),
    ("negative-infinity", "the word -Infinity, which Python's parser reads", with_value("-Infinity")),
    (
        "huge-integer",
        "an integer of 5,000 digits, which JSON allows and parsers with big integers read",
        with_value("9" * 5000),
    ),
    (
        "huge-exponent",
        "the number 1e400, too large for a double, which Python's parser reads as infinity",
        with_value("1e400"),
    ),
    (
        "duplicate-key",
        "a duplicate name with different values, which parsers read and keep one of",
        _with_duplicate_name,
    ),
    (
        "lone-surrogate",
        "an escaped lone surrogate, which JSON allows and Python's parser reads",
        with_value('"\\ud800"'),
    ),
    (
        "surrogate-utf-8",
        "a lone surrogate encoded in UTF-8, which Python's parser reads",
        with_value(b'"\xed\xa0\x80"'),
    ),
    (
        "utf-8-bom",
        "a byte order mark before the text, which Python's parser reads and ignores",
        enclosed(b"\xef\xbb\xbf"),
    ),
    (
        "utf-16",
        "UTF-16 with a byte order mark, which Python's parser reads",
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    ),
    (
        "utf-16-little-endian",
        "little-endian UTF-16 without a byte order mark, which Python's parser reads",
        lambda text: text.encode("utf-16-le"),
    ),
    (
        "utf-16-big-endian",
        "big-endian UTF-16 without a byte order mark, which Python's parser reads",
        lambda text: text.encode("utf-16-be"),
    ),
    (
        "utf-32",
        "UTF-32 with a byte order mark, which Python's parser reads",
        lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    ),
    (
        "deep-nesting",
        "100,000 nested arrays, which JSON allows and parsers without a depth limit read",
        with_value("[" * 100_000 + "]" * 100_000),
    ),
    (
        "huge-string",
        "a string of 10 MB, which most parsers read",
        lambda text: with_value('"' + "a" * 10_000_000 + '"')(text),
    ),
    (
        "json-in-string",
        "a JSON string that contains the JSON text, which parsers read as a string",
        lambda text: json.dumps(text, ensure_ascii=False).encode(),
    ),
)
"""The malformations of this module: name, description, and the function that makes the body."""
