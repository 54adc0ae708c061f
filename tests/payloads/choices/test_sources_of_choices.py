"""Sources of choices: the seeded streams, the minimal choices and Hypothesis answer within the same bounds."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz.payloads.choices.hypothesis import HypothesisChoices
from contractfuzz.payloads.choices.minimal import MINIMAL_CHOICES
from contractfuzz.payloads.choices.protocol import BIAS_OF_BYTE, IntegerBias, simplest_integer, split_budget
from contractfuzz.payloads.choices.seeded import SeededChoices, attempts

RANGES = [(0, 0), (-3, 7), (5, 9), (-9, -5), (0, 2**70), (-(2**63), 2**63 - 1)]


def test_every_value_of_a_byte_selects_a_bias():
    assert len(BIAS_OF_BYTE) == 256
    assert set(BIAS_OF_BYTE) == set(IntegerBias)
    assert BIAS_OF_BYTE[0] is IntegerBias.ANY


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_seeded_integers_keep_their_bounds_and_reach_them(low, high):
    choices = SeededChoices(b"bounds")
    drawn = [choices.integer(low, high, byte) for byte in range(256)]
    assert all(low <= number <= high for number in drawn)
    assert {low, high, simplest_integer(low, high)} <= set(drawn)


@pytest.mark.parametrize(("low", "high"), RANGES)
def test_integers_from_hypothesis_keep_their_bounds(low, high):
    seen = set()

    strategy = st.composite(lambda draw, byte: HypothesisChoices(draw).integer(low, high, byte))

    @given(st.integers(0, 255).flatmap(strategy))
    def within_bounds(number):
        assert low <= number <= high
        seen.add(number)

    within_bounds()
    assert simplest_integer(low, high) in seen


def test_one_key_gives_one_stream():
    one, other = SeededChoices(b"key"), SeededChoices(b"key")
    blocks = [one.block(100) for _ in range(50)]
    assert b"".join(blocks) == other.block(5000)
    assert len(set(blocks)) == 50
    assert SeededChoices(b"another key").block(100) != blocks[0]


def test_small_indices_take_one_byte_also_past_the_first_digest():
    choices = SeededChoices(b"key")
    stream = SeededChoices(b"key").block(1000)
    assert [choices.index(16) for _ in range(1000)] == [byte >> 4 for byte in stream]


def test_minimal_choices_are_zero_or_nearest_to_it():
    assert MINIMAL_CHOICES.block(3) == b"\0\0\0"
    assert MINIMAL_CHOICES.index(9) == 0
    assert [MINIMAL_CHOICES.integer(low, high, 255) for low, high in RANGES] == [0, 0, 5, -5, 0, 0]


def test_attempts_begin_with_the_minimal_choices_and_depend_on_their_salt():
    first, *others = attempts("salt", 3)
    assert first is MINIMAL_CHOICES
    assert [choices.block(8) for choices in others] == [choices.block(8) for choices in list(attempts("salt", 3))[1:]]
    assert len({choices.block(8) for choices in others}) == 3


def test_split_budgets_are_few_and_never_exceed_the_whole():
    shares = [split_budget(2**16, count) for count in range(1, 1001)]
    assert all(share * count <= 2**16 for count, share in enumerate(shares, 1))
    assert len(set(shares)) == 11
