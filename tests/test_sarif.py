"""SARIF logs: the properties that code scanning services require."""

from __future__ import annotations

from contractfuzz.sarif import SarifResult, sarif_log


def result_of(*arguments, **keywords):
    [run] = sarif_log([SarifResult(*arguments, **keywords)], {"rule": "A summary."})["runs"]
    return run["results"][0]


def test_a_log_names_its_version_and_describes_its_rules():
    log = sarif_log([], {"rule": "A summary."})
    assert log["version"] == "2.1.0"
    driver = log["runs"][0]["tool"]["driver"]
    assert driver["rules"] == [{"id": "rule", "shortDescription": {"text": "A summary."}}]


def test_a_result_has_its_file_line_and_pointer():
    [location] = result_of("rule", "error", "wrong", "src/a b.py", 14, "/id")["locations"]
    assert location == {
        "physicalLocation": {"artifactLocation": {"uri": "src/a%20b.py"}, "region": {"startLine": 14}},
        "logicalLocations": [{"fullyQualifiedName": "/id", "kind": "value"}],
    }


def test_what_is_not_known_is_left_out():
    assert result_of("rule", "note", "wrong") == {"ruleId": "rule", "level": "note", "message": {"text": "wrong"}}


def test_an_absolute_path_becomes_a_file_uri():
    [location] = result_of("rule", "error", "wrong", "/tmp/a.py")["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "file:///tmp/a.py"


def test_a_path_inside_the_current_folder_is_relative(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    [location] = result_of("rule", "error", "wrong", str(tmp_path / "src" / "a.py"))["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "src/a.py"


def test_the_whole_document_has_a_pointer_too():
    [location] = result_of("rule", "error", "wrong", pointer="")["locations"]
    assert location["logicalLocations"][0]["fullyQualifiedName"] == ""


def test_a_revision_is_not_taken_for_a_scheme():
    [location] = result_of("rule", "error", "wrong", "main:order.json")["locations"]
    assert location["physicalLocation"]["artifactLocation"]["uri"] == "main%3Aorder.json"


def test_properties_are_for_programs():
    assert result_of("rule", "error", "wrong", properties={"witness": {}})["properties"] == {"witness": {}}


def test_a_path_in_the_repository_is_relative_to_its_root():
    [location] = result_of("rule", "error", "wrong", "src/a.py", is_in_repository=True)["locations"]
    assert location["physicalLocation"]["artifactLocation"] == {"uri": "src/a.py", "uriBaseId": "%SRCROOT%"}


def test_a_fingerprint_has_a_name_of_ours():
    assert result_of("rule", "error", "wrong", fingerprint="a7")["partialFingerprints"] == {"contractfuzz/v1": "a7"}
