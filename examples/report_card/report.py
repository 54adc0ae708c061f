"""Measure what libraries make of the contract, and write it down as Markdown.

python examples/report_card/report.py > docs/report-card.md
"""

from __future__ import annotations

import json
import platform
import sys
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from importlib.metadata import version
from itertools import groupby
from operator import itemgetter
from typing import Any

from cattrs import BaseValidationError
from hubspot.crm.associations.v4.exceptions import OpenApiException
from libraries import (
    cattrs_classes,
    dataclasses_checked,
    dataclasses_unchecked,
    hubspot_client,
    marshmallow_schemas,
    msgspec_structs,
    plain_json,
    pydantic_models,
)
from marshmallow import ValidationError

from contractfuzz import Contract, Finding, Verdict, Violation
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.messages import show_body
from contractfuzz.running.run import CASE_SETS, Run
from contractfuzz.testing.round_trips import differences

EXAMPLES, SEED = 200, 0
"""Random payloads of the kinds without labels; of those with labels, each once, in the smallest payload that shows it."""

KINDS = list(dict.fromkeys(case_set.kind for case_set in CASE_SETS))
LABELLED = [case_set for case_set in CASE_SETS if case_set.kind not in ("valid", "hostile")]
UNLABELLED = [case_set for case_set in CASE_SETS if case_set.kind in ("valid", "hostile")]
KEYWORDS = ("type", "required", "format", "enum", "minimum, maximum")
"""The columns of what was let through; those of a pair are counted together."""

MOST_NAMED = 8
LONGEST_VALUE = 70
LONGEST_ERROR = 90
MISSING = "a required property"
CHANGES = "lost, added or changed"


@dataclass(frozen=True)
class Library:
    """A library as its users use it.

    Attributes:
        name: what the page calls it.
        read: the consumer.
        write: makes JSON of what `read` returned, by the library's own means; None where it has none.
        rejects: the errors by which the library refuses what it reads.
        distribution: the package that it comes in; None for the standard library.
        feed: what `read` takes.

    """

    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] | None = None
    rejects: tuple[type[Exception], ...] = (ValueError,)
    distribution: str | None = None
    feed: str = "bytes"

    @property
    def version(self) -> str:
        return version(self.distribution) if self.distribution else f"Python {python()}"


LIBRARIES = (
    Library("plain json", plain_json.read),
    Library("dataclasses", dataclasses_unchecked.read),
    Library("checked dataclasses", dataclasses_checked.read),
    Library("pydantic, lax", pydantic_models.read, pydantic_models.write, distribution="pydantic"),
    Library("pydantic, strict", pydantic_models.read_strictly, pydantic_models.write, distribution="pydantic"),
    Library("msgspec", msgspec_structs.read, msgspec_structs.write, distribution="msgspec"),
    Library(
        "cattrs",
        cattrs_classes.read,
        cattrs_classes.write,
        rejects=(ValueError, BaseValidationError),
        distribution="cattrs",
    ),
    Library(
        "marshmallow",
        marshmallow_schemas.read,
        marshmallow_schemas.write,
        rejects=(ValueError, ValidationError),
        distribution="marshmallow",
    ),
    Library(
        "hubspot-api-client",
        hubspot_client.get_page,
        hubspot_client.write,
        rejects=(ValueError, OpenApiException),
        distribution="hubspot-api-client",
        feed="url",
    ),
)


def python() -> str:
    return ".".join(platform.python_version_tuple()[:2])


# --- measuring ----------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Measured:
    """What a library did.

    Attributes:
        counts: for each class of cases how many met each verdict.
        findings: what it should not have done.
        changes: the locations at which valid payloads did not come back as they went, and what happened there.
        kept: how many of the valid payloads came back as they went; None for a library that does not write.

    """

    library: Library
    contract: Contract
    counts: dict[str, dict[str, int]]
    findings: tuple[Finding, ...]
    kept: int | None
    changes: frozenset[tuple[str, str]]

    @cached_property
    def violations(self) -> dict[str, Violation]:
        return {violation.id: violation for violation in self.contract.violations()}

    def found(self, kind: str, verdict: Verdict) -> tuple[Finding, ...]:
        """Return what was found in the cases of one kind, those with the smallest bodies first."""
        found = [finding for finding in self.findings if finding.kind == kind and finding.verdict is verdict]
        return tuple(sorted(found, key=lambda finding: (len(finding.case.body), finding.case.body)))


def measure(library: Library, contract: Contract) -> Measured:
    """Feed a library all cases, and see what comes back when it writes what it read."""
    counts: dict[str, dict[str, int]] = {}
    findings: list[Finding] = []
    for case_sets, examples in ((LABELLED, 0), (UNLABELLED, EXAMPLES)):
        run = Run(
            library.read,
            contract,
            feed=library.feed,
            raises=library.rejects,
            examples=examples,
            seed=SEED,
            case_sets=case_sets,
        )
        run.feed_all()
        report = run.report()
        counts |= report.counts
        findings += report.findings
    return Measured(library, contract, counts, tuple(findings), *_round_trips(library, contract))


def _round_trips(library: Library, contract: Contract) -> tuple[int | None, frozenset[tuple[str, str]]]:
    if library.write is None:
        return None, frozenset()
    changes: set[tuple[str, str]] = set()
    reader, kept = adapt(library.read, library.feed, contract=contract.name), 0
    for case in contract.sample(EXAMPLES, "valid", "closed", SEED):
        written = library.write(reader.call(reader.argument(case)))
        returned = json.loads(written if isinstance(written, str | bytes) else json.dumps(written))
        found = set(_changes(contract, case.payload, returned, contract.schema, ""))
        changes.update(found)
        kept += not found
    reader.close()
    return kept, frozenset(changes)


def _changes(
    contract: Contract, sent: Any, returned: Any, schema: dict[str, Any], location: str
) -> Iterator[tuple[str, str]]:
    match sent, returned:
        case dict(), dict():
            for name, value in sent.items():
                below, step = _step(contract, schema, name)
                if name in returned:
                    yield from _changes(contract, value, returned[name], below, f"{location}/{step}")
                else:
                    yield f"{location}/{step}", "lost"
            yield from ((f"{location}/{name}", "added") for name in returned if name not in sent)
        case list(), list() if len(sent) == len(returned):
            for one, other in zip(sent, returned, strict=True):
                below, step = _step(contract, schema, "*")
                yield from _changes(contract, one, other, below, f"{location}/{step}")
        case _ if any(differences(sent, returned, ())):
            yield location, "changed"


# --- what is due where --------------------------------------------------------------------------------------------------


def _step(contract: Contract, schema: dict[str, Any], name: str) -> tuple[dict[str, Any], str]:
    """Return the schema of a property, item or map value, and its step of a location."""
    if name in schema.get("properties", {}):
        below, step = schema["properties"][name], name
    else:
        below, step = schema.get("items") or schema["additionalProperties"], "*"
    if "$ref" in below:
        below = contract.schema["$defs"][below["$ref"].rpartition("/")[2]]
    return below, step


def _due(contract: Contract, violation: Violation) -> str:
    """Return in words what a payload that breaks the contract so does not have."""
    schema = contract.schema
    for step in violation.location.split("/")[1:]:
        schema, _ = _step(contract, schema, step)
    if violation.keyword == "required":
        return MISSING
    if violation.keyword == "enum":
        return "a word of an enumeration"
    if violation.keyword in ("minimum", "maximum"):
        return "an integer of 32 bits"
    if "format" in schema:
        return "a date-time" if violation.keyword == "type" else "a well-formed date-time"
    if schema["type"] == "object" and "properties" not in schema:
        return "a map"
    return f"{'an' if schema['type'][0] in 'aeiou' else 'a'} {schema['type']}"


# --- the page -----------------------------------------------------------------------------------------------------------

HEAD = """\
# What libraries make of `{contract}`

Made by `make report-card` from [examples/report_card](../examples/report_card): measured, never written by hand.

Each library is used as its documentation uses it, and told all that the contract says as far as it has a word for it. It is fed
{cases}, each in its smallest payload, then {examples} valid and
{examples} hostile ones by chance. HubSpot's own client gets them over HTTP. Measured on Python {python}.

## Accepted / rejected / crashed

What is honest: to accept all `valid` cases, to reject all `invalid` ones, and to crash on none of any class. Most of the
`malformed` must be rejected too. To reject is to raise a ValueError or the library's own error; to crash is to raise any other.
"""

LET_THROUGH = """\
## Let through

How many of the violations were accepted, by the keyword that they break, and how many of the malformed bodies that are no JSON.
Among them is `null` where a property may only be absent: in models of cattrs and pydantic `| None` stands for both.
"""

ROUND_TRIPS = """\
## Read and written again

How many of {payloads} valid payloads said the same when the library had read them and written them again.
"""

SURPRISES = """\
## The most surprising

One line for each thing that is due and each error, those with most violations first. It names the variants, as
[violations.md](violations.md) does, and at how many of their places it was so; that at most places comes first, `null` last, and
of the first the smallest case is shown.
"""


def page(measured: Iterable[Measured]) -> str:
    """Return the whole page, in Markdown."""
    measured = list(measured)
    contract = measured[0].contract
    head = HEAD.format(
        contract=contract.name,
        cases=f"{len(contract.labels())} violations, {len(contract.labels('malformed'))} malformations and "
        f"{len(contract.labels('incoherent'))} incoherences",
        examples=EXAMPLES,
        python=python(),
    )
    parts = [
        head,
        _table(["library", "version", *KINDS], map(counts_row, measured)),
        LET_THROUGH,
        _table(
            ["library", "violations", *(f"`{name}`" for name in KEYWORDS), "no JSON"], map(let_through_row, measured)
        ),
        ROUND_TRIPS.format(payloads=EXAMPLES),
        _table(["library", "the same", CHANGES], filter(None, map(round_trip_row, measured))),
        SURPRISES,
        *map(section, measured),
    ]
    return "\n".join(parts)


def counts_row(one: Measured) -> str:
    def cell(name: str) -> str:
        met = one.counts.get(name, {})
        return " / ".join(str(met.get(verdict, 0)) for verdict in ("accepted", "rejected", "crashed"))

    return _row([one.library.name, one.library.version, *map(cell, KINDS)])


def let_through_row(one: Measured) -> str:
    accepted = _labels(one.found("invalid", Verdict.ACCEPTED))
    violations = one.contract.violations()

    def share(keywords: Iterable[str]) -> str:
        those = [violation.id for violation in violations if violation.keyword in keywords]
        return f"{len(accepted & set(those))} of {len(those)}"

    bodies = one.contract.sample(len(one.contract.labels("malformed")), "malformed")
    no_json = {case.label for case in bodies if case.expectation == "rejects"}
    accepted_bodies = f"{len(_labels(one.found('malformed', Verdict.ACCEPTED)))} of {len(no_json)}"
    everything = share({violation.keyword for violation in violations})
    return _row([one.library.name, everything, *(share(names.split(", ")) for names in KEYWORDS), accepted_bodies])


def round_trip_row(one: Measured) -> str | None:
    if one.kept is None:
        return None
    told = [f"`{location}` {what}" for location, what in sorted(one.changes)]
    return _row([one.library.name, str(one.kept), ", ".join(told) or "nothing"])


def section(one: Measured) -> str:
    module = one.library.read.__module__.rpartition(".")[2]
    source = f"`{one.library.read.__name__}` in [{module}.py](../examples/report_card/libraries/{module}.py)"
    lines = [*_refused(one), *_crashes(one), *_nasty(one), *_let_through(one)]
    told = "\n".join(f"- {line}" for line in lines) or "Nothing: it honours the contract."
    return f"### {one.library.name}\n\n{source}\n\n{told}\n"


def _refused(one: Measured) -> Iterator[str]:
    for finding in (*one.found("valid", Verdict.REJECTED), *one.found("valid", Verdict.CRASHED)):
        yield f"**refuses what is valid**: {_error(finding)} for {_code(show_body(finding.case, 100))}"


def _crashes(one: Measured) -> Iterator[str]:
    for due, findings in _grouped(one, one.found("invalid", Verdict.CRASHED)):
        case = _example(one, findings)
        yield f"**crashes** where {due} is due, on {_variants(one, due, findings)}: {_error(case)} for {_shown(case)}"


def _nasty(one: Measured) -> Iterator[str]:
    nasty = [finding for name in ("malformed", "incoherent", "hostile") for finding in one.found(name, Verdict.CRASHED)]
    for error in sorted({_name(finding) for finding in nasty}):
        findings = [finding for finding in nasty if _name(finding) == error]
        smallest = _code(show_body(findings[0].case, 40))
        yield f"**crashes** on {_listed(findings)}: {_error(findings[0])} for {smallest}"
    # What does not even begin like a payload is most surprising.
    begins = one.found("malformed", Verdict.ACCEPTED)
    accepted = sorted(begins, key=lambda finding: finding.case.body.lstrip()[:1] in (b"{", b"["))
    if accepted:
        yield f"**takes** what is no JSON, {_listed(accepted)}: {_code(show_body(accepted[0].case, 150))}"


def _let_through(one: Measured) -> Iterator[str]:
    for due, findings in _grouped(one, one.found("invalid", Verdict.ACCEPTED)):
        taken = "**does without**" if due == MISSING else "**takes** for"
        yield f"{taken} {due} {_variants(one, due, findings)}: {_shown(_example(one, findings))}"


# --- the lines ----------------------------------------------------------------------------------------------------------


def _grouped(one: Measured, findings: Iterable[Finding]) -> list[tuple[str, list[Finding]]]:
    """Return findings by what is due, and apart by what was raised; those of most violations first."""
    groups: dict[tuple[str, str], list[Finding]] = {}
    for finding in findings:
        due = _due(one.contract, one.violations[finding.case.label or ""])
        groups.setdefault((due, _name(finding)), []).append(finding)
    largest_first = sorted(groups.items(), key=lambda item: (-len(_labels(item[1])), item[0]))
    return [(due, group) for (due, _), group in largest_first]


def _by_places(one: Measured, findings: Iterable[Finding]) -> list[tuple[str, int]]:
    """Return the variants and at how many places they were met: most first and null last, else as in the contract's list."""
    labels = _labels(findings)
    places = Counter(_variant(violation) for violation in one.violations.values() if violation.id in labels)
    return sorted(places.items(), key=lambda item: (item[0] == "null", -item[1]))


def _variants(one: Measured, due: str, findings: list[Finding]) -> str:
    there = Counter(_variant(one_of) for one_of in one.violations.values() if _due(one.contract, one_of) == due)
    met = [(f"{places} of {there[variant]}", f"`{variant}`") for variant, places in _by_places(one, findings)]
    told = [(share, [name for _, name in names]) for share, names in groupby(met, key=itemgetter(0))]
    return ", ".join(f"{' '.join(names)} ({share})" for share, names in told)


def _example(one: Measured, findings: list[Finding]) -> Finding:
    variant, _ = _by_places(one, findings)[0]
    return next(finding for finding in findings if _variant(one.violations[finding.case.label or ""]) == variant)


def _variant(violation: Violation) -> str:
    prefix = f"{violation.keyword}." if violation.keyword in ("minimum", "maximum") else ""
    return prefix + violation.variant


def _labels(findings: Iterable[Finding]) -> set[str]:
    return {finding.case.label for finding in findings if finding.case.label is not None}


def _listed(findings: Iterable[Finding]) -> str:
    told = [f"`{label}`" for label in dict.fromkeys(one.case.label or f"{one.kind} payload" for one in findings)]
    more = len(told) - MOST_NAMED
    return ", ".join(told[:MOST_NAMED]) + (f" and {more} more" if more > 0 else "")


def _shown(finding: Finding) -> str:
    """Return the fault of a case: the place with the value that it has, or what is left where a property is missing."""
    value, steps = finding.case.payload, (finding.case.pointer or "").split("/")[1:]
    missing = finding.case.label is not None and finding.case.label.endswith(":required.missing")
    for step in steps[:-1] if missing else steps:
        value = value[int(step) if isinstance(value, list) else step.replace("~1", "/").replace("~0", "~")]
    text = json.dumps(value)
    shown = _code(text if len(text) <= LONGEST_VALUE else f"{text[:LONGEST_VALUE]}...")
    if missing:
        return f"{shown} without `{finding.case.pointer}`"
    return f"{shown} at `{finding.case.pointer}`" if steps else f"{shown} as the payload"


def _error(finding: Finding) -> str:
    line = finding.raised.line if finding.raised else str(finding.verdict)
    return _code(line if len(line) <= LONGEST_ERROR else f"{line[:LONGEST_ERROR]}...")


def _name(finding: Finding) -> str:
    return finding.raised.name if finding.raised and finding.verdict is Verdict.CRASHED else ""


def _code(text: str) -> str:
    fence = "``" if "`" in text else "`"
    return f"{fence}{text}{fence}"


def _table(head: list[str], rows: Iterable[str]) -> str:
    aligned = ["---" if name in ("library", CHANGES) else "---:" for name in head]
    return "\n".join([_row(head), _row(aligned), *rows]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page to standard output."""
    sys.stdout.reconfigure(encoding="utf-8")
    contract = Contract.named("batch_association_response")
    sys.stdout.write(page(measure(library, contract) for library in LIBRARIES))


if __name__ == "__main__":
    main()
