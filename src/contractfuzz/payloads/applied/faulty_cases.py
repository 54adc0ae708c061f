"""Invalid cases of a contract with options: a recorded payload as their base, two faults in each."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from contractfuzz.errors import ContractError
from contractfuzz.oracle import Oracle
from contractfuzz.payloads.applied.application import FaultSite
from contractfuzz.payloads.applied.based_cases import BasedRecipes, make_based_recipes, read_base
from contractfuzz.payloads.applied.fault_pairs import FaultPairs, PairRecipe, SingleFault, pair_notes
from contractfuzz.payloads.case_generator import CaseGenerator, state_without_caches
from contractfuzz.payloads.cases.case import ABSENT
from contractfuzz.payloads.cases.recipes import Recipe, select_recipes

MAX_FAULTS = 2


@dataclass(frozen=True, slots=True)
class FaultOptions:
    """Options of invalid cases.

    Attributes:
        base: the recorded payload that they are made from; ``ABSENT`` for payloads of the plan.
        faults: the number of faults in each: 1 or 2.

    """

    base: Any = ABSENT
    faults: int = 1

    @property
    def key(self) -> tuple[object, ...]:
        """A key that is equal for equal options; different for those with a base that is nested too deep."""
        try:
            return self.faults, self.base is ABSENT, repr(self.base)
        except RecursionError:
            return self.faults, id(self)


class FaultyCases:
    """The invalid cases of one contract with options.

    Args:
        generator: the generator of the contract's cases.
        schema: the lowered schema.
        options: the options.

    Attributes:
        options: the options.

    Raises:
        ContractError: the base is not valid, or the number of faults is neither 1 nor 2.

    """

    def __init__(self, generator: CaseGenerator, schema: dict[str, Any], options: FaultOptions) -> None:
        if type(options.faults) is not int or not 1 <= options.faults <= MAX_FAULTS:
            raise ContractError(f"cannot put {options.faults!r} faults in a case: faults must be 1 or 2")
        self._generator, self._schema, self.options = generator, schema, options
        self._base = None if options.base is ABSENT else read_base(options.base, self._oracle)

    __getstate__ = state_without_caches

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the violations that no case has."""
        notes = () if self._based is None else self._based.notes()
        return notes if self._pairs is None else (*notes, *pair_notes(self._pairs, self._cover))

    def recipes(self, only: str | Iterable[str] | None = None) -> tuple[Recipe, ...]:
        """Return the recipes of the cases.

        Args:
            only: labels, or globs of labels, to choose from; for pairs also ids of single violations, and globs of them.

        Raises:
            ContractError: a string in ``only`` matches no label.

        """
        patterns = None if only is None else [only] if isinstance(only, str) else list(only)
        if self._pairs is not None:
            return self._cover if patterns is None else self._pairs.select(self._cover, patterns)
        recipes = self._generator.matrix.recipes if self._based is None else self._based.recipes
        return recipes if patterns is None else select_recipes(recipes, patterns)

    @cached_property
    def _oracle(self) -> Oracle:
        return Oracle(self._schema)

    @cached_property
    def _based(self) -> BasedRecipes | None:
        if self._base is None:
            return None
        return make_based_recipes(self._base, self._oracle, self._generator.matrix.recipes)

    @cached_property
    def _pairs(self) -> FaultPairs | None:
        if self.options.faults == 1:
            return None
        if self._based is not None:
            return FaultPairs([SingleFault(recipe, recipe.site) for recipe in self._based.recipes], self._oracle)
        recipes = self._generator.matrix.recipes
        return FaultPairs([SingleFault(recipe, FaultSite(recipe)) for recipe in recipes], self._oracle)

    @cached_property
    def _cover(self) -> tuple[PairRecipe, ...]:
        return () if self._pairs is None else self._pairs.cover()
