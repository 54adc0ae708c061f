"""Malformations: bodies that are not an interoperable JSON text (RFC 8259).

Most are made from the text of a valid payload, so that a consumer meets them where it expects the real thing. If some parsers
read the bytes nevertheless, the description mentions it and the expectation is ``survives``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any

from contractfuzz.payloads.cases.case import Case, Expectation
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class Malformation:
    """One way to make a body malformed.

    Attributes:
        name: the name, which is the label of the cases.
        description: the malformation in one line.
        expectation: ``rejects`` if no parser may read the body, ``survives`` if some parsers do.
        change: makes the body from the JSON text of a valid payload.

    """

    name: str
    description: str
    expectation: Expectation
    change: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class MalformedRecipe:
    """The recipe of the cases of one malformation.

    Attributes:
        malformation: the malformation.
        payload: makes a valid payload from choices.

    """

    malformation: Malformation
    payload: Callable[[Choices], Any]

    @property
    def label(self) -> str:
        """Label of the cases: the name of the malformation."""
        return self.malformation.name

    def case(self, choices: Choices) -> Case:
        """Return a case of the malformation."""
        malformation = self.malformation
        text = json.dumps(self.payload(choices), ensure_ascii=False, separators=(",", ":"))
        return Case(
            "malformed",
            label=malformation.name,
            description=malformation.description,
            expectation=malformation.expectation,
            raw=MalformedBody(malformation.name, text),
        )


@dataclass(frozen=True, slots=True)
class MalformedBody:
    """A malformed body that is made on demand. The malformation has its name, because a function cannot be pickled.

    Attributes:
        malformation: the name of the malformation.
        text: the JSON text of the valid payload that the malformation changes.

    """

    malformation: str
    text: str

    def __call__(self) -> bytes:
        """Return the body; raise KeyError if the malformation does not exist."""
        return _MALFORMATION_BY_NAME[self.malformation].change(self.text)


GZIP_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\x03"
"""Header of a gzip body (RFC 1952, section 2.3): two magic bytes, deflate, no flags, no time, best compression, Unix."""


def _compress(text: str) -> bytes:
    # Python versions write different headers, so this one replaces theirs.
    return GZIP_HEADER + gzip.compress(text.encode(), mtime=0)[len(GZIP_HEADER) :]


def _split_end(text: str) -> tuple[str, str, str]:
    """Return a text without its closing bracket, the beginning of another member, and the bracket."""
    if text[0] in "{[":
        separator = "," if len(text) > 2 else ""
        return text[:-1], separator + ('"x":' if text[0] == "{" else ""), text[-1]
    return f"[{text}", ",", "]"


def _cut_in_value(ending: str, text: str) -> bytes:
    """Return a text that ends within the value of another member, after ``ending``."""
    start, member, _ = _split_end(text)
    return (start + member + ending).encode()


def _cut_in_name(ending: str, text: str) -> bytes:
    """Return a text that ends within the name of another member, after ``ending``."""
    start, _, _ = _split_end(text)
    return (start + ("" if start in ("{", "[") else ",") + ending).encode()


def _with_value(value: str | bytes, text: str) -> bytes:
    """Return a text with another member or item of a malformed value."""
    start, member, end = _split_end(text)
    return (start + member).encode() + (value if isinstance(value, bytes) else value.encode()) + end.encode()


def _replaced_by(body: str, _: str) -> bytes:
    return body.encode()


def _with_duplicate_name(text: str) -> bytes:
    payload = json.loads(text)
    if isinstance(payload, dict) and payload:
        key, value = next(iter(payload.items()))
        return f"{text[:-1]},{json.dumps(key)}:{'0' if value is None else 'null'}}}".encode()
    return b'{"x":1,"x":2}'


_HTML_ERROR = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
)
_LOGIN_PAGE = (
    '<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form method="post" action="/login">'
    '<input name="email"><input name="password" type="password"><button>Log in</button></form></body></html>\n'
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<error><code>500</code><message>Internal error</message></error>\n'

_REJECTED: tuple[tuple[str, str, Callable[[str], bytes]], ...] = (
    ("empty", "no bytes at all", partial(_replaced_by, "")),
    ("whitespace", "white space only", partial(_replaced_by, " \r\n\t ")),
    ("cut-at-start", "cut off after the first character", lambda text: text[0].encode() if text[0] in '{["' else b"["),
    ("cut-in-key", "cut off inside a name or string", partial(_cut_in_name, '"x')),
    ("cut-after-key", "cut off before a colon", partial(_cut_in_name, '"x"')),
    ("cut-before-value", "cut off before a value", partial(_cut_in_value, "")),
    ("cut-in-string", "cut off inside a string", partial(_cut_in_value, '"ab')),
    ("cut-in-escape", "cut off inside an escape", partial(_cut_in_value, '"\\u00')),
    ("cut-in-number", "cut off inside a number", partial(_cut_in_value, "-")),
    ("cut-in-literal", "cut off inside the literal true", partial(_cut_in_value, "tru")),
    ("cut-in-array", "cut off inside an array", partial(_cut_in_value, "[1")),
    ("cut-after-comma", "cut off after a comma", partial(_cut_in_name, "")),
    ("cut-before-end", "the last bracket missing", lambda text: _split_end(text)[0].encode()),
    (
        "trailing-comma",
        "a comma before the last bracket",
        lambda text: (_split_end(text)[0] + "," + _split_end(text)[2]).encode(),
    ),
    ("missing-comma", "two values without a comma between them", partial(_with_value, "1 2")),
    ("missing-colon", "a name and a value without a colon between them", partial(_with_value, '{"y" 1}')),
    ("missing-bracket", "an array that is not closed", partial(_with_value, '[1,"a"')),
    ("wrong-bracket", "an array closed as an object", partial(_with_value, "[1}")),
    ("extra-bracket", "an extra bracket at the end", lambda text: text.encode() + _split_end(text)[2].encode()),
    ("single-quotes", "single quotes around a string", partial(_with_value, "'a'")),
    ("unquoted-name", "a name without quotes", partial(_with_value, "{y:1}")),
    ("block-comment", "a block comment", partial(_with_value, "1/* one */")),
    ("line-comment", "a line comment", partial(_with_value, "1// one\n")),
    ("trailing-bytes", "a letter after the text", lambda text: text.encode() + b"x"),
    ("two-documents", "the text twice, separated by a space", lambda text: f"{text} {text}".encode()),
    ("json-lines", "the text twice, on two lines", lambda text: f"{text}\n{text}\n".encode()),
    ("leading-zero", "a number with a leading zero", partial(_with_value, "01")),
    ("plus-sign", "a number with a plus sign", partial(_with_value, "+1")),
    ("hexadecimal", "a hexadecimal number", partial(_with_value, "0x1F")),
    ("bare-fraction", "a number without a digit before the decimal point", partial(_with_value, ".5")),
    ("python-literals", "the Python literals True and None", partial(_with_value, "[True,None]")),
    ("raw-control-character", "a control character that is not escaped", partial(_with_value, '"a\x01b"')),
    ("raw-newline", "a line break inside a string", partial(_with_value, '"a\nb"')),
    ("bad-escape", "an escape that is not in JSON", partial(_with_value, '"\\x41"')),
    ("overlong-utf-8", "an overlong UTF-8 sequence", partial(_with_value, b'"\xc0\xaf"')),
    ("cut-utf-8", "a truncated UTF-8 sequence", partial(_with_value, b'"\xe2\x82"')),
    ("latin-1", "Latin-1 instead of UTF-8", partial(_with_value, "é".encode("latin-1").join((b'"', b'"')))),
    ("open-brackets", "100,000 open brackets", partial(_replaced_by, "[" * 100_000)),
    ("html-error", "an HTML error page", partial(_replaced_by, _HTML_ERROR)),
    ("login-page", "an HTML login page", partial(_replaced_by, _LOGIN_PAGE)),
    (
        "proxy-error",
        "a plain-text error of a proxy",
        partial(_replaced_by, "upstream connect error or disconnect/reset before headers"),
    ),
    ("xml", "an XML body", partial(_replaced_by, _XML)),
    ("gzip", "gzip bytes that were not decompressed", _compress),
)
_READABLE: tuple[tuple[str, str, Callable[[str], bytes]], ...] = (
    ("nan", "the word NaN, which Python's parser reads", partial(_with_value, "NaN")),
    ("infinity", "the word Infinity, which Python's parser reads", partial(_with_value, "Infinity")),
    ("negative-infinity", "the word -Infinity, which Python's parser reads", partial(_with_value, "-Infinity")),
    (
        "huge-integer",
        "an integer of 5,000 digits, which JSON allows and parsers with big integers read",
        partial(_with_value, "9" * 5000),
    ),
    (
        "huge-exponent",
        "the number 1e400, too large for a double, which Python's parser reads as infinity",
        partial(_with_value, "1e400"),
    ),
    (
        "duplicate-key",
        "a duplicate name with different values, which parsers read and keep one of",
        _with_duplicate_name,
    ),
    (
        "lone-surrogate",
        "an escaped lone surrogate, which JSON allows and Python's parser reads",
        partial(_with_value, '"\\ud800"'),
    ),
    (
        "surrogate-utf-8",
        "a lone surrogate encoded in UTF-8, which Python's parser reads",
        partial(_with_value, b'"\xed\xa0\x80"'),
    ),
    (
        "utf-8-bom",
        "a byte order mark before the text, which Python's parser reads and ignores",
        lambda text: b"\xef\xbb\xbf" + text.encode(),
    ),
    (
        "utf-16",
        "UTF-16 with a byte order mark, which Python's parser reads",
        lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    ),
    (
        "utf-32",
        "UTF-32 with a byte order mark, which Python's parser reads",
        lambda text: b"\xff\xfe\0\0" + text.encode("utf-32-le"),
    ),
    (
        "deep-nesting",
        "100,000 nested arrays, which JSON allows and parsers without a depth limit read",
        partial(_with_value, "[" * 100_000 + "]" * 100_000),
    ),
    (
        "huge-string",
        "a string of 10 MB, which most parsers read",
        lambda text: _with_value('"' + "a" * 10_000_000 + '"', text),
    ),
    (
        "json-in-string",
        "a JSON string that contains the JSON text, which parsers read as a string",
        lambda text: json.dumps(text, ensure_ascii=False).encode(),
    ),
)

MALFORMATIONS: tuple[Malformation, ...] = (
    *(Malformation(name, description, "rejects", change) for name, description, change in _REJECTED),
    *(Malformation(name, description, "survives", change) for name, description, change in _READABLE),
)
"""All malformations: first those that every parser rejects, then those that some parsers read."""

_MALFORMATION_BY_NAME = {malformation.name: malformation for malformation in MALFORMATIONS}
