"""``anyOf``, ``oneOf``, ``allOf``, ``not``, ``if`` and what is not evaluated: values that the oracle found to break just that."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import suppress
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import parse_pointer
from contractfuzz.json_values import canonical, copy_json
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.guards import OracleGuarded, Validated
from contractfuzz.payloads.plan.node import Node, Schema, UnfinishedPlanError
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, Fault, one_of

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle

KEYWORDS = (
    ("anyOf", "none", "no branch fits"),
    ("oneOf", "none", "no branch fits"),
    ("oneOf", "several", "more than one branch fits"),
    ("not", "matched", "what is not allowed fits"),
    ("then", "branch", "the condition holds, and what must hold then does not"),
    ("else", "branch", "the condition does not hold, and what must hold then does not either"),
    ("dependentSchemas", "branch", "a property is there, and what must hold then does not"),
    ("unevaluatedProperties", "extra", "a property that no part of the schema describes"),
    ("unevaluatedItems", "extra", "an item that no part of the schema describes"),
)
UNEXPECTED = "unexpected"
TRIES, BROKEN, MOST = 100, 3, 8
"""How many valid values are tried, how many of each fault, and how many of those that serve are kept, the shortest first."""


Broken = Callable[[], Iterable[tuple[Node, Fault]]]


def composition_faults(node: Node, faults: Broken) -> Iterator[Fault]:
    """Yield the faults of keywords that hold schemas; ``faults`` are those of plain keywords beside and in them."""
    if isinstance(node, OracleGuarded):
        wanted = [entry for entry in KEYWORDS if entry[0] in node.schema]
        yield from _found(node.oracle, wanted, lambda: _candidates(node, faults()))
    if node.whole is not None:
        parts = [("allOf", "part", "one of the parts that must all hold is broken, the others are kept")]
        yield from _found(node.whole, parts, lambda: _candidates(node, faults()))


def _found(
    oracle: Oracle, wanted: list[tuple[str, str, str]], candidates: Callable[[], Iterator[Any]]
) -> Iterator[Fault]:
    if not wanted:
        return
    values = [value for value in candidates() if not oracle.is_valid(value)]
    for keyword, variant, words in wanted:
        by_place: dict[tuple[str, ...], dict[str, Any]] = {}
        for value in values:
            place = _place(oracle, value, keyword, variant)
            if place is not None:
                by_place.setdefault(place, {})[canonical(value)] = value
        for place, found in by_place.items():
            # What breaks nothing else besides shows the keyword itself.
            alone = {key: value for key, value in found.items() if oracle.breaks_only(value, keyword)}
            shown = alone or found
            shortest = [shown[key] for key in sorted(shown, key=lambda key: (len(key), key))[:MOST]]
            yield Fault(keyword, variant, words, one_of(shortest), place)


def _place(oracle: Oracle, value: Any, keyword: str, variant: str) -> tuple[str, ...] | None:
    """Return where in ``value`` the one thing lies that is wrong with it, where that is what was wanted; else None."""
    pointer = next(oracle.errors(value)).pointer
    if not oracle.confirms(value, pointer, keyword):
        return None
    if keyword == "oneOf" and (variant == "several") != oracle.matches_several_branches(value):
        return None
    tokens = parse_pointer(pointer)
    return tokens if _by_names_only(value, tokens) else None


def _by_names_only(value: Any, tokens: tuple[str, ...]) -> bool:
    """Return whether ``tokens`` are names that the schema knows: an item's place is not the same in the next payload."""
    for token in tokens:
        if not isinstance(value, dict) or token not in value or token == UNEXPECTED:
            return False
        value = value[token]
    return True


def _candidates(node: Node, faults: Iterable[tuple[Node, Fault]]) -> Iterator[Any]:
    inner = node.node if isinstance(node, Validated) else node
    yield from (copy_json(value) for simple, other, _ in PLAIN_VALUES.values() for value in (simple, other))
    made = [choices.part(inner) for choices in attempts("candidate", TRIES)]
    yield from made
    for value in made[:MOST]:
        if isinstance(value, dict):
            yield {**value, UNEXPECTED: None}
            yield from ({key: value[key] for key in value if key != name} for name in value)
        if isinstance(value, list):
            yield [*value, None]
    if isinstance(node, OracleGuarded) and "not" in node.schema:
        yield from _forbidden(node.schema, node.oracle.root)
    for broken, fault in faults:
        for choices in attempts("broken", BROKEN):
            yield fault.make(broken, choices, choices.block(broken.width), 0)


def _forbidden(schema: Schema, root: Any) -> Iterator[Any]:
    """Yield values that keep what stands beside ``not`` and what it forbids, where a plan can be made for both."""
    # Planning knows nothing of faults, and only contracts with this keyword need it here.
    from contractfuzz.payloads.plan.planner import make_plan
    from contractfuzz.payloads.plan.profiles import find_profile

    beside = {keyword: value for keyword, value in schema.items() if keyword != "not"}
    definitions = root.get("$defs", {}) if isinstance(root, Mapping) else {}
    wanted = {"$defs": definitions, "allOf": [beside, schema["not"]]}
    with suppress(ContractError, UnfinishedPlanError, KeyError):
        plan = make_plan(wanted, find_profile("broad"))
        yield from [choices.part(plan) for choices in attempts("forbidden", TRIES)]
