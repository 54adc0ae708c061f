"""The profiles of valid payloads."""

from __future__ import annotations

from typing import Any

from contractfuzz.errors import unknown
from contractfuzz.payloads.plan.context import Extras, PresenceThresholds, Profile
from contractfuzz.payloads.plan.strings import HostileText, Text
from contractfuzz.payloads.values import formats, hostile
from contractfuzz.payloads.values.doubtful import DOUBTFUL_STRINGS

_FEW = (0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3)
_SOME = (0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 4)
_PRESENCE_THRESHOLD = 84
_INLINE_PRESENCE = PresenceThresholds(any=36, each=60)
_NEVER = 256
_EXTRA_NAMES = ("x", "_", "extra", "$schema", "createdBy", "hs_internal_id", "ID", "naïve", "a.b", "a/b", "")
_EDGE_EXTRAS = {"createdBy": {"x": None}, "a.b": "é"}
_EXTRA_VALUES: tuple[Any, ...] = ("", None, 0, False, "x", [], {}, 1.5, True, -1, [None], {"x": None}, "é")

PROFILES = {
    profile.name: profile
    for profile in (
        Profile(
            name="broad",
            lengths=_FEW,
            flat_lengths=_SOME,
            inline_presence=_INLINE_PRESENCE,
            presence_threshold=_PRESENCE_THRESHOLD,
            extras=Extras(254, _EXTRA_NAMES, _EXTRA_VALUES, edges=_EDGE_EXTRAS),
            text=Text,
            formats=formats.FORMAT_DECODERS,
            uses_examples=True,
        ),
        Profile(
            name="minimal",
            lengths=(0,),
            flat_lengths=(0,),
            inline_presence=PresenceThresholds(any=_NEVER, each=_NEVER),
            presence_threshold=_NEVER,
            extras=None,
            text=Text,
            formats=formats.FORMAT_DECODERS,
        ),
        Profile(
            name="closed",
            lengths=_FEW,
            flat_lengths=_SOME,
            inline_presence=_INLINE_PRESENCE,
            presence_threshold=_PRESENCE_THRESHOLD,
            extras=None,
            text=Text,
            formats=formats.FORMAT_DECODERS,
            uses_examples=True,
        ),
        Profile(
            name="hostile",
            lengths=(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 2, 3, 4, 9),
            flat_lengths=(0, 0, 0, 0, 1, 1, 1, 1, 1, 1, 2, 2, 3, 4, 9, 100),
            inline_presence=None,
            presence_threshold=96,
            extras=Extras(160, hostile.HOSTILE_NAMES, (*_EXTRA_VALUES, *hostile.HOSTILE_VALUES), case_variants=True),
            text=HostileText,
            formats=hostile.HOSTILE_FORMAT_DECODERS,
            hostile_numbers=True,
            doubtful_texts={name: tuple(values.values()) for name, values in DOUBTFUL_STRINGS.items()},
            budgeted=True,
        ),
    )
}
"""The profiles by name. The profile ``realistic`` is not among them: a contract's pack provides it."""


def find_profile(name: str) -> Profile:
    """Return a profile by its name.

    Raises:
        ContractError: no profile has the name; the message suggests the closest one.

    """
    if name in PROFILES:
        return PROFILES[name]
    raise unknown("profile", name, [*PROFILES, "realistic"])
