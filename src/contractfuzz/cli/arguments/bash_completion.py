"""Completion in bash of words with colons, such as labels and ``module:callable``.

bash takes a colon for the end of a word, so click's own script sees only the part after it, and as an argument of its own. This
script passes the whole line.
"""

from __future__ import annotations

import os
import re

from click.shell_completion import BashComplete, CompletionItem, add_completion_class, split_arg_string

_SCRIPT = """\
%(complete_func)s() {
    local answer kind text
    COMPREPLY=()
    answer=$(COMP_LINE="${COMP_LINE:0:COMP_POINT}" COMP_WORDBREAKS="$COMP_WORDBREAKS" %(complete_var)s=bash_complete "$1")
    while IFS=, read -r kind text; do
        case $kind in
            dir) compopt -o dirnames ;;
            file) compopt -o default ;;
            plain) COMPREPLY+=("$text") ;;
        esac
    done <<< "$answer"
}
complete -o nosort -F %(complete_func)s %(prog_name)s
"""

_SPECIAL = re.compile(r"[^\w@%+=:,./*?\[\]{}^-]")
"""Characters that bash does not take as they are. Globs and braces stay readable: they expand to nothing else but files."""


class BashLineComplete(BashComplete):
    """Completion that reads the line up to the cursor, instead of the words that bash makes of it."""

    source_template = _SCRIPT

    def get_completion_args(self) -> tuple[list[str], str]:
        """Return the complete words after the command, and the incomplete word."""
        line = os.environ["COMP_LINE"]
        words = split_arg_string(line)
        incomplete = "" if line.endswith((" ", "\t")) and not _is_quoted(line) else words.pop()
        return words[1:], incomplete

    def format_completion(self, item: CompletionItem) -> str:
        """Return a completion as bash inserts it: in place of what follows the last colon, and with escapes outside of quotes."""
        value = str(item.value)
        line = os.environ["COMP_LINE"]
        if item.type != "plain" or _is_quoted(line):
            return f"{item.type},{value}"
        _, incomplete = self.get_completion_args()
        if ":" in os.environ.get("COMP_WORDBREAKS", ":"):
            value = value[incomplete.rfind(":") + 1 :]
        escaped = _SPECIAL.sub(lambda match: f"\\{match[0]}", value)
        return f"{item.type},{escaped}"


def _is_quoted(line: str) -> bool:
    """Return True if a line ends within quotes."""
    quote = ""
    for character in re.sub(r"\\.", "", line):
        if quote:
            quote = "" if character == quote else quote
        elif character in "'\"":
            quote = character
    return bool(quote)


def install_bash_completion() -> None:
    """Make click use this completion for bash."""
    add_completion_class(BashLineComplete)
