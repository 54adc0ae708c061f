"""``contractfuzz check`` writes each form of report, and compares with one that it wrote before."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pytest
import reported_consumers


@pytest.fixture
def run_check(tmp_path):
    """Check a consumer of orders from the command line."""
    document = tmp_path / "orders.json"
    document.write_text(json.dumps(reported_consumers.orders_contract.schema), encoding="utf-8")

    def run(consumer, *options):
        words = ["check", f"reported_consumers:{consumer}", "--contract", str(document), "--examples", "0", *options]
        return subprocess.run(
            [sys.executable, "-c", "from contractfuzz.cli.main import main; main()", *words],
            cwd=Path(__file__).parent,
            capture_output=True,
            text=True,
            encoding="utf-8",
            timeout=120,
        )

    return run


def test_each_form_goes_to_standard_output_and_the_exit_code_says_the_answer(run_check):
    page = run_check("careless", "--format", "html")
    assert page.returncode == 1
    assert page.stdout.startswith("<!DOCTYPE html>")
    junit = run_check("careless", "--format", "junit")
    assert junit.returncode == 1
    assert ElementTree.fromstring(junit.stdout).tag == "testsuites"
    github = run_check("honest", "--format", "github")
    assert (github.returncode, github.stderr) == (0, "")
    assert github.stdout.startswith("::notice title=contractfuzz::")


def test_a_page_compares_with_the_one_whose_place_it_takes(run_check, tmp_path):
    page = str(tmp_path / "report.html")
    run_check("careless", "--format", "html", "--output", page)
    second = run_check("mended", "--format", "html", "--output", page, "--compare", page)
    assert second.returncode == 1
    text = Path(page).read_text(encoding="utf-8")
    assert "Beside it: <b>reported_consumers:careless</b>, from report.html." in text
    assert " better" in text


@pytest.mark.parametrize(
    ("options", "complaint"),
    [
        (["--format", "json", "--compare", "there.json"], "--compare goes with --format html"),
        (["--format", "html", "--compare", "nowhere.json"], "nowhere.json cannot be read"),
        (["--format", "html", "--compare", "test_json_report.py"], "test_json_report.py holds no report"),
    ],
    ids=["form", "missing", "no-report"],
)
def test_what_cannot_be_compared_is_refused_before_anything_is_written(run_check, tmp_path, options, complaint):
    page = tmp_path / "report.html"
    done = run_check("careless", "--output", str(page), *options)
    assert done.returncode == 2
    assert complaint in done.stderr
    assert done.stderr.count("\n") == 1
    assert not page.exists()


def test_a_report_of_another_contract_is_refused(run_check, reported, tmp_path):
    from contractfuzz.reports import render

    other = tmp_path / "other.json"
    other.write_text(render(reported("echoing"), "json"), encoding="utf-8")
    done = run_check("careless", "--format", "html", "--compare", str(other))
    assert done.returncode == 2
    assert "holds no report of the contract" in done.stderr
