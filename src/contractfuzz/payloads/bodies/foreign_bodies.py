"""Bodies of other kinds than JSON: pages, messages, archives, and what exhausts a parser."""

from __future__ import annotations

import gzip

from contractfuzz.payloads.bodies.splicing import TextChange, replaced_by

_HTML_ERROR = (
    "<!DOCTYPE html>\n<html><head><title>502 Bad Gateway</title></head>\n"
    "<body><center><h1>502 Bad Gateway</h1></center></body></html>\n"
)
_LOGIN_PAGE = (
    '<!DOCTYPE html>\n<html><head><title>Log in</title></head><body><form method="post" action="/login">'
    '<input name="email"><input name="password" type="password"><button>Log in</button></form></body></html>\n'
)
_XML = '<?xml version="1.0" encoding="UTF-8"?>\n<error><code>500</code><message>Internal error</message></error>\n'


GZIP_HEADER = b"\x1f\x8b\x08\x00" + bytes(4) + b"\x02\x03"
"""Header of a gzip body (RFC 1952, section 2.3): two magic bytes, deflate, no flags, no time, best compression, Unix."""


def _compress(text: str) -> bytes:
    # Python versions write different headers, so this one replaces theirs.
    return GZIP_HEADER + gzip.compress(text.encode(), mtime=0)[len(GZIP_HEADER) :]


FOREIGN_BODIES: tuple[tuple[str, str, TextChange], ...] = (
    ("open-brackets", "100,000 open brackets", replaced_by("[" * 100_000)),
    ("html-error", "an HTML error page", replaced_by(_HTML_ERROR)),
    ("login-page", "an HTML login page", replaced_by(_LOGIN_PAGE)),
    (
        "proxy-error",
        "a plain-text error of a proxy",
        replaced_by("upstream connect error or disconnect/reset before headers"),
    ),
    ("xml", "an XML body", replaced_by(_XML)),
    ("gzip", "gzip bytes that were not decompressed", _compress),
)
"""The malformations of this module: name, description, and the function that makes the body."""
