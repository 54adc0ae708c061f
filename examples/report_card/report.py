"""Measure how libraries honour the contract, and write the result as Markdown.

python examples/report_card/report.py > docs/report-card.md
"""

from __future__ import annotations

import sys
from collections.abc import Iterable

from finding_lines import finding_lines, labels_of
from measured_libraries import LIBRARIES, python_version
from measurement import EXAMPLES, KINDS, Measurement, measure

from contractfuzz import Contract, Verdict

KEYWORD_COLUMNS = ("type", "required", "format", "enum", "minimum, maximum")
"""Columns of the table of accepted cases. The keywords of one column are counted together."""

CHANGES_COLUMN = "lost, added or changed"

HEAD = """\
# How libraries honour `{contract}`

`make report-card` writes this page from [examples/report_card](../examples/report_card). Do not edit it: all numbers are
measured.

Each library is used as its documentation recommends, with all constraints of the contract that the library can express. It is fed
{cases}, each in its smallest payload, then {examples} random valid
payloads and {examples} random hostile payloads. HubSpot's client receives them over HTTP, and {wire} `wire` cases as well.
Measured on Python {python}.

## Accepted / rejected / crashed

A library honours the contract if it accepts all `valid` cases, rejects all `invalid` cases, and crashes on no case. It must
also reject `malformed` bodies that are not JSON. To reject is to raise a ValueError or the library's own error. To crash is to
raise any other error.
"""

ACCEPTED_FAULTS = """\
## Accepted faults

The table shows the number of accepted violations, in total and for each keyword, and the number of accepted bodies that are
not JSON. Some violations are `null` for an optional property: cattrs and pydantic models accept it, because `| None` means both
null and absent there.
"""

ROUND_TRIPS = """\
## Round trips

Each library reads {payloads} valid payloads and writes them again. The table shows how many of them are unchanged.
"""

FINDINGS = """\
## Findings

Each line is one error, or one expected value that is not checked. It names the variants of the accepted or crashing violations
([violations.md](violations.md) describes them); `(6 of 9)` means that they were found at 6 of the 9 locations with such a
value. The example is the smallest case of the first variant.
"""


def page(measurements: Iterable[Measurement]) -> str:
    """Return the whole page in Markdown."""
    measurements = list(measurements)
    contract = measurements[0].contract
    head = HEAD.format(
        contract=contract.name,
        cases=f"{len(contract.labels())} violations, {len(contract.labels('malformed'))} malformations and "
        f"{len(contract.labels('incoherent'))} incoherences",
        examples=EXAMPLES,
        wire=len(contract.labels("wire")),
        python=python_version(),
    )
    keyword_columns = [f"`{names}`" for names in KEYWORD_COLUMNS]
    parts = [
        head,
        _table(["library", "version", *KINDS], map(counts_row, measurements)),
        ACCEPTED_FAULTS,
        _table(["library", "violations", *keyword_columns, "not JSON"], map(accepted_faults_row, measurements)),
        ROUND_TRIPS.format(payloads=EXAMPLES),
        _table(["library", "unchanged", CHANGES_COLUMN], filter(None, map(round_trip_row, measurements))),
        FINDINGS,
        *map(section, measurements),
    ]
    return "\n".join(parts)


def counts_row(measurement: Measurement) -> str:
    """Return the row of verdicts of one library."""

    def cell(kind: str) -> str:
        counts = measurement.counts.get(kind)
        if not counts:
            return "–"
        return " / ".join(str(counts.get(verdict, 0)) for verdict in ("accepted", "rejected", "crashed"))

    return _row([measurement.library.name, measurement.library.version, *map(cell, KINDS)])


def accepted_faults_row(measurement: Measurement) -> str:
    """Return the row of accepted violations and malformed bodies of one library."""
    accepted = labels_of(measurement.found("invalid", Verdict.ACCEPTED))
    contract = measurement.contract
    violations = contract.violations()

    def share(keywords: Iterable[str]) -> str:
        ids = {violation.id for violation in violations if violation.keyword in keywords}
        return f"{len(accepted & ids)} of {len(ids)}"

    malformed = contract.sample(len(contract.labels("malformed")), "malformed")
    not_json = {case.label for case in malformed if case.expectation == "rejects"}
    accepted_not_json = labels_of(measurement.found("malformed", Verdict.ACCEPTED))
    return _row(
        [
            measurement.library.name,
            share({violation.keyword for violation in violations}),
            *(share(names.split(", ")) for names in KEYWORD_COLUMNS),
            f"{len(accepted_not_json)} of {len(not_json)}",
        ]
    )


def round_trip_row(measurement: Measurement) -> str | None:
    """Return the row of round trips of one library, or None if it cannot write."""
    if measurement.unchanged is None:
        return None
    changes = [f"`{location}` {change}" for location, change in sorted(measurement.changes)]
    return _row([measurement.library.name, str(measurement.unchanged), ", ".join(changes) or "nothing"])


def section(measurement: Measurement) -> str:
    """Return the section of one library's findings."""
    read = measurement.library.read
    module = read.__module__.rpartition(".")[2]
    source = f"`{read.__name__}` in [{module}.py](../examples/report_card/libraries/{module}.py)"
    lines = "\n".join(f"- {line}" for line in finding_lines(measurement)) or "None: it honours the contract."
    return f"### {measurement.library.name}\n\n{source}\n\n{lines}\n"


def _table(head: list[str], rows: Iterable[str]) -> str:
    alignment = ["---" if name in ("library", CHANGES_COLUMN) else "---:" for name in head]
    return "\n".join([_row(head), _row(alignment), *rows]) + "\n"


def _row(cells: Iterable[str]) -> str:
    return f"| {' | '.join(cells)} |"


def main() -> None:
    """Write the page to standard output."""
    sys.stdout.reconfigure(encoding="utf-8")
    contract = Contract.named("batch_association_response")
    sys.stdout.write(page(measure(library, contract) for library in LIBRARIES))


if __name__ == "__main__":
    main()
