from __future__ import annotations

import shutil
import sys
from pathlib import Path

import pytest

from contractfuzz import check
from contractfuzz.reports import render

sys.path.insert(0, str(Path(__file__).parent))

CHROMIUM, DRIVER = "/usr/bin/chromium", "/usr/bin/chromedriver"


@pytest.fixture(scope="session")
def reported():
    """Return the report of a consumer's name, each made once."""
    import reported_consumers

    made = {}

    def report(name, **options):
        key = name, *sorted(options.items())
        if key not in made:
            nasty = name == "echoing"
            contract = reported_consumers.nasty_contract if nasty else reported_consumers.orders_contract
            consumer = getattr(reported_consumers, name)
            made[key] = check(consumer, contract, feed="bytes", **{"examples": 0 if nasty else 20, **options})
        return made[key]

    return report


@pytest.fixture(scope="session")
def chromium(tmp_path_factory):
    """A real browser without a window."""
    if not (shutil.which(CHROMIUM) and shutil.which(DRIVER)):
        pytest.skip(f"needs {CHROMIUM} and {DRIVER}: apt-get install chromium chromium-driver")
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
    driver = webdriver.Chrome(options=options, service=webdriver.ChromeService(DRIVER))
    yield driver
    driver.quit()


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page (the text of one, or a report) in the browser and return the browser, its logs empty."""

    def open_page(page):
        file = tmp_path / "report.html"
        file.write_text(page if isinstance(page, str) else render(page, "html"), encoding="utf-8")
        chromium.get("about:blank")
        for log in ("browser", "performance"):
            chromium.get_log(log)
        chromium.get(file.as_uri())
        return chromium

    yield open_page
    chromium.execute_cdp_cmd("Emulation.setEmulatedMedia", {"media": "", "features": []})
    chromium.execute_cdp_cmd("Emulation.clearDeviceMetricsOverride", {})
