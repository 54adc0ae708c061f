"""Advice on labels: why a case happens in production, and how consumers handle it.

The texts are in the TOML files of this folder.
"""

from __future__ import annotations

import fnmatch
import functools
import tomllib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib.resources import files
from typing import Any

_TEXTS = ("why", "strict", "tolerant", "hint", "options")


@dataclass(frozen=True, slots=True)
class Advice:
    """The advice on one label.

    Attributes:
        why: why the case happens in production.
        strict: how a strict consumer handles it.
        tolerant: how a tolerant consumer handles it.
        hint: one line of code.
        options: options of ``contractfuzz check`` that concern the case, each with its effect.

    """

    why: str
    strict: str
    tolerant: str
    hint: str
    options: tuple[str, ...] = ()


def violation_names() -> list[str]:
    """Return the names of all kinds of violations, ``keyword.variant``, in the order of the texts."""
    return [f"{keyword}.{variant}" for keyword, table in _read("violations").items() for variant in _variants(table)]


def change_names() -> list[str]:
    """Return the names of all kinds of possible changes."""
    return list(_read("changes"))


def violation_advice(keyword: str, variant: str) -> Advice:
    """Return the advice on a violation.

    Args:
        keyword: the keyword.
        variant: the variant. For one without texts of its own, the advice is that on the keyword.

    Raises:
        KeyError: the keyword has no texts.

    """
    return _advice(_violation_tables(keyword, variant))


def malformation_advice(name: str) -> Advice:
    """Return the advice on a malformation or an odd form.

    Raises:
        KeyError: it has no texts.

    """
    return _family_advice("malformations", name)


def wire_advice(label: str) -> Advice:
    """Return the advice on a wire case.

    Raises:
        KeyError: it has no texts.

    """
    return _family_advice("wire", label)


def change_advice(name: str) -> Advice:
    """Return the advice on a possible change by the provider.

    Raises:
        KeyError: it has no texts.

    """
    return _advice([_read("changes")[name]])


def _variants(table: Mapping[str, Any]) -> Iterator[str]:
    own = (variant for variant, texts in table.items() if isinstance(texts, dict))
    yield from dict.fromkeys([*own, *table.get("variants", ())])


def _violation_tables(keyword: str, variant: str) -> Iterator[Mapping[str, Any]]:
    """Yield the tables that may have a text on a violation, the most specific one first."""
    tables = _read("violations")
    table = tables[keyword]
    base = tables[table["like"]] if "like" in table else {}
    # A variant with texts of its own has nothing of the same variant of another keyword.
    variants = table if isinstance(table.get(variant), dict) else base
    texts = variants.get(variant)
    if isinstance(texts, dict):
        yield texts
        yield variants.get(texts.get("like", ""), {})
    yield table
    yield base


def _family_advice(file: str, name: str) -> Advice:
    for family in _read(file).values():
        if any(fnmatch.fnmatchcase(name, pattern) for pattern in family["labels"]):
            why = family.get("names", {}).get(name)
            return _advice([{} if why is None else {"why": why}, family])
    raise KeyError(name)


def _advice(tables: Iterator[Mapping[str, Any]] | Sequence[Mapping[str, Any]]) -> Advice:
    found: dict[str, Any] = {}
    for table in tables:
        found = {**{name: table[name] for name in _TEXTS if name in table}, **found}
    return Advice(**{**found, "options": tuple(found.get("options", ()))})


@functools.cache
def _read(name: str) -> dict[str, Any]:
    return tomllib.loads(files(__package__).joinpath(f"{name}.toml").read_text(encoding="utf-8"))
