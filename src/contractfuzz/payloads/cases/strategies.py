"""Hypothesis strategies of payloads and cases."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.recipes import Recipe
from contractfuzz.payloads.choices.hypothesis import HypothesisChoices
from contractfuzz.payloads.choices.protocol import Choices


def payloads(make_payload: Callable[[Choices], Any]) -> st.SearchStrategy[Any]:
    """Return a strategy of the payloads that a function makes from choices."""

    @st.composite
    def payload(draw: st.DrawFn) -> Any:
        return make_payload(HypothesisChoices(draw))

    return payload()


def cases(recipes: Sequence[Recipe]) -> st.SearchStrategy[Case]:
    """Return a strategy of the cases of some recipes.

    Args:
        recipes: the recipes to choose from; none give the empty strategy.

    Returns:
        A strategy of cases. It shrinks towards the first recipe, and towards the smallest payload of a recipe.

    """
    if not recipes:
        return st.nothing()

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        choices = HypothesisChoices(draw)
        index = choices.index(len(recipes)) if len(recipes) > 1 else 0
        return recipes[index].case(choices)

    return case()
