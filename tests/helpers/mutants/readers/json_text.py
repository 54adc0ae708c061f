"""Reader of the bytes of a status report, with a JSON parser of its own (RFC 8259)."""

from __future__ import annotations

import re
from typing import Any

from mutants import checks
from mutants.checks import required

STATES = ("new", "in progress", "done")
NUMBER = re.compile(r"-?(0|[1-9]\d*)(\.\d+)?([eE][+-]?\d+)?", re.ASCII)
PLAIN = re.compile(r'[^"\\\x00-\x1f]+')
ESCAPES = {'"': '"', "\\": "\\", "/": "/", "b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t"}
LITERALS = {"true": True, "false": False, "null": None}
SPACE = " \t\n\r"
MAX_DEPTH = 200


class Parser:
    def __init__(self, text: str) -> None:
        self.text, self.index, self.depth = text, 0, 0

    def peek(self) -> str:
        while self.text[self.index : self.index + 1] in tuple(SPACE):
            self.index += 1
        return self.text[self.index : self.index + 1]

    def take(self, character: str) -> None:
        if self.peek() != character:
            raise ValueError(f"{character} expected at {self.index}")
        self.index += 1

    def value(self) -> Any:
        first = self.peek()
        if first == "{":
            return self.nested(self.members)
        if first == "[":
            return self.nested(self.elements)
        if first == '"':
            return self.string()
        for word, value in LITERALS.items():
            if self.text.startswith(word, self.index):
                self.index += len(word)
                return value
        return self.number()

    def nested(self, read: Any) -> Any:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise ValueError("nested too deep")
        result = read()
        self.depth -= 1
        return result

    def members(self) -> dict[str, Any]:
        result: dict[str, Any] = {}
        self.take("{")
        if self.peek() == "}":
            self.index += 1
            return result
        while True:
            self.peek()
            name = self.string()
            self.take(":")
            result[name] = self.value()
            if self.peek() == "}":
                self.index += 1
                return result
            self.take(",")

    def elements(self) -> list[Any]:
        result: list[Any] = []
        self.take("[")
        if self.peek() == "]":
            self.index += 1
            return result
        while True:
            result.append(self.value())
            if self.peek() == "]":
                self.index += 1
                return result
            self.take(",")

    def string(self) -> str:
        if not self.text.startswith('"', self.index):
            raise ValueError(f"a string expected at {self.index}")
        self.index += 1
        parts = []
        while not self.text.startswith('"', self.index):
            plain = PLAIN.match(self.text, self.index)
            if plain:
                self.index = plain.end()
                parts.append(plain[0])
            elif self.text.startswith("\\", self.index):
                parts.append(self.escape())
            else:
                raise ValueError(f"a string that is not closed at {self.index}")
        self.index += 1
        return "".join(parts)

    def escape(self) -> str:
        letter = self.text[self.index + 1 : self.index + 2]
        self.index += 2
        if letter in ESCAPES:
            return ESCAPES[letter]
        if letter != "u":
            raise ValueError(f"no escape at {self.index}")
        code = self.unit()
        if 0xD800 <= code < 0xDC00 and self.text.startswith("\\u", self.index):
            start = self.index
            self.index += 2
            low = self.unit()
            if 0xDC00 <= low < 0xE000:
                return chr(0x10000 + (code - 0xD800) * 0x400 + low - 0xDC00)
            self.index = start
        return chr(code)

    def unit(self) -> int:
        digits = self.text[self.index : self.index + 4]
        if not re.fullmatch("[0-9a-fA-F]{4}", digits):
            raise ValueError(f"no escape at {self.index}")
        self.index += 4
        return int(digits, 16)

    def number(self) -> int | float:
        found = NUMBER.match(self.text, self.index)
        if not found:
            raise ValueError(f"a value expected at {self.index}")
        self.index = found.end()
        if found[2] or found[3]:
            return float(found[0])
        return int(found[0])


def parse(text: str) -> Any:
    parser = Parser(text)
    value = parser.value()
    if parser.peek():
        raise ValueError(f"text after the value at {parser.index}")
    return value


def read_task(task: Any) -> dict[str, Any]:
    checks.record(task)
    return {
        "name": checks.text(required(task, "name"), 1, 12),
        "done": checks.flag(required(task, "done")),
        "hours": checks.number(task["hours"], 0, 1000) if "hours" in task else 0,
    }


def read(body: bytes) -> dict[str, Any]:
    text = body.decode()
    report = checks.record(parse(text))
    note = required(report, "note")
    return {
        "status": checks.one_of(required(report, "status"), STATES),
        "count": checks.integer(required(report, "count"), -1000, 1000),
        "ratio": checks.number(required(report, "ratio")),
        "note": None if note is None else checks.text(note, 0, 40),
        "tags": [checks.text(tag) for tag in checks.items(required(report, "tags"), 0, 8)],
        "tasks": [read_task(task) for task in checks.items(required(report, "tasks"))],
    }
