"""Entry of the pre-commit hook ``contractfuzz-diff``, which compares documents with their committed versions.

``python -m contractfuzz.diff.pre_commit [OPTION...] FILE...`` runs ``contractfuzz diff`` with the options for each file.
"""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path


def compare_with_committed(arguments: Sequence[str]) -> int:
    """Compare each file with its committed version. A file that is not committed yet is skipped.

    The committed version is that of ``HEAD``, or that of the revision from which ``pre-commit run --from-ref`` starts.

    Args:
        arguments: options of ``contractfuzz diff``, then the paths of the files, relative to the root of the repository.
            The first argument that is the path of a file ends the options.

    Returns:
        The highest exit code of ``contractfuzz diff``; 0 without files.

    """
    first = next((place for place, argument in enumerate(arguments) if Path(argument).is_file()), len(arguments))
    options, files = arguments[:first], arguments[first:]
    revision = os.environ.get("PRE_COMMIT_FROM_REF") or "HEAD"
    return max((_compare(options, revision, file) for file in files), default=0)


def _compare(options: Sequence[str], revision: str, file: str) -> int:
    committed = f"{revision}:{Path(file).as_posix()}"
    if subprocess.run(["git", "cat-file", "-e", committed], capture_output=True, check=False).returncode != 0:  # noqa: S603, S607
        return 0
    command = [sys.executable, "-m", "contractfuzz", "diff", *options, committed, file]
    return subprocess.run(command, check=False).returncode  # noqa: S603


if __name__ == "__main__":
    sys.exit(compare_with_committed(sys.argv[1:]))
