"""Mutants: copies of a reader with one bug each, made by a replacement in its source."""

from __future__ import annotations

import copy
import inspect
import json
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from types import ModuleType
from typing import Any, Literal

import jsonschema_rs
from jsonschema import Draft202012Validator
from jsonschema.validators import extend

from contractfuzz import Contract
from contractfuzz.json_pointer import parse_pointer
from contractfuzz.payloads.cases.case import Expectation
from mutants import careless

GONE = object()
"""Value of a change that removes a member or an item."""

Verdict = Literal["accepted", "rejected", "crashed"]

_VERDICTS: dict[Expectation, tuple[Verdict, ...]] = {
    "accepts": ("accepted",),
    "rejects": ("rejected",),
    "survives": ("accepted", "rejected"),
}


@dataclass(frozen=True)
class Mutant:
    """A reader with one bug.

    Attributes:
        name: the bug in words.
        old: the part of the reader's source that the bug replaces. It occurs once.
        new: the source with the bug.
        witness: a payload, or a body if it is bytes, on which the mutant does what a reader must not do.
        difference: the witness in words: what differs from an ordinary payload.

    """

    name: str
    old: str
    new: str
    witness: Any
    difference: str = ""


@dataclass(frozen=True, eq=False)
class Subject:
    """A contract, a reader that honours it, and mutants of the reader.

    Attributes:
        name: its name in the names of tests.
        document: the contract's document.
        reader: the module with the function ``read``.
        mutants: the mutants.
        component: the component of the document, for OpenAPI.

    """

    name: str
    document: dict[str, Any]
    reader: ModuleType
    mutants: tuple[Mutant, ...] = field(repr=False)
    component: str | None = None

    @cached_property
    def contract(self) -> Contract:
        """The loaded contract."""
        return Contract.load(self.document, name=self.component or self.name)

    @cached_property
    def source(self) -> str:
        """Source of the reader."""
        return inspect.getsource(self.reader)

    @property
    def takes_bytes(self) -> bool:
        """True if the reader takes a body, False if it takes a payload."""
        return "bytes" in str(inspect.signature(self.reader.read))

    def read(self, mutant: Mutant) -> Callable[[Any], Any]:
        """Return the function of a mutant.

        Raises:
            ValueError: the source does not contain the part to be replaced, or contains it more than once.

        """
        if self.source.count(mutant.old) != 1:
            raise ValueError(f"{mutant.name}: {mutant.old!r} occurs {self.source.count(mutant.old)} times")
        namespace: dict[str, Any] = {"__name__": self.reader.__name__, "careless": careless}
        code = compile(self.source.replace(mutant.old, mutant.new), f"<{self.name}: {mutant.name}>", "exec")
        exec(code, namespace)
        return namespace["read"]

    def expectation(self, witness: Any) -> Expectation:
        """Return what a reader must do with a payload or body, by JSON's grammar and by two validators.

        Args:
            witness: a payload, or a body if it is bytes.

        """
        if isinstance(witness, bytes):
            try:
                payload = json.loads(witness.decode(), parse_constant=_refuse, object_pairs_hook=_unique)
            except (ValueError, RecursionError):
                return "survives" if _is_readable(witness) else "rejects"
        else:
            payload = witness
        verdicts = {validator.is_valid(payload) for validator in (self.contract, *self._validators)}
        if len(verdicts) == 2:
            return "survives"
        return "accepts" if verdicts == {True} else "rejects"

    @cached_property
    def _validators(self) -> tuple[Any, ...]:
        schema = self.contract.schema
        # They disagree about 1.0 as an integer, which a reader may accept or reject.
        return jsonschema_rs.Draft202012Validator(schema, validate_formats=True), self._strict(schema)

    def _strict(self, schema: dict[str, Any]) -> Any:
        """Return a validator for which 1.0 is not an integer. It takes the oracle's word for patterns and formats."""
        types = Draft202012Validator.TYPE_CHECKER.redefine("integer", lambda _, value: type(value) is int)
        oracle = self.contract._oracle._validator
        return extend(type(oracle), type_checker=types)(schema, format_checker=oracle.format_checker)

    def argument(self, witness: Any) -> Any:
        """Return a fresh argument of the reader for a witness."""
        if self.takes_bytes:
            return witness if isinstance(witness, bytes) else json.dumps(witness, ensure_ascii=False).encode()
        return copy.deepcopy(witness)


def verdict(read: Callable[[Any], Any], argument: Any) -> Verdict:
    """Return what a reader does with its argument."""
    try:
        read(argument)
    except ValueError:
        return "rejected"
    except Exception:  # noqa: BLE001 - any other error is a crash
        return "crashed"
    return "accepted"


def meets(outcome: Verdict, expectation: Expectation) -> bool:
    """Return True if a verdict meets an expectation."""
    return outcome in _VERDICTS[expectation]


def mutants(base: Any, rows: Iterable[tuple[str, str, str, Any]]) -> Iterator[Mutant]:
    """Yield mutants.

    Args:
        base: a valid payload.
        rows: name, replaced source, new source, and the witness: a dictionary from JSON Pointers to the values that differ from
            ``base``, a body as bytes, or a function from ``base`` to the witness.

    """
    for name, old, new, witness in rows:
        if isinstance(witness, dict):
            changes = [f"{pointer} is {_shorten(value)}" for pointer, value in witness.items()]
            yield Mutant(name, old, new, changed(base, witness), ", ".join(changes) or "an ordinary payload")
        else:
            payload = witness(copy.deepcopy(base)) if callable(witness) else witness
            yield Mutant(name, old, new, payload, _shorten(payload))


def changed(base: Any, changes: dict[str, Any]) -> Any:
    """Return a copy of a payload in which the values at some JSON Pointers are others."""
    holder = {"": copy.deepcopy(base)}
    for pointer, value in changes.items():
        target: Any = holder
        *parents, last = ["", *parse_pointer(pointer)]
        for token in parents:
            target = target[int(token) if isinstance(target, list) else token]
        key = int(last) if isinstance(target, list) else last
        if value is GONE:
            del target[key]
        elif isinstance(target, list) and key == len(target):
            target.append(value)
        else:
            target[key] = value
    return holder[""]


def _shorten(value: Any) -> str:
    text = "missing" if value is GONE else repr(value)
    return text if len(text) <= 120 else f"{text[:100]}... ({len(text)} characters)"


def _refuse(text: str) -> None:
    raise ValueError(text)


def _unique(members: list[tuple[str, Any]]) -> dict[str, Any]:
    if len(dict(members)) < len(members):
        raise ValueError("duplicate names")
    return dict(members)


def _is_readable(body: bytes) -> bool:
    """Return True if Python's parser reads a body, or gives up because it is large."""
    try:
        json.loads(body)
    except RecursionError:
        return True
    except ValueError as error:
        return "digits" in str(error)
    return True
