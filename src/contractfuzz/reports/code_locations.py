"""Places of findings in the user's repository: the line that raised, or the definition of the consumer."""

from __future__ import annotations

import inspect
import os
import sys
from pathlib import Path
from typing import Any, NamedTuple

from contractfuzz.running.adapters.targets import import_path
from contractfuzz.running.findings import Finding

_CONFIGURATION_FILES = ("contractfuzz.toml", "pyproject.toml")
"""Files that may declare a target, relative to the root of the repository."""


class CodeLocation(NamedTuple):
    """A line of a file in the repository.

    Attributes:
        path: the path relative to the root of the repository, with slashes.
        line: the number of the line, from 1.

    """

    path: str
    line: int


def location_of(finding: Finding) -> CodeLocation | None:
    """Return the line of the user's code that shows a finding; None if it is not in the repository.

    Args:
        finding: the finding.

    Returns:
        The line that raised, else the definition of the consumer.

    """
    if finding.raised is not None and (path := _path_in_repository(finding.raised.file)):
        return CodeLocation(path, max(finding.raised.number, 1))
    file, line = _definition(finding.consumer)
    path = _path_in_repository(file)
    return CodeLocation(path, max(line, 1)) if path else None


def configuration_location() -> CodeLocation:
    """Return the place of findings in code that is not in the repository: the first line of the project's configuration."""
    existing = (name for name in _CONFIGURATION_FILES if (_root() / name).is_file())
    return CodeLocation(next(existing, _CONFIGURATION_FILES[-1]), 1)


def _definition(consumer: str) -> tuple[str, int]:
    """Return the file and line where a consumer that is imported is defined; an empty file if that is not known."""
    module_name, attributes = import_path(consumer)
    module = sys.modules.get(module_name)
    value: Any = module
    for attribute in attributes.split("."):
        value = inspect.getattr_static(value, attribute, None)
    try:
        target = inspect.unwrap(value)
        return inspect.getsourcefile(target) or "", inspect.getsourcelines(target)[1]
    except (TypeError, OSError, ValueError):
        # An object, such as a web application, has no line of its own.
        return ("" if value is None else getattr(module, "__file__", None) or ""), 1


def _path_in_repository(file: str) -> str:
    """Return the path of ``file`` relative to the root of the repository; empty if it is outside."""
    try:
        return Path(file).resolve().relative_to(_root().resolve()).as_posix() if file else ""
    except (ValueError, OSError):
        return ""


def _root() -> Path:
    return Path(os.environ.get("GITHUB_WORKSPACE") or Path.cwd())
