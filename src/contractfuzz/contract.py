"""The contract: a published document as one JSON Schema, with its cases and its oracle."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cached_property
from importlib.metadata import entry_points
from typing import TYPE_CHECKING, Any

from contractfuzz.documents import LoadArguments, Source, lower_document
from contractfuzz.errors import ContractError, load_entry_point, unknown
from contractfuzz.payloads.schema_cases import SchemaCases

if TYPE_CHECKING:
    from contractfuzz.oracle import Oracle, PayloadError
    from contractfuzz.payloads.choices.protocol import Choices
    from contractfuzz.payloads.incoherent import Rule
    from contractfuzz.payloads.own_values import Values

CONTRACT_ENTRY_POINTS = "contractfuzz.contracts"
"""Entry point group in which packs register their contracts by name."""


class Contract(SchemaCases):
    """A self-contained JSON Schema (2020-12) with a name, and the payloads that satisfy or violate it.

    Create a contract with ``Contract.load`` from a published document, or with ``Contract.named`` from an installed pack.
    Everything that follows from the schema is computed on first use and cached. A pickle leaves it out.

    Args:
        name: the name.
        schema: the lowered schema.
        realistic: for packs: makes a realistic payload from choices.
        rules: for packs: the rules that a schema cannot express.
        values: the user's own values, see ``load``.

    Attributes:
        name: the name.
        schema: the lowered, self-contained JSON Schema, a plain dict; do not modify it. Numbers and bytes that JSON Structure
            encodes as strings have a ``pattern``, and the annotation ``x-contractfuzz-encoded``: an object with the encoded
            ``type`` (``int64``, ``uint64``, ``int128``, ``uint128``, ``decimal`` or ``binary``) and, depending on the type, its
            ``minimum``, ``maximum``, ``exclusiveMinimum``, ``exclusiveMaximum``, ``precision``, ``scale`` and ``encoding``.
            Validators ignore it; contractfuzz uses it to choose values and mistakes.
        rules: the rules that a schema cannot express, from the pack.
        values: the user's own values, lists by location or glob of locations.
        loaded_from: the arguments of ``load``; None if the contract was not loaded.

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
        super().__init__(name, schema, realistic=realistic, rules=rules, values=values)
        self.loaded_from: LoadArguments | None = None

    def __repr__(self) -> str:
        return f"<Contract {self.name}>"

    def __getstate__(self) -> dict[str, Any]:
        state = super().__getstate__()
        if self.loaded_from is not None:
            components = self.loaded_from.components
            sources = [
                self.loaded_from.document,
                *(components if isinstance(components, list | tuple) else [components]),
            ]
            if any(isinstance(source, type) for source in sources):
                state["loaded_from"] = None  # a model may be a local class, which cannot be pickled
        return state

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
        values: Values | None = None,
    ) -> Contract:
        """Load a contract from a published document. Nothing is fetched from the network.

        Args:
            document: a JSON Structure document, a JSON Schema (draft-04 to 2020-12) or an OpenAPI file (2.0, 3.0 or 3.1, JSON or
                YAML): the path of a file, or the parsed JSON object, or ``True``; or a pydantic model.
            components: the documents that the ``$ref``s of ``document`` refer to: paths, objects, or folders of ``*.json``
                files. The parts of a split OpenAPI file are found in its folder and need not be given.
            name: the name of the contract; by default that of the document. A JSON Pointer (``/definitions/Order``) chooses a
                schema of the document. For an OpenAPI file: the name of a component, or an operation by method and path or by
                operationId, and a status or ``request``: ``GET /orders 200``, ``createOrder request``.
            dialect: the dialect of the document, if it should not be detected: ``json-structure`` (wide integers are strings),
                ``json-structure-openapi`` (wide integers are numbers), ``draft-04``, ``draft-06``, ``draft-07``, ``2019-09`` or
                ``2020-12``.
            side: who sends the payloads: in a ``response``, properties that are ``writeOnly`` are neither required nor
                generated, in a ``request`` those that are ``readOnly``.
            realistic: for packs: makes a payload as the real service would send it, from choices.
            rules: for packs: the rules that a schema cannot express.
            values: your own values: lists by location, or by a glob of locations (``*`` also matches ``/``). They are
                half of the values at their locations.

        Raises:
            ContractError: the document cannot be read, resolved or lowered; or a glob of ``values`` matches no location, or a
                value breaks the schema at its location.

        Example:
            >>> Contract.load("order.structure.json", components="types/")
            <Contract Order>

        """
        components = list(components) if isinstance(components, Iterator) else components
        lowered = lower_document(document, components, name, dialect, side)
        contract = cls(lowered.name, lowered.schema, realistic=realistic, rules=rules, values=values)
        contract.loaded_from = LoadArguments(document, components, name, side, dialect)
        return contract

    def with_values(self, values: Values) -> Contract:
        """Return the same contract with your own values, in place of those that it has.

        Args:
            values: lists of values by location, or by a glob of locations; see ``load``.

        Raises:
            ContractError: a glob matches no location, or a value breaks the schema at its location.

        Example:
            >>> contract = contract.with_values({"/results/*/from/id": ["33451", "0"]})

        """
        contract = type(self)(
            self.name, self.schema, realistic=self._generator.realistic, rules=self.rules, values=values
        )
        contract.loaded_from = self.loaded_from
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
