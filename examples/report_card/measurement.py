"""Measurement of one library: its verdicts on all cases, and its round trips."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from measured_libraries import Library

from contractfuzz import Contract, Finding, Verdict, Violation
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.options import CASE_SETS, RunOptions
from contractfuzz.running.run import Run
from contractfuzz.testing.round_trips import differences

EXAMPLES = 200
"""Number of random payloads of each kind without labels. Of a kind with labels, each label gets its smallest payload."""

SEED = 0
KINDS = tuple(dict.fromkeys(case_set.kind for case_set in CASE_SETS))
LABELLED = [case_set for case_set in CASE_SETS if case_set.kind not in ("valid", "hostile")]
UNLABELLED = [case_set for case_set in CASE_SETS if case_set.kind in ("valid", "hostile")]


@dataclass(frozen=True)
class Measurement:
    """Result of one library.

    Attributes:
        library: library under test.
        contract: contract that its cases are made from.
        counts: number of cases for each verdict, by kind.
        findings: verdicts that break the expectations.
        unchanged: number of valid payloads that a round trip left unchanged; None if the library cannot write.
        changes: locations that a round trip changed, each with `lost`, `added` or `changed`.

    """

    library: Library
    contract: Contract
    counts: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]
    unchanged: int | None
    changes: frozenset[tuple[str, str]]

    @cached_property
    def violations(self) -> dict[str, Violation]:
        """Violations of the contract by id."""
        return {violation.id: violation for violation in self.contract.violations()}

    def found(self, kind: str, verdict: Verdict) -> tuple[Finding, ...]:
        """Return the findings of one kind with one verdict, smallest body first."""
        found = [finding for finding in self.findings if finding.kind == kind and finding.verdict is verdict]
        return tuple(sorted(found, key=lambda finding: (len(finding.case.body), finding.case.body)))


def measure(library: Library, contract: Contract) -> Measurement:
    """Feed all cases to a library and compare the valid payloads that it reads and writes again."""
    counts: dict[str, dict[str, int]] = {}
    findings: list[Finding] = []
    for case_sets, examples in ((LABELLED, 0), (UNLABELLED, EXAMPLES)):
        # A short timeout, because the client has none and would make the measurement wait.
        options = RunOptions(feed=library.feed, raises=library.rejects, timeout=1 if library.feed == "url" else None)
        run = Run(library.read, contract, options, examples=examples, seed=SEED, case_sets=case_sets)
        run.feed_all()
        report = run.report()
        counts |= report.counts
        findings += report.findings
    return Measurement(library, contract, counts, tuple(findings), *_round_trips(library, contract))


def _round_trips(library: Library, contract: Contract) -> tuple[int | None, frozenset[tuple[str, str]]]:
    if library.write is None:
        return None, frozenset()
    changes: set[tuple[str, str]] = set()
    reader, unchanged = adapt(library.read, library.feed, contract=contract.name), 0
    for case in contract.sample(EXAMPLES, "valid", "closed", SEED):
        written = library.write(reader.call(reader.argument(case)))
        returned = json.loads(written if isinstance(written, str | bytes) else json.dumps(written))
        found = set(_changes(contract, case.payload, returned, contract.schema, ""))
        changes.update(found)
        unchanged += not found
    reader.close()
    return unchanged, frozenset(changes)


def _changes(
    contract: Contract, sent: Any, returned: Any, schema: dict[str, Any], location: str
) -> Iterator[tuple[str, str]]:
    match sent, returned:
        case dict(), dict():
            for name, value in sent.items():
                subschema, step = descend(contract, schema, name)
                if name in returned:
                    yield from _changes(contract, value, returned[name], subschema, f"{location}/{step}")
                else:
                    yield f"{location}/{step}", "lost"
            yield from ((f"{location}/{name}", "added") for name in returned if name not in sent)
        case list(), list() if len(sent) == len(returned):
            for sent_item, returned_item in zip(sent, returned, strict=True):
                subschema, step = descend(contract, schema, "*")
                yield from _changes(contract, sent_item, returned_item, subschema, f"{location}/{step}")
        case _ if any(differences(sent, returned, ())):
            yield location, "changed"


def descend(contract: Contract, schema: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """Return the schema of a property, item or map value, and its step in a location."""
    if name in schema.get("properties", {}):
        subschema, step = schema["properties"][name], name
    else:
        subschema, step = schema.get("items") or schema["additionalProperties"], "*"
    if "$ref" in subschema:
        subschema = contract.schema["$defs"][subschema["$ref"].rpartition("/")[2]]
    return subschema, step
