"""Consumers with one wrong pattern: the cases of a default check expose nearly all of them."""

from __future__ import annotations

import re

from contractfuzz import Contract

DIALECT = "https://json-schema.org/draft/2020-12/schema"
RANDOM_CASES = 200
"""Random cases of each kind that a check feeds by default."""

PATTERNS = {
    "sku": "[A-Z]{2}-[0-9]{4,6}",
    "method": "(GET|POST|PUT)",
    "color": "#[0-9a-f]{6}",
    "slug": "[a-z0-9]+(-[a-z0-9]+)*",
    "version": r"v[0-9]+\.[0-9]+",
    "name": r"\w{1,20}",
}

MUTANTS = {
    "sku": [
        "[A-Z]{2}-[0-9]{4,6}\n?",
        "[A-Z]{1,2}-[0-9]{4,6}",
        "[A-Z]{2,3}-[0-9]{4,6}",
        "[A-Z]+-[0-9]{4,6}",
        "[A-Za-z]{2}-[0-9]{4,6}",
        "[A-z]{2}-[0-9]{4,6}",
        "[A-Z0-9]{2}-[0-9]{4,6}",
        "[A-Y]{2}-[0-9]{4,6}",
        "[B-Z]{2}-[0-9]{4,6}",
        "[A-Z]{2}-?[0-9]{4,6}",
        "[A-Z]{2}.[0-9]{4,6}",
        "([A-Z]{2}-)?[0-9]{4,6}",
        "[A-Z]{2}-[0-9]{3,6}",
        "[A-Z]{2}-[0-9]{4,7}",
        "[A-Z]{2}-[0-9]{4,5}",
        "[A-Z]{2}-[0-9]{5,6}",
        "[A-Z]{2}-[0-9]*",
        "[A-Z]{2}-[1-9]{4,6}",
        "[A-Z]{2}-[0-8]{4,6}",
        r"[A-Z]{2}-\w{4,6}",
        "[A-Z]{2}-[0-9]{4,6}.*",
        ".*[A-Z]{2}-[0-9]{4,6}",
    ],
    "method": [
        "(GET|POST)",
        "(GET|PUT)",
        "(POST|PUT)",
        "(GET|POST|PUT|)",
        "(?i:GET|POST|PUT)",
        "(GET|POST|PUT)\n?",
        "[A-Z]+",
        "(GE|GET|POST|PUT)",
        "(GET|POST|PUT).*",
    ],
    "color": [
        "#[0-9a-fA-F]{6}",
        "#?[0-9a-f]{6}",
        ".[0-9a-f]{6}",
        "#[0-9a-f]{3,6}",
        "#[0-9a-f]{6,8}",
        "#[0-9a-e]{6}",
        "#[0-9b-f]{6}",
        "#[1-9a-f]{6}",
        "#[0-9]{6}",
        "#[a-f]{6}",
        "#[0-9a-g]{6}",
        "#.{6}",
        "#[0-9a-f]{6}\n?",
    ],
    "slug": [
        "[a-z0-9]+(-[a-z0-9]+)?",
        "[a-z0-9]+",
        "[a-z0-9-]+",
        "[a-z0-9]*(-[a-z0-9]+)*",
        "[a-z0-9]+(-[a-z0-9]*)*",
        "[a-zA-Z0-9]+(-[a-z0-9]+)*",
        "[a-z]+(-[a-z]+)*",
        "[a-z0-9]+([-_][a-z0-9]+)*",
        "[a-z0-9]{1,8}(-[a-z0-9]+)*",
        "[a-z0-9 ]+(-[a-z0-9]+)*",
        "[a-z0-9]+(-[a-z0-9]+)*\n?",
    ],
    "version": [
        r"v[0-9]+(\.[0-9]+)?",
        r"v[0-9]+(\.[0-9]+)+",
        r"v?[0-9]+\.[0-9]+",
        r"[vV][0-9]+\.[0-9]+",
        "v[0-9]+.[0-9]+",
        r"v[0-9]\.[0-9]+",
        r"v[0-9]+\.[0-9]",
        r"v[0-9]*\.[0-9]+",
        r"v[0-9]+\.[0-9]*",
        r"v[1-9][0-9]*\.[0-9]+",
        "v[0-9]+\\.[0-9]+\n?",
    ],
    "name": [
        "[A-Za-z0-9]{1,20}",
        "[A-Za-z_]{1,20}",
        r"\w{1,10}",
        r"\w{1,19}",
        r"\w{2,20}",
        r"\w{1,21}",
        r"\w{0,20}",
        r"[\w ]{1,20}",
        r"[\w-]{1,20}",
        ".{1,20}",
        "\\w{1,20}\n?",
    ],
}
"""For each property the patterns of wrong consumers, which match whole strings."""


def reader(**changed):
    """Return a consumer that accepts objects whose strings match all patterns."""
    patterns = {name: re.compile(changed.get(name, pattern), re.ASCII) for name, pattern in PATTERNS.items()}

    def accepts(payload):
        return isinstance(payload, dict) and all(
            isinstance(payload.get(name), str) and pattern.fullmatch(payload[name])
            for name, pattern in patterns.items()
        )

    return accepts


def test_a_default_check_exposes_nearly_all_consumers_with_a_wrong_pattern():
    properties = {name: {"type": "string", "pattern": f"^{pattern}$"} for name, pattern in PATTERNS.items()}
    schema = {"$schema": DIALECT, "type": "object", "properties": properties, "required": [*PATTERNS]}
    contract = Contract.load(schema, name="patterns")
    invalid = [case.payload for case in contract.sample(len(contract.labels()) + RANDOM_CASES, kind="invalid")]
    valid = [case.payload for case in contract.sample(RANDOM_CASES)]
    accepts = reader()
    assert all(map(accepts, valid))
    assert not any(map(accepts, invalid))
    mutants = [(name, pattern) for name, patterns in MUTANTS.items() for pattern in patterns]
    missed = []
    for name, pattern in mutants:
        accepts = reader(**{name: pattern})
        if all(map(accepts, valid)) and not any(map(accepts, invalid)):
            missed.append((name, pattern))
    assert len(mutants) > 70
    assert len(missed) <= 0.02 * len(mutants), missed
