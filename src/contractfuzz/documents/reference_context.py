"""Links from the schema that is lowered to other schemas."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from contractfuzz.documents.document import SourceLocation

Refer = Callable[[Any, SourceLocation], str]
"""Turns the value of a ``$ref`` at a location into the reference within the lowered schema."""


@dataclass(frozen=True)
class ReferenceContext:
    """Links from the schema that is lowered to other schemas.

    Attributes:
        refer: turns the value of a ``$ref`` at a location into the reference within the lowered schema.
        resolve: returns the location that a reference leads to.
        refer_to: returns the reference within the lowered schema to the schema at a location, which is lowered as well.
        within: locations of the schemas being lowered, outermost first.

    """

    refer: Refer
    resolve: Callable[[Any, SourceLocation], SourceLocation]
    refer_to: Callable[[SourceLocation], str]
    within: list[SourceLocation] = field(default_factory=list)
