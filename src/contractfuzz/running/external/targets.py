"""Targets that are not Python: a command, and the URL of a service."""

from __future__ import annotations

import os
import re
import shutil
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from contractfuzz import platforms
from contractfuzz.errors import ContractError

Sign = Callable[[bytes], Mapping[str, str]]
"""Takes a body, and returns the header fields that sign it."""

_HEADER_NAME = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")  # token of RFC 9110, section 5.6.2


@dataclass(frozen=True)
class Command:
    """A program that reads bodies, in any language.

    Without ``persistent``, each case gets a process of its own, with the body on standard input. Exit code 0 accepts the body, 1
    rejects it, and any other is a crash. If standard output is one JSON value, this is the result.

    With ``persistent``, one process gets all cases, one JSON object on each line; docs/other-languages.md defines the protocol.

    Attributes:
        command: the program and its arguments, as one text without syntax of a shell, or as words.
        persistent: True for a program that reads many cases.
        folder: the folder to start the program in; None for the current one.
        words: the program and its arguments as words.

    Raises:
        ContractError: the command is empty, or its quotation marks are not balanced.

    Example:
        >>> check(Command("node read.js"), contract)

    """

    command: str | Sequence[str]
    persistent: bool = False
    folder: str | None = None
    words: tuple[str, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        words = _split(self.command) if isinstance(self.command, str) else tuple(self.command)
        if not words or not words[0]:
            raise ContractError("the command is empty: name a program, as in --command 'node read.js'")
        if any("\0" in word for word in words):
            raise ContractError(f"the command {self.name!r} has a NUL character: remove it")
        object.__setattr__(self, "words", words)

    @property
    def name(self) -> str:
        """The command as one text, for reports."""
        if isinstance(self.command, str):
            return self.command
        return platforms.shell_line(self.command)

    @property
    def program_file(self) -> str | None:
        """The path of the program; None if it does not exist or cannot be executed."""
        program = self.words[0]
        return shutil.which(str(Path(self.folder or os.curdir, program).absolute()) if self._has_folder else program)

    @property
    def _has_folder(self) -> bool:
        return bool(os.path.dirname(self.words[0]))  # noqa: PTH120 - "./read" would lose its dot

    def assert_startable(self) -> None:
        """Raise ContractError if the program does not exist or cannot be executed."""
        if self.folder is not None and not Path(self.folder).is_dir():
            raise ContractError(f"{self.name!r} cannot be started: there is no folder {self.folder}")
        if self.program_file is not None:
            return
        program = self.words[0]
        is_file = Path(self.folder or os.curdir, program).is_file()
        if self._has_folder and is_file:
            remedy = "" if platforms.IS_WINDOWS else "make it so with chmod +x, or "
            raise ContractError(
                f"{self.name!r} cannot be started: {program} is not executable; {remedy}name the program that runs it, as in "
                "--command 'node read.js'"
            )
        hint = "name the program that runs it" if is_file else "install it, or correct the name"
        raise ContractError(f"{self.name!r} cannot be started: there is no program {program!r}; {hint}")


@dataclass(frozen=True)
class Url:
    """A running service that takes bodies by POST.

    The status decides: one below 400 accepts the body, one of 400 to 499 rejects it, and a higher one is a crash.

    Attributes:
        url: the URL: ``http://127.0.0.1:8080/webhook``.
        headers: header fields of each request. The content type is ``application/json`` unless they have another one.
        sign: returns more header fields for a body, for signed webhooks; None for none.

    Raises:
        ContractError: the URL or a header field is wrong.

    Example:
        >>> check(Url("http://127.0.0.1:8080/webhook", headers={"Authorization": "Bearer 7"}), contract)

    """

    url: str
    headers: Mapping[str, str] = field(default_factory=dict)
    sign: Sign | None = None

    def __post_init__(self) -> None:
        try:
            parts = urlsplit(self.url)
            is_right = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
        except ValueError:  # the port is not a number, for example
            is_right = False
        if not is_right or not self.url.isprintable() or " " in self.url:
            raise ContractError(
                f"{self.url!r} is not the URL of a service: write one as in http://127.0.0.1:8080/webhook"
            )
        for name, value in self.headers.items():
            check_header(name, value)

    @property
    def name(self) -> str:
        """The URL, for reports, without a password."""
        parts = urlsplit(self.url)
        return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def check_header(name: str, value: str) -> None:
    """Raise ContractError if a header field cannot be sent (RFC 9110, section 5)."""
    is_text = isinstance(name, str) and isinstance(value, str)
    if not is_text or not _HEADER_NAME.fullmatch(name):
        raise ContractError(f"{name!r} is not the name of a header field: write one as in 'X-Signature: 7'")
    if not value.isprintable() or not value.isascii():
        raise ContractError(f"the header field {name} has a character that HTTP does not allow: use printable ASCII")


def parse_header(text: str) -> tuple[str, str]:
    """Return the name and the value of a header field.

    Args:
        text: the field, as in ``X-Signature: 7``.

    Raises:
        ContractError: it is not a header field.

    """
    name, colon, value = text.partition(":")
    if not colon:
        raise ContractError(f"{text!r} is not a header field: write 'NAME: VALUE'")
    check_header(name.strip(), value.strip())
    return name.strip(), value.strip()


def _split(command: str) -> tuple[str, ...]:
    try:
        return platforms.split_command(command)
    except ValueError as error:
        raise ContractError(f"the command {command!r} cannot be split ({str(error).lower()}): correct it") from None
