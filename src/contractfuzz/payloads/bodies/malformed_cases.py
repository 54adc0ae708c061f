"""Recipes of the malformed cases of a plan: each malformation, and each odd lexical form at a declared place."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import compact_json
from contractfuzz.payloads.bodies.lexical_forms import (
    NUMBER_FORMS,
    PROPERTY_FORMS,
    STRING_FORMS,
    LexicalForm,
    PlacedBody,
)
from contractfuzz.payloads.bodies.malformations import MALFORMATIONS, MalformedRecipe
from contractfuzz.payloads.bodies.places import Place, find_places
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.recipes import Recipe
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.own_values import OwnValues
from contractfuzz.payloads.plan.node import FaultCursor, FaultPath, Node

MAX_PLACED_FORMS = 400
"""Number of labels of each table of forms. A check feeds each label once."""


@dataclass(frozen=True, slots=True)
class PlacedRecipe:
    """The recipe of the cases with one odd form at one place.

    Attributes:
        form: the form.
        place: the place.
        root: the root of the plan.
        own_values: the user's own values, which are used outside of the place; None if there are none.

    """

    form: LexicalForm
    place: Place
    root: Node
    own_values: OwnValues | None = None

    @property
    def label(self) -> str:
        """Label of the cases: ``nan@/results/*/amount``."""
        return f"{self.form.name}@{self.place.location}"

    def case(self, choices: Choices) -> Case:
        """Return a case with the form at the place."""
        cursor = FaultCursor(FaultPath(self.place.steps, self.place.node.build))
        places = b"" if self.own_values is None else self.own_values.draw(choices)
        payload = self.root.build_faulty(choices, choices.block(self.root.width), 0, cursor)
        pointer = encode_pointer(cursor.instance_path)
        if self.own_values is not None:
            payload = self.own_values.place_in(payload, places, pointer)
        text = compact_json(payload)
        return Case(
            "malformed",
            label=self.label,
            description=self.form.description,
            pointer=pointer,
            expectation=self.form.expectation,
            raw=PlacedBody(self.form.name, text, pointer),
        )


@dataclass(frozen=True, slots=True)
class MalformedCases:
    """The recipes of the malformed cases of a plan.

    Attributes:
        recipes: the recipes, in a stable order.
        left_out: number of forms at declared places that are left out, because they are too many.

    """

    recipes: tuple[Recipe, ...]
    left_out: int


def make_malformed_cases(
    root: Node, payload: Callable[[Choices], Any], own_values: OwnValues | None = None
) -> MalformedCases:
    """Return the recipes of the malformed cases of a plan.

    A form that a declared place has takes the place of the malformation of the same name, whose value is undeclared.

    Args:
        root: the root of the plan.
        payload: makes a valid payload from choices.
        own_values: the user's own values, which are used outside of the places; None if there are none.

    """
    places, _ = find_places(root)
    placed: list[PlacedRecipe] = []
    left_out = 0
    for forms in (NUMBER_FORMS, STRING_FORMS, PROPERTY_FORMS):
        recipes: dict[str, PlacedRecipe] = {}
        for recipe in (
            PlacedRecipe(form, place, root, own_values)
            for place in places
            for form in forms
            if place.type in form.places
        ):
            recipes.setdefault(recipe.label, recipe)
        chosen = choose_evenly(tuple(recipes.values()))
        placed += chosen
        left_out += len(recipes) - len(chosen)
    names = {recipe.form.name for recipe in placed}
    bare = [MalformedRecipe(one, payload) for one in MALFORMATIONS if one.name not in names]
    return MalformedCases((*bare, *placed), left_out)


def choose_evenly(recipes: Sequence[PlacedRecipe]) -> list[PlacedRecipe]:
    """Return at most ``MAX_PLACED_FORMS`` recipes: each place nearest to the root has a form, and each form has places.

    Args:
        recipes: the recipes, by place.

    """
    if len(recipes) <= MAX_PLACED_FORMS:
        return list(recipes)
    by_place: dict[str, list[PlacedRecipe]] = {}
    for recipe in recipes:
        by_place.setdefault(recipe.place.location, []).append(recipe)
    ranks: dict[str, tuple[int, int]] = {}
    for number, group in enumerate(by_place.values()):
        for index, recipe in enumerate(group):
            # The next place starts with the next form.
            ranks[recipe.label] = (index - number) % len(group), number
    chosen = {label for _, label in sorted((rank, label) for label, rank in ranks.items())[:MAX_PLACED_FORMS]}
    return [recipe for recipe in recipes if recipe.label in chosen]
