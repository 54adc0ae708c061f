"""Make the pages that are lists: ``python docs/generate.py`` writes docs/violations.md and docs/doubtful.md from the code."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path
from typing import Any

from contractfuzz import Contract
from contractfuzz.payloads.malformed import MALFORMATIONS
from contractfuzz.payloads.values import doubtful

NAME = "batch_association_response"
MADE = "Made from the code by `python docs/generate.py`: change it there, never here."


def violations_page(contract: Contract) -> str:
    """Return the page of everything that can go wrong with the payloads of ``contract``."""
    violations = contract.violations()
    by_location: dict[str, list[str]] = {}
    by_kind: dict[str, list[str]] = {}
    for violation in violations:
        kind = f"{violation.keyword}.{violation.variant}"
        by_location.setdefault(violation.location, []).append(kind)
        by_kind.setdefault(kind, []).append(violation.description)
    keywords = list(dict.fromkeys(violation.keyword for violation in violations))
    kinds = sorted(by_kind, key=lambda kind: keywords.index(kind.partition(".")[0]))
    lines = [
        f"# What can go wrong with `{contract.name}`",
        "",
        MADE,
        "",
        "| what | how many |",
        "| --- | ---: |",
        f"| violations | {len(violations)} |",
        f"| locations that they are at | {len(by_location)} |",
        f"| kinds that they are of | {len(by_kind)} |",
        f"| malformations | {len(MALFORMATIONS)} |",
        f"| incoherences | {len(contract.rules)} |",
        "",
        "## Violations by kind",
        "",
        "A kind is `keyword.variant`. The words are those of its first violation; elsewhere another type may be due.",
        "",
        *table(
            ("kind", "violations", "for one"), ((code(kind), len(by_kind[kind]), by_kind[kind][0]) for kind in kinds)
        ),
        "",
        "## Violations by location",
        "",
        f"An id is `location:keyword.variant`, for instance `{violations[-1].id}`. It stays the same from release to release.",
        "`*` is any item of an array or value of a map, and the location of a missing property is the one that it would have.",
        "",
        *table(("location", "violations"), (location_row(place, kinds) for place, kinds in by_location.items())),
        "",
        "## Malformed bodies",
        "",
        "What an honest consumer does: it `rejects` what no parser may read, and `survives` what some parsers read, either way.",
        "",
        *table(
            ("name", "expected", "what it is"), ((code(m.name), m.expectation, m.description) for m in MALFORMATIONS)
        ),
        "",
        "## Incoherent payloads",
        "",
        "They keep the schema and break one rule that a schema cannot say. A consumer `survives` them.",
        "",
        *table(("name", "what it is"), ((code(rule.name), rule.description) for rule in contract.rules)),
    ]
    return "\n".join(lines) + "\n"


def location_row(place: str, kinds: Sequence[str]) -> tuple[str, str]:
    """Return the cells of one location."""
    return (code(place) if place else 'the payload itself, `""`', " ".join(map(code, kinds)))


def doubtful_page() -> str:
    """Return the page of the values that are made neither as valid nor as invalid."""
    lines = [
        "# Values in doubt",
        "",
        MADE,
        "",
        "Independent validators, or the readers behind them, differ on these values. So they are made neither as valid nor as",
        "invalid; they appear in the profile `hostile` alone, where a consumer may accept or reject them, and must do no worse.",
        "The verdicts are those of jsonschema (the product's oracle), of jsonschema-rs, and of the json-structure SDK where it",
        "has such a type. The tests ask all three again.",
        "",
        "## Date-times",
        "",
        *doubts(moment.doubt for moment in doubtful.DATE_TIMES),
        "",
        "## Integers",
        "",
        *doubts(doubtful.INTEGERS),
    ]
    for form, values in doubtful.TEXTS.items():
        lines += ["", f"## Format {form}", "", *doubts(values)]
    lines += [
        "",
        "## In no doubt",
        "",
        "These violations stay in the matrix, although the json-structure SDK lets them pass: the rules are clear.",
        "",
        *table(("kind", "verdict"), ((code(kind), f"Invalid. {why}") for kind, why in doubtful.SETTLED.items())),
        "",
        "In strict JSON Structure it lets more pass, and refuses what the specification has.",
        "",
        *table(
            ("kind", "verdict"),
            (
                (code(kind), f"Invalid. {why}")
                for kind, why in doubtful.SETTLED_IN_STRUCTURE.items()
                if kind not in doubtful.SETTLED
            ),
        ),
        "",
        *table(("what", "verdict"), ((what, f"Valid. {why}") for what, why in doubtful.REFUSED_BY_SDK.items())),
    ]
    return "\n".join(lines) + "\n"


def doubts(values: Iterable[doubtful.Doubt]) -> Iterator[str]:
    """Yield the lines of a table of doubts."""
    rows = (
        (one.what, code(json.dumps(one.example, ensure_ascii=False)), *map(verdict, one.verdicts), one.why)
        for one in values
    )
    return table(("what", "for instance", *doubtful.JUDGES, "why"), rows)


def verdict(valid: bool | None) -> str:
    """Return a judge's verdict in a word."""
    return {True: "valid", False: "invalid", None: ""}[valid]


def code(text: str) -> str:
    """Return ``text`` as code in a table's cell."""
    return f"`{text.replace('|', chr(92) + '|')}`"


def table(head: Sequence[str], rows: Iterable[Sequence[Any]]) -> Iterator[str]:
    """Yield the lines of a table."""
    yield f"| {' | '.join(head)} |"
    yield f"| {' | '.join('---' for _ in head)} |"
    yield from (f"| {' | '.join(map(str, row))} |" for row in rows)


def pages() -> dict[str, str]:
    """Return the text of each page by the name of its file in docs/."""
    return {"violations.md": violations_page(Contract.named(NAME)), "doubtful.md": doubtful_page()}


if __name__ == "__main__":
    for file, page in pages().items():
        Path(__file__).with_name(file).write_text(page, encoding="utf-8")
