"""Near misses of patterns: each variant misses the pattern in the way that its label says, and keeps everything else."""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations

import jsonschema_rs
import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st

from contractfuzz import Contract, ContractError
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.values.pattern_edits import NUMBERS

DIALECT = "https://json-schema.org/draft/2020-12/schema"
VARIANTS = (
    "character letter digit separator space case newline prefix suffix edge few few-2 many many-2 part part-2 part-3 "
    "head tail twice"
)
"""Variants of the pattern ``^[A-Z]{2}-[0-9]{4,6}$`` apart from ``mismatch`` and ``OTHER_VARIANTS``."""
OTHER_VARIANTS = {
    "double": ("[A-Z]{2}-[0-9]{4,6}", r"([A-Z]{2,3}-{1,2}[0-9]{4,7})"),
    "half": ("[A-Z]{2}-[0-9]{4,6}", "[A-Z]{2}-?[0-9]?|[0-9]{3,5}|-[0-9]{4,6}"),
    "zero": ("[A-Z]{2}-[0-9]{6}", "[A-Z]{2}-0[0-9]{6}"),
    "part-again": ("[A-Z]{2}-[0-9]{4,6}", "[A-Z]{2}(-[0-9]{4,6}){2}"),
    "inner-space": ("[A-Z]{2}-[0-9]{4,6}", "(?=.* )[A-Z]+ ?[A-Z]* ?- ?[0-9]+ ?[0-9]*"),
    "separator-before": ("[A-Z]{2}-[0-9]{4,6}", "[-_. /:,][A-Z]{2}-[0-9]{4,6}"),
    "separator-after": ("[A-Z]{2}-[0-9]{4,6}", "[A-Z]{2}-[0-9]{4,6}[-_. /:,]"),
    "foreign": ("[A-Z]{2}-[0-9]{4,6}", "(?=.*[٣²é])[A-Z٣²é]{2}-[0-9٣²é]{4,6}"),
}
"""Variants that most patterns have: a pattern, and the form of the strings with the mistake."""


def load(**keywords):
    return Contract.load({"$schema": DIALECT, "type": "string", **keywords}, name="small")


def variants_of(**keywords):
    return {violation.variant for violation in load(**keywords).violations() if violation.keyword == "pattern"}


def mistakes(contract, variant, number=200):
    return [case.payload for case in contract.sample(number, kind="invalid", only=f":pattern.{variant}")]


def broken_keywords(keywords, payload):
    """Return the keywords that jsonschema-rs reports."""
    validator = jsonschema_rs.Draft202012Validator(keywords, validate_formats=True)
    return {str(error.kind.name) for error in validator.iter_errors(payload)}


@pytest.mark.parametrize(
    ("pattern", "expected"),
    [
        ("^[A-Z]{2}-[0-9]{4,6}$", VARIANTS),
        ("^(GET|POST|PUT)$", "character letter digit space case newline prefix suffix part part-2 part-3 twice"),
        (r"^\d{4}$", "character letter space newline prefix suffix edge few many twice"),
        (r"^\w+$", "character separator space newline prefix suffix edge few"),
        ("^[a-z]*$", "character letter digit space case newline prefix suffix edge"),
        ("^[^a]*$", "character letter case"),
        ("foo", "character letter digit space case part part-2 head tail"),
        ("^x", "character letter digit space case prefix part"),
        ("^[a-zA-Z]+$", "character digit space newline prefix suffix edge few"),
        (r"^\S+$", "character separator space newline prefix suffix few"),
        (r"^a\s*$", "character letter digit separator space case prefix suffix part twice"),
        ("(?i)^abc$", "character letter digit space newline prefix suffix part part-2 part-3 head tail twice"),
        (".*", ""),
        ("", ""),
    ],
)
def test_only_variants_that_break_the_pattern_are_listed(pattern, expected):
    # Patterns of numbers have look-alikes of numbers as well.
    assert variants_of(pattern=pattern) & set(VARIANTS.split()) == set(expected.split())


def test_a_label_names_the_location_and_the_variant():
    sku = {"type": "string", "pattern": "^[A-Z]{2}$"}
    contract = Contract.load({"$schema": DIALECT, "type": "object", "properties": {"sku": sku}}, name="small")
    case = next(contract.sample(1, kind="invalid", only="/sku:pattern.case"))
    assert (case.payload, case.pointer) == ({"sku": "aa"}, "/sku")
    assert case.description == "letters in the wrong case"


@pytest.mark.parametrize(
    ("variant", "change", "shape"),
    [
        ("character", "one other: .", r"[!-~]{7,9}"),
        ("letter", "one other: [A-Za-z]", r"[0-9A-Za-z-]{7,9}"),
        ("digit", "one other: [0-9]", r"[0-9A-Z-]{7,9}"),
        ("space", "one other: [ ]", r"[0-9A-Z -]{7,9}"),
        ("edge", "one other: [@[/:]", r"[!-~]{7,9}"),
        ("separator", "", "[A-Z]{2}[_. /:,][0-9]{4,6}"),
        ("case", "", "(?!.*[A-Z]{2})[A-Za-z]{2}-[0-9]{4,6}"),
        ("newline", "", "[A-Z]{2}-[0-9]{4,6}\n"),
        ("prefix", "", "[xX0! -]+y?[A-Z]{2}-[0-9]{4,6}"),
        ("suffix", "", "[A-Z]{2}-[0-9]{4,6}([xX! -]|x y|0)"),
        ("few", "", "[A-Z]-[0-9]{4,6}"),
        ("few-2", "", "[A-Z]{2}-[0-9]{3}"),
        ("many", "", "[A-Z]{3}-[0-9]{4,6}"),
        ("many-2", "", "[A-Z]{2}-[0-9]{7}"),
        ("part", "", "-[0-9]{4,6}"),
        ("part-2", "", "[A-Z]{2}[0-9]{4,6}"),
        ("part-3", "", "[A-Z]{2}-"),
        ("head", "", "[0-9]{4,6}"),
        ("tail", "", "[A-Z]{2}"),
        ("twice", "", "[A-Z]{2}-[0-9]{4,6}([A-Z]{2})?-?[0-9]{4,6}"),
    ],
)
def test_a_variant_does_what_its_label_says_and_varies(variant, change, shape):
    made = mistakes(load(pattern="^[A-Z]{2}-[0-9]{4,6}$"), variant)
    assert [text for text in made if not re.fullmatch(shape, text)] == []
    if change:
        wrong = change.removeprefix("one other: ")
        kinds = ["[A-Z]", "[A-Z]", "-", *["[0-9]"] * 6]
        for text in made:
            others = [one for kind, one in zip(kinds, text, strict=False) if not re.fullmatch(kind, one)]
            assert len(others) == 1
            assert re.fullmatch(wrong, others[0])
    assert len(set(made)) >= 20


@pytest.mark.parametrize("variant", OTHER_VARIANTS)
def test_a_variant_of_most_patterns_does_what_its_label_says(variant):
    pattern, shape = OTHER_VARIANTS[variant]
    made = mistakes(load(pattern=f"^{pattern}$"), variant)
    assert [text for text in made if not re.fullmatch(shape, text)] == []
    assert len(set(made)) >= 20


@pytest.mark.parametrize(
    ("pattern", "variant", "expected"),
    [
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "separator-before", "-a"),
        ("^[a-z0-9]+(-[a-z0-9]+)*$", "separator-after", "a-"),
        (r"^(0|[1-9][0-9]*)\.[0-9]{2}$", "zero", "00.00"),
        (r"^(0|[1-9][0-9]*)\.[0-9]{2}$", "separator", "0,00"),
        (r"^(0|[1-9][0-9]*)\.[0-9]{2}$", "part-again", "0.00.00"),
        ("^[0-9]{4}$", "half", "00"),
        ("^[0-9]{4}$", "foreign", "000٣"),
    ],
)
def test_the_first_mistake_of_a_variant_is_the_most_likely_one(pattern, variant, expected):
    assert mistakes(load(pattern=pattern), variant, 1) == [expected]


def test_characters_that_some_validators_allow_are_no_mistakes():
    # In Python, classes such as \\d have the digits of all scripts.
    made = mistakes(load(pattern=r"^\d{4}$"), "foreign")
    assert set("".join(made)) - set("0123456789") <= {"²", "é"}
    assert "foreign" not in variants_of(pattern=r"^\w+$")


def test_an_edge_is_just_outside_a_class():
    assert set("".join(mistakes(load(pattern="^[b-y]$"), "edge"))) == {"a", "z"}
    assert set("".join(mistakes(load(pattern="^[^b-y]$"), "edge"))) == {"b", "y"}
    assert "edge" not in variants_of(pattern="^[ac]$")


def test_any_position_is_changed():
    made = mistakes(load(pattern="^[0-9]{8}$"), "character", 400)
    assert {next(at for at, one in enumerate(text) if not one.isdigit()) for text in made} == set(range(8))
    assert {len(text) for text in made} == {8}
    assert len({re.sub("[0-9]", "", text) for text in made}) >= 5
    letters = mistakes(load(pattern="^[a-z]{4}$"), "case", 400)
    assert {tuple(map(str.isupper, text)) for text in letters} >= {
        *(tuple(place == at for at in range(4)) for place in range(4)),
        (True,) * 4,
    }


@pytest.mark.parametrize(
    "keywords",
    [
        {"pattern": "^[A-Z]{2}-[0-9]{4,6}$", "maxLength": 9},
        {"pattern": "^[a-z]+$", "minLength": 3, "maxLength": 5},
        {"pattern": "^[a-z]{3}$", "minLength": 3, "maxLength": 3},
        {"pattern": "^a", "format": "email"},
        {"pattern": "^20", "format": "date"},
        {"pattern": "^[0-9a-f-]+$", "format": "uuid"},
        {"pattern": "^https://", "format": "uri", "maxLength": 40},
        {"allOf": [{"pattern": "^[a-z]+$"}, {"pattern": "^.{3,5}$"}]},
    ],
    ids=str,
)
def test_a_near_miss_breaks_the_pattern_alone(keywords):
    cases = list(load(**keywords).sample(400, kind="invalid", only=":pattern.*"))
    assert {case.label for case in cases} >= {":pattern.mismatch", ":pattern.character"}
    # A whole mismatch may also miss the format.
    near = [case for case in cases if not (case.label == ":pattern.mismatch" and "format" in keywords)]
    schema = {"type": "string", **keywords}
    assert [case for case in near if broken_keywords(schema, case.payload) != {"pattern"}] == []


PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "-", r"\.", "[0-9]", "[a-f]", "[^a]", r"\w", r"\d", "X"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=4).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,4}", "{2,}"])).map(
            lambda one: f"({one[0]}){one[1]}"
        ),
    ),
    max_leaves=8,
)


@given(PATTERNS, st.booleans(), st.booleans(), st.integers(0, 3), st.none() | st.integers(4, 9))
def test_near_misses_of_random_patterns_break_the_pattern_alone(inner, start, end, low, high):
    keywords = {"type": "string", "pattern": f"{'^' * start}(?:{inner}){'$' * end}", "minLength": low}
    keywords |= {} if high is None else {"maxLength": high}
    try:
        contract = Contract.load({"$schema": DIALECT, **keywords}, name="small")
        cases = [case for case in contract.sample(60, kind="invalid") if ":pattern." in case.label]
    except ContractError:  # no string has a right length
        return
    validator = jsonschema_rs.Draft202012Validator(keywords)
    made = defaultdict(set)
    for case in cases:
        made[case.label].add(case.payload)
        assert {error.kind.name for error in validator.iter_errors(case.payload)} == {"pattern"}
    assert all(text.endswith("\n") for text in made[":pattern.newline"])


@pytest.mark.parametrize(
    ("variant", "smallest"),
    [("case", "aa-0000"), ("newline", "AA-0000\n"), ("few-2", "AA-000"), ("many", "AAA-0000"), ("part", "-0000")],
)
def test_shrinking_ends_at_the_simplest_mistake(variant, smallest):
    contract = load(pattern="^[A-Z]{2}-[0-9]{4,6}$")
    strategy = contract.invalid(only=f":pattern.{variant}")
    found = find(strategy, lambda _: True, settings=settings(max_examples=200, database=None, derandomize=True))
    assert found.payload == smallest


class CountedDraws(SeededChoices):
    """Seeded choices that count the draws of a whole case."""

    __slots__ = ("count",)

    def __init__(self, key):
        super().__init__(key)
        self.count = 0

    def block(self, width):
        self.count += 1
        return super().block(width)

    def index(self, size):
        self.count += 1
        return super().index(size)


def test_a_mistake_takes_two_choices_and_the_choice_of_the_label_is_the_third():
    contract = load(pattern="^[A-Z]{2}-[0-9]{4,6}$")
    recipes = [one for one in contract._generator.matrix.recipes if one.violation.keyword == "pattern"]
    assert len(recipes) == len(VARIANTS.split()) + len(OTHER_VARIANTS) + 1
    for recipe, seed in ((recipe, seed) for recipe in recipes for seed in range(20)):
        choices = CountedDraws(f"{seed}".encode())
        recipe.case(choices)
        assert choices.count <= 4, "small indices are read by way of a block"
    assert NUMBERS <= 128, "Hypothesis draws more slowly from wider ranges"


def test_variants_have_different_strings():
    contract = load(pattern="^[A-Z]{2}-[0-9]{4,6}$")
    made = {variant: set(mistakes(contract, variant)) for variant in VARIANTS.split()}
    overlapping = {pair for pair in combinations(made, 2) if made[pair[0]] & made[pair[1]]}
    # A separator is a symbol, and so are neighbours of classes.
    assert overlapping <= {
        ("character", "edge"),
        ("character", "separator"),
        ("separator", "space"),
        ("separator", "edge"),
    }
