"""Faults of keywords that contain schemas: ``anyOf``, ``oneOf``, ``allOf``, ``not``, ``if`` and what is not evaluated.

No rule says how to break these keywords and nothing else. So the values come from a search: the oracle selects, from many
candidates, those that break one such keyword at one location.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from functools import partial
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from contractfuzz.claims import FaultClaim
from contractfuzz.documents.keywords import ANNOTATIONS
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.json_values import canonical, copy_json, json_type
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import attempts
from contractfuzz.payloads.plan.guards import Branches
from contractfuzz.payloads.plan.node import Node, Schema, UnfinishedPlanError
from contractfuzz.payloads.plan.planner import make_plan
from contractfuzz.payloads.profiles import find_profile
from contractfuzz.payloads.violations.fault import PLAIN_VALUES, WRAPPED, Derived, Fault, changed, one_of

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

_DESCRIPTIONS = {keyword: words for keyword, variant, words in COMPOSITION_VARIANTS if variant == "none"}

ALL_OF_VARIANTS = (("allOf", "part", "one part is broken, the others match"),)

UNEXPECTED_NAME = "unexpected"
CANDIDATE_ATTEMPTS = 100
"""Number of valid values among the candidates at most."""

BROKEN_ATTEMPTS = 3
"""Number of values of each plain fault among the candidates."""

MAX_COMPOSITION_VALUES = 8
"""Number of values that are kept for a variant at one location, and of valid values that are changed into candidates."""

MAX_SEARCH_WORK = 24_000
"""Work of all searches of a plan, in steps of the oracle. A search gets an equal share of what is left."""

MAX_SEARCH_SHARE = 8_000
"""Work of one search at most."""

_STEPS_PER_CANDIDATE = 3
"""Number of steps that a candidate takes for each branch."""

MIN_CANDIDATES = 24
"""Number of candidates of a search at least."""

_MIN_WORK_FOR_BUILT_VALUES = 60
"""Work of a search below which its candidates are the plain values alone, because others take time to build."""

_PLAIN_CANDIDATES = tuple(value for simple, other, _ in PLAIN_VALUES.values() for value in (simple, other))

_MIN_WORK_FOR_TYPES = 500
"""Work of a search from which on each type of the values that it finds has a fault of its own."""

_CHARACTERS_PER_VALIDATION = 256
"""A longer candidate counts as several."""


@dataclass
class SearchBudget:
    """The work that is left for searches.

    Attributes:
        work: the work of the next search, see ``MAX_SEARCH_WORK``.
        was_short: True if a search ended before all candidates were examined, and found not all that it searched for.

    """

    work: int = MAX_SEARCH_SHARE
    was_short: bool = False


def composition_faults(
    node: Node, plain_faults: Callable[[], Iterable[tuple[Node, Fault]]], budget: SearchBudget
) -> Iterator[Fault]:
    """Yield the faults of keywords that contain schemas.

    Args:
        node: the node to break.
        plain_faults: returns the faults of the other keywords, in the branches as well, each with the node that it breaks.
        budget: the work of each search.

    """
    if not is_composed(node):
        return
    union = node.unguarded
    if isinstance(union, Branches) and union.is_exclusive and not union.has_base and node.all_of_oracle is None:
        yield from _wrong_types(union)
        return
    branches = max(1, len(node.unguarded.branches))
    least = MIN_CANDIDATES if budget.work >= _MIN_WORK_FOR_BUILT_VALUES else len(_PLAIN_CANDIDATES)
    limit = max(least, budget.work // (_STEPS_PER_CANDIDATE * branches))
    factor = 2 * branches if _contains_itself(node) else 1
    if node.oracle is not None:
        variants = [variant for variant in COMPOSITION_VARIANTS if variant[0] in node.schema]
        keywords = {keyword for keyword, _, _ in variants}
        is_sole = len(keywords) == 1 and not node.schema.keys() - ANNOTATIONS - keywords
        candidates = partial(_candidates, node, plain_faults, limit)
        yield from _search(node.oracle, variants, candidates, limit, factor, budget, is_sole=is_sole)
    if node.all_of_oracle is not None:
        candidates = partial(_candidates, node, plain_faults, limit)
        yield from _search(node.all_of_oracle, ALL_OF_VARIANTS, candidates, limit, factor, budget)


def _wrong_types(union: Branches) -> Iterator[Fault]:
    """Yield the fault of a union whose branches exclude each other: a type that none allows. Other values show their branch."""
    keyword = next(keyword for keyword in ("oneOf", "anyOf") if keyword in union.schema)
    distinct = {
        canonical(value): value
        for value in _PLAIN_CANDIDATES
        if union.union and not union.union.recognise(value).candidates
    }
    wrong = [value for value in distinct.values() if not isinstance(value, dict)]
    if wrong and union.oracle.confirms(wrong[0], [FaultClaim("", keyword)]):
        yield Fault(keyword, "none", _DESCRIPTIONS[keyword], one_of(wrong[:MAX_COMPOSITION_VALUES]))
        yield from _faults_by_type(keyword, wrong)
        if any(isinstance(value, list) for value in wrong):
            yield Fault(keyword, "wrapped", WRAPPED.description, changed(union, lambda value: [value]))


def _faults_by_type(keyword: str, values: Sequence[Any], location: tuple[str, ...] = ()) -> Iterator[Fault]:
    """Yield a fault for each JSON type of the values that no branch matches, if they are of several types."""
    by_type: dict[str, list[Any]] = {}
    for value in values:
        by_type.setdefault(json_type(value), []).append(value)
    for name in PLAIN_VALUES:
        found = by_type.get(name, [])
        if not found or len(by_type) == 1:
            continue
        # Readers that take true for 1 mostly take false for nothing.
        found.sort(key=lambda value: value is not True)
        words = f"{PLAIN_VALUES[name][2]}, which no branch matches"
        yield Fault(keyword, name, words, one_of(found[:MAX_COMPOSITION_VALUES]), location)


def is_composed(node: Node) -> bool:
    """Return True if there is a search for faults of a node."""
    return node.all_of_oracle is not None or (
        node.oracle is not None and any(keyword in node.schema for keyword, _, _ in COMPOSITION_VARIANTS)
    )


def _search(
    oracle: Oracle,
    variants: Sequence[tuple[str, str, str]],
    candidates: Callable[[], Iterator[Any]],
    limit: int,
    factor: int,
    budget: SearchBudget,
    *,
    is_sole: bool = False,
) -> Iterator[Fault]:
    """Yield the faults of the variants for which one of ``limit`` candidates is found.

    Args:
        oracle: the oracle of the schema.
        variants: the variants to find.
        candidates: returns the candidates.
        limit: the number of candidates, fewer if they are long.
        factor: the factor of the work for each level of a candidate.
        budget: the work of the search.
        is_sole: True if the schema has no other keywords than one of the variants.

    """
    if not variants:
        return
    keywords = dict.fromkeys(keyword for keyword, _, _ in variants)
    found: dict[tuple[str, str], dict[tuple[str, ...], dict[str, Any]]] = {}
    end = oracle.steps + budget.work
    for key, value in _distinct(
        _until(lambda: oracle.steps > end, candidates(), min(limit, MIN_CANDIDATES)), limit, factor
    ):
        errors = oracle.find_errors(value)
        error = next(iter(errors), None)
        tokens = () if error is None else tuple(map(str, error.absolute_path))
        if error is None or not _has_fixed_names(value, tokens):
            continue
        pointer = encode_pointer(tokens)
        for keyword in keywords:
            if errors.confirm([FaultClaim(pointer, keyword)]):
                several = keyword == "oneOf" and errors.match_several_branches
                found.setdefault((keyword, "several" if several else ""), {}).setdefault(tokens, {})[key] = value
    budget.was_short |= oracle.steps > end and len(found) < len(variants)
    for keyword, variant, words in variants:
        by_location = found.get((keyword, "several" if variant == "several" else ""), {})
        for location, values in by_location.items():
            # Values that break no other keyword show this one best.
            pure = (
                {}
                if is_sole
                else {key: value for key, value in values.items() if oracle.find_errors(value).break_only(keyword)}
            )
            chosen = pure or values
            best = [chosen[key] for key in sorted(chosen, key=lambda key: (len(key), key))]
            yield Fault(keyword, variant, words, _one_of_or_with(best[:MAX_COMPOSITION_VALUES]), location)
            if variant == "none" and budget.work >= _MIN_WORK_FOR_TYPES:
                yield from _faults_by_type(keyword, best, location)


def _one_of_or_with(values: Sequence[Any]) -> Derived:
    """Build one of several values, or add the members of one to an object that lacks them."""
    build = one_of(values)

    def change(payload: dict[str, Any], choices: Choices, block: bytes, at: int) -> Any:
        value = build(choices, block, at)
        if not isinstance(value, dict) or value.keys() <= payload.keys():
            raise LookupError
        return {**value, **payload}

    return Derived(frozenset(["object"]), build, change)


def _until(is_over: Callable[[], bool], candidates: Iterable[Any], least: int) -> Iterator[Any]:
    """Yield the first ``least`` candidates, then the others while the search is not over."""
    for count, value in enumerate(candidates, 1):
        yield value
        if count >= least and is_over():
            return


def _distinct(candidates: Iterable[Any], limit: int, factor: int) -> Iterator[tuple[str, Any]]:
    """Yield different candidates with their canonical texts; fewer than ``limit`` if they are long.

    A validator tries all branches at each level of a recursive union, often for two operands. So the work multiplies by
    ``factor`` with each level.
    """
    seen: set[str] = set()
    work = 0
    for value in candidates:
        key = canonical(value)
        cost = 1 + len(key) // _CHARACTERS_PER_VALIDATION + factor ** _depth(value) - 1
        if key not in seen and cost <= max(1, limit // 16):
            seen.add(key)
            work += cost
            yield key, value
        if work >= limit:
            return


def _depth(value: Any) -> int:
    """Return the number of arrays and objects around the innermost value."""
    if value and isinstance(value, dict | list):
        return 1 + max(map(_depth, value.values() if isinstance(value, dict) else value), default=0)
    return 0


def _contains_itself(node: Node) -> bool:
    """Return True if values of a node can contain values of the same schema."""
    own = node.unguarded
    schema = _without_annotations(own)
    seen: set[Node] = set()
    waiting = [*own.branches, *(step.child for step in own.steps())]
    while waiting:
        child = waiting.pop()
        if child not in seen:
            if child.is_recursive and _without_annotations(child) == schema:
                return True
            seen.add(child)
            waiting += [*child.branches, *(step.child for step in child.steps())]
    return False


def _without_annotations(node: Node) -> str:
    return canonical({keyword: value for keyword, value in node.schema.items() if keyword not in ANNOTATIONS})


def _has_fixed_names(value: Any, tokens: tuple[str, ...]) -> bool:
    """Return True if all tokens are names that the schema knows. An item's index would differ in the next payload."""
    for token in tokens:
        if not isinstance(value, dict) or token not in value or token == UNEXPECTED_NAME:
            return False
        value = value[token]
    return True


def _candidates(node: Node, plain_faults: Callable[[], Iterable[tuple[Node, Fault]]], limit: int) -> Iterator[Any]:
    yield from map(copy_json, _PLAIN_CANDIDATES)
    # The plan guarantees its values, so only a few of them are needed: to be changed.
    count = CANDIDATE_ATTEMPTS if node.unguarded is not node else MAX_COMPOSITION_VALUES
    count = max(MAX_COMPOSITION_VALUES, min(count, limit // 4))
    valid = []
    for choices in attempts("candidate", count):
        valid.append(choices.build(node.unguarded))
        yield valid[-1]
    for value in valid[:MAX_COMPOSITION_VALUES]:
        if isinstance(value, dict):
            yield {**value, UNEXPECTED_NAME: None}
            yield from ({key: value[key] for key in value if key != name} for name in value)
        if isinstance(value, list):
            yield [*value, None]
    # An object with the properties of two branches may match both.
    for one, other in pairwise(valid[:MAX_COMPOSITION_VALUES]) if "oneOf" in node.schema else ():
        if isinstance(one, dict) and isinstance(other, dict):
            yield {**one, **other}
    if node.oracle is not None and "not" in node.schema:
        yield from _forbidden_values(node.schema, node.oracle.root, count)
    for broken, fault in plain_faults():
        for choices in attempts("broken", BROKEN_ATTEMPTS):
            yield fault.build(choices, choices.block(broken.width), 0)


def _forbidden_values(schema: Schema, root: Any, count: int) -> Iterator[Any]:
    """Yield values that keep the schema except for ``not``, and also keep what ``not`` forbids, if they can be planned."""
    others = {keyword: value for keyword, value in schema.items() if keyword != "not"}
    wanted = {"allOf": [others, schema["not"]]}
    with suppress(ContractError, UnfinishedPlanError, KeyError):
        plan = make_plan(wanted, find_profile("broad"), root if isinstance(root, Mapping) else {})
        yield from [choices.build(plan) for choices in attempts("forbidden", count)]
