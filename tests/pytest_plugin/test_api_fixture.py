"""The fixture ``contract_api``: the server of an OpenAPI file, reset for each test."""

from __future__ import annotations

import json

import pytest
from shop_api import SHOP


@pytest.fixture
def tests(pytester):
    """Write an OpenAPI file and a test file, and run the tests in a process of their own."""

    def run_tests(source, configuration=""):
        pytester.path.joinpath("openapi.json").write_text(json.dumps(SHOP), encoding="utf-8")
        if configuration:
            pytester.path.joinpath("contractfuzz.toml").write_text(configuration, encoding="utf-8")
        pytester.makepyfile(f"import json\nfrom urllib.request import urlopen\nimport pytest\n\n{source}")
        arguments = ("-p", "no:hypothesispytest", "-p", "no:cacheprovider", "--strict-markers")
        return pytester.runpytest_subprocess(*arguments, "-p", "no:randomly")

    return run_tests


GET = """
def get(server, path="/orders/7"):
    with urlopen(server.url + path) as response:
        return json.load(response)
"""


def test_tests_share_the_server_of_the_configuration_and_no_state(tests):
    result = tests(
        f"""
{GET}
URLS = set()

@pytest.mark.parametrize("number", [1, 2])
def test_it(contract_api, number):
    assert contract_api.log == ()
    contract_api.operation("getOrder").script({{"id": number}})
    assert [get(contract_api) for _ in range(2)][0] == {{"id": number}}
    URLS.add(contract_api.url)

def test_the_same_server():
    assert len(URLS) == 1
""",
        'api = "openapi.json"\n',
    )
    result.assert_outcomes(passed=3)


def test_the_marker_names_the_api_of_a_test(tests):
    result = tests(
        f"""
{GET}

@pytest.mark.contract_api("openapi.json")
def test_it(contract_api):
    assert get(contract_api)["id"] == 7
"""
    )
    result.assert_outcomes(passed=1)


@pytest.mark.parametrize(
    ("marker", "message"),
    [
        ("", "the fixture contract_api needs an API: mark the test with @pytest.mark.contract_api(*"),
        ("@pytest.mark.contract_api('nowhere.yaml')", "nowhere.yaml: cannot be read (No such file or directory)*"),
        ("@pytest.mark.contract_api()", "the marker contract_api takes one OpenAPI file*"),
    ],
)
def test_a_test_without_an_api_fails_with_a_remedy(tests, marker, message):
    result = tests(f"{marker}\ndef test_it(contract_api):\n    pass\n")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines([message])
    result.stdout.no_fnmatch_line("*Traceback*")


def test_a_response_that_cannot_be_made_fails_the_test(tests):
    result = tests(
        f"""
{GET}

@pytest.mark.contract_api("openapi.json")
def test_it(contract_api):
    contract_api.script(206)
    with pytest.raises(Exception, match="500"):
        get(contract_api)
"""
    )
    result.assert_outcomes(passed=1, errors=1)
    result.stdout.fnmatch_lines(["*the mock server could not respond: GET /orders/{orderId} has no response 206*"])
