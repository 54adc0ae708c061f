"""``contractfuzz check`` writes reports in each format, and compares with an earlier report."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import reported_consumers

from contractfuzz.reports.rendering import render


@pytest.fixture
def run_check(tmp_path):
    """Run ``contractfuzz check`` on a consumer of orders."""
    document = tmp_path / "orders.json"
    document.write_text(json.dumps(reported_consumers.orders_contract.schema), encoding="utf-8")

    def run(consumer, *options):
        words = ["check", f"reported_consumers:{consumer}", "--contract", str(document), "--examples", "0", *options]
        return subprocess.run(
            [sys.executable, "-c", "from contractfuzz.cli.main import main; main()", *words],
            cwd=Path(reported_consumers.__file__).parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


def test_reports_go_to_standard_output_and_the_exit_code_is_the_answer(run_check):
    page = run_check("careless", "--format", "html")
    assert page.returncode == 1
    assert page.stdout.startswith("<!DOCTYPE html>")
    junit = run_check("careless", "--format", "junit")
    assert junit.returncode == 1
    assert ElementTree.fromstring(junit.stdout).tag == "testsuites"
    github = run_check("honest", "--format", "github")
    assert (github.returncode, github.stderr) == (0, "")
    assert github.stdout.startswith("::notice title=contractfuzz::")


STARTS = {"html": "<!DOCTYPE html>", "json": "{", "junit": "<?xml", "text": "reported_consumers:honest honours"}


@pytest.mark.parametrize(
    ("name", "options", "expected"),
    [
        ("report.html", [], "html"),
        ("Report.HTM", [], "html"),
        ("report.json", [], "json"),
        ("report.xml", [], "junit"),
        ("report.txt", [], "text"),
        ("report", [], "text"),
        ("report.pdf", [], "text"),
        ("report.html", ["--format", "text"], "text"),
        ("report.txt", ["--format", "json"], "json"),
        ("report.xml", ["--format", "html"], "html"),
    ],
)
def test_the_suffix_chooses_the_format_unless_an_option_does(run_check, tmp_path, name, options, expected):
    file = tmp_path / name
    done = run_check("honest", "--only", "gzip", "--output", str(file), *options)
    assert (done.returncode, done.stdout) == (0, "")
    assert file.read_text(encoding="utf-8").startswith(STARTS[expected])


def test_a_page_chosen_by_its_suffix_can_be_compared(run_check, tmp_path):
    earlier, later = str(tmp_path / "earlier.json"), str(tmp_path / "later.html")
    assert run_check("careless", "--output", earlier).returncode == 1
    assert run_check("careless", "--output", later, "--compare", earlier).returncode == 1
    assert "Compared with" in Path(later).read_text(encoding="utf-8")


def test_a_page_can_be_compared_with_the_file_that_it_replaces(run_check, tmp_path):
    page = str(tmp_path / "report.html")
    run_check("careless", "--format", "html", "--output", page)
    second = run_check("improved", "--format", "html", "--output", page, "--compare", page)
    assert second.returncode == 1
    text = Path(page).read_text(encoding="utf-8")
    assert "Compared with <b>reported_consumers:careless</b> from report.html:" in text
    assert " better" in text


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--format", "json", "--compare", "there.json"], "--compare needs --format html, not json"),
        (["--format", "html", "--compare", "nowhere.json"], "nowhere.json cannot be read"),
        (["--format", "html", "--compare", "reported_consumers.py"], "reported_consumers.py has no report"),
    ],
    ids=["format", "missing-file", "not-a-report"],
)
def test_a_wrong_compare_is_refused_before_anything_is_written(run_check, tmp_path, options, complaint):
    page = tmp_path / "report.html"
    done = run_check("careless", "--output", str(page), *options)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not page.exists()


def test_a_report_of_another_contract_is_refused(run_check, reported, tmp_path):
    other = tmp_path / "other.json"
    other.write_text(render(reported("echoing"), "json"), encoding="utf-8")
    done = run_check("careless", "--format", "html", "--compare", str(other))
    assert done.returncode == 2
    assert "has no report of the contract" in done.stderr
