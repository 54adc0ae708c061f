"""Text for messages: printable, on one line, of limited length."""

from __future__ import annotations

import difflib
import json
import re
from collections.abc import Iterable, Sequence
from typing import Any

ELLIPSIS = "..."

_CI_COMMANDS = re.compile(r"(?m:^)(?P<space>[^\S\n]*)(?P<colon>:)(?=:)|(?P<hash>#)(?=#[A-Za-z]*\[)")
"""Texts that CI services obey in a log. GitHub Actions obeys a line that starts with ``::``, after any white space, and ``##[``
anywhere in a line; Azure Pipelines obeys ``##vso[`` and TeamCity ``##teamcity[``."""


_CI_COMMAND_IN_BYTES = re.compile(r"#(?=#[A-Za-z]*\[)")
"""Number sign that ``printable`` escapes."""

_WORDS = re.compile(r"\s*\S+")
_LABEL_PARTS = re.compile(r"[^/:.,]*[/:.,]*")
"""Parts of a label: a name with the punctuation after it."""


def printable(text: str, keep: str = "") -> str:
    r"""Return text with JSON escapes for all characters that a terminal cannot print, and that start a command of a CI service.

    Text that is already printable is not changed, so it does no harm to call this function twice.

    Args:
        text: any text, for example from a document, a payload or an exception.
        keep: characters that are not escaped, for example a line break.

    Example:
        >>> printable("a\x1b[31m")
        'a\\u001b[31m'
        >>> printable("::error::a")
        '\\u003a:error::a'

    """
    if not text.isprintable():
        text = "".join(c if c.isprintable() or c in keep else json.dumps(c)[1:-1] for c in text)
    # Most texts have neither, and these tests are much faster than the regular expression.
    return _CI_COMMANDS.sub(_escape_command, text) if "::" in text or "##" in text else text


def _escape_command(match: re.Match[str]) -> str:
    return "\\u0023" if match["hash"] else match["space"] + "\\u003a"


def bytes_literal(body: bytes) -> str:
    """Return a literal of Python that ``printable`` does not change: in bytes, its escapes would be other bytes."""
    return _CI_COMMAND_IN_BYTES.sub(r"\\x23", repr(body))


def json_escaped(text: str) -> str:
    r"""Return JSON text in ASCII: other characters are JSON escapes.

    Args:
        text: the JSON text.

    Example:
        >>> json_escaped('"\u00e9"')
        '"\\u00e9"'

    """
    return text if text.isascii() else "".join(c if c.isascii() else json.dumps(c)[1:-1] for c in text)


def json_texts(values: Sequence[Any]) -> str:
    """Return the only one of some JSON values as text, or several as an array of them; see ``json_text``."""
    return json_text(values[0] if len(values) == 1 else list(values))


def json_text(value: Any) -> str:
    """Return a JSON value as indented text that ends in a line break, for files and terminals.

    Strings contain letters of every language as they are, and escapes for what ``printable`` escapes. A value that is nested too
    deep to be indented is written on one line.

    Args:
        value: the JSON value.

    """
    try:
        text = json.dumps(value, indent=2, ensure_ascii=False)
    except RecursionError:
        text = json.dumps(value, ensure_ascii=False)
    return printable(text, keep="\n") + "\n"


def truncate(text: str, limit: int) -> str:
    """Return text shortened to a number of characters.

    Args:
        text: any text.
        limit: the maximum length in characters, at least 0. A longer text is cut and ends in ``...``.

    """
    return text if len(text) <= limit else (text[: max(limit - len(ELLIPSIS), 0)] + ELLIPSIS)[:limit]


def one_line(text: str, limit: int) -> str:
    """Return text on one line: each run of white space becomes one space.

    Args:
        text: any text.
        limit: the maximum length in characters, as in ``truncate``.

    """
    return truncate(" ".join(text.split()), limit)


def wrap_words(text: str, width: int) -> list[str]:
    """Return a text in lines that are broken at spaces, and within long labels after punctuation, never within a word.

    Args:
        text: the text, on one line.
        width: the maximum length of a line in characters. A single word that is longer has a line of its own. A word that
            starts with ``::`` stays on the line before it, because CI services obey a line that starts so.

    Returns:
        At least one line. Only the first may start with spaces.

    """
    if len(text) <= width:
        return [text]
    lines = [""]
    for word in _WORDS.findall(text):
        parts = [word] if len(word.lstrip()) <= width else [part for part in _LABEL_PARTS.findall(word) if part]
        for part in parts:
            is_too_long = len(lines[-1]) + len(part) > width
            if is_too_long and lines[-1].strip() and not part.lstrip().startswith("::"):
                lines.append(part.lstrip())
            else:
                lines[-1] += part
    return lines


def pluralize(count: int, noun: str) -> str:
    """Return a count with its noun: ``1 case``, ``2,000 cases``.

    Args:
        count: the number of things.
        noun: the noun in the singular; its plural must be regular.

    """
    return f"{count:,} {noun}{'s' if count != 1 else ''}"


def closest_match(name: object, known: Iterable[str], cutoff: float = 0.6) -> str | None:
    """Return the name that is most similar to a given one, or None if none is similar enough.

    Args:
        name: the given name; another object is compared by its ``str``.
        known: the names that exist.
        cutoff: the minimum similarity, from 0 to 1 (``difflib.SequenceMatcher.ratio``).

    """
    return next(iter(difflib.get_close_matches(str(name), list(known), n=1, cutoff=cutoff)), None)


def list_names(names: Iterable[str], limit: int) -> str:
    """Return sorted names, separated by commas.

    Args:
        names: the names; duplicates are listed once.
        limit: the maximum number of names to list. If there are more, the number of the others follows.

    Example:
        >>> list_names(["c", "a", "b"], 2)
        'a, b and 1 more'

    """
    known = sorted(set(names))
    more = len(known) - limit
    return ", ".join(known[:limit]) + (f" and {more} more" if more > 0 else "")
