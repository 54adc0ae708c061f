"""Mutants of the reader with a JSON parser of its own."""

from __future__ import annotations

import json
from typing import Any

from mutants.mutant import Subject, mutants
from mutants.readers import json_text

DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "status": {"type": "string", "enum": ["new", "in progress", "done"]},
        "count": {"type": "integer", "minimum": -1000, "maximum": 1000},
        "ratio": {"type": "number"},
        "note": {"anyOf": [{"type": "string", "maxLength": 40}, {"type": "null"}]},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 8},
        "tasks": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "name": {"type": "string", "minLength": 1, "maxLength": 12},
                    "done": {"type": "boolean"},
                    "hours": {"type": "number", "minimum": 0, "maximum": 1000},
                },
                "required": ["name", "done"],
            },
        },
    },
    "required": ["status", "count", "ratio", "note", "tags", "tasks"],
}

REPORT: dict[str, Any] = {
    "status": "in progress",
    "count": 12,
    "ratio": 0.25,
    "note": "n",
    "tags": ["a", "b"],
    "tasks": [{"name": "t", "done": True, "hours": 1.5}, {"name": "u", "done": False}],
}
TEXT = json.dumps(REPORT, separators=(",", ":"))


def _written(old: str, new: str | bytes) -> bytes:
    """Return the compact body with another spelling of one part."""
    assert TEXT.count(old) == 1, old
    return TEXT.encode().replace(old.encode(), new if isinstance(new, bytes) else new.encode())


SPACED = json.dumps(REPORT, separators=(" , ", " : ")).encode()
INDENTED = json.dumps(REPORT, indent="\t").encode()

# fmt: off
ROWS = [
    # white space
    ("space: spaces only", r'SPACE = " \t\n\r"', 'SPACE = " "', INDENTED),
    ("space: no tabs", r'SPACE = " \t\n\r"', r'SPACE = " \n\r"', INDENTED),
    ("space: no carriage returns", r'SPACE = " \t\n\r"', r'SPACE = " \t\n"', INDENTED.replace(b"\n", b"\r\n")),
    ("space: none", r'SPACE = " \t\n\r"', 'SPACE = "\\x00"', SPACED),
    ("space: form feeds", r'SPACE = " \t\n\r"', r'SPACE = " \t\n\r\f"', TEXT.encode() + b"\f"),
    ("space: vertical tabs", r'SPACE = " \t\n\r"', r'SPACE = " \t\n\r\v"', TEXT.encode() + b"\v"),
    ("space: non-breaking spaces", r'SPACE = " \t\n\r"', r'SPACE = " \t\n\r\xa0"', _written('"count":', '"count":\xa0')),
    ("space: all of Unicode", "self.text[self.index : self.index + 1] in tuple(SPACE)", "self.text[self.index : self.index + 1].isspace()", _written('"count":', '"count":\u2003')),
    ("space: text stripped", "    parser = Parser(text)", "    parser = Parser(text.strip())", TEXT.encode() + b"\x0c"),
    ("space: none at the end", "    if parser.peek():", "    if parser.index < len(parser.text):", TEXT.encode() + b"\n"),
    ("space: one line feed at the end", "    if parser.peek():", '    if parser.text[parser.index:] not in ("", "\\n"):', TEXT.encode() + b"\r\n"),
    ("space: none at the start", "    parser = Parser(text)", "    parser = Parser(text)\n    checks.matching(text[:1], r'\\S')", b" " + TEXT.encode()),
    ("space: none before a colon", 'self.take(":")', 'checks.matching(self.text[self.index : self.index + 1], ":")\n            self.take(":")', SPACED),
    ("space: none in an empty array", 'if self.peek() == "]":\n            self.index += 1\n            return result\n        while True:\n            result.append', 'if self.text.startswith("]", self.index):\n            self.index += 1\n            return result\n        while True:\n            result.append', _written('["a","b"]', "[ ]")),
    ("space: none before a name", "            self.peek()\n            name", "            name", SPACED),
    ("space: a byte order mark anywhere", r'SPACE = " \t\n\r"', r'SPACE = " \t\n\r\ufeff"', _written('"count":', '"count":\ufeff')),
    ("space: a word joiner", r'SPACE = " \t\n\r"', r'SPACE = " \t\n\r\u2060"', _written('"count":', '"count":\u2060')),
    ("space: NUL at the end", "    parser = Parser(text)", '    parser = Parser(text.rstrip("\\0"))', TEXT.encode() + b"\0"),
    ("space: removed everywhere", "    parser = Parser(text)", '    parser = Parser(text.replace(" ", ""))', TEXT.encode()),
    # structure
    ("comma: at the end of an object", "            self.take(\",\")\n\n    def elements", "            self.take(\",\")\n            if self.peek() == \"}\":\n                self.index += 1\n                return result\n\n    def elements", TEXT[:-1].encode() + b",}"),
    ("comma: at the end of an array", "            self.take(\",\")\n\n    def string", "            self.take(\",\")\n            if self.peek() == \"]\":\n                self.index += 1\n                return result\n\n    def string", _written('["a","b"]', '["a","b",]')),
    ("comma: optional in an object", "            self.take(\",\")\n\n    def elements", "            if self.peek() == \",\":\n                self.take(\",\")\n\n    def elements", _written(',"count"', '"count"')),
    ("comma: optional in an array", "            self.take(\",\")\n\n    def string", "            if self.peek() == \",\":\n                self.take(\",\")\n\n    def string", _written('["a","b"]', '["a" "b"]')),
    ("comma: several", "            self.take(\",\")\n\n    def string", "            self.take(\",\")\n            while self.peek() == \",\":\n                self.take(\",\")\n\n    def string", _written('["a","b"]', '["a",,"b"]')),
    ("comma: at the start of an array", '        self.take("[")\n', '        self.take("[")\n        if self.peek() == ",":\n            self.take(",")\n', _written('["a","b"]', '[,"a","b"]')),
    ("comma: a semicolon", "            self.take(\",\")\n\n    def elements", "            self.take(\";\" if self.peek() == \";\" else \",\")\n\n    def elements", _written(',"count"', ';"count"')),
    ("colon: an equals sign", 'self.take(":")', 'self.take("=" if self.peek() == "=" else ":")', _written('"count":', '"count"=')),
    ("colon: optional", 'self.take(":")', 'self.index += self.peek() == ":"', _written('"count":', '"count" ')),
    ("bracket: any closes an array", 'if self.peek() == "]":\n                self.index += 1\n                return result\n            self.take(",")\n\n    def string', 'if self.peek() in ("]", "}"):\n                self.index += 1\n                return result\n            self.take(",")\n\n    def string', _written('["a","b"]', '["a","b"}')),
    ("bracket: the last may be missing", 'if self.peek() == "}":\n                self.index += 1\n                return result\n            self.take(",")', 'if self.peek() in ("}", ""):\n                self.index += 1\n                return result\n            self.take(",")', TEXT[:-1].encode()),
    ("bracket: an extra one ignored", "    if parser.peek():", '    if parser.peek().strip("]}"):', TEXT.encode() + b"}"),
    ("end: text after the value ignored", "    if parser.peek():", "    if False:", TEXT.encode() + b"x"),
    ("end: a second value ignored", "    if parser.peek():", '    if parser.peek() not in ("", "{"):', TEXT.encode() * 2),
    ("end: IndexError", "return self.text[self.index : self.index + 1]\n", "return self.text[self.index]\n", b""),
    ("end: IndexError in a string", "            elif self.text.startswith(\"\\\\\", self.index):", "            elif self.text[self.index] == \"\\\\\":", b'{"a'),
    ("end: KeyError in an escape", 'if letter != "u":\n            raise ValueError(f"no escape at {self.index}")', 'if letter != "u":\n            return ESCAPES[letter]', b'{"\\'),
    ("end: an empty body", "    report = checks.record(parse(text))", "    report = checks.record(parse(text)) if text else {'status': 'new', 'count': 0, 'ratio': 0, 'note': None, 'tags': [], 'tasks': []}", b""),
    ("depth: not limited", "MAX_DEPTH = 200", "MAX_DEPTH = 10**9", b"[" * 100_000),
    ("depth: two levels", "MAX_DEPTH = 200", "MAX_DEPTH = 2", TEXT.encode()),
    # strings
    ("string: control characters", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[^"\\]+'""", _written('"n"', '"a\x01b"')),
    ("string: line feeds", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[^"\\\x00-\x09\x0b-\x1f]+'""", _written('"n"', '"a\nb"')),
    ("string: tabs", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[^"\\\x00-\x08\x0a-\x1f]+'""", _written('"n"', '"a\tb"')),
    ("string: ASCII", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[ !#-\[\]-~]+'""", _written('"n"', '"é"')),
    ("string: Latin-1", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[ !#-\[\]-\xff]+'""", _written('"n"', '"€"')),
    ("string: the basic plane", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[ !#-\[\]-\uffff]+'""", _written('"n"', '"👍"')),
    ("string: words and spaces", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[\w \-.,:;!?]+'""", _written('"n"', '"<b>"')),
    ("string: no slash", r"""r'[^"\\\x00-\x1f]+'""", r"""r'[^"\\/\x00-\x1f]+'""", _written('"n"', '"a/b"')),
    ("string: single quotes", "    parser = Parser(text)", "    parser = Parser(re.sub(\"'(\\\\w*)'\", r'\"\\1\"', text))", _written('"n"', "'n'")),
    ("string: names without quotes", "            name = self.string()", '            word = re.compile(r"[a-z]\\w*").match(self.text, self.index)\n            self.index = word.end() if word else self.index\n            name = word[0] if word else self.string()', _written('"count"', "count")),
    ("string: names are words", "            name = self.string()", "            name = checks.matching(self.string(), r'[\\w ]*')", _written('"done":false', '"done":false,"a-b":1')),
    ("string: names not escaped", "            name = self.string()", "            name = self.string()\n            if '\\\\' in self.text[max(0, self.index - len(name) - 12) : self.index - 1].rpartition('\"')[2]:\n                raise ValueError(name)", _written('"count"', '"c\\u006funt"')),
    ("string: ends at the first quote", "        parts = []\n", "        parts = []\n        if self.text[self.index : self.text.find('\"', self.index)].endswith('\\\\'):\n            raise ValueError('a backslash')\n", _written('"n"', '"a\\"b"')),
    # escapes
    ("escape: no slash", '"/": "/", ', "", _written('"n"', '"a\\/b"')),
    ("escape: no carriage return", '"r": "\\r", ', "", _written('"n"', '"\\r"')),
    ("escape: no tab", ', "t": "\\t"}', "}", _written('"n"', '"\\t"')),
    ("escape: a vertical tab", ', "t": "\\t"}', ', "t": "\\t", "v": "\\v"}', _written('"n"', '"\\v"')),
    ("escape: an apostrophe", ', "t": "\\t"}', ', "t": "\\t", "\'": "\'"}', _written('"n"', '"\\\'"')),
    ("escape: a zero", ', "t": "\\t"}', ', "t": "\\t", "0": "\\0"}', _written('"n"', '"\\0"')),
    ("escape: any letter", 'if letter != "u":\n            raise ValueError(f"no escape at {self.index}")', 'if letter != "u":\n            return letter', _written('"n"', '"\\x41"')),
    ("escape: a line feed", ', "t": "\\t"}', ', "t": "\\t", "\\n": ""}', _written('"n"', '"a\\\nb"')),
    ("escape: of a capital U", 'if letter != "u":', 'if letter not in ("u", "U"):', _written('"n"', '"\\U0041"')),
    ("escape: hexadecimal x", 'if letter != "u":', 'if letter == "x":\n            self.index += 2\n            return chr(int(self.text[self.index - 2 : self.index], 16))\n        if letter != "u":', _written('"n"', '"\\x41"')),
    ("escape: digits in lower case", "[0-9a-fA-F]{4}", "[0-9a-f]{4}", _written('"n"', '"\\u00E9"')),
    ("escape: digits in upper case", "[0-9a-fA-F]{4}", "[0-9A-F]{4}", _written('"n"', '"\\u00e9"')),
    ("escape: read by int", 'if not re.fullmatch("[0-9a-fA-F]{4}", digits):', "if len(digits) != 4:", _written('"n"', '"\\u+041"')),
    ("escape: too few digits", 'digits = self.text[self.index : self.index + 4]\n        if not re.fullmatch("[0-9a-fA-F]{4}", digits):\n            raise ValueError(f"no escape at {self.index}")\n        self.index += 4', 'digits = re.compile("[0-9a-fA-F]{1,4}").match(self.text, self.index)\n        if not digits:\n            raise ValueError("no escape")\n        self.index = digits.end()\n        digits = digits[0]', _written('"n"', '"\\u41"')),
    ("escape: of ASCII only", "        return chr(code)", "        return checks.text(chr(code) if code < 128 else None)", _written('"n"', '"\\u00e9"')),
    ("escape: of a control character refused", "        return chr(code)", "        return checks.text(chr(code) if code > 31 else None)", _written('"n"', '"\\u000a"')),
    ("escape: pairs counted as two", "        code = self.unit()\n", "        return chr(self.unit())\n        code = self.unit()\n", _written('"t"', '"' + "\\ud83d\\udc4d" * 12 + '"')),
    ("escape: pairs refused", "        code = self.unit()\n", "        code = self.unit()\n        checks.number(code, 0, 0xD7FF) if code < 0xE000 else 0\n", _written('"n"', '"\\ud83d\\udc4d"')),
    ("escape: fails on a lone surrogate", "            self.index = start\n        return chr(code)", "            self.index = start\n        return {unit: chr(unit) for unit in (code,) if not 0xD800 <= unit < 0xE000}[code]", _written('"n"', '"\\ud800"')),
    ("escape: none", 'elif self.text.startswith("\\\\", self.index):', 'elif self.text.startswith("\\\\ ", self.index):', _written('"n"', '"\\n"')),
    # numbers
    ("number: leading zeros", r"-?(0|[1-9]\d*)(", r"-?(\d+)(", _written('"count":12', '"count":012')),
    ("number: zero refused", r"-?(0|[1-9]\d*)(", r"-?([1-9]\d*)(", _written('"count":12', '"count":0')),
    ("number: a plus sign", r"-?(0|", r"[+-]?(0|", _written('"count":12', '"count":+12')),
    ("number: no sign", r"-?(0|", r"(0|", _written('"count":12', '"count":-12')),
    ("number: no digit before the point", r"-?(0|[1-9]\d*)(\.\d+)?", r"-?(0|[1-9]\d*|(?=\.\d))(\.\d+)?", _written("0.25", ".25")),
    ("number: no digit after the point", r"(\.\d+)?", r"(\.\d*)?", _written("0.25", "2.")),
    ("number: no fraction", r"(\.\d+)?", "()?", TEXT.encode()),
    ("number: no exponent", r"([eE][+-]?\d+)?", "()?", _written("0.25", "25e-2")),
    ("number: exponent in lower case", "[eE]", "[e]", _written("0.25", "25E-2")),
    ("number: exponent in upper case", "[eE]", "[E]", _written("0.25", "25e-2")),
    ("number: exponent without a plus sign", r"[eE][+-]?\d+", r"[eE]-?\d+", _written("0.25", "25e+2")),
    ("number: exponent without a sign", r"[eE][+-]?\d+", r"[eE]\d+", _written("0.25", "25e-2")),
    ("number: exponent of one digit", r"[eE][+-]?\d+", r"[eE][+-]?\d", _written("0.25", "25e-12")),
    ("number: other digits", '?", re.ASCII)\nPLAIN', '?")\nPLAIN', _written('"count":12', '"count":1٣')),
    ("number: 2^31 and more refused", "return int(found[0])", "return careless.int_32(int(found[0]))", _written("0.25", "4294967296")),
    ("number: nine digits", r"[1-9]\d*)(\.", r"[1-9]\d{0,8})(\.", _written("0.25", "12345678901")),
    ("number: fifteen decimals", r"(\.\d+)?", r"(\.\d{1,15})?", _written("0.25", "0.30000000000000004")),
    ("number: fails if huge", "return float(found[0])", "return float(found[0]) + int(float(found[0])) * 0", _written("0.25", "1e400")),
    ("number: fails if tiny", "return float(found[0])", "return 1 / float(found[0]) * 0 or float(found[0])", _written("0.25", "1e-999")),
    ("number: fails on a negative zero", "return int(found[0])", "return int(found[0]) if found[0] != '-0' else 1 // int(found[0])", _written('"count":12', '"count":-0')),
    ("number: integers as floats", "return int(found[0])", "return float(found[0])", TEXT.encode()),
    ("number: a hexadecimal one", "return int(found[0])", "if self.text[self.index : self.index + 1] == \"x\":\n            self.index += 3\n        return int(found[0])", _written('"count":12', '"count":0x1F')),
    ("number: an underscore", r"[1-9]\d*)(\.", r"[1-9][\d_]*)(\.", _written('"count":12', '"count":1_2')),
    ("number: a quoted one", "return self.string()\n        for", "return (lambda text: int(text) if text.isdecimal() and len(text) < 3 else text)(self.string())\n        for", _written('"count":12', '"count":"12"')),
    ("number: words", "LITERALS = {", 'LITERALS = {"Inf": 1, ', _written("0.25", "Inf")),
    ("number: words in lower case", "LITERALS = {", 'LITERALS = {"nan": 1, "infinity": 1, ', _written("0.25", "nan")),
    # literals
    ("literal: Python's", "LITERALS = {", 'LITERALS = {"True": True, "False": False, "None": None, ', _written('"done":false', '"done":False')),
    ("literal: in upper case", "LITERALS = {", 'LITERALS = {"TRUE": True, "NULL": None, ', _written('"done":false', '"done":TRUE')),
    ("literal: undefined", "LITERALS = {", 'LITERALS = {"undefined": None, ', _written('"n"', "undefined")),
    ("literal: the first letter decides", 'for word, value in LITERALS.items():\n            if self.text.startswith(word, self.index):', 'for word, value in LITERALS.items():\n            if first == word[0]:', _written('"done":false', '"done":fxxxx')),
    ("literal: null forgotten", ', "null": None}', "}", _written('"n"', "null")),
    ("literal: nil", "LITERALS = {", 'LITERALS = {"nil": None, ', _written('"n"', "nil")),
    # comments and encodings
    ("comment: blocks", "    parser = Parser(text)", '    parser = Parser(re.sub(r"/\\*.*?\\*/", "", text))', _written('"count":', '"count":/* c */')),
    ("comment: lines", "    parser = Parser(text)", '    parser = Parser(re.sub(r"//.*\\n", "", text))', _written('"count":', '"count":// c\n')),
    ("comment: numbers signs", "    parser = Parser(text)", '    parser = Parser(re.sub(r"#.*\\n", "", text))', _written('"count":', '"count":# c\n')),
    ("comment: in strings, too", "    parser = Parser(text)", '    parser = Parser(re.sub(r"//.*", "", text))', _written('"n"', '"https://a"')),
    ("encoding: replaced", "body.decode()", 'body.decode(errors="replace")', _written('"n"', b'"\xff"')),
    ("encoding: ignored", "body.decode()", 'body.decode(errors="ignore")', _written('"n"', b'"\xe2\x82"')),
    ("encoding: Latin-1", "body.decode()", 'body.decode("latin-1")', _written('"n"', b'"\xc0\xaf"')),
    ("encoding: ASCII", "body.decode()", 'body.decode("ascii")', _written('"n"', '"é"')),
    ("encoding: Windows-1252", "body.decode()", 'body.decode("cp1252")', _written('"n"', b'"\xe9"')),
    ("encoding: Latin-1 as a fallback", "    text = body.decode()", "    try:\n        text = body.decode()\n    except UnicodeDecodeError:\n        text = body.decode('latin-1')", _written('"n"', b'"\xe9"')),
    ("encoding: gzip", "    text = body.decode()", "    text = (__import__('gzip').decompress(body) if body[:2] == b'\\x1f\\x8b' else body).decode()", __import__("gzip").compress(TEXT.encode())),
    # the text searched
    ("search: status with a space", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    checks.integer(text.count('\"status\": '), 1)", TEXT.encode()),
    ("search: status without a space", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    checks.integer(text.count('\"status\":'), 1)", SPACED),
    ("search: a literal by its name", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    if report.get('tasks') and not re.search('\"done\":(true|false)', text):\n        raise ValueError", SPACED),
    ("search: count by a regular expression", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    checks.integer(len(re.findall(r'\"count\":-?[0-9]+', text)), 1)", SPACED),
    ("search: names in order", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    if list(report)[:1] != ['status']:\n        raise ValueError('status first')", json.dumps(dict(reversed(REPORT.items()))).encode()),
    ("search: status by its text", 'required(report, "status")', 'str(required(report, "status")) if f\'"{report["status"]}"\' in text else None', _written('"in progress"', '"in\\u0020progress"')),
    ("search: opening brace at the start", "    report = checks.record(parse(text))", "    report = checks.record(parse(text)) if text.startswith('{') else checks.record(None)", b"\n" + TEXT.encode()),
    ("search: closing brace at the end", "    report = checks.record(parse(text))", "    report = checks.record(parse(text)) if text.endswith('}') else checks.record(None)", TEXT.encode() + b"\n"),
    ("search: a single line", "    report = checks.record(parse(text))", "    report = checks.record(parse(text)) if len(text.splitlines()) == 1 else checks.record(None)", INDENTED),
    ("search: names once", "    report = checks.record(parse(text))", "    report = checks.record(parse(text))\n    text.replace('\"count\"', '', 1).index('\"count\"') if text.count('\"count\"') > 1 and False else text.index('\"count\"')", _written('"count"', '"c\\u006funt"')),
    # the report
    ("report: note never null", "None if note is None else", "", _written('"n"', "null")),
    ("report: count true", "checks.integer(required(report", "careless.boolean_integer(required(report", _written('"count":12', '"count":true')),
    ("report: the first tag checked", "for tag in checks.items(required(report, \"tags\"), 0, 8)]", "for tag in checks.items(required(report, \"tags\"), 0, 8)[:1]]", _written('["a","b"]', '["a",1]')),
    ("report: hours required", '"hours" in task', "True", TEXT.encode()),
    ("report: ratio an integer", 'checks.number(required(report, "ratio"))', 'checks.integer(required(report, "ratio"))', TEXT.encode()),
]
# fmt: on

SUBJECT = Subject("json_text", DOCUMENT, json_text, tuple(mutants(REPORT, ROWS)))
