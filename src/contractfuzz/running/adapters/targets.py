"""Targets: code that a user names as ``package.module:callable``."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contractfuzz.errors import ContractError, unknown
from contractfuzz.running.verdicts.exceptions import ExceptionSummary


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
    if not (module_name and colon and path) or "/" in module_name or module_name.startswith("."):
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
