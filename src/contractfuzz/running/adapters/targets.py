"""What a command line names, imported."""

from __future__ import annotations

import builtins
import importlib
import sys
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from contractfuzz.errors import ContractError, unknown
from contractfuzz.running.exceptions import Raised


def load_target(target: str) -> Any:
    """Import what ``package.module:name`` names, the current folder first, as ``python -m`` would.

    Raises:
        ContractError: the module cannot be imported or has no such name; with the nearest one.

    """
    module_name, colon, path = target.partition(":")
    if not (module_name and colon and path) or "/" in module_name or module_name.startswith("."):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    found = _import(module_name)
    for step in path.split("."):
        try:
            found = getattr(found, step)
        except AttributeError:
            public = [name for name in dir(found) if not name.startswith("_")]
            raise unknown(f"name in {module_name}", step, public) from None
        except Exception as error:
            raise ContractError(
                f"{step!r} cannot be had of {module_name}: {Raised.of(error).line}; mend it first"
            ) from error
    return found


def load_error(name: str) -> type[BaseException]:
    """Return the exception class that ``name`` names: a built-in one, or ``package.module:Name``."""
    if ":" in name:
        found = load_target(name)
    else:
        found = getattr(builtins, name, None)
        if found is None:
            known = [key for key, value in vars(builtins).items() if _is_error(value)]
            raise ContractError(f"{unknown('exception', name, known)}; of a module, write {_as_target(name)}")
    if not _is_error(found):
        raise ContractError(f"{name!r} is no exception class: name one that your code raises to reject a payload")
    return found  # type: ignore[no-any-return]


def declared(raises: Iterable[type[BaseException]] | type[BaseException]) -> tuple[type[BaseException], ...]:
    """Return the declared errors as a tuple; ContractError where one is no exception class."""
    try:
        errors = (raises,) if isinstance(raises, type) else tuple(raises)
    except TypeError:
        raise ContractError(f"raises must hold exception classes, and is {raises!r}") from None
    for error in errors:
        if not _is_error(error):
            raise ContractError(f"raises must hold exception classes, not {error!r}")
    return errors


def _as_target(name: str) -> str:
    module, dot, last = name.rpartition(".")
    return f"{module}:{last}" if dot else f"package.module:{name}"


def _is_error(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _import(name: str) -> Any:
    folder = str(Path.cwd())
    if folder not in sys.path:
        sys.path.insert(0, folder)
    try:
        return importlib.import_module(name)
    except ModuleNotFoundError as error:
        if error.name and (name == error.name or name.startswith(f"{error.name}.")):
            problem = f"there is no module {error.name!r}: run from the folder that holds it, or install its package"
        else:
            problem = f"importing {name!r} failed: it needs {error.name!r}, which is not installed here"
        raise ContractError(problem) from None
    except KeyboardInterrupt:
        raise
    except BaseException as error:
        raise ContractError(f"importing {name!r} raised {Raised.of(error).line}; mend it first") from error
