"""Strings decoded from bytes: all kinds of strings of a pattern turn up, and shrinking ends at the simplest one."""

from __future__ import annotations

import string
from collections import Counter

import pytest
from hypothesis import find, given, settings
from hypothesis import strategies as st
from payload_judges import python_says, rust_says

from contractfuzz import Contract
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.seeded import SeededChoices
from contractfuzz.payloads.plan.planner import make_plan
from contractfuzz.payloads.profiles import find_profile
from contractfuzz.payloads.values.pattern_decoder import MAX_DECISION_BYTES, PatternDecoder, length_bounds

DIALECT = "https://json-schema.org/draft/2020-12/schema"


def load(**keywords):
    return Contract.load({"$schema": DIALECT, "type": "string", **keywords}, name="small")


def drawn(contract, number=100):
    """Return the payloads that Hypothesis draws."""
    found = []

    @settings(max_examples=number, database=None, deadline=None, derandomize=True)
    @given(contract.valid())
    def collect(payload):
        found.append(payload)

    collect()
    return found


def sampled(contract, number=100):
    return [case.payload for case in contract.sample(number)]


SOURCES = pytest.mark.parametrize("draws", [sampled, drawn])


@SOURCES
def test_four_digits_have_many_values(draws):
    assert len(set(draws(load(pattern=r"^\d{4}$")))) >= 50


@SOURCES
def test_all_alternatives_turn_up(draws):
    assert set(draws(load(pattern="^(GET|POST|PUT)$"))) == {"GET", "POST", "PUT"}


@SOURCES
def test_words_have_letters_digits_underscores_and_several_lengths(draws):
    texts = draws(load(pattern=r"^\w+$"))
    characters = set("".join(texts))
    assert characters >= {"_", "a", "z", "A", "Z", "0", "9"}
    assert len(characters & set(string.ascii_letters)) > 20
    assert len({len(text) for text in texts}) >= 5
    assert min(map(len, texts)) == 1


@SOURCES
@pytest.mark.parametrize(
    ("pattern", "counts"),
    [
        ("^a{2,7}$", {2, 3, 7}),
        ("^a*$", {0, 1}),
        ("^a+$", {1, 2}),
        ("^(a|)(a{3})?$", {0, 1, 3, 4}),
        ("^a{5,50}$", {5, 6, 50}),
    ],
)
def test_the_bounds_of_a_repeat_turn_up(draws, pattern, counts):
    assert counts <= {len(text) for text in draws(load(pattern=pattern), 200)}


@SOURCES
@pytest.mark.parametrize(
    ("characters", "edges"),
    [("[a-f0-9]", "af09"), ("[^a-z]", " `{~"), ("[B-Y_]", "BY_"), ("[а-я]", "ая"), (r"\d", "09"), (r"\p{Lu}", "AZ")],
)
def test_the_edges_of_a_class_turn_up(draws, characters, edges):
    assert set(edges) <= set("".join(draws(load(pattern=f"^{characters}{{3}}$"), 200)))


@SOURCES
@pytest.mark.parametrize(
    "keywords",
    [
        {"pattern": "^[a-z]+$", "minLength": 50},
        {"pattern": "^[a-z]*$", "minLength": 5, "maxLength": 8},
        {"pattern": "x", "minLength": 30, "maxLength": 40},
        {"pattern": "^[a-z]+(-[a-z]+)*$", "maxLength": 9},
        {"format": "uuid", "pattern": "^[0-9a-f-]+$"},
        {"format": "date", "pattern": "^20"},
        {"format": "hostname", "pattern": "^[a-m]+$"},
        {"format": "unknown", "pattern": "^[a-m]+$"},
        {"allOf": [{"pattern": "^[a-z]+$"}, {"pattern": "^.{3,5}$"}]},
        {"allOf": [{"pattern": "^[A-Za-z]+$"}, {"pattern": "^[a-f]"}, {"maxLength": 9}]},
        {"pattern": r"^(?=.*\d)(?=.*[a-z])(?=.*[A-Z]).{8,}$"},
        {"pattern": r"^(['\"]).*\1$"},
    ],
    ids=str,
)
def test_keywords_next_to_a_pattern_are_kept_and_the_strings_vary(draws, keywords):
    texts = draws(load(**keywords))
    assert len(set(texts)) >= 20
    schema = {"type": "string", **keywords}
    judges = [rust_says(schema), python_says(schema)]
    assert [text for text in texts if not all(accepts(text) for accepts in judges)] == []


# --- shrinking ---------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("keywords", "condition", "smallest"),
    [
        ({"pattern": r"^\d{4}$"}, lambda text: True, "0000"),
        ({"pattern": "^(abcdef|x)$"}, lambda text: True, "x"),
        ({"pattern": r"^\w+$"}, lambda text: len(text) > 2, "aaa"),
        ({"pattern": "^[a-z]*$", "minLength": 5}, lambda text: "x" in text, "aaaax"),
        ({"pattern": r"^[A-Z]{2}-\d{4,9}$"}, lambda text: "7" in text, "AA-0007"),
        ({"pattern": "^(GET|POST|PUT)$"}, lambda text: text != "GET", "POST"),
        ({"pattern": "^[0-9a-f]{64}$"}, lambda text: len(set(text)) > 1, "a" * 11 + "0" + "a" * 52),
        ({"format": "date", "pattern": "^20"}, lambda text: True, "2000-01-01"),
    ],
    ids=lambda value: "condition" if callable(value) else str(value),
)
def test_shrinking_ends_at_the_simplest_string(keywords, condition, smallest):
    found = find(
        load(**keywords).valid(), condition, settings=settings(max_examples=2000, database=None, derandomize=True)
    )
    assert sorted(found) == sorted(smallest)


class CountedChoices(SeededChoices):
    """Seeded choices that count the draws."""

    __slots__ = ("draws",)

    def __init__(self, key):
        super().__init__(key)
        self.draws = Counter()

    def block(self, width):
        self.draws["block"] += 1
        return super().block(width)

    def index(self, size):
        self.draws["index"] += 1
        return super().index(size)


@pytest.mark.parametrize("pattern", [r"^\d{4}$", r"^\w+$", "^(a|b){3,9}x*$", "foo"])
def test_a_string_takes_one_choice(pattern):
    node = make_plan({"type": "string", "pattern": pattern}, find_profile("broad"))
    assert node.extra_draws == 0
    assert node.width <= MAX_DECISION_BYTES + 2
    for seed in range(50):
        choices = CountedChoices(f"{seed}".encode())
        choices.build(node)
        assert choices.draws.total() <= 1


# --- properties ------------------------------------------------------------------------------------------------------------

PATTERNS = st.recursive(
    st.sampled_from(["a", "b", "-", r"\.", "[0-9]", "[a-f]", "[^a]", r"\w", r"\d", "x"]),
    lambda inner: st.one_of(
        st.lists(inner, min_size=1, max_size=3).map("".join),
        st.lists(inner, min_size=2, max_size=3).map(lambda parts: f"(?:{'|'.join(parts)})"),
        st.tuples(inner, st.sampled_from(["*", "+", "?", "{2}", "{1,4}", "{2,}", "{0}"])).map(
            lambda one: f"({one[0]}){one[1]}"
        ),
    ),
    max_leaves=8,
)


@given(
    PATTERNS.map(lambda inner: f"^(?:{inner})$"), st.lists(st.binary(min_size=14, max_size=14), min_size=1, max_size=10)
)
def test_every_decoded_string_matches(pattern, blocks):
    decoder = PatternDecoder(compile_pattern(pattern).expression)
    assert decoder.is_possible
    accepts = rust_says({"pattern": pattern})
    for block in [bytes(14), *blocks]:
        assert accepts(decoder.decode(block, 0))
        assert accepts(decoder.decode(block, 0, 1))


@given(PATTERNS, st.integers(0, 12), st.booleans(), st.binary(min_size=14, max_size=14))
def test_decoded_strings_keep_a_bound_of_the_length(inner, bound, is_least, block):
    expression = compile_pattern(f"^(?:{inner})$").expression
    shortest, longest = length_bounds(expression)
    decoder = PatternDecoder(expression, bound) if is_least else PatternDecoder(expression, 0, bound)
    assert decoder.is_possible is (longest is None or longest >= bound if is_least else shortest <= bound)
    if decoder.is_possible:
        length = len(decoder.decode(block, 0))
        assert length >= bound if is_least else length <= bound


@given(PATTERNS, st.booleans(), st.booleans())
def test_a_contract_with_a_random_pattern_has_valid_payloads(inner, start, end):
    schema = {"type": "string", "pattern": f"{'^' * start}(?:{inner}){'$' * end}"}
    accepts = [rust_says(schema), python_says(schema)]
    payloads = sampled(Contract.load({"$schema": DIALECT, **schema}, name="small"), 20)
    assert len(payloads) == 20
    assert [text for text in payloads if not all(accept(text) for accept in accepts)] == []


@pytest.mark.parametrize("pattern", ["(((((((((a*)*)*)*)*)*)*)*)*)*", "^(a+)+$", "^([a-z]{0,9}){0,9}$", "^(.*a){20}$"])
def test_nested_repeats_give_short_strings(pattern):
    decoder = PatternDecoder(compile_pattern(pattern).expression)
    stream = SeededChoices(b"nested")
    assert max(len(decoder.decode(stream.block(decoder.width), 0)) for _ in range(200)) <= 300


@pytest.mark.parametrize("pattern", ["^(a{50}){500}$", "(((((a{9}){9}){9}){9}){9}){9}", "^[^\\s\\S]$"])
def test_a_pattern_without_short_strings_has_no_decoder(pattern):
    decoder = PatternDecoder(compile_pattern(pattern).expression)
    assert not decoder.is_possible or not compile_pattern(pattern).search(decoder.decode(bytes(14), 0))
