"""Lines for a shell that feed one body to a command or a service.

The shells of Windows cannot write any bytes to a pipe, so that the lines are Python there.
"""

from __future__ import annotations

import gzip
import os
import re
import shlex
from base64 import b64encode
from collections.abc import Iterable, Mapping

from contractfuzz import platforms
from contractfuzz.running.external.protocol import request_line
from contractfuzz.running.external.services import CONTENT_TYPE
from contractfuzz.running.external.targets import Command, Url
from contractfuzz.text import bytes_literal, printable

MAX_SHELL_BODY_BYTES = 4000
"""Size of a body that is written out in a line. A longer line is hard to paste."""

_SECRET = re.compile(r"auth|cookie|token|secret|password|key|session", re.IGNORECASE)
"""Names of header fields whose values do not belong into reports."""


def command_line(command: Command, body: bytes) -> str | None:
    """Return the line that feeds a body to a command: for bash and POSIX shells, or of Python; None if it would be too long.

    Args:
        command: the command.
        body: the body.

    """
    content = request_line(1, body) if command.persistent else body
    is_elsewhere = command.folder is not None and os.path.realpath(command.folder) != os.path.realpath(os.curdir)
    if platforms.IS_WINDOWS:
        folder = f", cwd={command.folder!r}" if is_elsewhere else ""
        return _line_of_python("subprocess", content, f"subprocess.run({[*command.words]!r}, input=CONTENT{folder})")
    source = _source(content)
    if source is None:
        return None
    line = f"{source} | {shlex.join(command.words)}"
    return f"cd {shlex.quote(str(command.folder))} && {line}" if is_elsewhere else line


def request_command(target: Url, body: bytes, signature: Mapping[str, str]) -> str | None:
    """Return the line that posts a body: with curl, or of Python; None if it would be too long.

    Args:
        target: the service.
        body: the body.
        signature: the header fields that sign the body.

    """
    headers = {name.lower(): (name, value) for name, value in CONTENT_TYPE.items()}
    headers |= {name.lower(): (name, value) for name, value in [*target.headers.items(), *signature.items()]}
    if platforms.IS_WINDOWS:
        values = ", ".join(
            f"{name!r}: {_value(name, value, is_own=name in signature)}" for name, value in headers.values()
        )
        request = f"urllib.request.Request({target.name!r}, CONTENT, {{{values}}})"
        return _line_of_python("os, urllib.request", body, f"print(urllib.request.urlopen({request}).read())")
    source = _source(body)
    if source is None:
        return None
    fields = " ".join(f"-H {_header(name, value, is_own=name in signature)}" for name, value in headers.values())
    return f"{source} | curl -sS -i --data-binary @- {fields} {shlex.quote(target.name)}"


def header_words(headers: Iterable[str]) -> list[str]:
    """Return the values of ``--header`` for a command in a report, without secret values."""
    return [f"{name}: ..." if _SECRET.search(name := field.partition(":")[0]) else field for field in headers]


def _header(name: str, value: str, *, is_own: bool) -> str:
    """Return a header field as a word. A secret is a variable, which the user sets; a signature is not a secret."""
    if _SECRET.search(name) and not is_own:
        return f'"{name}: ${_variable(name)}"'
    return shlex.quote(f"{name}: {value}")


def _value(name: str, value: str, *, is_own: bool) -> str:
    """Return the value of a header field as an expression of Python."""
    return f"os.environ[{_variable(name)!r}]" if _SECRET.search(name) and not is_own else repr(value)


def _variable(name: str) -> str:
    return re.sub(r"[^A-Z0-9]", "_", name.upper())


def _line_of_python(modules: str, content: bytes, expression: str) -> str | None:
    """Return a line of Python that has some bytes in the place of CONTENT; None if it would be too long."""
    literal = bytes_literal(content)
    if len(content) > MAX_SHELL_BODY_BYTES:
        compressed = b64encode(gzip.compress(content, 9, mtime=0)).decode()
        if len(compressed) > MAX_SHELL_BODY_BYTES:
            return None
        modules, literal = f"base64, gzip, {modules}", f"gzip.decompress(base64.b64decode({compressed!r}))"
    before, _, after = expression.partition("CONTENT")
    return f"import {modules}; {printable(before)}{literal}{printable(after)}"


def _source(content: bytes) -> str | None:
    """Return a command that prints some bytes; None if it would be too long."""
    if len(content) <= MAX_SHELL_BODY_BYTES:
        text = _as_text(content.removesuffix(b"\n"))
        if text is not None:
            template = r"%s\n" if content.endswith(b"\n") else "%s"
            return f"printf '{template}' {shlex.quote(text)}"
        return f"echo {b64encode(content).decode()} | base64 -d"
    compressed = b64encode(gzip.compress(content, 9, mtime=0)).decode()
    return f"echo {compressed} | base64 -d | gunzip" if len(compressed) <= MAX_SHELL_BODY_BYTES else None


def _as_text(content: bytes) -> str | None:
    """Return bytes as text that a line can have as it is; None if it cannot."""
    try:
        text = content.decode()
    except UnicodeDecodeError:
        return None
    return text if printable(text) == text else None
