"""The site: every page is in its navigation, its reference is complete, and it works without a network."""

from __future__ import annotations

import json
import os
import re
import runpy
import subprocess
import sys

import click
import pytest
from page_blocks import PAGES, ROOT
from selenium.webdriver.common.by import By
from selenium.webdriver.support.ui import WebDriverWait

import contractfuzz
from contractfuzz.cli.main import cli

NAVIGATED = re.compile(r"^ +- [^:]+: (?P<page>\S+\.md)$", re.MULTILINE)


@pytest.mark.parametrize("page", PAGES[1:], ids=lambda page: page.name)
def test_every_page_is_in_the_navigation(page):
    navigation = NAVIGATED.findall((ROOT / "mkdocs.yml").read_text(encoding="utf-8"))
    assert page.name in navigation, (
        f"docs/{page.name} is not in the site: add a line to `nav` of mkdocs.yml, under the tutorial, the how-to guides, "
        "the reference or the explanation"
    )


@pytest.fixture(scope="module")
def reference():
    """Return the pages of the reference by their names."""
    return runpy.run_path(str(ROOT / "docs" / "site" / "reference_pages.py"))["pages"]()


def test_the_reference_has_every_option_of_every_command(reference):
    page = reference["command-line.md"]
    options = [option for command in cli.commands.values() for option in command.params]
    names = {name for option in options if isinstance(option, click.Option) for name in option.opts}
    assert len(names) > 50
    assert not {name for name in names if f"{name} " not in page and f"{name}`" not in page}
    assert not {name for name in cli.commands if f"## contractfuzz {name}\n" not in page}


def test_the_reference_has_every_public_name(reference):
    missing = [name for name in contractfuzz.__all__ if f"::: contractfuzz.{name}\n" not in reference["api.md"]]
    assert not missing


def test_the_reference_has_every_key_of_the_configuration_with_a_meaning(reference):
    rows = [line for line in reference["configuration-keys.md"].splitlines() if line.startswith("| `")]
    assert len(rows) > 35
    assert not [row for row in rows if row.split(" | ")[-1].strip("| ") in ("", "Required.")]


@pytest.mark.parametrize(
    ("text", "urls"),
    [
        ('<script src="https://cdn.example/a.js"></script>', ["https://cdn.example/a.js"]),
        ('<img alt="" src=//cdn.example/a.png>', ["//cdn.example/a.png"]),
        ('<link rel="stylesheet" href="https://fonts.example/css">', ["https://fonts.example/css"]),
        ("@font-face { src: url('https://fonts.example/a.woff2') }", ["https://fonts.example/a.woff2"]),
        ('<a href="https://example.com">', []),
        ('<link rel="next" href="https://example.com/b.html">', []),
        ('<img src="a.png"><script src="b.js"></script>', []),
    ],
)
def test_resources_from_the_network_are_recognised(text, urls):
    pytest.importorskip("mkdocs")
    sys.path.append(str(ROOT / "docs" / "site"))
    assert runpy.run_path(str(ROOT / "docs" / "site" / "hooks.py"))["remote_resources"](text) == urls


@pytest.fixture(scope="module")
def site(tmp_path_factory):
    """Build the site strictly."""
    pytest.importorskip("mkdocs")
    folder = tmp_path_factory.mktemp("site")
    build = [sys.executable, "-m", "mkdocs", "build", "--quiet", "--strict", "--site-dir", folder]
    environment = {**os.environ, "NO_MKDOCS_2_WARNING": "1"}
    done = subprocess.run(build, cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.mark.deep
def test_search_works_in_a_page_that_is_opened_as_a_file(site, chromium):
    chromium.get_log("performance")
    chromium.get((site / "index.html").as_uri())
    chromium.find_element(By.CSS_SELECTOR, "[data-md-component=search-query]").send_keys("retry-after")
    wait = WebDriverWait(chromium, 20, poll_frequency=0.1)
    found = wait.until(lambda browser: browser.find_elements(By.CSS_SELECTOR, ".md-search-result__link"))
    assert any("clients.html" in link.get_attribute("href") for link in found)
    messages = [json.loads(entry["message"])["message"] for entry in chromium.get_log("performance")]
    urls = [m["params"]["request"]["url"] for m in messages if m["method"] == "Network.requestWillBeSent"]
    assert len(urls) > 3
    assert {url.partition(":")[0] for url in urls} <= {"file", "data", "blob"}
