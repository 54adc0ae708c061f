"""Explaining: the labels that a text names, each with its definition, its smallest case and the advice on it."""

from __future__ import annotations

import fnmatch
import shlex
from collections.abc import Iterator, Mapping
from functools import cached_property

from contractfuzz.contract import Contract
from contractfuzz.errors import unknown
from contractfuzz.evolution.catalogue import CHANGE_TYPES
from contractfuzz.evolution.evolving import ChangePair, find_pairs
from contractfuzz.evolution.twins import Twin
from contractfuzz.explanations.advice import (
    Advice,
    change_advice,
    malformation_advice,
    violation_advice,
    violation_names,
    wire_advice,
)
from contractfuzz.explanations.example_documents import PLAIN_DOCUMENT, example_documents
from contractfuzz.explanations.explanation import Example, Explanation
from contractfuzz.json_values import canonical
from contractfuzz.payloads.bodies.lexical_forms import LEXICAL_FORMS, PlacedBody
from contractfuzz.payloads.bodies.malformations import MALFORMATIONS, MalformedBody
from contractfuzz.payloads.cases.case import PAIR_SEPARATOR, Case, Kind
from contractfuzz.payloads.cases.violation import Violation
from contractfuzz.payloads.wire.page_sequences import PAGE_DESCRIPTIONS
from contractfuzz.payloads.wire.wire_cases import RETRIED_LABELS, WIRE_CASES
from contractfuzz.running.messages import show_body
from contractfuzz.running.verdicts.policy import GROWTH, UNKNOWN_VALUES
from contractfuzz.text import printable, truncate

MAX_EXAMPLE_CHARACTERS = 400
"""Length of an example; a longer one is cut."""

MAX_CHANGED_PAYLOADS = 40
"""Payloads that are tried as the start of a possible change."""

EXPECTATIONS = {
    "accepts": "a correct consumer accepts it",
    "rejects": "a correct consumer rejects it",
    "survives": "a correct consumer accepts or rejects it, but does not crash",
}

_RULE_ADVICE = Advice(
    why="No schema can express this rule, so no validator finds such a payload. Only the producer's own code keeps the rule, and "
    "clocks, races and partial updates break it.",
    strict="Check the rule where its values are used together, and reject the payload by a declared error.",
    tolerant="Use the values that do not depend on the rule, and log the contradiction.",
    hint='if end < start: raise ValueError(f"the end {end} is before the start {start}")',
)

_ODD_FORMS = {form.name: form for form in LEXICAL_FORMS}
_MALFORMATIONS = {malformation.name: malformation for malformation in MALFORMATIONS}
_PLACE_MARK = "@"
_CHANGES = {change_type.name: change_type for change_type in CHANGE_TYPES}


def explain(text: str, contract: Contract | None = None) -> list[Explanation]:
    """Explain the labels that a text names.

    Args:
        text: the id of a violation or of a possible change, ``keyword.variant``, the name of a malformation, a rule or a change,
            a wire case; or a glob of them. A label of two faults names two violations.
        contract: the contract whose labels and payloads are used; None for small examples alone.

    Returns:
        The explanations, at least one.

    Raises:
        ContractError: the text names nothing; the message suggests the closest label.

    """
    explainer = _Explainer(contract)
    if PAIR_SEPARATOR in text:
        return [one for part in text.split(PAIR_SEPARATOR) for one in explain(part, contract)]
    found = explainer.find(text)
    if not found:
        raise unknown("label", text, explainer.names(text), listed_by="contractfuzz explain '*'")
    return [explainer.explain(name) for name in found]


class _Explainer:
    """Explains the labels of one contract, and those of all contracts.

    Attributes:
        contract: the contract; None without one.

    """

    def __init__(self, contract: Contract | None) -> None:
        self.contract = contract
        self._examples: dict[str, list[Contract]] = {}

    @cached_property
    def _violations(self) -> dict[str, Violation]:
        return {} if self.contract is None else {one.id: one for one in self.contract.violations()}

    @cached_property
    def _placed(self) -> tuple[str, ...]:
        labels = () if self.contract is None else self.contract.labels("malformed")
        return tuple(label for label in labels if _PLACE_MARK in label)

    @cached_property
    def _rules(self) -> dict[str, str]:
        return {} if self.contract is None else {rule.name: rule.description for rule in self.contract.rules}

    @cached_property
    def _plain_contract(self) -> Contract:
        return Contract.load(PLAIN_DOCUMENT, name="example")

    @cached_property
    def _pairs(self) -> dict[str, ChangePair]:
        """The possible changes of the contract, by id."""
        return {} if self.contract is None else _smallest_pairs(self.contract)

    @cached_property
    def _plain_pairs(self) -> dict[str, ChangePair]:
        return _smallest_pairs(self._plain_contract)

    # --- names ----------------------------------------------------------------------------------------------------------

    def names(self, text: str) -> list[str]:
        """Return all labels that a text may name: those of all contracts, and those of the contract."""
        general = [*violation_names(), *_MALFORMATIONS, *_ODD_FORMS, *WIRE_CASES, *PAGE_DESCRIPTIONS, *_CHANGES]
        changes = self._pairs if _may_name_change(text) else ()
        return list(dict.fromkeys([*self._violations, *general, *self._rules, *self._placed, *changes]))

    def find(self, text: str) -> list[str]:
        """Return the labels that a text names."""
        names = self.names(text)
        if text in names:
            return [text]
        return fnmatch.filter(names, text) or fnmatch.filter(violation_names(), f"{text}.*")

    # --- explanations ---------------------------------------------------------------------------------------------------

    def explain(self, name: str) -> Explanation:
        """Explain one label."""
        _, colon, end = name.rpartition(":")
        if name in self._violations:
            violation = self._violations[name]
            return self._violation(name, violation.keyword, violation.variant, name)
        if name in violation_names():
            keyword, _, variant = name.partition(".")
            return self._violation(name, keyword, variant, f"*:{name}")
        if name in self._rules:
            example = self._example("incoherent", name, self.contract)
            options = _case_options(name)
            return Explanation(
                name, "rule", self._rules[name], EXPECTATIONS["survives"], _RULE_ADVICE, options, example
            )
        if name in WIRE_CASES or name in PAGE_DESCRIPTIONS:
            return _explain_wire_case(name)
        if name in _CHANGES or (colon and name in self._pairs):
            return self._change(name, end)
        return self._malformation(name)

    def _violation(self, name: str, keyword: str, variant: str, pattern: str) -> Explanation:
        own = [one for one in self._violations.values() if (one.keyword, one.variant) == (keyword, variant)]
        contract, violations = self.contract, own if name not in self._violations else [self._violations[name]]
        for other in () if own else self._example_contracts(keyword):
            found = [one for one in other.violations() if (one.keyword, one.variant) == (keyword, variant)]
            if found:
                contract, violations = other, found
                break
        # A fault inside the payload shows more than one of the payload itself.
        inner = [one for one in violations if one.location] or violations
        example = self._example("invalid", inner[0].id, contract)
        return Explanation(
            name,
            "violation",
            inner[0].description,
            EXPECTATIONS["rejects"],
            violation_advice(keyword, variant),
            (_policy_option(f"*:{keyword}.{variant}"), *_tolerance_options(pattern), *_case_options(pattern)),
            example,
            tuple(one.id for one in own) if name not in self._violations else (),
        )

    def _example_contracts(self, keyword: str) -> Iterator[Contract]:
        if keyword not in self._examples:
            self._examples[keyword] = [Contract.load(one, name="example") for one in example_documents(keyword)]
        yield from self._examples[keyword]

    def _malformation(self, name: str) -> Explanation:
        form, mark, _ = name.partition(_PLACE_MARK)
        placed = [label for label in self._placed if label.partition(_PLACE_MARK)[0] == form]
        # At declared places, forms replace the malformation of the same name.
        is_form = bool(placed) or form not in _MALFORMATIONS or (self.contract is None and form in _ODD_FORMS)
        case = _ODD_FORMS[form] if is_form else _MALFORMATIONS[form]
        label = name if mark or not placed else placed[0]
        contract = self.contract if self.contract is not None and label in self.contract.labels("malformed") else None
        example = self._example("malformed", label, contract or self._plain_contract)
        pattern = f"{form}{_PLACE_MARK}*" if is_form and not mark else name
        tolerance = _tolerance_options(pattern) if case.expectation == "rejects" else ()
        return Explanation(
            name,
            "malformation",
            case.description,
            EXPECTATIONS[case.expectation],
            malformation_advice(form),
            (*tolerance, *_case_options(pattern)),
            example,
            () if mark else tuple(placed),
        )

    def _example(self, kind: Kind, label: str, contract: Contract | None) -> Example | None:
        if contract is None:
            return None
        labels = contract.labels(kind)
        if label not in labels:
            label = next((one for one in labels if one.partition(_PLACE_MARK)[0] == label), "")
        if not label:
            return None
        [case] = contract.sample(1, kind, only=label)
        return Example(label, contract.name, show_body(case, MAX_EXAMPLE_CHARACTERS), _twin_text(case))

    def _change(self, name: str, change: str) -> Explanation:
        contract, pair = self.contract, self._pairs.get(name) or _first_pair(self._pairs, change)
        if pair is None:
            contract, pair = self._plain_contract, _first_pair(self._plain_pairs, change)
        example = None
        if pair is not None and contract is not None:
            after, before = (_text(Case("valid", payload)) for payload in (pair.payload, pair.twin))
            example = Example(pair.id, contract.name, after, before)
        pattern = name if ":" in name else f"*:{name}"
        options = (
            f"contractfuzz evolve --tolerate {shlex.quote(pattern)}: the change may break the consumer",
            f"contractfuzz evolve --only {shlex.quote(pattern)}: try this change alone",
        )
        expectation = (
            "a robust consumer passes the change on, or is unaffected; a declared error counts as a break, too"
        )
        location, colon, _ = name.rpartition(":")
        place = (location or "the payload") if colon else "a location of the contract"
        definition = f"{place} {_CHANGES[change].words}"
        return Explanation(name, "possible change", definition, expectation, change_advice(change), options, example)


def _smallest_pairs(contract: Contract) -> dict[str, ChangePair]:
    """Return the smallest pair of payloads for each possible change of a contract, by the id of the change."""
    payloads = [case.payload for case in contract.sample(MAX_CHANGED_PAYLOADS, profile="closed")]
    payloads.sort(key=lambda payload: len(canonical(payload)))
    return find_pairs(contract, [Twin.of(contract, payload) for payload in payloads])


def _first_pair(pairs: Mapping[str, ChangePair], change: str) -> ChangePair | None:
    """Return a pair of a change, one inside the payload if possible: it shows more than one of the payload itself."""
    found = [pair for pair in pairs.values() if pair.change_type.name == change]
    return next((pair for pair in found if pair.location), found[0] if found else None)


def _may_name_change(text: str) -> bool:
    """Return True if a text ends in the name of a possible change, or in a glob that matches one."""
    _, colon, end = text.rpartition(":")
    return bool(colon) and any(fnmatch.fnmatchcase(name, end) for name in _CHANGES) and end != "*"


def _explain_wire_case(label: str) -> Explanation:
    advice = wire_advice(label)
    retries = ("--retries: the client must wait as the server asks, send the request again and return its result",)
    quoted = shlex.quote(label)
    options = (
        *(retries if label in RETRIED_LABELS else ()),
        *advice.options,
        f"--tolerate {quoted}: the client may accept it, reject it, or repeat the request",
        *_case_options(label),
    )
    if label in PAGE_DESCRIPTIONS:
        definition, expectation = PAGE_DESCRIPTIONS[label]
    else:
        definition, expectation = WIRE_CASES[label].description, WIRE_CASES[label].expectation
    expected = EXPECTATIONS[expectation].replace("consumer", "client")
    return Explanation(label, "wire case", definition, expected, advice, options)


def _policy_option(label: str) -> str:
    if label in GROWTH:
        effect = "the consumer must accept it, as compatible growth"
    elif any(fnmatch.fnmatchcase(label, pattern) for pattern in UNKNOWN_VALUES):
        effect = "the consumer may accept it"
    else:
        effect = "the consumer may accept it if its result is the same as for the valid payload"
    return f"--policy tolerant: {effect}"


def _tolerance_options(pattern: str) -> tuple[str, ...]:
    quoted = shlex.quote(pattern)
    return (
        f"--tolerate {quoted}: the consumer may accept it",
        f"--must-accept {quoted}: the consumer must accept it",
    )


def _case_options(pattern: str) -> tuple[str, ...]:
    return (f"--only {shlex.quote(pattern)}: feed these cases alone",)


def _twin_text(case: Case) -> str | None:
    if isinstance(case.raw, MalformedBody | PlacedBody):
        return truncate(printable(case.raw.text), MAX_EXAMPLE_CHARACTERS)
    twin = case.twin()
    return None if twin is None else _text(twin)


def _text(case: Case) -> str:
    return show_body(case, MAX_EXAMPLE_CHARACTERS)
