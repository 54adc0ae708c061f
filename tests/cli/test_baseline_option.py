"""The options `--baseline` and `--update-baseline` of the command `check`."""

from __future__ import annotations

import json

import pytest
from order_service import DOCUMENT, FIXED, KNOWN_BUGS, NEW_BUG


@pytest.fixture
def project(tmp_path, run):
    """A project outside of the repository; the fixture runs `check` there after writing the service."""
    (tmp_path / "order.json").write_text(json.dumps(DOCUMENT))

    def check(service, *options):
        (tmp_path / "service.py").write_text(service)
        options = ("--contract", "order.json", "--baseline", "baseline.json", *options)
        done = run("check", "service:read", *options, cwd=tmp_path)
        assert b"Traceback" not in done.stderr
        return done.returncode, done.stdout.decode(), done.stderr.decode()

    check.file = tmp_path / "baseline.json"
    return check


def test_a_missing_file_is_an_error_with_its_remedy(project):
    code, out, error = project(KNOWN_BUGS)
    assert (code, out) == (2, "")
    assert error == "contractfuzz: baseline.json does not exist: create it with --update-baseline\n"


def test_a_project_goes_from_a_baseline_over_a_new_bug_to_the_fix(project):
    code, out, error = project(KNOWN_BUGS, "--update-baseline")
    assert code == 0
    assert "apart from 11 known findings" in out
    assert "baseline.json has 11 findings (11 new)" in error
    before = project.file.read_text()

    code, out, _ = project("\n# The lines move.\n\n" + KNOWN_BUGS, "--seed", "5")
    assert (code, "11 findings are known" in out) == (0, True)

    code, out, _ = project(NEW_BUG)
    assert code == 1
    assert "KeyError" in out
    assert "11 findings are known" in out
    assert "/count" not in out.replace("11 findings", ""), "known findings are not listed"

    code, out, _ = project(FIXED)
    assert code == 0
    assert "11 findings of the baseline are fixed: /count:" in out
    assert project.file.read_text() == before, "only an update changes the file"

    code, _, error = project(FIXED, "--update-baseline")
    assert (code, "0 findings (11 removed)" in error) == (0, True)
    assert json.loads(project.file.read_text())["findings"] == {}


def test_an_update_with_only_some_labels_keeps_the_others(project):
    project(KNOWN_BUGS, "--update-baseline")
    code, _, error = project(FIXED, "--update-baseline", "--only", "/count:type.null")
    assert (code, "10 findings (1 removed)" in error) == (0, True)


def test_a_foreign_file_is_refused_and_not_overwritten(project):
    project.file.write_text('{"name": "package"}')
    for options in ([], ["--update-baseline"]):
        code, out, error = project(KNOWN_BUGS, *options)
        assert (code, out, error.count("\n")) == (2, "", 1)
        assert "is not a baseline" in error
    assert project.file.read_text() == '{"name": "package"}'


def test_an_update_needs_a_file(refusal):
    message = refusal("check", "service:honest", "--update-baseline")
    assert message == "--update-baseline needs a file: name it with --baseline FILE"


def test_json_has_the_known_findings_and_no_others(project):
    project(KNOWN_BUGS, "--update-baseline")
    _, out, _ = project(KNOWN_BUGS, "--format", "json")
    report = json.loads(out)
    assert (report["ok"], report["findings"], len(report["known"]), report["fixed"]) == (True, [], 11, [])
