"""Mutants of the reader of strings with a pattern or a format."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from mutants.mutant import GONE, Subject, mutants
from mutants.readers import coded_strings

_PATTERNS = {
    "sku": r"^[A-Z]{3}-\d{4}$",
    "version": r"^(0|[1-9]\d*)\.(0|[1-9]\d*)(-[0-9a-z]+)?$",
    "method": "^(GET|POST|PUT)$",
    "year": r"^\d{4}$",
    "slug": "^[a-z0-9]+(-[a-z0-9]+)*$",
    "color": "^#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})$",
    "word": r"^\w+$",
    "phone": r"^\+[1-9][0-9]{6,14}$",
    "locale": "^[a-z]{2}(-[A-Z]{2})?$",
    "hash": "^[0-9a-f]{8}$",
    "file": r"\.csv$",
    "user": "^usr_",
    "pair": "=",
}
_FORMATS = {"id": "uuid", "email": "email", "born": "date", "seen": "date-time"}
_OTHERS: dict[str, Any] = {
    "code": {"type": "string", "pattern": "^[a-z]+$", "minLength": 3, "maxLength": 5},
    "title": {"type": "string", "minLength": 1, "maxLength": 20},
    "nickname": {"type": "string", "maxLength": 10},
}

DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        **{name: {"type": "string", "pattern": pattern} for name, pattern in _PATTERNS.items()},
        **{name: {"type": "string", "format": kind} for name, kind in _FORMATS.items()},
        **_OTHERS,
    },
    "required": [*_PATTERNS, *_FORMATS, "code", "title"],
}

STRINGS: dict[str, Any] = {
    "id": "00000000-0000-4000-8000-000000000000",
    "sku": "ABC-1234",
    "version": "1.20-a1",
    "method": "GET",
    "year": "2025",
    "slug": "a-b1",
    "color": "#a0B1c2",
    "word": "a_1",
    "phone": "+49301234567",
    "locale": "de-DE",
    "hash": "0123abcd",
    "file": "a.csv",
    "user": "usr_1",
    "pair": "a=b",
    "code": "abcd",
    "title": "T",
    "email": "ann@example.com",
    "born": "2000-02-29",
    "seen": "2025-03-15T14:30:00Z",
    "nickname": "n",
}

Row = tuple[str, str, str, Any]


def _careless(name: str, function: str, witness: Any, check: str = "matching") -> Row:
    """Return the row of a mutant that calls a careless function for one member."""
    call = f'(required(payload, "{name}")'
    return (f"{name}: {function}", f"checks.{check}{call}", f"careless.{function}{call}", {f"/{name}": witness})


def _anchors() -> Iterator[Row]:
    """Yield the usual mistakes with regular expressions."""
    for name in ("sku", "year", "phone", "hash"):
        yield _careless(name, "searched", "x" + STRINGS[name])
        yield _careless(name, "started", STRINGS[name] + "x")
        yield _careless(name, "dollar_matched", STRINGS[name] + "\n")
        yield _careless(name, "multiline_matched", "x\n" + STRINGS[name])
        yield _careless(name, "strip_matched", STRINGS[name] + " ")


# fmt: off
ROWS = [
    *_anchors(),
    _careless("slug", "dollar_matched", "a\n"),
    _careless("word", "dollar_matched", "a\n"),
    _careless("version", "dollar_matched", "1.2\n"),
    _careless("method", "dollar_matched", "GET\n"),
    _careless("sku", "case_matched", "abc-1234"),
    _careless("method", "case_matched", "get"),
    _careless("slug", "case_matched", "A"),
    _careless("hash", "case_matched", "0123ABCD"),
    _careless("locale", "case_matched", "DE-DE"),
    _careless("phone", "unicode_matched", "+4930123456٣"),
    _careless("year", "text_matched", 2025),
    _careless("year", "trusted_matched", 2025),
    _careless("method", "searched", "GETS"),
    _careless("slug", "started", "a--b"),
    _careless("locale", "started", "de-de"),
    _careless("color", "started", "#abcd"),
    # the patterns themselves
    ("sku: two letters", "[A-Z]{3}-", "[A-Z]{2,3}-", {"/sku": "AB-1234"}),
    ("sku: four letters", "[A-Z]{3}-", "[A-Z]{3,4}-", {"/sku": "ABCD-1234"}),
    ("sku: any number of digits", r"-\d{4}", r"-\d+", {"/sku": "ABC-12345"}),
    ("sku: hyphen optional", r"-\d{4}", r"-?\d{4}", {"/sku": "ABC1234"}),
    ("sku: any separator", r"-\d{4}", r".\d{4}", {"/sku": "ABC_1234"}),
    ("sku: letters A to Y", "[A-Z]{3}-", "[A-Y]{3}-", {"/sku": "ZZZ-1234"}),
    ("sku: a digit among the letters", "[A-Z]{3}-", "[A-Z0-9]{3}-", {"/sku": "A1B-1234"}),
    ("sku: from the year 1000", r"-\d{4}", r"-[1-9]\d{3}", {"/sku": "ABC-0123"}),
    ("version: one digit", r"\.(0|[1-9]\d*)", r"\.(0|[1-9])", {"/version": "1.20"}),
    ("version: leading zeros", r"\.(0|[1-9]\d*)", r"\.\d+", {"/version": "1.02"}),
    ("version: zero refused", r"\.(0|[1-9]\d*)", r"\.([1-9]\d*)", {"/version": "1.0"}),
    ("version: three numbers", r"(-[0-9a-z]+)?", r"(\.\d+)?(-[0-9a-z]+)?", {"/version": "1.2.3"}),
    ("version: one number", r"\.(0|[1-9]\d*)", r"(\.(0|[1-9]\d*))?", {"/version": "1"}),
    ("version: any separator", r"\.(0|[1-9]\d*)", r".(0|[1-9]\d*)", {"/version": "1,2"}),
    ("version: suffix refused", r"(-[0-9a-z]+)?", r"", {"/version": "1.2-a"}),
    ("version: an empty suffix", r"(-[0-9a-z]+)?", r"(-[0-9a-z]*)?", {"/version": "1.2-"}),
    ("version: a suffix in upper case", r"(-[0-9a-z]+)?", r"(-[0-9a-zA-Z]+)?", {"/version": "1.2-A"}),
    ("version: a suffix of letters", r"(-[0-9a-z]+)?", r"(-[a-z]+)?", {"/version": "1.2-1"}),
    ("version: as a float", 'checks.matching(required(payload, "version")', 'float(checks.text(required(payload, "version"))) and checks.matching(required(payload, "version")', {"/version": "1.2-a"}),
    ("method: PUT forgotten", "(GET|POST|PUT)", "(GET|POST)", {"/method": "PUT"}),
    ("method: POST forgotten", "(GET|POST|PUT)", "(GET|PUT)", {"/method": "POST"}),
    ("method: DELETE", "(GET|POST|PUT)", "(GET|POST|PUT|DELETE|[A-Z]{4,8})", {"/method": "PATCH"}),
    ("method: any capitals", "(GET|POST|PUT)", "[A-Z]+", {"/method": "GETX"}),
    ("method: empty", "(GET|POST|PUT)", "(GET|POST|PUT)?", {"/method": ""}),
    ("year: two digits", r'"year"), r"\d{4}"', r'"year"), r"\d{2}|\d{4}"', {"/year": "25"}),
    ("year: five digits", r'"year"), r"\d{4}"', r'"year"), r"\d{4,5}"', {"/year": "12025"}),
    ("year: of this era", r'"year"), r"\d{4}"', r'"year"), r"(19|20)\d{2}"', {"/year": "1815"}),
    ("year: zero refused", r'"year"), r"\d{4}"', r'"year"), r"[1-9]\d{3}"', {"/year": "0001"}),
    ("year: as a number", r'checks.matching(required(payload, "year"), r"\d{4}")', r'checks.integer(int(checks.text(required(payload, "year"))), 0, 9999)', {"/year": "1"}),
    ("year: characters counted", r'checks.matching(required(payload, "year"), r"\d{4}")', r'checks.text(required(payload, "year"), 4, 4)', {"/year": "abcd"}),
    ("year: isdigit", r'checks.matching(required(payload, "year"), r"\d{4}")', r'checks.integer(1 if checks.text(required(payload, "year"), 4, 4).isdigit() else None)', {"/year": "202²"}),
    ("slug: two hyphens", "(-[a-z0-9]+)*", "(-+[a-z0-9]+)*", {"/slug": "a--b"}),
    ("slug: a hyphen at the end", "[a-z0-9]+(-[a-z0-9]+)*", "[a-z0-9][a-z0-9-]*", {"/slug": "a-"}),
    ("slug: a hyphen at the start", "[a-z0-9]+(-[a-z0-9]+)*", "[a-z0-9-]*[a-z0-9]", {"/slug": "-a"}),
    ("slug: one hyphen", "(-[a-z0-9]+)*", "(-[a-z0-9]+)?", {"/slug": "a-b-c"}),
    ("slug: underscores", "[a-z0-9]+(-[a-z0-9]+)*", "[a-z0-9_]+(-[a-z0-9_]+)*", {"/slug": "a_b"}),
    ("slug: no digits", "[a-z0-9]+(-[a-z0-9]+)*", "[a-z]+(-[a-z]+)*", {"/slug": "a1"}),
    ("slug: empty", "[a-z0-9]+(-[a-z0-9]+)*", "([a-z0-9]+(-[a-z0-9]+)*)?", {"/slug": ""}),
    ("color: three digits refused", "{3}|[0-9a-fA-F]{6})", "{6})", {"/color": "#abc"}),
    ("color: six digits refused", "{3}|[0-9a-fA-F]{6})", "{3})", {"/color": "#abcdef"}),
    ("color: three to six digits", "{3}|[0-9a-fA-F]{6})", "{3,6})", {"/color": "#abcd"}),
    ("color: lower case", "#([0-9a-fA-F]{3}|[0-9a-fA-F]{6})", "#([0-9a-f]{3}|[0-9a-f]{6})", {"/color": "#ABC"}),
    ("color: the letter G", "#([0-9a-fA-F]{3}|", "#([0-9a-gA-G]{3}|", {"/color": "#abg"}),
    ("color: without the sign", "#(", "#?(", {"/color": "abc"}),
    ("word: hyphens", r'"\w+"', r'"[\w-]+"', {"/word": "a-b"}),
    ("word: letters", r'"\w+"', '"[a-zA-Z]+"', {"/word": "a1"}),
    ("word: letters and digits", r'"\w+"', '"[a-zA-Z0-9]+"', {"/word": "_"}),
    ("word: isidentifier", r'checks.matching(required(payload, "word"), r"\w+")', r'checks.integer(1 if checks.matching(required(payload, "word"), r"\w+").isidentifier() else None)', {"/word": "1a"}),
    ("word: empty", r'"\w+"', r'"\w*"', {"/word": ""}),
    ("word: 16 at most", r'"\w+"', r'"\w{1,16}"', {"/word": "a" * 17}),
    ("word: no capitals", r'"\w+"', '"[a-z0-9_]+"', {"/word": "A"}),
    ("phone: isdigit", r'checks.matching(required(payload, "phone"), r"\+[1-9]\d{6,14}")', r'checks.text(payload["phone"], 8, 16) if checks.text(required(payload, "phone"))[:1] == "+" and payload["phone"][1:].isdigit() and payload["phone"][1] != "0" else checks.text(None)', {"/phone": "+4930123456²"}),
    ("phone: sign optional", r"\+[1-9]", r"\+?[1-9]", {"/phone": "49301234567"}),
    ("phone: a leading zero", r"\+[1-9]", r"\+\d", {"/phone": "+09301234567"}),
    ("phone: too short", r"\d{6,14}", r"\d{5,14}", {"/phone": "+123456"}),
    ("phone: too long", r"\d{6,14}", r"\d{6,15}", {"/phone": "+" + "1" * 16}),
    ("phone: shortest refused", r"\d{6,14}", r"\d{7,14}", {"/phone": "+1234567"}),
    ("phone: longest refused", r"\d{6,14}", r"\d{6,13}", {"/phone": "+" + "1" * 15}),
    ("phone: spaces", r"\d{6,14}", r"[\d ]{6,14}", {"/phone": "+1 234567"}),
    ("locale: language alone refused", "(-[A-Z]{2})?", "-[A-Z]{2}", {"/locale": "de"}),
    ("locale: region refused", "(-[A-Z]{2})?", "", {"/locale": "de-DE"}),
    ("locale: underscore", "(-[A-Z]{2})?", "([-_][A-Z]{2})?", {"/locale": "de_DE"}),
    ("locale: language of three letters", "[a-z]{2}(-", "[a-z]{2,3}(-", {"/locale": "deu"}),
    ("hash: any length", "[0-9a-f]{8}", "[0-9a-f]+", {"/hash": "0123abc"}),
    ("hash: digits", "[0-9a-f]{8}", "[0-9]{8}", {"/hash": "0123abcd"}),
    ("hash: letters a to e", "[0-9a-f]{8}", "[0-9a-e]{8}", {"/hash": "ffffffff"}),
    ("hash: int of base 16", 'checks.matching(required(payload, "hash"), "[0-9a-f]{8}")', 'int(checks.text(required(payload, "hash"), 8, 8), 16)', {"/hash": "0x123abc"}),
    ("file: in any letter case", "name.endswith", "name.lower().endswith", {"/file": "a.CSV"}),
    ("file: the suffix anywhere", 'not name.endswith(".csv")', '".csv" not in name', {"/file": "a.csv.exe"}),
    ("file: no point", 'endswith(".csv")', 'endswith("csv")', {"/file": "acsv"}),
    ("file: with a line feed", "name.endswith", "name.rstrip().endswith", {"/file": "a.csv\n"}),
    ("file: the whole name", 'not name.endswith(".csv")', 'not name.endswith(".csv") or name == ".csv"', {"/file": ".csv"}),
    ("file: one point", 'not name.endswith(".csv")', 'name.split(".")[1:] != ["csv"]', {"/file": "a.b.csv"}),
    ("user: the start in any case", "checks.text(value).startswith", "checks.text(value).lower().startswith", {"/user": "USR_1"}),
    ("user: anywhere", 'not checks.text(value).startswith("usr_")', '"usr_" not in checks.text(value)', {"/user": "xusr_"}),
    ("user: no underscore", 'startswith("usr_")', 'startswith("usr")', {"/user": "usr"}),
    ("user: something must follow", 'not checks.text(value).startswith("usr_")', 'not checks.text(value, 5).startswith("usr_")', {"/user": "usr_"}),
    ("user: a word", 'not checks.text(value).startswith("usr_")', 'not checks.matching(value, r"usr_\\w*").startswith("usr_")', {"/user": "usr_-"}),
    ("pair: not at the start", '"=" not in checks.text(value)', 'checks.text(value).find("=") < 1', {"/pair": "=a"}),
    ("pair: split in two", '"=" not in checks.text(value)', "checks.text(value).count('=') != 1", {"/pair": "a=b=c"}),
    ("pair: not checked", '"=" not in checks.text(value)', "checks.text(value) is None", {"/pair": "a"}),
    ("pair: IndexError", '"=" not in checks.text(value)', 'checks.text(value).split("=")[1] is None', {"/pair": "a"}),
    ("code: two letters", "3, 5)", "2, 5)", {"/code": "ab"}),
    ("code: six letters", "3, 5)", "3, 6)", {"/code": "abcdef"}),
    ("code: five refused", "3, 5)", "3, 4)", {"/code": "abcde"}),
    ("code: three refused", "3, 5)", "4, 5)", {"/code": "abc"}),
    ("code: digits", '"[a-z]+"', '"[a-z0-9]+"', {"/code": "ab1"}),
    ("code: pattern not checked", 'checks.matching(value, "[a-z]+")', "value", {"/code": "AB-"}),
    ("title: empty", '"title"), 1, 20', '"title"), 0, 20', {"/title": ""}),
    ("title: 21", '"title"), 1, 20', '"title"), 1, 21', {"/title": "x" * 21}),
    ("title: 20 refused", '"title"), 1, 20', '"title"), 1, 19', {"/title": "x" * 20}),
    _careless("title", "bytes_text", "é" * 20, "text"),
    _careless("title", "utf_16_text", "👍" * 20, "text"),
    _careless("title", "ascii_text", "é", "text"),
    _careless("title", "printable_text", "a\nb", "text"),
    _careless("title", "stripped_text", " ", "text"),
    _careless("title", "any_text", 5, "text"),
    _careless("title", "unchecked_text", ["T"], "text"),
    ("nickname: null", '"nickname" in payload', 'payload.get("nickname") is not None', {"/nickname": None}),
    ("nickname: required", '"nickname" in payload', "True", {"/nickname": GONE}),
    ("nickname: fails if empty", 'checks.text(payload["nickname"]', 'careless.first_letter_text(payload["nickname"]', {"/nickname": ""}),
    ("nickname: empty refused", 'checks.text(payload["nickname"]', 'careless.truthy_text(payload["nickname"]', {"/nickname": ""}),
    # formats
    _careless("id", "library_uuid", "0" * 32, "uuid"),
    _careless("id", "trusted_uuid", 5, "uuid"),
    _careless("id", "short_uuid", "0" * 36, "uuid"),
    _careless("id", "long_uuid", "x" * 36, "uuid"),
    _careless("id", "zero_uuid", "a0000000-0000-4000-8000-000000000000", "uuid"),
    _careless("email", "word_email", "a.b@example.com", "email"),
    _careless("email", "dotted_email", "a@b.example.com", "email"),
    _careless("email", "com_email", "a@example.co", "email"),
    _careless("email", "split_email", "ann", "email"),
    _careless("born", "iso_date", "20250315", "date"),
    _careless("born", "shape_date", "2025-13-01", "date"),
    _careless("born", "days_date", "2025-02-30", "date"),
    _careless("born", "short_month_date", "2025-01-31", "date"),
    _careless("born", "no_leap_date", "2024-02-29", "date"),
    _careless("born", "cut_date", "2025-03-15T14:30:00Z", "date"),
    _careless("born", "slash_date", "03/15/2025", "date"),
    _careless("seen", "iso_date_time", "2025-03-15T14:30:00", "date_time"),
    _careless("seen", "naive_date_time", "2025-03-15T14:30:00", "date_time"),
    _careless("seen", "shape_date_time", "2025-13-15T14:30:00Z", "date_time"),
    _careless("seen", "started_date_time", "2025-03-15T14:30:00Z UTC", "date_time"),
    _careless("seen", "head_date_time", "2025-03-15T14:30:00", "date_time"),
    _careless("seen", "minutes_date_time", "2025-03-15T14:30Z", "date_time"),
    _careless("seen", "date_or_date_time", "2025-03-15", "date_time"),
    _careless("seen", "epoch_date_time", 0, "date_time"),
    _careless("seen", "offset_date_time", "2025-03-15T14:30:00Z", "date_time"),
    _careless("seen", "fraction_date_time", "2025-03-15T14:30:00Z", "date_time"),
    _careless("seen", "whole_date_time", "2025-03-15T14:30:00.5Z", "date_time"),
    _careless("seen", "unicode_date_time", "٢٠25-03-15T14:30:00Z", "date_time"),
    _careless("seen", "quarter_offset_date_time", "2025-03-15T14:30:00+05:30", "date_time"),
]
# fmt: on

SUBJECT = Subject("coded_strings", DOCUMENT, coded_strings, tuple(mutants(STRINGS, ROWS)))
