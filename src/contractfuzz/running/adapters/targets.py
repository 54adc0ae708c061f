"""Targets: code that a user names as ``package.module:callable``, and the folders that a new process needs to import it."""

from __future__ import annotations

import builtins
import functools
import importlib
import os
import re
import site
import sys
import sysconfig
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contractfuzz.errors import ContractError, unknown
from contractfuzz.platforms import relative_path
from contractfuzz.running.verdicts.exceptions import ExceptionSummary

_IMPORT_PATH = re.compile(r"([\w.]+):([\w.<>]+)(?: .*)?", re.DOTALL)
"""``module:attribute``, and the route of a web application."""


def load_target(target: str) -> Any:
    """Import a target. Modules of the current folder come first, as with ``python -m``.

    Args:
        target: ``package.module:callable``, as in ``myservice.parsing:Parser.read``.

    Returns:
        The object of that name.

    Raises:
        ContractError: the module cannot be imported, or has no such name; the message suggests the closest one.

    """
    module_name, colon, path = target.partition(":")
    if not (module_name and colon and path) or "/" in module_name or "\\" in target or module_name.startswith("."):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    found = _import(module_name)
    for name in path.split("."):
        try:
            found = getattr(found, name)
        except AttributeError:
            public = [known for known in dir(found) if not known.startswith("_")]
            raise unknown(f"name in {module_name}", name, public) from None
        except Exception as error:
            summary = ExceptionSummary.line_of(error)
            raise ContractError(f"reading {name!r} from {module_name} raised {summary}: fix that first") from error
    return found


def load_error_class(name: str) -> type[BaseException]:
    """Return an exception class.

    Args:
        name: the name of a built-in exception, or ``package.module:Name``.

    Raises:
        ContractError: no exception has that name; the message suggests the closest one.

    """
    if ":" in name:
        found = load_target(name)
    else:
        found = getattr(builtins, name, None)
        if found is None:
            known = [key for key, value in vars(builtins).items() if _is_error_class(value)]
            problem = unknown("exception", name, known)
            raise ContractError(f"{problem}; for an exception of a module, write {_as_target(name)}")
    if not _is_error_class(found):
        raise ContractError(f"{name!r} is not an exception class: name one that your code raises to reject a payload")
    error_class: type[BaseException] = found
    return error_class


def error_classes(raises: Iterable[type[BaseException]] | type[BaseException]) -> tuple[type[BaseException], ...]:
    """Return the declared errors as a tuple.

    Raises:
        ContractError: ``raises`` is or contains something other than an exception class.

    """
    if isinstance(raises, str):
        raise ContractError(f"raises must contain exception classes, not the string {raises!r}: give the class itself")
    try:
        errors = (raises,) if isinstance(raises, type) else tuple(raises)
    except TypeError:
        raise ContractError(f"raises must contain exception classes, not {raises!r}") from None
    for error in errors:
        if isinstance(error, str):
            raise ContractError(
                f"raises must contain exception classes, not the string {error!r}: give the class itself"
            )
        if not _is_error_class(error):
            raise ContractError(f"raises must contain exception classes, not {error!r}")
    return errors


def import_path(consumer: str) -> tuple[str, str]:
    """Return the module that a new process imports a consumer from, and the consumer's name in the module.

    Args:
        consumer: the consumer's name. The module ``__main__`` has another name in a new process: that of its file.

    Returns:
        The module is empty if the name is free text, or if ``__main__`` has no file.

    """
    found = _IMPORT_PATH.fullmatch(consumer)
    if found is None:
        return "", "<>.consumer"
    return (_main_name() if found[1] == "__main__" else found[1]), found[2]


def missing_folders(modules: Iterable[str]) -> list[str]:
    """Return the folders that a new interpreter, started in the current folder, must search to find the given modules.

    Args:
        modules: the names of imported modules. The folders of installed ones and the current folder are not missing.

    """
    roots = dict.fromkeys(_root(module) for module in modules)
    searched = {os.path.realpath(folder) for folder in sys.path}
    missing = [root for root in roots if root and root in searched and root not in _standard_folders() | {_here()}]
    return [_short(root) for root in missing]


def _root(module: str) -> str:
    """Return the folder that has a module or its package; an empty string for one of the standard library or without a file."""
    if module.partition(".")[0] in sys.stdlib_module_names:
        return ""
    found = sys.modules.get(module)
    if found is None and module == _main_name():
        found = sys.modules["__main__"]
    file = getattr(found, "__file__", None)
    if not file:
        return ""
    is_package = os.path.basename(file).startswith("__init__.")  # noqa: PTH119 - the file may be in an archive
    levels = module.count(".") + 1 + is_package
    return os.path.realpath(os.path.join(file, *[os.pardir] * levels))  # noqa: PTH118


@functools.cache
def _standard_folders() -> frozenset[str]:
    """Return the folders that every interpreter of this environment searches."""
    sites = [*site.getsitepackages(), site.getusersitepackages()]
    paths = sysconfig.get_paths()
    folders = [paths["purelib"], paths["platlib"], *sites, *os.environ.get("PYTHONPATH", "").split(os.pathsep)]
    for folder in sites:
        # Files of this kind name more folders, for example that of a project that is installed as editable.
        for file in Path(folder).glob("*.pth"):
            lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
            folders += [os.path.join(folder, line) for line in lines if line and not line.startswith(("#", "import"))]  # noqa: PTH118
    return frozenset(os.path.realpath(folder) for folder in folders if folder)


def _main_name() -> str:
    """Return the name by which another process imports the module ``__main__``; an empty string if it has no file."""
    main = sys.modules["__main__"]
    spec = getattr(main, "__spec__", None)
    if spec is not None:
        return str(spec.name)
    name = Path(getattr(main, "__file__", None) or "").stem
    return name if name.isidentifier() else ""


def _here() -> str:
    try:
        return os.path.realpath(os.getcwd())  # noqa: PTH109
    except OSError:  # the folder is deleted
        return ""


def _short(folder: str) -> str:
    relative = relative_path(folder, _here()) if _here() else folder
    return folder if relative.startswith(os.pardir) else relative


def _as_target(name: str) -> str:
    module, dot, last = name.rpartition(".")
    return f"{module}:{last}" if dot else f"package.module:{name}"


def _is_error_class(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _import(name: str) -> Any:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            problem = f"there is no module {error.name!r}: run from the folder that contains it, or install its package"
        else:
            problem = f"importing {name!r} failed: it needs {error.name!r}, which is not installed"
        raise ContractError(problem) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise ContractError(f"importing {name!r} raised {ExceptionSummary.line_of(error)}: fix that first") from error
