"""Baselines: the findings that a project knows, in a file that is committed with its code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, read_whole
from contractfuzz.json_values import member
from contractfuzz.text import json_text, pluralize

if TYPE_CHECKING:
    from contractfuzz.running.findings import Finding
    from contractfuzz.running.report import Report

BASELINE_FORMAT_NUMBER = 1
_FORMAT_KEY = "contractfuzz baseline"

_VERDICTS = frozenset({"accepted", "rejected", "crashed", "hung", "died", "looped", "repeated"})
_KINDS_OF_EVERY_CHECK = frozenset({"invalid", "malformed"})
"""Kinds with labels that a check of all cases has, and an assertion about some of them does not."""

Entries = Mapping[str, Mapping[str, frozenset[str]]]
"""For each consumer and contract, the entries of its findings."""


def entry_of(finding: Finding) -> str:
    """Return the entry of a finding: its label, or its kind if it has no label, and its verdict.

    Example:
        >>> entry_of(finding)
        '/status:type.null accepted'

    """
    return f"{finding.case.label or finding.kind} {finding.verdict.value}"


@dataclass(frozen=True)
class Baseline:
    """Findings that a project knows.

    Attributes:
        file: the path of the file.
        entries: for each consumer and contract, the entries of its findings.

    """

    file: str
    entries: Entries

    def has(self, finding: Finding, contract: str | None = None) -> bool:
        """Return True if a finding is known.

        Args:
            finding: the finding.
            contract: the name of its contract. Default: the finding's own.

        """
        return entry_of(finding) in self._entries(finding.consumer, contract or finding.contract)

    def apply(self, report: Report) -> Report:
        """Return a report whose known findings are in ``known`` instead of ``findings``, with the entries that are fixed."""
        every = [*report.findings, *report.known]
        entries = self._entries(report.consumer, report.contract)
        known = [finding for finding in every if entry_of(finding) in entries]
        missing = entries - {entry_of(finding) for finding in known}
        return replace(
            report,
            findings=[finding for finding in every if entry_of(finding) not in entries],
            known=known,
            fixed=tuple(sorted(entry for entry in missing if _was_fed(entry, report))),
        )

    def updated(self, reports: Iterable[Report]) -> Baseline:
        """Return the baseline with the findings of reports.

        Entries that a report did not find again are dropped if their label was fed, or if the contract no longer has it. Entries
        of other labels, consumers and contracts stay.

        """
        entries = {consumer: dict(contracts) for consumer, contracts in self.entries.items()}
        for report in reports:
            found = {entry_of(finding) for finding in (*report.findings, *report.known)}
            known = self._entries(report.consumer, report.contract)
            kept = {entry for entry in known if not (_was_fed(entry, report) or _is_outdated(entry, report))}
            entries.setdefault(report.consumer, {})[report.contract] = frozenset(found | kept)
        return Baseline(self.file, entries)

    def write(self) -> None:
        """Write the file, sorted, unless it has the same content already.

        Raises:
            ContractError: the file cannot be written.

        """
        findings = {
            consumer: {contract: sorted(entries) for contract, entries in sorted(contracts.items()) if entries}
            for consumer, contracts in sorted(self.entries.items())
        }
        record = {
            _FORMAT_KEY: BASELINE_FORMAT_NUMBER,
            "findings": {consumer: contracts for consumer, contracts in findings.items() if contracts},
        }
        content = json_text(record).encode()
        path = Path(self.file)
        try:
            if not path.exists() or path.read_bytes() != content:
                with atomic_write(path, durable=False) as file:
                    file.write(content)
        except OSError as error:
            raise ContractError(f"{self.file} cannot be written ({error.strerror}): name another file") from None

    def describe_update(self, updated: Baseline) -> str:
        """Return in one line what an update changes in this baseline."""
        before, after = self._all_entries(), updated._all_entries()
        changes = [
            f"{len(entries)} {word}"
            for entries, word in ((after - before, "new"), (before - after, "removed"))
            if entries
        ]
        return f"{self.file} has {pluralize(len(after), 'finding')} ({', '.join(changes) or 'unchanged'})"

    def _entries(self, consumer: str, contract: str) -> frozenset[str]:
        return self.entries.get(consumer, {}).get(contract, frozenset())

    def _all_entries(self) -> set[tuple[str, str, str]]:
        return {
            (consumer, contract, entry)
            for consumer, contracts in self.entries.items()
            for contract, entries in contracts.items()
            for entry in entries
        }


def read_baseline(file: str, *, create: str = "", may_be_missing: bool = False) -> Baseline:
    """Read a baseline.

    Args:
        file: the path of the file.
        create: the option that writes the file, for the message about a missing one.
        may_be_missing: True to return an empty baseline if the file does not exist.

    Raises:
        ContractError: the file is missing, cannot be read or is not a baseline.

    """
    path = Path(file)
    try:
        content = read_whole(path)
    except FileNotFoundError:
        if not may_be_missing:
            raise ContractError(f"{file} does not exist: create it with {create}") from None
        if not path.parent.is_dir():
            raise ContractError(f"{file} cannot be written: the folder {path.parent} does not exist") from None
        return Baseline(file, {})
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise ContractError(f"{file} cannot be read ({reason}): name another file") from None
    try:
        return Baseline(file, _entries_of(json.loads(content, object_pairs_hook=_unique_members)))
    except (KeyError, TypeError, ValueError, RecursionError):
        raise ContractError(
            f"{file} is not a baseline: restore it from version control, or delete it and write a new one with {create}"
        ) from None


def _unique_members(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    # A merge of two versions can leave the same consumer twice.
    members = dict(pairs)
    if len(members) != len(pairs):
        raise ValueError("duplicate name")
    return members


def _entries_of(record: Any) -> Entries:
    """Return the entries of a file's content; raise KeyError, TypeError or ValueError if it is not a baseline."""
    if member(record, _FORMAT_KEY, int) != BASELINE_FORMAT_NUMBER:
        raise ValueError("another format")
    findings = member(record, "findings", dict)
    entries = {
        consumer: {
            contract: frozenset(member(findings[consumer], contract, list))
            for contract in member(findings, consumer, dict)
        }
        for consumer in findings
    }
    for contracts in entries.values():
        for entry in frozenset().union(*contracts.values()):
            if not isinstance(entry, str) or entry.rpartition(" ")[2] not in _VERDICTS:
                raise ValueError("not an entry")
    return entries


def _was_fed(entry: str, report: Report) -> bool:
    subject = entry.rpartition(" ")[0]
    verdicts = [labels[subject] for labels in report.labels.values() if subject in labels]
    return any(verdict is not None for verdict in verdicts) if verdicts else subject in report.counts


def _is_outdated(entry: str, report: Report) -> bool:
    """Return True if the contract no longer has the label of an entry. Reports of some kinds of cases do not show it."""
    subject = entry.rpartition(" ")[0]
    is_label = any(subject in labels for labels in report.labels.values())
    is_kind = subject in ("valid", "hostile")
    return not is_label and not is_kind and report.labels.keys() >= _KINDS_OF_EVERY_CHECK
