"""Malformations of the structure of a text: cuts, brackets, commas, names, comments and white space."""

from __future__ import annotations

from contractfuzz.payloads.bodies.splicing import (
    TextChange,
    before_last_bracket,
    cut_after,
    enclosed,
    ends_in_name,
    ends_in_value,
    replaced_by,
    with_last_bracket_twice,
    with_value,
    without_last_bracket,
)

# A string after its first characters, a whole string, and a scalar.
_REST = r'(?:[^"\\]|\\.)*"'
_STRING = rf'"{_REST}'
_SCALAR = rf'{_STRING}|[^{{}}\[\]:,"]+'


def _with_nul(text: str) -> bytes:
    # One character and a NUL byte would be JSON in UTF-16.
    return (text if len(text) > 1 else f"[{text}]").encode() + b"\0"


CUTS: tuple[tuple[str, str, TextChange], ...] = (
    ("cut-at-start", "cut off after the first character", lambda text: text[0].encode() if text[0] in '{["' else b"["),
    ("cut-after-brace", "cut off after an opening brace", cut_after(r"(\{)", replaced_by("{"))),
    ("cut-after-bracket", "cut off after an opening bracket", cut_after(r"(\[)", replaced_by("["))),
    ("cut-in-key", "cut off inside a name or string", cut_after(rf'("[^"\\]?){_REST}:', ends_in_name('"x'))),
    ("cut-after-key", "cut off before a colon", cut_after(rf"({_STRING}):", ends_in_name('"x"'))),
    ("cut-before-value", "cut off before a value", cut_after(r"(:)", ends_in_value(""))),
    ("cut-in-string", "cut off inside a string", cut_after(rf'("[^"\\]){_REST}(?!:)', ends_in_value('"ab'))),
    ("cut-in-escape", "cut off inside an escape", ends_in_value('"\\u00')),
    ("cut-in-number", "cut off inside a number", ends_in_value("-")),
    ("cut-in-literal", "cut off inside the literal true", ends_in_value("tru")),
    ("cut-after-value", "cut off after a value", cut_after(rf"({_SCALAR})(?!:)", ends_in_value("1"))),
    ("cut-in-array", "cut off inside an array", ends_in_value("[1")),
    ("cut-after-comma", "cut off after a comma", cut_after("(,)", ends_in_name(""))),
    ("cut-after-part", "cut off after an array or object inside the text", cut_after(r"([}\]])", ends_in_value("[]"))),
    ("cut-before-end", "the last bracket missing", without_last_bracket),
)
"""Texts that are cut off: name, description, and the function that makes the body."""

PUNCTUATION: tuple[tuple[str, str, TextChange], ...] = (
    ("trailing-comma", "a comma before the last bracket", before_last_bracket(",")),
    ("trailing-comma-in-array", "a comma before the end of an inner array", with_value("[1,]")),
    ("trailing-comma-in-object", "a comma before the end of an inner object", with_value('{"y":1,}')),
    ("trailing-commas", "two commas before the end of an array", with_value("[1,,]")),
    ("leading-comma", "a comma before the first item of an array", with_value("[,1]")),
    ("double-comma", "two commas between the items of an array", with_value("[1,,2]")),
    ("lone-comma", "an array with only a comma", with_value("[,]")),
    ("missing-comma", "two values without a comma between them", with_value("1 2")),
    ("missing-comma-in-array", "two items without a comma between them", with_value("[1 2]")),
    ("missing-comma-in-object", "two members without a comma between them", with_value('{"y":1 "z":2}')),
    ("semicolon-in-array", "a semicolon between the items of an array", with_value("[1;2]")),
    ("semicolon-in-object", "a semicolon between the members of an object", with_value('{"y":1;"z":2}')),
    ("missing-colon", "a name and a value without a colon between them", with_value('{"y" 1}')),
    ("comma-for-colon", "a comma between a name and its value", with_value('{"y",1}')),
    ("colon-for-comma", "a colon between the items of an array", with_value('["y":1]')),
    ("equals-sign", "an equals sign between a name and its value", with_value('{"y"=1}')),
    ("double-colon", "two colons between a name and its value", with_value('{"y"::1}')),
    ("missing-value", "a name without a value", with_value('{"y"}')),
    ("missing-name", "a value without a name", with_value("{:1}")),
    ("missing-bracket", "an array that is not closed", with_value('[1,"a"')),
    ("wrong-bracket", "an array closed as an object", with_value("[1}")),
    ("extra-bracket", "an extra bracket at the end", with_last_bracket_twice),
    ("trailing-bytes", "a letter after the text", enclosed("", "x")),
    ("nul-after-text", "a NUL byte after the text", _with_nul),
    ("two-documents", "the text twice, separated by a space", lambda text: f"{text} {text}".encode()),
    ("json-lines", "the text twice, on two lines", lambda text: f"{text}\n{text}\n".encode()),
)
"""Texts with wrong brackets, commas or colons, or with more after their end."""

NAMES: tuple[tuple[str, str, TextChange], ...] = (
    ("unquoted-name", "a name without quotes", with_value("{y:1}")),
    ("single-quoted-name", "a name in single quotes", with_value("{'y':1}")),
    ("number-name", "a number as a name", with_value("{1:1}")),
    ("literal-name", "the literal null as a name", with_value("{null:1}")),
    ("array-name", "an array as a name", with_value("{[1]:1}")),
    ("bad-utf-8-name", "bytes in a name that are not UTF-8", with_value(b'{"\xb9":1}')),
)
"""Objects with names that are not JSON strings."""

COMMENTS: tuple[tuple[str, str, TextChange], ...] = (
    ("block-comment", "a block comment after a value", with_value("1/* one */")),
    ("line-comment", "a line comment after a value", with_value("1// one\n")),
    ("hash-comment", "a comment that starts with a hash, after a value", with_value("1 # one\n")),
    ("comment-before-text", "a block comment before the text", enclosed("/* text */")),
    ("comment-after-text", "a block comment after the text", enclosed("", "/**/")),
    ("line-comment-after-text", "a line comment after the text", enclosed("", "//")),
    ("hash-comment-after-text", "a comment that starts with a hash, after the text", enclosed("", "#{}")),
    ("comment-before-name", "a block comment before a name", with_value('{/* y */"y":1}')),
    ("comment-before-colon", "a block comment before a colon", with_value('{"y"/* y */:1}')),
    ("comment-after-colon", "a block comment after a colon", with_value('{"y":/* y */1}')),
    ("comment-after-comma", "a block comment after a comma", with_value("[1,/* two */2]")),
    ("comment-in-empty-array", "a block comment in an empty array", with_value("[/* none */]")),
    ("open-comment", "a block comment that does not end", enclosed("", "/*")),
)
"""Texts with comments, each kind of comment and each place."""

WHITE_SPACE: tuple[tuple[str, str, TextChange], ...] = (
    ("empty", "no bytes at all", replaced_by("")),
    ("whitespace", "white space only", replaced_by(" \r\n\t ")),
    ("byte-order-mark", "a byte order mark only", replaced_by(b"\xef\xbb\xbf")),
    ("form-feed", "a form feed as white space", with_value("[\f1]")),
    ("form-feed-after-text", "a form feed after the text", enclosed("", "\f")),
    ("vertical-tab", "a vertical tab as white space", with_value("[\v1]")),
    ("nul-white-space", "a NUL byte as white space", with_value("[\0001]")),
    ("no-break-space", "a no-break space (U+00A0) as white space", with_value("[\u00a01]")),
    ("line-separator", "a line separator (U+2028) as white space", with_value("[\u20281]")),
    ("word-joiner", "a word joiner (U+2060) as white space", with_value("[\u20601]")),
    ("inner-byte-order-mark", "a byte order mark inside the text", with_value("[\ufeff1]")),
    ("escaped-white-space", "an escape outside a string", with_value('[\\u0020"a"]')),
)
"""Texts with white space other than a space, a tab, a line feed and a carriage return, or with nothing else."""

MALFORMED_TEXTS = (*WHITE_SPACE, *CUTS, *PUNCTUATION, *NAMES, *COMMENTS)
"""The malformations of this module."""
