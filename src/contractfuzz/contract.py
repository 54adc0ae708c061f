"""The contract: one JSON Schema, and all cases that are made from it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from contractfuzz.documents import Source, lower_document
from contractfuzz.errors import ContractError, unknown
from contractfuzz.packs import load_entry_point
from contractfuzz.payloads.case_generator import CaseGenerator, resolve_profile
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.payloads.cases.recipes import sample_cases
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.coverage import Coverage, measure

if TYPE_CHECKING:
    from hypothesis.strategies import SearchStrategy

    from contractfuzz.oracle import Oracle, PayloadError
    from contractfuzz.payloads.choices.protocol import Choices
    from contractfuzz.payloads.incoherent import Rule

LoadArguments = tuple[Any, Any, str | None]

CONTRACT_ENTRY_POINTS = "contractfuzz.contracts"
"""Entry point group in which packs register their contracts by name."""


class Contract:
    """A self-contained JSON Schema (2020-12) with a name, and the payloads that satisfy or violate it.

    Create a contract with ``Contract.load`` from a published document, or with ``Contract.named`` from an installed pack.
    Everything that follows from the schema is computed on first use and cached.

    Args:
        name: the name.
        schema: the lowered schema.
        realistic: for packs: makes a realistic payload from choices.
        rules: for packs: the rules that a schema cannot express.

    Attributes:
        name: the name.
        schema: the lowered, self-contained JSON Schema, a plain dict; do not modify it. Numbers and bytes that JSON Structure
            encodes as strings have a ``pattern``, and the annotation ``x-contractfuzz-encoded``: an object with the encoded
            ``type`` (``int64``, ``uint64``, ``int128``, ``uint128``, ``decimal`` or ``binary``) and, depending on the type, its
            ``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``, ``precision``, ``scale`` and ``encoding``.
            Validators ignore it; contractfuzz uses it to choose values and mistakes.
        rules: the rules that a schema cannot express, from the pack.
        loaded_from: the document, its components and the name, as ``load`` got them; None if the contract was not loaded.

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
        self.loaded_from: LoadArguments | None = None
        self._generator = CaseGenerator(name, schema, realistic, rules)
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
        side: str = "response",
        realistic: Callable[[Choices], Any] | None = None,
        rules: Sequence[Rule] = (),
    ) -> Contract:
        """Load a contract from a published document. Nothing is fetched from the network.

        Args:
            document: a JSON Structure document, a JSON Schema (draft-04 to 2020-12) or an OpenAPI file (2.0, 3.0 or 3.1, JSON or
                YAML): the path of a file, or the parsed JSON object, or ``True``; or a pydantic model.
            components: the documents that the ``$ref``s of ``document`` refer to: paths, objects, or folders of ``*.json``
                files.
            name: the name of the contract; by default that of the document. For an OpenAPI file, the name of the component.
            dialect: the dialect of the document, if it should not be detected: ``json-structure`` (wide integers are strings),
                ``json-structure-openapi`` (wide integers are numbers), ``draft-04``, ``draft-06``, ``draft-07``, ``2019-09`` or
                ``2020-12``.
            side: who sends the payloads: in a ``response``, properties that are ``writeOnly`` are neither required nor
                generated, in a ``request`` those that are ``readOnly``.
            realistic: for packs: makes a payload as the real service would send it, from choices.
            rules: for packs: the rules that a schema cannot express.

        Raises:
            ContractError: the document cannot be read, resolved or lowered.

        Example:
            >>> Contract.load("order.structure.json", components="types/")
            <Contract Order>

        """
        components = list(components) if isinstance(components, Iterator) else components
        lowered = lower_document(document, components, name, dialect, side)
        contract = cls(lowered.name, lowered.schema, realistic=realistic, rules=rules)
        contract.loaded_from = (document, components, name)
        return contract

    @classmethod
    def named(cls, name: str) -> Contract:
        """Return a contract of an installed pack.

        Args:
            name: the name under which the pack registers the contract.

        Returns:
            The contract; the same object for every call.

        Raises:
            ContractError: no pack registers that name, or it does not refer to a Contract.

        Example:
            >>> Contract.named("batch_association_response")
            <Contract batch_association_response>

        """
        for entry_point in entry_points(group=CONTRACT_ENTRY_POINTS, name=name):
            contract = load_entry_point(entry_point)
            if isinstance(contract, cls):
                return contract
            raise ContractError(
                f"the entry point {name!r} of {entry_point.value} is a {type(contract).__name__}: it must be a Contract"
            )
        raise unknown("contract", name, cls.installed())

    @classmethod
    def installed(cls) -> tuple[str, ...]:
        """Return the names of the contracts of all installed packs, sorted."""
        return tuple(sorted({entry_point.name for entry_point in entry_points(group=CONTRACT_ENTRY_POINTS)}))

    # --- validation -----------------------------------------------------------------------------------------------------

    def is_valid(self, payload: Any) -> bool:
        """Return True if a payload is valid by the schema, formats included.

        Args:
            payload: a JSON value.

        Example:
            >>> contract.is_valid({"status": "COMPLETE"})
            False

        """
        return self._oracle.is_valid(payload)

    def errors(self, payload: Any) -> list[PayloadError]:
        """Return the errors in a payload.

        Args:
            payload: a JSON value.

        Returns:
            The errors, each with its ``pointer``, ``keyword`` and ``message``; inside a union, those of the branch that is meant.

        Example:
            >>> [(error.pointer, error.keyword) for error in contract.errors([])]
            [('', 'type')]

        """
        return list(self._oracle.errors(payload))

    @cached_property
    def _oracle(self) -> Oracle:
        # Loaded here because jsonschema is slow to import and only validation needs it.
        from contractfuzz.oracle import Oracle

        return Oracle(self.schema)

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
        """Notes on what ``violations`` leaves out, because the schema has too many locations; mostly none."""
        return self._generator.notes

    @property
    def profiles(self) -> tuple[str, ...]:
        """Profiles of valid payloads; ``realistic`` is one of them only if the pack provides realistic payloads."""
        return self._generator.profiles

    def labels(self, kind: Kind = "invalid", only: str | Iterable[str] | None = None) -> tuple[str, ...]:
        """Return the labels of the cases of a kind, in a stable order.

        Args:
            kind: the kind. Invalid cases have the ids of violations, malformed cases the names of malformations, and
                incoherent cases the names of rules. Valid and hostile cases have no labels.
            only: a label or a glob of labels, or several, to choose from; ``*`` also matches ``/``. A string that is a label
                is not read as a glob.

        Raises:
            ContractError: the kind does not exist, or a string in ``only`` matches no label.

        Example:
            >>> contract.labels("invalid", only="/status:enum.*")
            ('/status:enum.unknown', '/status:enum.case', '/status:enum.padded', '/status:enum.empty', '/status:enum.index')

        """
        return tuple(
            recipe.label for recipe in self._generator.recipes(kind, "broad", only) if recipe.label is not None
        )

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

    def invalid(self, only: str | Iterable[str] | None = None) -> SearchStrategy[Case]:
        """Return a strategy of invalid cases. Each has one violation, which ``case.label`` names.

        Args:
            only: ids of violations, or globs of ids, to choose from; by default all.

        Returns:
            A strategy of cases.

        Raises:
            ContractError: a string in ``only`` matches no violation.

        Example:
            >>> @given(contract.invalid(only="*:required.missing"))
            ... def test_missing_properties_are_rejected(case): ...

        """
        return self.cases("invalid", only=only)

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
        self, kind: Kind = "valid", profile: str = "broad", *, only: str | Iterable[str] | None = None
    ) -> SearchStrategy[Case]:
        """Return a strategy of the cases of any kind.

        Args:
            kind: the kind.
            profile: the profile of valid cases; see ``valid``. Valid cases of the profile ``hostile`` are the cases of the kind
                ``hostile``.
            only: labels, or globs of labels, to choose from; see ``labels``.

        Returns:
            A strategy of cases. It shrinks towards the first label and its smallest payload.

        Raises:
            ContractError: the kind or the profile does not exist, a kind other than ``valid`` has a profile, or a string in
                ``only`` matches no label.

        """
        from contractfuzz.payloads.cases import strategies  # loads Hypothesis, which sampling does without

        kind, profile = resolve_profile(kind, profile)
        if only is not None:
            return strategies.cases(self._generator.recipes(kind, profile, only))
        return self._cached_strategy(
            (kind, profile, Case), lambda: strategies.cases(self._generator.recipes(kind, profile))
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
    ) -> Iterator[Case]:
        """Return an iterator of cases, made without Hypothesis.

        The first cases have each label of the kind once, with its smallest payload; a valid or hostile sample begins with its
        smallest payload. The other cases are random. Case i depends only on ``seed`` and i, and on the labels that ``only``
        chooses.

        Args:
            n: the number of cases, at least 0.
            kind: the kind.
            profile: the profile of valid cases; see ``valid``. Valid cases of the profile ``hostile`` are the cases of the kind
                ``hostile``.
            seed: the seed of the random cases.
            only: labels, or globs of labels, to choose from; see ``labels``.
            start: the index of the first case, at least 0. ``sample(n, start=s)`` gives the cases ``s`` to ``s + n - 1`` of the
                whole sample.

        Returns:
            An iterator of ``n`` cases. It is empty if the kind has no labels to make cases of, such as ``incoherent`` for a
            contract without rules.

        Raises:
            ContractError: the kind or the profile does not exist, a kind other than ``valid`` has a profile, a string in
                ``only`` matches no label, or ``n`` or ``start`` is negative.

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
        return sample_cases(self._generator.recipes(kind, profile, only), n, seed, salt, start)
