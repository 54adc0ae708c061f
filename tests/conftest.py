"""Fixtures that tests of several folders share."""

from __future__ import annotations

import os
import shutil
import signal
from pathlib import Path

import pytest
from hypothesis import settings

from contractfuzz import Contract
from contractfuzz.testing.session import set_active_session

# A shell that runs the suite in the background makes it ignore Ctrl-C, and the commands that it starts inherit that.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Windows has another encoding for pipes, and the tests decode the output of commands.
os.environ.setdefault("PYTHONIOENCODING", "utf-8")

CHROMIUM, CHROMEDRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"

settings.register_profile("repeatable", max_examples=50, derandomize=True, database=None, deadline=None)
settings.register_profile("thorough", settings.get_profile("repeatable"), max_examples=1000)


@pytest.fixture
def repeatable():
    """Search deterministically, remember nothing, and report nothing at the end of the session."""
    before, session = settings.default, set_active_session(None)
    settings.load_profile("repeatable")
    yield
    # The oldest supported version of Hypothesis cannot return the name of the current profile.
    settings.register_profile("before", before)
    settings.load_profile("before")
    set_active_session(session)


@pytest.fixture
def thorough(repeatable):
    """Search long enough to find a planted bug."""
    settings.load_profile("thorough")


@pytest.fixture(scope="session")
def counter():
    """A contract so small that a test can state the verdict of each case."""
    return Contract.load(
        {
            "$schema": "https://json-schema.org/draft/2020-12/schema",
            "type": "object",
            "properties": {"n": {"type": "integer", "minimum": 0}},
            "required": ["n"],
        },
        name="counter",
    )


@pytest.fixture(scope="session")
def hubspot():
    """HubSpot's contract from the installed pack."""
    return Contract.named("batch_association_response")


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """Start a headless browser."""
    if not (shutil.which(CHROMIUM) and shutil.which(CHROMEDRIVER)):
        pytest.skip(f"needs {CHROMIUM} and {CHROMEDRIVER}: apt-get install chromium chromium-driver")
    from selenium import webdriver

    options = webdriver.ChromeOptions()
    options.binary_location = CHROMIUM
    for flag in (
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--window-size=1280,1000",
        f"--user-data-dir={tmp_path_factory.mktemp('chromium')}",
    ):
        options.add_argument(flag)
    options.set_capability("goog:loggingPrefs", {"browser": "ALL", "performance": "ALL"})
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(CHROMEDRIVER))
    yield driver
    driver.quit()


SLOW_FILES = (
    "bulk/",
    "cli/",
    "diff/",
    "docs/",
    "documents/dialects/test_published_folder.py",
    "documents/test_document_fuzzing.py",
    "hubspot_strategies/",
    "lint/test_schema_rules.py",
    "mutation/",
    "payloads/test_random_documents.py",
    "payloads/test_random_schemas.py",
    "payloads/test_shrinking.py",
    "payloads/values/test_hostile.py",
    "payloads/violations/test_true_labels.py",
    "pytest_plugin/",
    "examples/",
    "reports/test_broken_reports.py",
    "reports/test_check_formats.py",
    "reports/test_page_in_the_browser.py",
    "running/adapters/test_web_applications.py",
    "running/external/",
    "running/test_finding_shrinking.py",
    "running/test_flaky.py",
    "running/test_fuzzing.py",
    "running/test_isolation.py",
    "server/",
    "test_hostile_text.py",
    "testing/test_broken_kept_files.py",
    "testing/test_shared_database.py",
)
"""Files and folders of tests that start processes or search long. ``make test-fast`` leaves them out."""


def pytest_collection_modifyitems(items):
    tests = Path(__file__).parent
    for item in items:
        if item.path.is_relative_to(tests) and item.path.relative_to(tests).as_posix().startswith(SLOW_FILES):
            item.add_marker(pytest.mark.slow)
