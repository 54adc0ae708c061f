"""Stack traces of other languages: the line that says what happened, and the place in the user's code."""

from __future__ import annotations

import re
from pathlib import Path

from contractfuzz.running.verdicts.exceptions import (
    MAX_EXCEPTION_CHARACTERS,
    MAX_TRACEBACK_CHARACTERS,
    ExceptionSummary,
)
from contractfuzz.text import one_line, printable, truncate

MAX_SHOWN_LINES = 20
"""Last lines of a trace that a report shows."""

MAX_CAUSE_CHARACTERS = 100
"""Length of a message that groups findings."""

_SUFFIXES = (
    "c|cc|clj|cpp|cs|dart|erl|ex|exs|fs|go|h|java|jl|js|jsx|kt|lua|mjs|cjs|php|pl|pm|py|rb|rs|scala|swift|ts|tsx|zig"
)
_DRIVE = r"(?:(?<![A-Za-z])[A-Za-z]:(?=[\\/]))?"
_PLACE = re.compile(rf"(?P<file>{_DRIVE}[^\s():'\"]*\.(?:{_SUFFIXES}))(?::(?:line )?| on line )(?P<line>\d+)")
_FOLDER = re.compile(r".*[\\/]", re.DOTALL)
_PYTHON_PLACE = re.compile(r'File "(?P<file>[^"]+)", line (?P<line>\d+)')

_RUNTIME = re.compile(
    r"node:|node_modules|/usr/(?:local/)?(?:lib|share)/|/usr/local/go/|/rustc/|\.cargo[\\/]registry|site-packages|<frozen"
    r"|java\.base/|\bat (?:java|jdk|sun|kotlin|scala)\.|com\.fasterxml|[\\/](?:vendor|gems|go[\\/]pkg[\\/]mod)[\\/]"
    r"|[\\/]Program Files|[\\/]Python3\d+[\\/]Lib[\\/]"
)
"""Lines of a stack trace about the runtime or a library, not about the user's code."""

_FAILURE = re.compile(
    r"(?:\b(?:[A-Za-z]\w*)?(?:Error|Exception)\b|\bpanic: |\bpanicked at|\bfatal error\b|\bFatal error\b|^Caused by)"
)
_ERROR_CLASS = re.compile(r"(?:[A-Za-z_]\w*(?:\.|::|\\))*(?P<name>[A-Z]\w*(?:Error|Exception))\b")
_BASE_CLASS = re.compile(r"(?:Uncaught )?(?P<name>Error|Exception):")
_NOISE = re.compile(r"^(?:\s|Node\.js v|note: |goroutine |exit status |\[signal |#\d|Traceback|stack backtrace|\W*$)")

_UNSTABLE = re.compile(r'(?P<address>0x[0-9A-Fa-f]+)|(?P<text>"(?:[^"\\]|\\.)*")|(?P<number>\d+(?:\.\d+)?)')


def summarize(ended: str, output: str, folder: str | None = None) -> ExceptionSummary:
    """Return the summary of a failure of a program.

    The name and the place group findings, so that they have neither the numbers nor the addresses of a single case.

    Args:
        ended: how the program ended, as in ``exit status 2``; empty if it goes on.
        output: what it wrote about its failure: a message, or a stack trace of any language.
        folder: the folder of the program; None for the current one.

    """
    lines = output[-MAX_TRACEBACK_CHARACTERS:].splitlines()
    told = _telling_line(lines)
    file, number = _place_in(lines)
    place = f"{_FOLDER.sub('', file)}:{number}" if file else ""
    found = _ERROR_CLASS.search(told) or _BASE_CLASS.match(told)
    what = found["name"] if found and place else truncate(_stable(told), MAX_CAUSE_CHARACTERS)
    path = Path(folder or "", file) if file else None
    shown = "\n".join(lines[-MAX_SHOWN_LINES:])
    return ExceptionSummary(
        ", ".join(word for word in (ended, what) if word) or "no message",
        printable(one_line(": ".join(word for word in (ended, told) if word), MAX_EXCEPTION_CHARACTERS))
        or "no message",
        place,
        printable(shown, keep="\n"),
        str(path.absolute()) if path is not None and path.is_file() else "",
        number,
    )


def _telling_line(lines: list[str]) -> str:
    """Return the last line that reports a failure, or else the last line that is not part of a stack trace."""
    plain = [(index, line.strip()) for index, line in enumerate(lines) if line.strip() and not _NOISE.match(line)]
    index, told = next(((index, line) for index, line in reversed(plain) if _FAILURE.search(line)), (0, ""))
    if "panicked at" in told and told.endswith(":") and index + 1 < len(lines):  # Rust writes the message below
        return f"panic: {lines[index + 1].strip()}"
    return told or (plain[-1][1] if plain else "")


def _place_in(lines: list[str]) -> tuple[str, int]:
    """Return the file and the line of the user's code that failed; an empty file if no line names one."""
    own = [line for line in lines if not _RUNTIME.search(line)]
    of_python = [found for line in own if (found := _PYTHON_PLACE.search(line))]
    others = (found for line in own if (found := _PLACE.search(line)))
    found = of_python[-1] if of_python else next(others, None)  # Python writes the innermost frame last
    return (found["file"], int(found["line"])) if found else ("", 0)


def _stable(text: str) -> str:
    """Return a message without what differs from case to case: numbers, addresses and quoted parts of a payload."""
    words = {"address": "0x...", "text": '"..."', "number": "N"}
    return printable(_UNSTABLE.sub(lambda match: words[str(match.lastgroup)], " ".join(text.split())))
