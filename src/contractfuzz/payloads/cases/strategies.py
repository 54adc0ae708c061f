"""TODO."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from hypothesis import strategies as st

from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.recipes import Recipe
from contractfuzz.payloads.choices.hypothesis import HypothesisChoices
from contractfuzz.payloads.choices.protocol import Choices


def payloads(payload: Callable[[Choices], Any]) -> st.SearchStrategy[Any]:
    """Return the strategy of what ``payload`` makes of choices."""

    @st.composite
    def valid(draw: st.DrawFn) -> Any:
        return payload(HypothesisChoices(draw))

    return valid()


def cases(recipes: Sequence[Recipe]) -> st.SearchStrategy[Case]:
    """Return the strategy of the cases of ``recipes``: it shrinks towards the first, and to the smallest payload of each."""
    if not recipes:
        return st.nothing()

    @st.composite
    def case(draw: st.DrawFn) -> Case:
        choices = HypothesisChoices(draw)
        number = choices.index(len(recipes)) if len(recipes) > 1 else 0
        return recipes[number].case(choices)

    return case()
