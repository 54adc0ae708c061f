"""From what users have to one thing that can be called with a case."""

from __future__ import annotations

import asyncio
import importlib
import inspect
import json
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases import ABSENT, Case

Feed = Literal["object", "text", "bytes"]
FEEDS: tuple[Feed, ...] = ("object", "text", "bytes")
_BY_ANNOTATION: dict[str, Feed] = {"bytes": "bytes", "bytearray": "bytes", "memoryview": "bytes", "str": "text"}


@dataclass(frozen=True, slots=True)
class Consumer:
    """The code under test, ready to be called.

    Attributes:
        name: what reports call it: ``package.module:function``.
        call: takes the argument that ``argument`` makes of a case; returns or raises.
        feed: what that argument is: the payload as Python ``object``, as JSON ``text`` or as ``bytes``.

    """

    name: str
    call: Callable[[Any], Any]
    feed: Feed

    def can_take(self, case: Case) -> bool:
        """Return whether there is an argument for ``case``: a body that is no JSON is no object, one that is no UTF-8 no text."""
        if self.feed == "object":
            return case.payload is not ABSENT
        return self.feed == "bytes" or case.payload is not ABSENT or _is_utf_8(case.body)

    def argument(self, case: Case) -> Any:
        """Return a fresh argument for ``case``, which the consumer may change without touching the case."""
        if self.feed == "bytes":
            return case.body
        return case.body.decode() if self.feed == "text" else json.loads(case.body)


def adapt(consumer: Any, feed: str | None = None) -> Consumer:
    """Return what ``consumer``, a callable of one argument, is called by.

    Args:
        consumer: a function (an async one runs in a loop of its own), a method, a class or any other callable; or a
            ``Consumer``, which is returned as it is.
        feed: ``object``, ``text`` or ``bytes``; without it the annotation of the first parameter decides, ``bytes`` and ``str``
            standing for themselves and anything else for an object.

    Raises:
        ContractError: it cannot be called, or not with one argument, or there is no such feed.

    """
    if isinstance(consumer, Consumer):
        return consumer
    name = name_of(consumer)
    if not callable(consumer):
        raise ContractError(f"{name} cannot be called: give a function, a method or a class that takes one payload")
    if feed is not None and feed not in FEEDS:
        raise unknown("feed", feed, FEEDS)
    first = _first_parameter(consumer, name)
    chosen: Feed = feed or _annotated(first)
    if inspect.iscoroutinefunction(consumer):
        return Consumer(name, lambda argument: asyncio.run(consumer(argument)), chosen)
    return Consumer(name, consumer, chosen)


def load_target(target: str) -> Any:
    """Import what ``package.module:name`` names, the current folder first, as ``python -m`` would.

    Raises:
        ContractError: the module cannot be imported or has no such name; with the nearest one.

    """
    module_name, colon, path = target.partition(":")
    if not (module_name and colon and path):
        raise ContractError(f"the target {target!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
    found = _import(module_name)
    for step in path.split("."):
        if not hasattr(found, step):
            public = [name for name in dir(found) if not name.startswith("_")]
            raise unknown(f"name in {module_name}", step, public)
        found = getattr(found, step)
    return found


def load_error(name: str) -> type[BaseException]:
    """Return the exception class that ``name`` names: a built-in one, or ``package.module:Name``."""
    if ":" in name:
        found = load_target(name)
    else:
        import builtins

        found = getattr(builtins, name, None)
        if found is None:
            known = [key for key, value in vars(builtins).items() if _is_error(value)]
            raise ContractError(f"{unknown('exception', name, known)}; of a module, write package.module:{name}")
    if not _is_error(found):
        raise ContractError(f"{name!r} is no exception class: name one that your code raises to reject a payload")
    return found  # type: ignore[no-any-return]


def declared(raises: Iterable[type[BaseException]] | type[BaseException]) -> tuple[type[BaseException], ...]:
    """Return the declared errors as a tuple; ContractError where one is no exception class."""
    errors = (raises,) if isinstance(raises, type) else tuple(raises)
    for error in errors:
        if not _is_error(error):
            raise ContractError(f"raises must hold exception classes, not {error!r}")
    return errors


def name_of(consumer: Any) -> str:
    """Return what reports call a consumer: ``package.module:function``."""
    module = getattr(consumer, "__module__", None)
    name = getattr(consumer, "__qualname__", None) or type(consumer).__qualname__
    return f"{module}:{name}" if module else str(name)


def _is_error(value: Any) -> bool:
    return isinstance(value, type) and issubclass(value, BaseException)


def _is_utf_8(body: bytes) -> bool:
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def _first_parameter(consumer: Callable[..., Any], name: str) -> inspect.Parameter | None:
    try:
        signature = inspect.signature(consumer)
    except (TypeError, ValueError):  # some functions in C do not say
        return None
    try:
        signature.bind(None)
    except TypeError as error:
        raise ContractError(f"{name}{signature} cannot be called with one payload: {error}") from None
    return next(iter(signature.parameters.values()))


def _annotated(parameter: inspect.Parameter | None) -> Feed:
    annotation = parameter.annotation if parameter is not None else None
    named = annotation.__name__ if isinstance(annotation, type) else str(annotation)
    # Of a union, as of `bytes | str`, the first decides.
    return _BY_ANNOTATION.get(named.split("|")[0].strip(), "object")


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
    except (Exception, SystemExit) as error:
        words = " ".join(str(error).split())
        raise ContractError(f"importing {name!r} raised {type(error).__name__}: {words}; mend it first") from error
