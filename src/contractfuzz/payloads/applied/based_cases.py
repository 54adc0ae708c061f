"""Violations of a recorded payload: cases that differ from the user's own payload in one fault."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_values import copy_json
from contractfuzz.payloads.applied.application import Application, FaultSite
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.text import one_line, pluralize

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle
    from contractfuzz.payloads.violations.matrix import ViolationRecipe

BASE_ATTEMPTS = 3
"""Number of random tries of each way to apply a violation, after the smallest one."""

_MAX_ERROR_CHARACTERS = 160


def read_base(payload: Any, oracle: Oracle) -> str:
    """Return a recorded payload as JSON text.

    Args:
        payload: the payload.
        oracle: the oracle of the contract.

    Raises:
        ContractError: it is not a JSON value, or not valid; the message has its first error and the number of others.

    """
    try:
        text = json.dumps(payload, ensure_ascii=False, allow_nan=False)
        is_json = text.isascii() or bool(text.encode())
        errors = list(oracle.errors(payload)) if is_json and json.loads(text) == payload else None
    except (TypeError, ValueError):
        errors = None
    except RecursionError:
        raise ContractError("the base is nested too deep to be checked: give a smaller payload") from None
    if errors is None:
        raise ContractError("the base is not a JSON value: give the parsed payload, such as json.load returns")
    if errors:
        first = errors[0]
        found = f"{first.keyword} at {first.pointer or 'the root'}: {one_line(first.message, _MAX_ERROR_CHARACTERS)}"
        others = f", and {pluralize(len(errors) - 1, 'more error')}" if len(errors) > 1 else ""
        raise ContractError(f"the base is not valid: {found}{others}; correct it, or record a payload that is valid")
    return text


@dataclass(frozen=True, slots=True)
class BasedRecipe:
    """The recipe of one violation's cases that are made from a recorded payload.

    Attributes:
        site: applies the violation.
        oracle: the oracle of the contract.
        base: the payload as JSON text.
        mode: the way to apply the violation, see ``FaultSite.apply``.
        example: a confirmed application, for choices that do not lead to one.

    """

    site: FaultSite
    oracle: Oracle
    base: str
    mode: int
    example: Application

    @property
    def label(self) -> str:
        """The violation's id."""
        return self.site.violation.id

    def case(self, choices: Choices) -> Case:
        """Build a case of this violation."""
        found = self.site.apply(json.loads(self.base), choices, self.mode)
        if found is None or not self.oracle.confirms(found.payload, [found.claim]):
            found = self.example
        return Case(
            kind="invalid",
            payload=copy_json(found.payload),
            label=self.label,
            description=self.site.violation.description,
            pointer=found.claim.pointer,
            expectation="rejects",
            make_twin=partial(self._make_twin, found),
        )

    def _make_twin(self, application: Application) -> Any:
        twin = application.twin_of(json.loads(self.base))
        if not self.oracle.is_valid(twin):
            raise LookupError
        return twin


@dataclass(frozen=True, slots=True)
class BasedRecipes:
    """The violations that can be applied to a recorded payload.

    Attributes:
        recipes: their recipes, in the order of the schema.
        left_out: the ids of the others.

    """

    recipes: tuple[BasedRecipe, ...]
    left_out: tuple[str, ...]

    def notes(self) -> tuple[str, ...]:
        """Return a note on the violations that are left out; none if all can be applied."""
        if not self.left_out:
            return ()
        total = len(self.left_out) + len(self.recipes)
        reason = "no change of a part of it breaks only what the label names"
        count, example = len(self.left_out), self.left_out[0]
        return (f"{count:,} of {total:,} violations cannot be applied to the base, such as {example}: {reason}",)


def make_based_recipes(base: str, oracle: Oracle, recipes: Iterable[ViolationRecipe]) -> BasedRecipes:
    """Return the violations that can be applied to a payload.

    Args:
        base: the payload, valid, as JSON text.
        oracle: the oracle of the contract.
        recipes: the recipes of all violations.

    """
    found, left_out = [], []
    for recipe in recipes:
        based = _make_recipe(base, oracle, FaultSite(recipe))
        if based is None:
            left_out.append(recipe.label)
        else:
            found.append(based)
    return BasedRecipes(tuple(found), tuple(left_out))


def _make_recipe(base: str, oracle: Oracle, site: FaultSite) -> BasedRecipe | None:
    for mode in site.modes():
        for choices in attempts("base", BASE_ATTEMPTS):
            found = site.apply(json.loads(base), choices, mode)
            if found is None:
                break
            if oracle.confirms(found.payload, [found.claim]):
                recipe = BasedRecipe(site, oracle, base, mode, found)
                if found.make_valid is None or recipe.case(choices).twin() is not None:
                    return recipe
    return None
