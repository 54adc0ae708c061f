"""Reproductions: a line of Python or of a shell, or a command, that calls a consumer with a case in a new process."""

from __future__ import annotations

import re
import zlib
from base64 import b64encode
from collections.abc import Iterable, Sequence

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.platforms import shell_line
from contractfuzz.running.adapters.targets import import_path, missing_folders
from contractfuzz.running.consumer import Consumer
from contractfuzz.text import bytes_literal, printable

MAX_REPRODUCTION_BYTES = 4000
"""Size of a body that is written out in a line of Python. A longer line is hard to paste."""

_PLACEHOLDER = re.compile(r"\b(?:NAME|ARGUMENT)\b")


def reproduce(consumer: Consumer, case: Case, command: Sequence[str]) -> str:
    """Return a line of Python that calls the consumer with the case, or a line of a shell or a command that does.

    The line runs in a new interpreter that is started in the current folder. Only a consumer that cannot be imported, such as a
    lambda, must be defined before.

    Args:
        consumer: the consumer.
        case: the case. A body that is too long for a line is compressed, or left to the command.
        command: the words of a command that feeds the cases of the contract to the consumer; empty if there is none.

    """
    is_short = len(case.body) <= MAX_REPRODUCTION_BYTES
    if consumer.shell_line is not None and (line := consumer.shell_line(case)) is not None:
        return line
    if consumer.shell_line is None and is_short:
        return _line(consumer, case, _argument(consumer, case))
    if command and case.label is not None:
        return shell_line([*command, "--only", case.label])
    compressed = "" if consumer.shell_line is not None else b64encode(zlib.compress(case.body, 9)).decode()
    if compressed and len(compressed) <= MAX_REPRODUCTION_BYTES:
        body = f"zlib.decompress(base64.b64decode({compressed!r}))"
        argument = {"object": f"json.loads({body})", "text": f"{body}.decode()"}.get(consumer.feed, body)
        return _line(consumer, case, argument, ["base64", "zlib"])
    if command:
        return shell_line(command)
    name = consumer.name if consumer.shell_line is not None else consumer.name.partition(" ")[0]
    return f"call {name} with finding.case.body, which has {len(case.body):,} bytes"


def _argument(consumer: Consumer, case: Case) -> str:
    text = repr(case.body.decode(errors="replace"))
    if consumer.feed == "object":
        return f"json.loads({text})"
    if consumer.feed == "text":
        return text
    as_bytes = case.payload is ABSENT or case.body.isascii()
    return bytes_literal(case.body) if as_bytes else f"{text}.encode()"


def _line(consumer: Consumer, case: Case, argument: str, more_imports: Iterable[str] = ()) -> str:
    module, name = import_path(consumer.name)
    expression = consumer.expression if consumer.expression_of is None else consumer.expression_of(case)
    imports = [consumer.imports] if consumer.imports else []
    if consumer.was_awaited() and "NAME(ARGUMENT)" in expression:
        # run() takes coroutines only, and wait_for() every awaitable.
        expression = expression.replace("NAME(ARGUMENT)", "asyncio.run(asyncio.wait_for(NAME(ARGUMENT), None))")
        imports.insert(0, "asyncio")
    imports += more_imports
    imports += ["json"] if consumer.feed == "object" else []
    can_be_imported = bool(module) and "<" not in name  # a lambda or an inner function cannot be imported
    folders = missing_folders([*([module] if can_be_imported else []), *_modules(imports)])
    line = f"import sys; sys.path[:0] = {folders!r}; " if folders else ""
    line += f"import {', '.join(imports)}; " if imports else ""
    callee = name.rpartition(">.")[2]
    callee = callee if "<" not in callee else "consumer"
    if can_be_imported:
        first, dot, rest = name.partition(".")
        # The name must not replace a module that the line needs.
        alias = "consumer" if first in {"sys", *_bound_names(imports)} else first
        line += f"from {module} import {first}{'' if alias == first else f' as {alias}'}; "
        callee = f"{alias}{dot}{rest}"
    # One pass, because the callee and the argument may contain any words.
    words = {"NAME": callee, "ARGUMENT": argument}
    # Escapes of strings are Python's, so the line is printable and works as it is printed.
    return printable(line) + printable(_PLACEHOLDER.sub(lambda match: words[match[0]], expression))


def _modules(imports: Iterable[str]) -> list[str]:
    """Return the modules of the clauses of ``import`` statements."""
    return [clause.split()[0] for text in imports for clause in text.split(",")]


def _bound_names(imports: Iterable[str]) -> set[str]:
    """Return the names that the clauses of ``import`` statements bind."""
    return {clause.split()[-1].partition(".")[0] for text in imports for clause in text.split(",")}
