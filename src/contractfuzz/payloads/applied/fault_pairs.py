"""Pairs: payloads with two faults at different places. Each fault has its own label."""

from __future__ import annotations

import fnmatch
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, NamedTuple

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import MISSING, parse_pointer
from contractfuzz.json_values import copy_json
from contractfuzz.payloads.applied.application import FaultSite
from contractfuzz.payloads.cases.case import PAIR_SEPARATOR, Case
from contractfuzz.payloads.cases.recipes import Recipe, match_labels
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

MAX_PARTNERS = 16
"""Number of partners that are tried for one violation."""

PAIR_ATTEMPTS = 1
"""Number of random tries of each way to combine two violations, after the smallest one."""

_MODES = (0, 1)


class SingleFault(NamedTuple):
    """One violation: its recipe, and its application to a payload."""

    recipe: Recipe
    site: FaultSite


class Combination(NamedTuple):
    """A way to combine two violations.

    Attributes:
        is_swapped: True if the second violation makes the payload, and the first one is applied to it.
        mode: the way to apply, see ``FaultSite.apply``.
        avoids: True if the applied violation chooses other items and map values than the other one.
        is_direct: True if the violation is applied to the faulty payload, False if its place is found in the valid twin. A
            fault may hide the branch of a union, which the twin shows.

    """

    is_swapped: bool
    mode: int
    avoids: bool
    is_direct: bool


COMBINATIONS = tuple(
    Combination(is_swapped, mode, avoids, is_direct)
    for mode in _MODES
    for is_direct in (True, False)
    for avoids in (False, True)
    for is_swapped in (False, True)
)
"""All ways to combine two violations, the one that is tried first at the start."""


def combine(
    first: SingleFault, second: SingleFault, oracle: Oracle, choices: Choices, combination: Combination
) -> Case | None:
    """Return a case with two violations, which the oracle has confirmed; None if choices lead to none.

    Args:
        first: the violation that the label names first.
        second: the violation that the label names second.
        oracle: the oracle of the contract.
        choices: decide on the payload.
        combination: the way to combine them.

    """
    maker, other = (second, first) if combination.is_swapped else (first, second)
    case = maker.recipe.case(choices)
    if case.pointer is None:
        return None
    broken = parse_pointer(case.pointer)
    valid = case.twin()
    start = case if valid is None or combination.is_direct else valid
    found = other.site.apply(
        copy_json(start.payload), choices, combination.mode, broken=broken, avoids_broken=combination.avoids
    )
    if found is None or _are_nested(case.pointer, found.claim.pointer):
        return None
    payload = found.payload if start is case else found.transfer_to(case.payload)
    claims = [maker.site.claim_at(case.pointer), found.claim]
    if payload is MISSING or not oracle.confirms(payload, claims):
        return None

    def make_twin() -> Any:
        twin = None if valid is None else found.twin_of(valid.payload)
        if valid is None or not oracle.is_valid(twin):
            raise LookupError
        return twin

    pointers = [claim.pointer for claim in claims]
    if combination.is_swapped:
        pointers.reverse()
    one, two = first.site.violation, second.site.violation
    return Case(
        kind="invalid",
        payload=payload,
        label=f"{one.id}{PAIR_SEPARATOR}{two.id}",
        description=f"{one.description}; and {two.description}",
        pointer=pointers[0],
        expectation="rejects",
        make_twin=make_twin,
        second=(two.id, pointers[1]),
    )


def _are_nested(one: str, other: str) -> bool:
    """Return True if one of two places is inside the other."""
    return f"{one}/".startswith(f"{other}/") or f"{other}/".startswith(f"{one}/")


@dataclass(frozen=True, slots=True)
class PairRecipe:
    """The recipe of cases with two violations.

    Attributes:
        pairs: makes pairs.
        kept: the index of one violation.
        partner: the index of another one.
        combination: a way to combine them.
        is_fixed: True if no other partner is chosen.

    """

    pairs: FaultPairs
    kept: int
    partner: int
    combination: Combination
    is_fixed: bool = False

    @property
    def label(self) -> str:
        """The ids of both violations, in the order of the schema."""
        return PAIR_SEPARATOR.join(self.pairs.singles[index].site.violation.id for index in self._order(self.partner))

    def _order(self, partner: int) -> tuple[int, int]:
        return min(self.kept, partner), max(self.kept, partner)

    def case(self, choices: Choices) -> Case:
        """Build a case of these violations, or of the first one with another partner, if choices decide so."""
        chosen = 0 if self.is_fixed else choices.index(len(self.pairs.singles) + 1)
        if chosen and chosen - 1 not in (self.kept, self.partner):
            found = self.pairs.combine(*self._order(chosen - 1), choices, COMBINATIONS[0])
            if found is not None:
                return found
        found = self.pairs.combine(*self._order(self.partner), choices, self.combination)
        return self._example() if found is None else found

    def _example(self) -> Case:
        for choices in attempts("pair", PAIR_ATTEMPTS):
            found = self.pairs.combine(*self._order(self.partner), choices, self.combination)
            if found is not None:
                return found
        raise AssertionError(f"{self.label} was combined before")


class FaultPairs:
    """Makes pairs of the violations of one contract.

    Args:
        singles: the violations, in the order of the schema.
        oracle: the oracle of the contract.

    Attributes:
        singles: the violations.

    """

    def __init__(self, singles: Sequence[SingleFault], oracle: Oracle) -> None:
        self.singles = tuple(singles)
        self._oracle = oracle

    def combine(self, first: int, second: int, choices: Choices, combination: Combination) -> Case | None:
        """Return a case with two of the violations; see the function ``combine``."""
        return combine(self.singles[first], self.singles[second], self._oracle, choices, combination)

    def cover(self) -> tuple[PairRecipe, ...]:
        """Return pairs that have each violation at least once, if it can be in a pair."""
        paired: set[int] = set()
        recipes = []
        for kept in range(len(self.singles)):
            if kept not in paired:
                recipe = self._pair_up(kept, paired)
                if recipe is not None:
                    recipes.append(recipe)
                    paired |= {kept, recipe.partner}
        return tuple(recipes)

    def select(self, cover: Sequence[PairRecipe], patterns: Sequence[str]) -> tuple[PairRecipe, ...]:
        """Return the pairs that patterns choose.

        Args:
            cover: pairs that have each violation.
            patterns: labels of pairs, or globs of those of ``cover``; ids of violations or globs of ids, for pairs that have at
                least one such violation.

        Raises:
            ContractError: a pattern matches nothing, or two violations cannot be in one payload.

        """
        ids = [single.site.violation.id for single in self.singles]
        index_of = {label: index for index, label in enumerate(ids)}
        covering = {recipe.label: recipe for recipe in cover}
        chosen: dict[str, PairRecipe] = {}
        for pattern in patterns:
            found: list[PairRecipe] = []
            if pattern not in covering and (pair := _parse_pair(pattern, index_of)) is not None:
                found = [self._fixed_pair(*pair, pattern)]
            elif labels := [pattern] if pattern in covering else _pairs_that_match(pattern, covering):
                for label in labels:
                    one = covering[label]
                    found.append(PairRecipe(self, one.kept, one.partner, one.combination, is_fixed=True))
            else:
                matching = {index_of[label] for label in match_labels(pattern, ids)}
                for one in cover:
                    ends = [index for index in (one.kept, one.partner) if index in matching]
                    if ends:
                        other = one.partner if ends[0] == one.kept else one.kept
                        found.append(PairRecipe(self, ends[0], other, one.combination))
            for one in found:
                chosen.setdefault(one.label, one)
        order = {label: index for index, label in enumerate(covering)}
        return tuple(chosen[label] for label in sorted(chosen, key=lambda label: order.get(label, len(order))))

    def _pair_up(self, kept: int, paired: set[int]) -> PairRecipe | None:
        if self.singles[kept].site.is_at_root:
            return None
        for partner in self._partners(kept, paired):
            combination = self._find_combination(kept, partner)
            if combination is not None:
                return PairRecipe(self, kept, partner, combination)
        return None

    def _partners(self, kept: int, paired: set[int]) -> Iterator[int]:
        """Yield violations to combine with one, those without a pair and far from it first."""
        count = len(self.singles)
        far = [(kept + count // 2 + offset) % count for offset in range(count)]
        usable = [index for index in far if index != kept and not self.singles[index].site.is_at_root]
        unpaired = [index for index in usable if index not in paired]
        step = max(1, len(unpaired) // (MAX_PARTNERS // 2))
        tried = dict.fromkeys([*unpaired[: MAX_PARTNERS // 4], *unpaired[::step][: MAX_PARTNERS // 2]])
        step = max(1, len(usable) // MAX_PARTNERS)
        yield from dict.fromkeys([*tried, *usable[::step][:MAX_PARTNERS]])

    def _find_combination(self, kept: int, partner: int) -> Combination | None:
        first, second = min(kept, partner), max(kept, partner)
        for combination in COMBINATIONS:
            for choices in attempts("pair", PAIR_ATTEMPTS):
                if self.combine(first, second, choices, combination) is not None:
                    return combination
        return None

    def _fixed_pair(self, one: int, other: int, label: str) -> PairRecipe:
        combination = self._find_combination(one, other)
        if combination is None:
            raise ContractError(f"no payload has both violations of {label!r}: choose two that are at different places")
        return PairRecipe(self, one, other, combination, is_fixed=True)


def _parse_pair(label: str, index_of: dict[str, int]) -> tuple[int, int] | None:
    """Return the indices of the violations that a label of a pair names; None if it names no pair."""
    parts = label.split(PAIR_SEPARATOR)
    for at in range(1, len(parts)):
        one, other = PAIR_SEPARATOR.join(parts[:at]), PAIR_SEPARATOR.join(parts[at:])
        if one in index_of and other in index_of and one != other:
            return index_of[one], index_of[other]
    return None


def _pairs_that_match(pattern: str, labels: Iterable[str]) -> list[str]:
    """Return the labels of pairs that a glob of pairs matches; none for a glob of ids."""
    return fnmatch.filter(labels, pattern) if PAIR_SEPARATOR in pattern else []


def pair_notes(pairs: FaultPairs, cover: Sequence[PairRecipe]) -> tuple[str, ...]:
    """Return a note on the violations that are in no pair; none if all are."""
    paired = {index for recipe in cover for index in (recipe.kept, recipe.partner)}
    left_out = [single.site.violation.id for index, single in enumerate(pairs.singles) if index not in paired]
    if not left_out:
        return ()
    reason = "no payload was found that has another violation outside of it"
    return (f"{len(left_out):,} of {len(pairs.singles):,} violations are in no pair, such as {left_out[0]}: {reason}",)
