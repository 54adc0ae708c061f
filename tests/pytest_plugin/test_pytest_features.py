"""Compatibility: async tests, unittest classes and the options of pytest and Hypothesis work as usual."""

from __future__ import annotations

import pytest

UNITTEST = """
import unittest
from contractfuzz import Contract, assert_accepts


class ReadTest(unittest.TestCase):
    def test_it(self):
        assert_accepts(lambda payload: payload["status"], Contract.named("batch_association_response"))


class AsyncReadTest(unittest.IsolatedAsyncioTestCase):
    async def test_it(self):
        async def read(payload):
            return payload["status"]

        assert_accepts(read, Contract.named("batch_association_response"))
"""
CASES = """
import pytest


@pytest.mark.contract_cases("batch_association_response", only="/status:*")
def test_it(case):
    assert case.label != "/status:enum.case"
"""


def test_assertions_work_in_unittest_classes_and_async_tests(pytester):
    pytester.makepyfile(UNITTEST)
    pytester.runpytest_subprocess("--contract-keep=no").assert_outcomes(passed=2)


def test_cases_are_selected_stopped_and_rerun_like_other_tests(pytester):
    pytester.makepyfile(CASES)
    listed = pytester.runpytest_subprocess("--co", "-q").stdout.str()
    assert "test_it[/status:enum.case]" in listed
    pytester.runpytest_subprocess("-k", "required").assert_outcomes(passed=1, deselected=12)
    assert pytester.runpytest_subprocess("-x").parseoutcomes()["failed"] == 1
    pytester.runpytest_subprocess("--lf").assert_outcomes(failed=1)


@pytest.mark.thinned(2)
@pytest.mark.parametrize("option", ["--hypothesis-seed=7", "--hypothesis-profile=default"])
def test_the_options_of_hypothesis_apply_to_assertions(pytester, option):
    pytester.makepyfile(UNITTEST)
    pytester.runpytest_subprocess(option, "--contract-keep=no").assert_outcomes(passed=2)


def test_without_the_plugin_its_fixtures_do_not_exist(pytester):
    pytester.makepyfile("def test_it(batch_association_response): pass")
    pytester.runpytest_subprocess("-p", "no:contractfuzz").assert_outcomes(errors=1)
