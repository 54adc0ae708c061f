"""Bytes that are no interoperable JSON text (RFC 8259), each sort with its name.

Most are made from a valid payload's text, so that a consumer meets them where it expects the real thing. Where a lenient
parser may read the bytes nonetheless, the description says so and the expectation is ``survives``.
"""

from __future__ import annotations

import gzip
import json
from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from typing import Any, Literal

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.protocol import Choices


@dataclass(frozen=True, slots=True)
class Malformation:
    """One sort of malformed body: the text of a valid payload goes in, bytes come out."""

    name: str
    description: str
    expectation: Literal["rejects", "survives"]
    change: Callable[[str], bytes]


@dataclass(frozen=True, slots=True)
class MalformedRecipe:
    """The recipe of one malformation."""

    malformation: Malformation
    payload: Callable[[Choices], Any]

    @property
    def label(self) -> str:
        """The malformation's name."""
        return self.malformation.name

    def case(self, choices: Choices) -> Case:
        """Return a case of the malformation."""
        sort = self.malformation
        text = json.dumps(self.payload(choices), ensure_ascii=False, separators=(",", ":"))
        return Case(
            "malformed",
            label=sort.name,
            description=sort.description,
            expectation=sort.expectation,
            raw=partial(_change, sort.name, text),
        )


def _change(name: str, text: str) -> bytes:
    # By name, so that a case can be pickled and sent to a process of its own.
    return BY_NAME[name].change(text)


def _open(text: str) -> tuple[str, str, str]:
    """Return a text without its closing bracket, what a further member begins with, and that bracket."""
    if text[0] in "{[":
        separator = "," if len(text) > 2 else ""
        return text[:-1], separator + ('"x":' if text[0] == "{" else ""), text[-1]
    return f"[{text}", ",", "]"


def _cut(tail: str, text: str) -> bytes:
    head, separator, _ = _open(text)
    return (head + separator + tail).encode()


def _cut_after(tail: str, text: str) -> bytes:
    head, _, _ = _open(text)
    return (head + ("" if head in ("{", "[") else ",") + tail).encode()


def _member(value: str | bytes, text: str) -> bytes:
    head, separator, close = _open(text)
    return (head + separator).encode() + (value if isinstance(value, bytes) else value.encode()) + close.encode()


def _instead(body: str, _: str) -> bytes:
    return body.encode()


def _duplicated(text: str) -> bytes:
    payload = json.loads(text)
    if isinstance(payload, dict) and payload:
        key, value = next(iter(payload.items()))
        return f"{text[:-1]},{json.dumps(key)}:{'0' if value is None else 'null'}}}".encode()
    return b'{"x":1,"x":2}'


HTML_ERROR = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
)
LOGIN_PAGE = (
    '<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form method="post" action="/login">'
    '<input name="email"><input name="password" type="password"><button>Log in</button></form></body></html>\n'
)
XML = '<?xml version="1.0" encoding="UTF-8"?>\n<error><code>500</code><message>Internal error</message></error>\n'

_REJECTED: tuple[tuple[str, str, Callable[[str], bytes]], ...] = (
    ("empty", "no bytes at all", partial(_instead, "")),
    ("whitespace", "white space only", partial(_instead, " \r\n\t ")),
    ("cut-at-start", "cut off behind the first character", lambda text: text[0].encode() if text[0] in '{["' else b"["),
    ("cut-in-key", "cut off within a name or string", partial(_cut_after, '"x')),
    ("cut-after-key", "cut off before a colon", partial(_cut_after, '"x"')),
    ("cut-before-value", "cut off where a value is due", partial(_cut, "")),
    ("cut-in-string", "cut off within a string", partial(_cut, '"ab')),
    ("cut-in-escape", "cut off within an escape", partial(_cut, '"\\u00')),
    ("cut-in-number", "cut off within a number", partial(_cut, "-")),
    ("cut-in-literal", "cut off within the word true", partial(_cut, "tru")),
    ("cut-in-array", "cut off within an array", partial(_cut, "[1")),
    ("cut-after-comma", "cut off behind a comma", partial(_cut_after, "")),
    ("cut-before-end", "the last bracket is missing", lambda text: _open(text)[0].encode()),
    (
        "trailing-comma",
        "a comma before the last bracket",
        lambda text: (_open(text)[0] + "," + _open(text)[2]).encode(),
    ),
    ("missing-comma", "two values with no comma between them", partial(_member, "1 2")),
    ("missing-colon", "a name and its value with no colon between them", partial(_member, '{"y" 1}')),
    ("missing-bracket", "an array that is not closed", partial(_member, '[1,"a"')),
    ("wrong-bracket", "an array closed as an object", partial(_member, "[1}")),
    ("extra-bracket", "a bracket too many at the end", lambda text: text.encode() + _open(text)[2].encode()),
    ("single-quotes", "single quotes around a string", partial(_member, "'a'")),
    ("unquoted-name", "a name without quotes", partial(_member, "{y:1}")),
    ("block-comment", "a comment in slash and star", partial(_member, "1/* one */")),
    ("line-comment", "a comment behind two slashes", partial(_member, "1// one\n")),
    ("trailing-bytes", "a letter behind the text", lambda text: text.encode() + b"x"),
    ("two-documents", "the text twice, one behind the other", lambda text: f"{text} {text}".encode()),
    ("json-lines", "two texts on two lines", lambda text: f"{text}\n{text}\n".encode()),
    ("leading-zero", "a number with a leading zero", partial(_member, "01")),
    ("plus-sign", "a number with a plus sign", partial(_member, "+1")),
    ("hexadecimal", "a hexadecimal number", partial(_member, "0x1F")),
    ("bare-fraction", "a number with nothing before its point", partial(_member, ".5")),
    ("python-literals", "True and None as Python writes them", partial(_member, "[True,None]")),
    ("raw-control-character", "a control character that is not escaped", partial(_member, '"a\x01b"')),
    ("raw-newline", "a line break within a string", partial(_member, '"a\nb"')),
    ("bad-escape", "an escape that JSON does not know", partial(_member, '"\\x41"')),
    ("overlong-utf-8", "an overlong UTF-8 sequence", partial(_member, b'"\xc0\xaf"')),
    ("cut-utf-8", "a UTF-8 sequence that is cut", partial(_member, b'"\xe2\x82"')),
    ("latin-1", "Latin-1 instead of UTF-8", partial(_member, "é".encode("latin-1").join((b'"', b'"')))),
    ("open-brackets", "100,000 open brackets", partial(_instead, "[" * 100_000)),
    ("html-error", "an HTML error page", partial(_instead, HTML_ERROR)),
    ("login-page", "an HTML login page", partial(_instead, LOGIN_PAGE)),
    (
        "proxy-error",
        "plain text of a proxy",
        partial(_instead, "upstream connect error or disconnect/reset before headers"),
    ),
    ("xml", "an XML body", partial(_instead, XML)),
    ("gzip", "gzip bytes that nobody decoded", lambda text: gzip.compress(text.encode(), mtime=0)),
)
_READABLE: tuple[tuple[str, str, Callable[[str], bytes]], ...] = (
    ("nan", "the word NaN, which Python's parser reads", partial(_member, "NaN")),
    ("infinity", "the word Infinity, which Python's parser reads", partial(_member, "Infinity")),
    ("negative-infinity", "the word -Infinity, which Python's parser reads", partial(_member, "-Infinity")),
    (
        "huge-integer",
        "an integer of 5,000 digits, which the grammar allows and parsers with big integers read",
        partial(_member, "9" * 5000),
    ),
    (
        "huge-exponent",
        "the number 1e400, which no double holds and Python's parser reads as infinity",
        partial(_member, "1e400"),
    ),
    ("duplicate-key", "a name twice with different values, which parsers read and keep either of", _duplicated),
    (
        "lone-surrogate",
        "an escaped lone surrogate, which the grammar allows and Python's parser reads",
        partial(_member, '"\\ud800"'),
    ),
    (
        "surrogate-utf-8",
        "a surrogate half encoded in UTF-8, which Python's parser reads",
        partial(_member, b'"\xed\xa0\x80"'),
    ),
    (
        "utf-8-bom",
        "a byte order mark before the text, which Python's parser reads over",
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
        "100,000 nested arrays, which the grammar allows and parsers without a limit read",
        partial(_member, "[" * 100_000 + "]" * 100_000),
    ),
    (
        "huge-string",
        "a string of 10 MB, which most parsers read",
        lambda text: _member('"' + "a" * 10_000_000 + '"', text),
    ),
    (
        "json-in-string",
        "a JSON string that holds the JSON text, which parsers read as a string",
        lambda text: json.dumps(text, ensure_ascii=False).encode(),
    ),
)

MALFORMATIONS: tuple[Malformation, ...] = (
    *(Malformation(name, words, "rejects", change) for name, words, change in _REJECTED),
    *(Malformation(name, words, "survives", change) for name, words, change in _READABLE),
)
"""Every sort of malformed body, those that all parsers refuse before those that some read."""

BY_NAME = {malformation.name: malformation for malformation in MALFORMATIONS}
