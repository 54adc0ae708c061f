"""The contract: what everyone holds in their hand."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from contractfuzz.documents import Source, lower_document
from contractfuzz.errors import ContractError, unknown
from contractfuzz.payloads.cases import recipes
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind, parse_kind
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.coverage import Coverage, measure
from contractfuzz.payloads.malformed import MALFORMATIONS, MalformedRecipe
from contractfuzz.payloads.plan.planner import make_plan
from contractfuzz.payloads.plan.profiles import PROFILES, find_profile
from contractfuzz.payloads.violations.matrix import ViolationRecipe, make_matrix

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contractfuzz.oracle import Oracle, PayloadError
    from contractfuzz.payloads.choices.protocol import Choices
    from contractfuzz.payloads.incoherent import Rule
    from contractfuzz.payloads.plan.node import Node

GROUP = "contractfuzz.contracts"
"""The entry point group in which packs register their contracts: name -> Contract."""


class Contract:
    """One self-contained JSON Schema (2020-12) with a name, and all the payloads that keep or break it.

    Made by ``Contract.load`` from a published document or by ``Contract.named`` from an installed pack. What follows from the
    schema is worked out on first use and kept.

    Attributes:
        name: the contract's name.
        schema: the lowered, self-contained JSON Schema, a plain dict; do not change it.
        rules: the rules beyond the schema that its pack knows.

    """

    def __init__(
        self,
        name: str,
        schema: dict[str, Any],
        *,
        realistic: Callable[[Choices], Any] | None = None,
        rules: Sequence[Rule] = (),
    ) -> None:
        self.name = name
        self.schema = schema
        self.rules = tuple(rules)
        self._realistic = realistic
        self._recipes: dict[tuple[str, str], tuple[recipes.Recipe, ...]] = {}
        self._strategies: dict[object, SearchStrategy[Any]] = {}

    def __repr__(self) -> str:
        return f"<Contract {self.name}>"

    @classmethod
    def load(
        cls,
        document: Source,
        components: Iterable[Source] | Source = (),
        name: str | None = None,
        *,
        dialect: str | None = None,
        realistic: Callable[[Choices], Any] | None = None,
        rules: Sequence[Rule] = (),
    ) -> Contract:
        """Return the contract that a document publishes.

        Args:
            document: a JSON Structure document, a JSON Schema (draft-04 to 2020-12) or an OpenAPI file (3.0, 3.1, JSON or
                YAML): a file's path, or the parsed JSON object; or a pydantic model.
            components: documents that the ``$ref``s of ``document`` lead to: paths, objects, or folders of ``*.json`` files.
            name: the contract's name; by default the document's own. Of an OpenAPI file, the component that is meant.
            dialect: the document's language where it is not to be recognised: ``json-structure`` (wide integers are strings),
                ``json-structure-openapi`` (they are numbers), ``draft-04``, ``draft-06``, ``draft-07``, ``2019-09``, ``2020-12``.
            realistic: for packs: makes a payload as the real service would send it, from choices.
            rules: for packs: the rules that a schema cannot say.

        Raises:
            ContractError: where the document cannot be read, resolved or lowered. Nothing is ever fetched.

        """
        lowered = lower_document(document, components, name, dialect)
        return cls(lowered.name, lowered.schema, realistic=realistic, rules=rules)

    @classmethod
    def named(cls, name: str) -> Contract:
        """Return the contract of that name from an installed pack; ContractError with the nearest match where there is none."""
        for point in entry_points(group=GROUP, name=name):
            contract = point.load()
            if isinstance(contract, cls):
                return contract
            raise ContractError(
                f"the entry point {name!r} of {point.value} is a {type(contract).__name__}: it must be a Contract"
            )
        raise unknown("contract", name, cls.installed())

    @classmethod
    def installed(cls) -> tuple[str, ...]:
        """Return the names of the contracts of all installed packs."""
        return tuple(sorted({point.name for point in entry_points(group=GROUP)}))

    # --- what the oracle says -------------------------------------------------------------------------------------------

    def is_valid(self, payload: Any) -> bool:
        """Return whether ``payload``, a JSON value, keeps the schema, formats included."""
        return self._oracle.is_valid(payload)

    def errors(self, payload: Any) -> list[PayloadError]:
        """Return what is wrong with ``payload``, each with its ``pointer``, ``keyword`` and ``message``; none if it is valid."""
        return list(self._oracle.errors(payload))

    @cached_property
    def _oracle(self) -> Oracle:
        from contractfuzz.oracle import Oracle

        return Oracle(self.schema)

    # --- what can go wrong ----------------------------------------------------------------------------------------------

    def violations(self) -> tuple[Violation, ...]:
        """Return every way to break the schema, each in one place, in a stable order.

        What may be wrong within ``oneOf`` and ``anyOf`` is not told apart: that no branch fits stands for all of it.
        """
        return tuple(breach.violation for breach in self._matrix)

    @property
    def profiles(self) -> tuple[str, ...]:
        """The profiles of valid payloads that this contract has: ``realistic`` only where its pack brings it."""
        return (*PROFILES, "realistic") if self._realistic is not None else tuple(PROFILES)

    def labels(self, kind: Kind = "invalid", only: str | Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the labels of the cases of a kind, in a stable order: of ``invalid`` ones the violations' ids.

        Args:
            kind: any kind; ``valid`` and ``hostile`` cases have no labels.
            only: those that labels, or globs of them (``*`` also stands for ``/``), name. An exact label stands for itself
                alone, although it may read as a glob too.

        Raises:
            ContractError: an unknown kind, or one of ``only`` names no label.

        """
        return tuple(recipe.label for recipe in self._recipes_of(kind, "broad", only) if recipe.label is not None)

    @cached_property
    def _matrix(self) -> tuple[ViolationRecipe, ...]:
        return make_matrix(self._plan("broad"))

    def coverage(self, payloads: Iterable[Any]) -> Coverage:
        """Return which points of the schema ``payloads`` (JSON values, or cases that hold some) reached, and which not."""
        values = (one.payload if isinstance(one, Case) else one for one in payloads)
        return measure(self._plan("broad"), (value for value in values if value is not ABSENT))

    # --- cases under Hypothesis -----------------------------------------------------------------------------------------

    def valid(self, profile: str = "broad") -> SearchStrategy[Any]:
        """Return the strategy of valid payloads: ``broad``, ``minimal``, ``realistic`` or ``hostile`` ones."""
        from contractfuzz.payloads.cases import strategies

        return self._strategy(("valid", profile), lambda: strategies.payloads(self._payload(profile)))

    def invalid(self, only: str | Iterable[str] | None = None) -> SearchStrategy[Case]:
        """Return the strategy of invalid cases: of all violations, or ``only`` of those that ids or globs of them name."""
        return self.cases("invalid", only=only)

    def malformed(self) -> SearchStrategy[Case]:
        """Return the strategy of malformed cases: bytes that are no interoperable JSON text."""
        return self.cases("malformed")

    def incoherent(self) -> SearchStrategy[Case]:
        """Return the strategy of incoherent cases: valid, but breaking one rule; of a contract without rules, of nothing."""
        return self.cases("incoherent")

    def hostile(self) -> SearchStrategy[Case]:
        """Return the strategy of hostile cases: valid payloads with values that readers handle differently."""
        return self.cases("hostile")

    def cases(
        self, kind: Kind = "valid", profile: str = "broad", *, only: str | Iterable[str] | None = None
    ) -> SearchStrategy[Case]:
        """Return the strategy of the cases of any kind: of ``valid`` ones in any profile, of others ``only`` some labels.

        Valid cases of the profile ``hostile`` are the cases of the kind ``hostile``.
        """
        from contractfuzz.payloads.cases import strategies

        kind, profile = _kind_and_profile(kind, profile)
        if only is not None:
            return strategies.cases(self._recipes_of(kind, profile, only))
        return self._strategy((kind, profile, Case), lambda: strategies.cases(self._recipes_of(kind, profile)))

    def _strategy(self, key: object, make: Callable[[], SearchStrategy[Any]]) -> SearchStrategy[Any]:
        if key not in self._strategies:
            self._strategies[key] = make()
        return self._strategies[key]

    # --- cases in bulk --------------------------------------------------------------------------------------------------

    def sample(
        self,
        n: int,
        kind: Kind = "valid",
        profile: str = "broad",
        seed: int = 0,
        *,
        only: str | Iterable[str] | None = None,
        start: int = 0,
    ) -> Iterator[Case]:
        """Return an iterator of ``n`` cases, made without Hypothesis: of the cases ``start`` to ``start + n``.

        Case i depends on ``seed`` and i alone (and, with ``only``, on which labels are chosen). First comes every label of the
        kind once, in its smallest payload (of the valid kind, the smallest payload), then random ones. A kind with no labels,
        such as ``incoherent`` for a contract without rules, has no cases. Valid cases of the profile ``hostile`` are the cases
        of the kind ``hostile``. ContractError for an unknown kind, profile or label and for a negative ``n`` or ``start``.
        """
        if n < 0:
            raise ContractError(f"cannot make {n} cases: n must be 0 or more")
        if start < 0:
            raise ContractError(f"there is no case {start}: start must be 0 or more")
        kind, profile = _kind_and_profile(kind, profile)
        # Hostile cases are drawn as valid payloads of their profile, so the profile's seeds stay theirs.
        salt = f"{'valid' if kind == 'hostile' else kind}:{profile}"
        return recipes.sample(self._recipes_of(kind, profile, only), n, seed, salt, start)

    def _recipes_of(
        self, kind: Kind, profile: str, only: str | Iterable[str] | None = None
    ) -> tuple[recipes.Recipe, ...]:
        kind, profile = _kind_and_profile(kind, profile)
        if (kind, profile) not in self._recipes:
            self._recipes[kind, profile] = self._make_recipes(kind, profile)
        chosen = self._recipes[kind, profile]
        return chosen if only is None else recipes.select(chosen, [only] if isinstance(only, str) else only)

    def _make_recipes(self, kind: Kind, profile: str) -> tuple[recipes.Recipe, ...]:
        match kind:
            case "invalid":
                return self._matrix
            case "incoherent":
                return self.rules
            case "malformed":
                return tuple(MalformedRecipe(sort, self._payload("broad")) for sort in MALFORMATIONS)
            case "hostile":
                return (recipes.HostileRecipe(self._payload(profile)),)
            case "valid":
                return (recipes.ValidRecipe(self._payload(profile)),)

    def _payload(self, profile: str) -> Callable[[Choices], Any]:
        if profile == "realistic":
            if self._realistic is None:
                raise ContractError(
                    f"the contract {self.name!r} brings no realistic values: "
                    "use the profile 'broad', or load the contract with realistic=..."
                )
            return self._realistic
        plan = self._plan(profile)
        return lambda choices: plan.build(choices, choices.block(plan.width), 0)

    @cached_property
    def _plans(self) -> dict[str, Node]:
        return {}

    def _plan(self, profile: str) -> Node:
        if profile not in self._plans:
            self._plans[profile] = make_plan(self.schema, find_profile(profile))
        return self._plans[profile]


def _kind_and_profile(kind: str, profile: str) -> tuple[Kind, str]:
    """Return the kind and the profile of cases; only valid and hostile ones have another profile than ``broad``."""
    known = parse_kind(kind)
    if (known, profile) in (("hostile", "broad"), ("hostile", "hostile"), ("valid", "hostile")):
        return "hostile", "hostile"
    if known != "valid" and profile != "broad":
        raise ContractError(f"the profile {profile!r} goes with valid cases only: leave it out for {kind} ones")
    return known, profile
