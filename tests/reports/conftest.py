from __future__ import annotations

import pytest
import reported_consumers

from contractfuzz import check
from contractfuzz.reports.rendering import render


@pytest.fixture(scope="session")
def reported():
    """Return the report of the consumer with a given name; each report is made once."""
    reports = {}

    def report(name, **options):
        key = name, *sorted(options.items())
        if key not in reports:
            hostile = name == "echoing"
            contract = reported_consumers.hostile_contract if hostile else reported_consumers.orders_contract
            consumer = getattr(reported_consumers, name)
            reports[key] = check(consumer, contract, feed="bytes", **{"examples": 0 if hostile else 20, **options})
        return reports[key]

    return report


@pytest.fixture
def opened(chromium, tmp_path):
    """Open a page, given as its text or as a report, in the browser; return the browser with empty logs."""

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
