"""`contractfuzz check` with several `--output`: one run, a report in each file."""

from __future__ import annotations

import json
import re
import subprocess
from pathlib import Path

import pytest
from systems import needs_full_device

from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError

QUICK = ("--only", "/status:type.*", "--examples", "0")


@pytest.fixture(scope="module")
def reports(run, tmp_path_factory):
    folder = tmp_path_factory.mktemp("reports")
    files = [str(folder / name) for name in ("report.json", "report.html", "report.xml")]
    outputs = [option for file in (files[0], "-", *files[1:]) for option in ("--output", file)]
    done = run("check", "service:careless", *QUICK, *outputs)
    assert done.returncode == 1, done.stderr
    return folder, done.stdout.decode()


def test_each_file_has_the_format_of_its_suffix(reports):
    folder, _ = reports
    assert json.loads((folder / "report.json").read_bytes())["consumer"] == "service:careless"
    assert (folder / "report.html").read_text("utf-8").startswith("<!DOCTYPE html>")
    assert (folder / "report.xml").read_text("utf-8").startswith("<?xml")


def test_a_dash_is_standard_output(reports):
    _, printed = reports
    assert printed.startswith("service:careless does not honour batch_association_response.")


def test_format_chooses_that_of_standard_output_among_several(run, tmp_path):
    done = run(
        "check", "service:honest", *QUICK, "--format", "json", "--output", "-", "--output", tmp_path / "page.html"
    )
    assert json.loads(done.stdout)["consumer"] == "service:honest"
    assert (tmp_path / "page.html").read_text("utf-8").startswith("<!DOCTYPE html>")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (("--output", "a.json", "--output", "a.json"), "--output a.json is given twice: name each file once"),
        (
            ("--format", "json", "--output", "a.json", "--output", "b.txt"),
            "--format json does not choose one of several",
        ),
        (("--output", "a.html", "--output", "no/folder/b.xml"), "no/folder/b.xml cannot be written"),
        (
            ("--compare", "a.json", "--output", "a.xml", "--output", "-"),
            "--compare needs --format html, not junit or text",
        ),
    ],
    ids=["twice", "format", "folder", "compare"],
)
def test_what_fits_no_file_is_refused(arguments, message, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    with pytest.raises(ContractError, match=f"^{re.escape(message)}"):
        cli.main(["check", "json:loads", *QUICK, *arguments], standalone_mode=False)


@needs_full_device
def test_an_error_of_standard_output_is_not_one_of_a_file(script, tmp_path):
    command = [script, "check", "json:loads", *QUICK, "--output", tmp_path / "report.xml", "--output", "-"]
    with Path("/dev/full").open("w", encoding="utf-8") as full:
        done = subprocess.run(command, stdout=full, stderr=subprocess.PIPE, timeout=120)
    assert done.returncode == 2
    assert done.stderr.startswith(b"contractfuzz: standard output cannot be written")
