"""The cases of one schema: every kind, for Hypothesis and in bulk, with their labels and their coverage."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from copy import copy
from typing import TYPE_CHECKING, Any, Self

from contractfuzz.errors import ContractError
from contractfuzz.payloads.case_generator import CaseGenerator, resolve_profile, state_without_caches
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.payloads.cases.recipes import sample_cases, select_recipes
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.coverage import Coverage, measure
from contractfuzz.payloads.own_values import Values, read_values
from contractfuzz.payloads.places import PlacedValue, find_places, list_locations

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contractfuzz.payloads.applied.faulty_cases import FaultOptions, FaultyCases
    from contractfuzz.payloads.cases.recipes import Recipe
    from contractfuzz.payloads.choices.protocol import Choices
    from contractfuzz.payloads.incoherent import Rule


MAX_KEPT_VARIANTS = 8
"""Number of contracts with other invalid cases that are kept for the next call."""


class SchemaCases:
    """The cases that are made from one schema. ``Contract`` adds loading from a document, and the oracle.

    Everything that follows from the schema is computed on first use and cached. A pickle leaves it out.

    Args:
        name: the name of the contract.
        schema: the lowered schema.
        realistic: makes a realistic payload from choices; None if the contract has no realistic values.
        rules: the rules that the schema cannot express.
        values: the user's own values, by location or glob of locations.

    """

    def __init__(
        self,
        name: str,
        schema: dict[str, Any],
        *,
        realistic: Callable[[Choices], Any] | None = None,
        rules: Sequence[Rule] = (),
        values: Values | None = None,
    ) -> None:
        self.name = name
        self.schema = schema
        self.rules = tuple(rules)
        self.values = read_values(values)
        self._generator = CaseGenerator(name, schema, realistic, rules, self.values)
        self._strategies: dict[object, SearchStrategy[Any]] = {}
        self._faulty_cases: FaultyCases | None = None
        self._paging: str | None = None
        self._variants: dict[object, Any] = {}
        if self.values:
            _ = self._generator.own_values  # checks them

    def __getstate__(self) -> dict[str, Any]:
        return state_without_caches(self)

    def with_faults(self, *, base: Any = ABSENT, faults: int = 1) -> Self:
        """Return the same contract with other invalid cases: those of a recorded payload, or with two faults in each.

        Args:
            base: a valid payload. Every violation is applied to it, so that its ids and references stay. ``ABSENT`` for
                payloads that are generated. ``notes`` names the violations that cannot be applied.
            faults: the number of faults in each case, 1 or 2. With 2, ``case.label`` has the ids of both violations, and
                ``case.pointers`` both locations.

        Raises:
            ContractError: the base is not valid, or ``faults`` is neither 1 nor 2.

        Example:
            >>> recorded = contract.with_faults(base=json.load(open("response.json")))

        """
        if base is ABSENT and (type(faults), faults) == (int, 1):
            return self
        # Loads jsonschema, which other cases do without.
        from contractfuzz.payloads.applied.faulty_cases import FaultOptions, FaultyCases

        options = FaultOptions(base, faults)
        found: Self | None = self._variants.get(options.key)
        if found is None:
            found = copy(self)
            found._faulty_cases = FaultyCases(self._generator, self.schema, options)  # noqa: SLF001
            if len(self._variants) < MAX_KEPT_VARIANTS:
                self._variants[options.key] = found
        return found

    def with_paging(self, pointer: str | None) -> Self:
        """Return the same contract with the pages of another cursor in its wire cases.

        Args:
            pointer: the location of the cursor in a page, as a JSON Pointer (RFC 6901); None to recognise it by its name.

        Raises:
            ContractError: no sequence of pages can be made with that cursor.

        """
        if pointer is None:
            return self
        found = copy(self)
        found._paging = pointer  # noqa: SLF001
        if not any(label.startswith("paging.") for label in found.labels("wire")):
            raise ContractError(
                f"no pages can be made with a cursor at {pointer!r} of {self.name!r}: name the location of a string or number "
                "next to or below an object with an array of items"
            )
        return found

    @property
    def fault_notes(self) -> tuple[str, ...]:
        """Notes on the violations that ``with_faults`` leaves out; mostly none."""
        return () if self._faulty_cases is None else self._faulty_cases.notes

    @property
    def fault_options(self) -> FaultOptions | None:
        """The options of invalid cases, see ``with_faults``; None for the default ones."""
        return None if self._faulty_cases is None else self._faulty_cases.options

    # --- labels and coverage --------------------------------------------------------------------------------------------

    def violations(self) -> tuple[Violation, ...]:
        """Return all violations: every way to break the schema at one location, in a stable order.

        The faults inside a branch of ``oneOf`` or ``anyOf`` are listed if the faulty payload still shows that branch.
        All other payloads that match no branch have one violation.

        Returns:
            The violations, by location.

        Example:
            >>> contract.violations()[0].id
            ':type.null'

        """
        return tuple(recipe.violation for recipe in self._generator.matrix.recipes)

    @property
    def notes(self) -> tuple[str, ...]:
        """Notes on patterns that no engine reads, and on locations and violations that are left out; mostly none."""
        return (*self._generator.notes, *self.fault_notes)

    def places(self, payload: Any) -> list[PlacedValue]:
        """Return the values of a valid payload, each with its location, from the outside to the inside."""
        return find_places(self._generator.plan("broad"), payload)

    def locations(self) -> list[str]:
        """Return all locations of the schema, each once."""
        return list_locations(self._generator.plan("broad"))

    @property
    def profiles(self) -> tuple[str, ...]:
        """Profiles of valid payloads; ``realistic`` is one of them only if the pack provides realistic payloads."""
        return self._generator.profiles

    def labels(
        self, kind: Kind = "invalid", only: str | Iterable[str] | None = None, *, base: Any = ABSENT, faults: int = 1
    ) -> tuple[str, ...]:
        """Return the labels of the cases of a kind, in a stable order.

        Args:
            kind: the kind. Invalid cases have the ids of violations, malformed cases the names of malformations, and
                incoherent cases the names of rules. Valid and hostile cases have no labels.
            only: a label or a glob of labels, or several, to choose from; ``*`` also matches ``/``. A string that is a label
                is not read as a glob.
            base: for invalid cases, a valid payload to apply the violations to; see ``with_faults``.
            faults: for invalid cases, the number of faults in each, 1 or 2. There are many pairs of violations, so the labels
                are those of some pairs that have each violation.

        Raises:
            ContractError: the kind does not exist, a string in ``only`` matches no label, or ``base`` or ``faults`` cannot be
                used.

        Example:
            >>> contract.labels("invalid", only="/status:enum.*")
            ('/status:enum.unknown', '/status:enum.case', '/status:enum.padded', '/status:enum.empty', '/status:enum.index')

        """
        recipes = self._for_kind(kind, base, faults)._recipes(kind, "broad", only)  # noqa: SLF001
        return tuple(recipe.label for recipe in recipes if recipe.label is not None)

    def _recipes(self, kind: Kind, profile: str, only: str | Iterable[str] | None) -> tuple[Recipe, ...]:
        if kind == "wire" and self._paging is not None:
            recipes = self._generator.wire_recipes(self._paging)
            return recipes if only is None else select_recipes(recipes, [only] if isinstance(only, str) else only)
        if self._faulty_cases is None or kind != "invalid":
            return self._generator.recipes(kind, profile, only)
        return self._faulty_cases.recipes(only)

    def _for_kind(self, kind: str, base: Any, faults: int) -> Self:
        """Return the contract with the options of its invalid cases; see ``with_faults``."""
        if base is ABSENT and (type(faults), faults) == (int, 1):
            return self
        if kind != "invalid":
            option = "base" if base is not ABSENT else "faults"
            raise ContractError(f"{option} goes with invalid cases only: leave it out for {kind} ones")
        return self.with_faults(base=base, faults=faults)

    def coverage(self, payloads: Iterable[Any]) -> Coverage:
        """Measure how much of the schema some payloads exercise.

        Args:
            payloads: JSON values, or cases. Cases without a payload are ignored.

        Returns:
            The points of the schema that the payloads reached, and those that they missed.

        Example:
            >>> contract.coverage(contract.sample(1000)).ratio
            1.0

        """
        values = (one.payload if isinstance(one, Case) else one for one in payloads)
        return measure(self._generator.plan("broad"), (value for value in values if value is not ABSENT))

    # --- cases for Hypothesis -------------------------------------------------------------------------------------------

    def valid(self, profile: str = "broad") -> SearchStrategy[Any]:
        """Return a strategy of valid payloads.

        Args:
            profile: ``broad`` (everything that the schema allows), ``minimal`` (the smallest payload), ``closed`` (no undeclared
                properties), ``realistic`` (as the real service sends them, if the pack provides it) or ``hostile`` (values that
                programs handle differently; some are doubtful).

        Returns:
            A strategy of JSON values.

        Raises:
            ContractError: the profile does not exist, or the contract has no realistic payloads.

        Example:
            >>> @given(contract.valid())
            ... def test_valid_payloads_are_parsed(payload): parse(payload)

        """
        from contractfuzz.payloads.cases import strategies  # loads Hypothesis, which sampling does without

        return self._cached_strategy(
            ("valid", profile), lambda: strategies.payloads(self._generator.payload_maker(profile))
        )

    def invalid(
        self, only: str | Iterable[str] | None = None, *, base: Any = ABSENT, faults: int = 1
    ) -> SearchStrategy[Case]:
        """Return a strategy of invalid cases. Each has one violation, which ``case.label`` names.

        Args:
            only: ids of violations, or globs of ids, to choose from; by default all.
            base: a valid payload to apply the violations to; see ``with_faults``.
            faults: the number of faults in each case, 1 or 2; see ``with_faults``.

        Returns:
            A strategy of cases.

        Raises:
            ContractError: a string in ``only`` matches no violation, the base is not valid, or ``faults`` is neither 1 nor 2.

        Example:
            >>> @given(contract.invalid(only="*:required.missing"))
            ... def test_missing_properties_are_rejected(case): ...

        """
        return self.cases("invalid", only=only, base=base, faults=faults)

    def malformed(self) -> SearchStrategy[Case]:
        """Return a strategy of malformed cases: ``case.body`` is not an interoperable JSON text (RFC 8259)."""
        return self.cases("malformed")

    def incoherent(self) -> SearchStrategy[Case]:
        """Return a strategy of incoherent cases: valid by the schema, but breaking one of ``rules``.

        Returns:
            A strategy of cases; the empty strategy if the contract has no rules.

        """
        return self.cases("incoherent")

    def hostile(self) -> SearchStrategy[Case]:
        """Return a strategy of hostile cases: valid payloads with values that programs handle differently.

        Some values are doubtful: validators disagree on them. A consumer may accept or reject a hostile case.
        """
        return self.cases("hostile")

    def cases(
        self,
        kind: Kind = "valid",
        profile: str = "broad",
        *,
        only: str | Iterable[str] | None = None,
        base: Any = ABSENT,
        faults: int = 1,
    ) -> SearchStrategy[Case]:
        """Return a strategy of the cases of any kind.

        Args:
            kind: the kind.
            profile: the profile of valid cases; see ``valid``. Valid cases of the profile ``hostile`` are the cases of the kind
                ``hostile``.
            only: labels, or globs of labels, to choose from; see ``labels``.
            base: for invalid cases, a valid payload to apply the violations to; see ``with_faults``.
            faults: for invalid cases, the number of faults in each, 1 or 2; see ``with_faults``.

        Returns:
            A strategy of cases. It shrinks towards the first label and its smallest payload.

        Raises:
            ContractError: the kind or the profile does not exist, a kind other than ``valid`` has a profile, a string in
                ``only`` matches no label, or ``base`` or ``faults`` cannot be used.

        """
        from contractfuzz.payloads.cases import strategies  # loads Hypothesis, which sampling does without

        kind, profile = resolve_profile(kind, profile)
        contract = self._for_kind(kind, base, faults)
        if contract is not self:
            return contract.cases(kind, profile, only=only)
        if only is not None:
            return strategies.cases(self._recipes(kind, profile, only))
        return self._cached_strategy(
            (kind, profile, Case), lambda: strategies.cases(self._recipes(kind, profile, None))
        )

    def _cached_strategy(self, key: object, make: Callable[[], SearchStrategy[Any]]) -> SearchStrategy[Any]:
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
        base: Any = ABSENT,
        faults: int = 1,
    ) -> Iterator[Case]:
        """Return an iterator of cases, made without Hypothesis.

        The first cases have each label of the kind once, with its smallest payload; a valid or hostile sample begins with its
        smallest payload. The other cases are random, and the labels take turns. Case i depends only on ``seed`` and i, and on
        the labels that ``only`` chooses.

        Args:
            n: the number of cases, at least 0.
            kind: the kind.
            profile: the profile of valid cases; see ``valid``. Valid cases of the profile ``hostile`` are the cases of the kind
                ``hostile``.
            seed: the seed of the random cases.
            only: labels, or globs of labels, to choose from; see ``labels``.
            start: the index of the first case, at least 0. ``sample(n, start=s)`` gives the cases ``s`` to ``s + n - 1`` of the
                whole sample.
            base: for invalid cases, a valid payload to apply the violations to; see ``with_faults``.
            faults: for invalid cases, the number of faults in each, 1 or 2; see ``with_faults``.

        Returns:
            An iterator of ``n`` cases. It is empty if the kind has no labels to make cases of, such as ``incoherent`` for a
            contract without rules.

        Raises:
            ContractError: the kind or the profile does not exist, a kind other than ``valid`` has a profile, a string in
                ``only`` matches no label, ``n`` or ``start`` is negative, or ``base`` or ``faults`` cannot be used.

        Example:
            >>> [case.label for case in contract.sample(2, "invalid")]
            [':type.null', ':type.boolean']

        """
        if n < 0:
            raise ContractError(f"cannot make {n} cases: n must be 0 or more")
        if start < 0:
            raise ContractError(f"there is no case {start}: start must be 0 or more")
        kind, profile = resolve_profile(kind, profile)
        # Hostile cases are drawn as valid payloads of their profile, so the profile's seeds stay theirs.
        salt = f"{'valid' if kind == 'hostile' else kind}:{profile}"
        contract = self._for_kind(kind, base, faults)
        return sample_cases(contract._recipes(kind, profile, only), n, seed, salt, start)  # noqa: SLF001
