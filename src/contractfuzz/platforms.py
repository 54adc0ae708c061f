"""Differences between operating systems: words of shells, and paths."""

from __future__ import annotations

import os
import re
import shlex
import sys
from collections.abc import Iterable

from contractfuzz.text import printable

IS_WINDOWS = sys.platform == "win32"

_PLAIN_WORD = re.compile(r"[\w./\\:@=+,*-]+")
"""Words that cmd.exe and PowerShell read as they are."""


def shell_word(word: str) -> str:
    """Return a word for the shell of this system, in printable characters.

    On POSIX systems, bash and zsh read ``$'...'`` with escapes like those of C. On Windows, the word is for cmd.exe: a quotation
    mark has a backslash, as the C library of Microsoft reads it.

    Args:
        word: any text.

    """
    if IS_WINDOWS:
        return printable(word if _PLAIN_WORD.fullmatch(word) else _double_quoted(word))
    if printable(word) == word:
        return shlex.quote(word)
    escaped = "".join(
        char if char.isascii() and char.isalnum() else "".join(f"\\x{byte:02x}" for byte in os.fsencode(char))
        for char in word
    )
    return f"$'{escaped}'"


def shell_line(words: Iterable[str]) -> str:
    """Return a line for the shell of this system.

    Args:
        words: the command and its arguments.

    """
    return " ".join(map(shell_word, words))


def split_command(command: str) -> tuple[str, ...]:
    r"""Return the words of a command. On Windows, a backslash is part of a path, not an escape.

    Args:
        command: the command, with quotation marks around words that have spaces.

    Raises:
        ValueError: a quotation mark has no partner.

    Example:
        >>> split_command("node 'read orders.js'")
        ('node', 'read orders.js')

    """
    lexer = shlex.shlex(command, posix=True, punctuation_chars=False)
    lexer.whitespace_split, lexer.commenters = True, ""
    if IS_WINDOWS:
        lexer.escape = ""
    return tuple(lexer)


def is_path(text: str) -> bool:
    """Return True if a text has a separator of folders, or a suffix.

    Args:
        text: a name or a path.

    """
    return "." in text or "/" in text or os.sep in text


def relative_path(path: str, start: str) -> str:
    """Return a path relative to a folder, or unchanged if it is on another drive.

    Args:
        path: the path.
        start: the folder.

    """
    try:
        return os.path.relpath(path, start)
    except ValueError:
        return path


def _double_quoted(word: str) -> str:
    # A run of backslashes is doubled before a quotation mark, and only there.
    escaped = re.sub(r'(\\*)(")', r"\1\1\\\2", word)
    return '"' + re.sub(r"(\\+)$", r"\1\1", escaped) + '"'
