"""Faults of keywords that contain schemas: ``anyOf``, ``oneOf``, ``allOf``, ``not``, ``if`` and what is not evaluated.

No rule says how to break these keywords and nothing else. So the values come from a search: the oracle selects, from many
candidates, those that break one such keyword at one location.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import parse_pointer
from contractfuzz.json_values import canonical, copy_json
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.node import Node, Schema, UnfinishedPlanError
from contractfuzz.payloads.plan.planner import make_plan
from contractfuzz.payloads.profiles import find_profile
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, Fault, one_of

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

COMPOSITION_VARIANTS = (
    ("anyOf", "none", "no branch matches"),
    ("oneOf", "none", "no branch matches"),
    ("oneOf", "several", "more than one branch matches"),
    ("not", "matched", "the forbidden schema matches"),
    ("then", "branch", "the condition matches, but what it requires does not"),
    ("else", "branch", "the condition does not match, and what that requires does not either"),
    ("dependentSchemas", "branch", "a property is present, but what it requires does not match"),
    ("unevaluatedProperties", "extra", "a property that no part of the schema describes"),
    ("unevaluatedItems", "extra", "an item that no part of the schema describes"),
)
"""The variants of each keyword: keyword, variant, description."""

ALL_OF_VARIANTS = (("allOf", "part", "one part is broken, the others match"),)

UNEXPECTED_NAME = "unexpected"
CANDIDATE_ATTEMPTS = 100
"""Number of valid values among the candidates."""

BROKEN_ATTEMPTS = 3
"""Number of values of each plain fault among the candidates."""

MAX_COMPOSITION_VALUES = 8
"""Number of values that are kept for a variant at one location, and of valid values that are changed into candidates."""


def composition_faults(node: Node, plain_faults: Callable[[], Iterable[tuple[Node, Fault]]]) -> Iterator[Fault]:
    """Yield the faults of keywords that contain schemas.

    Args:
        node: the node to break.
        plain_faults: returns the faults of the other keywords, in the branches as well, each with the node that it breaks.

    """
    if node.oracle is not None:
        variants = [variant for variant in COMPOSITION_VARIANTS if variant[0] in node.schema]
        yield from _search(node.oracle, variants, lambda: _candidates(node, plain_faults()))
    if node.all_of_oracle is not None:
        yield from _search(node.all_of_oracle, ALL_OF_VARIANTS, lambda: _candidates(node, plain_faults()))


def _search(
    oracle: Oracle, variants: Iterable[tuple[str, str, str]], candidates: Callable[[], Iterator[Any]]
) -> Iterator[Fault]:
    """Yield the faults of the variants for which there are candidates."""
    if not variants:
        return
    invalid = [value for value in candidates() if not oracle.is_valid(value)]
    for keyword, variant, words in variants:
        by_location: dict[tuple[str, ...], dict[str, Any]] = {}
        for value in invalid:
            location = _location(oracle, value, keyword, variant)
            if location is not None:
                by_location.setdefault(location, {})[canonical(value)] = value
        for location, found in by_location.items():
            # Values that break no other keyword show this one best.
            pure = {key: value for key, value in found.items() if oracle.breaks_only(value, keyword)}
            chosen = pure or found
            keys = sorted(chosen, key=lambda key: (len(key), key))[:MAX_COMPOSITION_VALUES]
            yield Fault(keyword, variant, words, one_of([chosen[key] for key in keys]), location)


def _location(oracle: Oracle, value: Any, keyword: str, variant: str) -> tuple[str, ...] | None:
    """Return the location of the only error in ``value``, or None if it is another error or not the only one."""
    pointer = next(oracle.errors(value)).pointer
    if not oracle.confirms(value, pointer, keyword):
        return None
    if keyword == "oneOf" and (variant == "several") != oracle.matches_several_branches(value):
        return None
    tokens = parse_pointer(pointer)
    return tokens if _has_fixed_names(value, tokens) else None


def _has_fixed_names(value: Any, tokens: tuple[str, ...]) -> bool:
    """Return True if all tokens are names that the schema knows. An item's index would differ in the next payload."""
    for token in tokens:
        if not isinstance(value, dict) or token not in value or token == UNEXPECTED_NAME:
            return False
        value = value[token]
    return True


def _candidates(node: Node, plain_faults: Iterable[tuple[Node, Fault]]) -> Iterator[Any]:
    yield from (copy_json(value) for simple, other, _ in PLAIN_VALUES.values() for value in (simple, other))
    valid = [choices.build(node.unguarded) for choices in attempts("candidate", CANDIDATE_ATTEMPTS)]
    yield from valid
    for value in valid[:MAX_COMPOSITION_VALUES]:
        if isinstance(value, dict):
            yield {**value, UNEXPECTED_NAME: None}
            yield from ({key: value[key] for key in value if key != name} for name in value)
        if isinstance(value, list):
            yield [*value, None]
    if node.oracle is not None and "not" in node.schema:
        yield from _forbidden_values(node.schema, node.oracle.root)
    for broken, fault in plain_faults:
        for choices in attempts("broken", BROKEN_ATTEMPTS):
            yield fault.build(choices, choices.block(broken.width), 0)


def _forbidden_values(schema: Schema, root: Any) -> Iterator[Any]:
    """Yield values that keep the schema except for ``not``, and also keep what ``not`` forbids, if they can be planned."""
    others = {keyword: value for keyword, value in schema.items() if keyword != "not"}
    definitions = root.get("$defs", {}) if isinstance(root, Mapping) else {}
    wanted = {"$defs": definitions, "allOf": [others, schema["not"]]}
    with suppress(ContractError, UnfinishedPlanError, KeyError):
        plan = make_plan(wanted, find_profile("broad"))
        yield from [choices.build(plan) for choices in attempts("forbidden", CANDIDATE_ATTEMPTS)]
