"""A test with `@given` in one line, as tools such as HypoFuzz collect it: by the marker `hypothesis`, without fixtures."""

from __future__ import annotations

TESTS = """
from contractfuzz import Contract, assert_honours
from hypothesis import given

ORDER = Contract.load({"title": "order", "type": "object", "required": ["id"]})


def read(order):
    return order["id"]


test_violations = given(ORDER.invalid())(lambda case: assert_honours(read, case))
"""


def test_it_is_collected_as_a_hypothesis_test(pytester):
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("--collect-only", "-q", "-m", "hypothesis")
    result.stdout.fnmatch_lines(["*::test_violations"])


def test_it_fails_with_the_case_and_has_statistics(pytester):
    pytester.makepyfile(TESTS)
    result = pytester.runpytest_subprocess("--hypothesis-show-statistics")
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*case=Case(':type.null', invalid, None)*", "*::test_violations:"])
