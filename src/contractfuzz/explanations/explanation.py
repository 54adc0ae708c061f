"""The explanation of one label."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from contractfuzz.explanations.advice import Advice

LabelType = Literal["violation", "malformation", "wire case", "rule", "possible change"]


@dataclass(frozen=True, slots=True)
class Example:
    """The smallest case with a label.

    Attributes:
        label: the label of the case: with a location, if the label that is explained has none.
        contract: the name of the contract that the case breaks.
        body: the JSON text of the payload, or the malformed bytes as printable text; a long one is cut.
        twin: the JSON text of the valid payload that differs in this alone; None if it is not known.

    """

    label: str
    contract: str
    body: str
    twin: str | None = None


@dataclass(frozen=True, slots=True)
class Explanation:
    """The explanation of one label.

    Attributes:
        label: the label.
        type: the type of the label.
        definition: the label in words.
        expectation: what a correct consumer does.
        advice: why the case happens in production, and how consumers handle it.
        options: options of contractfuzz that concern the case, each with its effect.
        example: the smallest case; None for a wire case without a payload.
        labels: for a label without a location, the labels of the contract that it stands for.

    """

    label: str
    type: LabelType
    definition: str
    expectation: str
    advice: Advice
    options: tuple[str, ...]
    example: Example | None = None
    labels: tuple[str, ...] = ()
