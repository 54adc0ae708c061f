"""The case generator: recipes of the cases of every kind, from one schema."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from functools import cached_property
from typing import Any

from contractfuzz.documents.unread_patterns import unread_notes
from contractfuzz.errors import ContractError
from contractfuzz.json_pointer import encode_pointer
from contractfuzz.payloads.bodies.malformed_cases import MalformedCases, make_malformed_cases
from contractfuzz.payloads.bodies.spellings import Speller
from contractfuzz.payloads.cases.case import Kind, parse_kind
from contractfuzz.payloads.cases.recipes import HostileRecipe, Recipe, ValidRecipe, select_recipes
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.edges import EdgePayloads
from contractfuzz.payloads.incoherent import Rule
from contractfuzz.payloads.own_values import OwnValues, Values
from contractfuzz.payloads.plan.node import MAX_LOCATIONS, MAX_STEPS_TO_LOCATION, Node
from contractfuzz.payloads.plan.planner import make_plan
from contractfuzz.payloads.profiles import PROFILES, find_profile
from contractfuzz.payloads.violations.matrix import Matrix, make_matrix
from contractfuzz.payloads.wire.page_sequences import page_recipes
from contractfuzz.payloads.wire.rich_payloads import candidates, rich_payload
from contractfuzz.payloads.wire.wire_cases import wire_recipes

_CACHES = frozenset({"_plans", "_recipes", "_strategies", "_variants"})


def state_without_caches(instance: Any) -> dict[str, Any]:
    """Return the attributes of a contract or of its generator that a pickle or a copy has: without plans and strategies.

    These contain local functions, which cannot be pickled. The copy makes its own when it needs them.
    """
    cached = {
        name
        for part in type(instance).__mro__
        for name, value in vars(part).items()
        if isinstance(value, cached_property)
    }
    return {name: {} if name in _CACHES else value for name, value in vars(instance).items() if name not in cached}


class CaseGenerator:
    """The plans and recipes of one schema. Each is made on first use and cached.

    Args:
        name: the name of the contract, for messages.
        schema: the lowered schema.
        realistic: makes a realistic payload from choices; None if the contract has no realistic values.
        rules: the rules that the schema cannot express.
        values: the user's own values, by location or glob of locations.

    """

    def __init__(
        self,
        name: str,
        schema: dict[str, Any],
        realistic: Callable[[Choices], Any] | None,
        rules: Sequence[Rule],
        values: Values | None = None,
    ) -> None:
        self._name = name
        self._schema = schema
        self.realistic = realistic
        self._values = values
        self._rules = tuple(rules)
        self._plans: dict[str, Node] = {}
        self._recipes: dict[tuple[Kind, str], tuple[Recipe, ...]] = {}
        self._candidates: list[list[Any]] | None = None

    __getstate__ = state_without_caches

    @property
    def profiles(self) -> tuple[str, ...]:
        """Names of the profiles of valid payloads."""
        return (*PROFILES, "realistic") if self.realistic is not None else tuple(PROFILES)

    @cached_property
    def matrix(self) -> Matrix:
        """Recipes of all violations, in a stable order."""
        return make_matrix(self.plan("broad"), self.own_values)

    @cached_property
    def own_values(self) -> OwnValues | None:
        """The user's own values; None if there are none."""
        if not self._values:
            return None
        # Loads jsonschema, which few other contracts need.
        from contractfuzz.oracle import Oracle

        return OwnValues(self.plan("broad"), Oracle(self._schema), self._values)

    @cached_property
    def malformed(self) -> MalformedCases:
        """Recipes of all malformed cases, in a stable order."""
        return make_malformed_cases(self.plan("broad"), self.payload_maker("broad"), self.own_values)

    @cached_property
    def speller(self) -> Speller:
        """Chooses the spellings of valid bodies."""
        return Speller(lambda: self.plan("broad"))

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on the patterns that payloads and violations ignore, and on what the labels leave out."""
        notes = [*unread_notes(self._schema)]
        if not self.matrix.is_complete:
            limits = f"{MAX_LOCATIONS} locations or {MAX_STEPS_TO_LOCATION} levels"
            notes.append(
                f"the schema of {self._name!r} has more than {limits}: only violations near the root are listed"
            )
        if self.malformed.left_out:
            problem = (
                f"the schema of {self._name!r} has too many places for every odd form of numbers, strings and names"
            )
            notes.append(f"{problem}: {self.malformed.left_out:,} of them are left out")
        if not self.matrix.is_proven:
            problem = f"it takes too long to examine all unions and conditions of {self._name!r}"
            notes.append(f"{problem}: some of their violations are not listed")
        return tuple(notes)

    def plan(self, profile: str) -> Node:
        """Return the plan of a profile; raise ContractError if the profile does not exist."""
        if profile not in self._plans:
            self._plans[profile] = make_plan(self._schema, find_profile(profile))
        return self._plans[profile]

    def payload_maker(self, profile: str) -> Callable[[Choices], Any]:
        """Return the function that makes a payload of a profile from choices.

        Raises:
            ContractError: the profile does not exist, or the contract has no realistic values.

        """
        make_payload, own_values = self._plain_payload_maker(profile), self.own_values
        if own_values is None:
            return make_payload

        def make_with_values(choices: Choices) -> Any:
            places = own_values.draw(choices)
            return own_values.place_in(make_payload(choices), places)

        return make_with_values

    def _plain_payload_maker(self, profile: str) -> Callable[[Choices], Any]:
        if profile == "realistic":
            if self.realistic is None:
                raise ContractError(
                    f"the contract {self._name!r} has no realistic values: "
                    "use the profile 'broad', or load the contract with realistic=..."
                )
            return self.realistic
        plan = self.plan(profile)
        return lambda choices: plan.build(choices, choices.block(plan.width), 0)

    def _edge_payload_maker(self, profile: str) -> Callable[[Choices, int, int], Any]:
        make_payload, own_values = self._plain_payload_maker(profile), self.own_values
        edges = EdgePayloads(self.plan(profile), self._schema)

        def make(choices: Choices, number: int, seed: int) -> Any:
            places = None if own_values is None else own_values.draw(choices)
            payload, path = edges.build(choices, number, seed) or (make_payload(choices), None)
            if own_values is None or places is None:
                return payload
            return own_values.place_in(payload, places, None if path is None else encode_pointer(path))

        return make

    def recipes(self, kind: Kind, profile: str, only: str | Iterable[str] | None = None) -> tuple[Recipe, ...]:
        """Return the recipes of a kind and a profile.

        Args:
            kind: the kind.
            profile: the profile of valid cases; ``broad`` for other kinds.
            only: labels, or globs of labels, to choose from.

        Raises:
            ContractError: a kind or a profile does not exist, or a string in ``only`` matches no label.

        """
        kind, profile = resolve_profile(kind, profile)
        if (kind, profile) not in self._recipes:
            self._recipes[kind, profile] = self._make_recipes(kind, profile)
        recipes = self._recipes[kind, profile]
        return recipes if only is None else select_recipes(recipes, [only] if isinstance(only, str) else only)

    def _make_recipes(self, kind: Kind, profile: str) -> tuple[Recipe, ...]:
        match kind:
            case "invalid":
                return self.matrix.recipes
            case "incoherent":
                return self._rules
            case "malformed":
                return self.malformed.recipes
            case "wire":
                return self.wire_recipes(None)
            case "hostile":
                return (HostileRecipe(self.payload_maker(profile)),)
            case "valid":
                # The smallest payload has the smallest text.
                if profile == "minimal":
                    return (ValidRecipe(self.payload_maker(profile)),)
                edges = self._edge_payload_maker(profile) if profile in PROFILES else None
                return (ValidRecipe(self.payload_maker(profile), self.speller.spell, self.speller.turns, edges),)

    def wire_recipes(self, paging: str | None) -> tuple[Recipe, ...]:
        """Return the recipes of wire cases.

        Args:
            paging: the location of the cursor in a page, as a JSON Pointer; None to recognise it by its name.

        """
        # Loads jsonschema, which few other cases need.
        from contractfuzz.oracle import Oracle

        if self._candidates is None:
            profiles = ["broad"] if self.realistic is None else ["realistic", "broad"]
            self._candidates = [[*candidates(self.payload_maker(profile))] for profile in profiles]
        payloads = [payload for some in self._candidates for payload in some]
        pages = page_recipes(payloads, Oracle(self._schema).is_valid, paging)
        return (*wire_recipes(rich_payload(self._candidates[0])), *pages)


def resolve_profile(kind: str, profile: str) -> tuple[Kind, str]:
    """Return the kind and the profile of cases. Valid cases of the profile ``hostile`` are of the kind ``hostile``.

    Args:
        kind: the name of a kind.
        profile: the profile that was asked for. Only valid and hostile cases have another one than ``broad``.

    Raises:
        ContractError: the kind does not exist, or it does not have the profile.

    """
    known_kind = parse_kind(kind)
    if (known_kind, profile) in (("hostile", "broad"), ("hostile", "hostile"), ("valid", "hostile")):
        return "hostile", "hostile"
    if known_kind != "valid" and profile != "broad":
        raise ContractError(f"the profile {profile!r} goes with valid cases only: leave it out for {kind} ones")
    return known_kind, profile
