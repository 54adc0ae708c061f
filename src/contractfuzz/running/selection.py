"""The selection of the cases of a run: one of each label, then random ones."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress

from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.payloads.cases.recipes import match_labels
from contractfuzz.running.options import VALID_SETS, CaseSet
from contractfuzz.running.verdicts.policy import Policy


class Selection:
    """The cases that a run feeds.

    Attributes:
        case_sets: the sets that have cases.
        labels: the chosen labels of each set; empty for a set without labels.
        all_labels: all labels of each kind that has some, chosen or not.

    """

    def __init__(
        self,
        contract: Contract,
        case_sets: Iterable[CaseSet],
        only: str | Iterable[str],
        examples: int,
        seed: int,
        policy: Policy,
    ) -> None:
        """Choose the cases.

        Args:
            contract: the contract that has the cases.
            case_sets: the sets to choose from.
            only: labels, or globs of them; empty for all cases.
            examples: number of random cases of each kind.
            seed: seed of the random cases.
            policy: the expectations of the run, for sets of cases with one expectation.

        Raises:
            ContractError: a pattern matches no label.

        """
        self._contract, self._examples, self._seed = contract, examples, seed
        available = [case_set for case_set in case_sets if case_set.profile in contract.profiles]
        self.labels = {case_set: _labels(contract, case_set, policy) for case_set in available}
        self.all_labels: dict[Kind, tuple[str, ...]] = {
            case_set.kind: labels for case_set, labels in self.labels.items() if labels
        }
        # A contract without rules has no incoherent cases.
        self.case_sets = tuple(
            case_set for case_set, labels in self.labels.items() if labels or case_set.kind in ("valid", "hostile")
        )
        patterns = [only] if isinstance(only, str) else list(only)
        self._is_whole = not patterns
        if patterns:
            self._choose(patterns)

    def _choose(self, patterns: list[str]) -> None:
        chosen: dict[CaseSet, dict[str, None]] = {case_set: {} for case_set in self.labels}
        for pattern in patterns:
            is_known = False
            for case_set in self.labels:
                # Labels of pairs are many, so only the contract knows them all.
                with suppress(ContractError):
                    known = dict.fromkeys(self._contract.labels(case_set.kind, pattern))
                    is_known = True
                    if case_set.kind == "wire":
                        known = {label: None for label in known if label in self.labels[case_set]}
                    chosen[case_set] |= known
            if not is_known:
                match_labels(pattern, [label for labels in self.labels.values() for label in labels])
        for case_set, labels in self.labels.items():
            others = tuple(label for label in chosen[case_set] if label not in labels)
            self.labels[case_set] = (*(label for label in labels if label in chosen[case_set]), *others)
        self.case_sets = tuple(case_set for case_set in self.case_sets if self.labels[case_set])

    def size(self, case_set: CaseSet) -> int:
        """Return the number of cases of a set: one of each label, then random ones."""
        labels = len(self.labels[case_set])
        if case_set.kind == "wire":
            return labels  # they have no random cases
        if case_set not in VALID_SETS:
            return labels + (self._examples if labels else max(1, self._examples))
        # The profiles of valid cases share the examples.
        realistic = self._examples // 4 if "realistic" in self._contract.profiles else 0
        return realistic if case_set.profile == "realistic" else max(1, self._examples - realistic)

    def cases(self, case_set: CaseSet, start: int) -> Iterator[Case]:
        """Return the cases of a set, starting with the case of that number."""
        number = self.size(case_set) - start
        only = self.only(case_set)
        return self._contract.sample(number, case_set.kind, case_set.profile, self._seed, start=start, only=only)

    def only(self, case_set: CaseSet) -> tuple[str, ...] | None:
        """Return the chosen labels of a set; None if all cases of the set are chosen."""
        return None if self._is_whole and case_set.kind != "wire" else self.labels[case_set] or None


def _labels(contract: Contract, case_set: CaseSet, policy: Policy) -> tuple[str, ...]:
    """Return the labels of a set of cases."""
    labels = contract.labels(case_set.kind)
    if case_set.expectation is None:
        return labels
    cases = contract.sample(len(labels), case_set.kind, case_set.profile)
    expectations = {case.label: "accepts" if policy.demands_retry(case) else case.expectation for case in cases}
    return tuple(label for label in labels if expectations.get(label) == case_set.expectation)
