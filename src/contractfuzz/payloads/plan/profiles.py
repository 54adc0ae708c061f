"""The flavours of valid payloads."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from contractfuzz.errors import unknown
from contractfuzz.payloads.plan.inline import PresenceThresholds
from contractfuzz.payloads.plan.objects import Extras
from contractfuzz.payloads.plan.text import HostileText, Text
from contractfuzz.payloads.values import formats, hostile
from contractfuzz.payloads.values.doubtful import DOUBTFUL_STRINGS


@dataclass(frozen=True, slots=True, kw_only=True)
class Profile:
    """How a plan fills a schema.

    Attributes:
        name: what users call it.
        counts: how many items beyond its minimum an array or map gets, for each of equally likely decisions, ascending.
        leaf_counts: the same for one whose items hold no further arrays or maps, so that it may grow without the payload
            growing by a power of it.
        slots: when members are there that lie in the block of their container; None has no such members.
        presence: an optional property is there when its byte reaches this; 256 is never.
        extras: the properties that the schema does not name; None for no such.
        text: the node of strings.
        formats: formats that are decided byte by byte: how many bytes, and how.
        doubtful: whether values may be such that validators differ on them, as the integer ``1.0``.
        doubtful_texts: such values of formats that are taken from a list.
        bounded: whether long strings and many items share the room there is, so that no payload is huge.

    """

    name: str
    counts: Sequence[int]
    leaf_counts: Sequence[int]
    slots: PresenceThresholds | None
    presence: int
    extras: Extras | None
    text: type[Text] = Text
    formats: Mapping[str, tuple[int, Callable[[bytes, int], str]]]
    doubtful: bool = False
    doubtful_texts: Mapping[str, Sequence[str]] = field(default_factory=dict)
    bounded: bool = False


_FEW = (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
_SOME = (0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4)
PRESENCE = 84
_MANY = PresenceThresholds(42, 68)
_NAMES = ("x", "_", "extra", "$schema", "createdBy", "hs_internal_id", "ID", "naïve", "a.b", "a/b", "")
_VALUES: tuple[Any, ...] = ("", None, 0, False, "x", [], {}, 1.5, True, -1, [None], {"x": None}, "é")

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="broad",
            counts=_FEW,
            leaf_counts=_SOME,
            slots=_MANY,
            presence=PRESENCE,
            extras=Extras(254, _NAMES, _VALUES),
            formats=formats.FORMAT_DECODERS,
        ),
        Profile(
            name="minimal",
            counts=(0,),
            leaf_counts=(0,),
            slots=PresenceThresholds(256, 256),
            presence=256,
            extras=None,
            formats=formats.FORMAT_DECODERS,
        ),
        Profile(
            name="closed",
            counts=_FEW,
            leaf_counts=_SOME,
            slots=_MANY,
            presence=PRESENCE,
            extras=None,
            formats=formats.FORMAT_DECODERS,
        ),
        Profile(
            name="hostile",
            counts=(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 9),
            leaf_counts=(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 9, 100),
            slots=None,
            presence=96,
            extras=Extras(160, hostile.HOSTILE_NAMES, (*_VALUES, *hostile.HOSTILE_VALUES), twins=True),
            text=HostileText,
            formats=hostile.HOSTILE_FORMAT_DECODERS,
            doubtful=True,
            doubtful_texts={name: tuple(values.values()) for name, values in DOUBTFUL_STRINGS.items()},
            bounded=True,
        ),
    )
}


def find_profile(name: str) -> Profile:
    """Return the profile of that name; ContractError with the nearest match where there is none."""
    if name in PROFILES:
        return PROFILES[name]
    raise unknown("profile", name, [*PROFILES, "realistic"])
