"""Start-up times of the benchmarks: comparisons that hold while the speed of the machine changes."""

from __future__ import annotations

import pytest
from benchmarks.start_up import added_share
from hypothesis import given
from hypothesis import strategies as st

SPEEDS = st.lists(st.floats(0.5, 2), min_size=2, max_size=40)


@given(SPEEDS, st.floats(0, 0.5))
def test_the_share_does_not_depend_on_the_speed_of_the_machine(speeds, share):
    base = [0.3 * speed for speed in speeds]
    assert added_share([(1 + share) * seconds for seconds in base], base) == pytest.approx(share)


def test_a_few_disturbed_rounds_do_not_change_the_share():
    assert added_share([1.1] * 10 + [9.0, 1.1], [1.0] * 12) == pytest.approx(0.1)
