"""`contractfuzz check`: reports of consumers of different quality, formats and options."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex

import pytest
from systems import needs_fork

EXAMPLES = ("plain", "checked", "strict")


@pytest.fixture(scope="module")
def examples(check, example):
    """Reports of the three example consumers."""
    return {name: check(f"consumers.{name}:read", cwd=example) for name in EXAMPLES}


@pytest.fixture(scope="module")
def text(run, example):
    """Report of the second example as text."""
    return run("check", "consumers.checked:read", cwd=example).stdout.decode()


def labels(examples, name, verdict):
    return {one["label"] for one in examples[name][1]["findings"] if one["verdict"] == verdict}


# --- the three examples -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", EXAMPLES)
def test_each_example_accepts_valid_payloads_and_fails_on_others(examples, name):
    done, report = examples[name]
    assert list(report["counts"]["valid"]) == ["accepted"]
    assert report["findings"]
    assert (done.returncode, done.stderr) == (1, b"")


def test_the_more_an_example_checks_the_less_is_found(examples):
    found = [len(examples[name][1]["findings"]) for name in EXAMPLES]
    assert found == sorted(found, reverse=True)
    assert len(set(found)) == len(EXAMPLES)


def test_plain_access_crashes_on_what_it_reads_and_accepts_the_rest(examples):
    crashes, passes = labels(examples, "plain", "crashed"), labels(examples, "plain", "accepted")
    assert {"/results:required.missing", "/results/*/from/id:required.missing", "/startedAt:type.integer"} <= crashes
    assert {
        "/status:enum.unknown",
        "/numErrors:type.string",
        "/links/*:type.null",
        "/requestedAt:format.empty",
    } <= passes


def test_plain_access_is_fed_objects_and_so_no_malformed_bodies(examples):
    assert "malformed" not in examples["plain"][1]["counts"]


def test_the_dataclasses_reject_what_they_check(examples):
    found = labels(examples, "checked", "crashed") | labels(examples, "checked", "accepted")
    assert not {label for label in found if label.startswith("/status:")}
    assert not {label for label in found if label.endswith(":required.missing") and label.startswith("/results/")}


def test_the_dataclasses_crash_on_what_they_do_not_check(examples):
    crashes = labels(examples, "checked", "crashed")
    assert {"/results/*/paging:type.null", "/errors:type.integer", "open-brackets"} <= crashes


def test_the_dataclasses_accept_values_that_python_thinks_equal(examples):
    passes = labels(examples, "checked", "accepted")
    type_id = "/results/*/to/*/associationTypes/*/associationTypeId"
    assert {f"{type_id}:type.boolean", f"{type_id}:maximum.beyond", "/startedAt:format.date-only"} <= passes


def test_the_strict_models_never_crash(examples):
    assert labels(examples, "strict", "crashed") == set()


def test_the_strict_models_accept_null_and_more_date_times(examples):
    lax = ["*:type.null", "*At:format.no-offset", "*At:format.missing-seconds", "*At:format.epoch-*"]
    passes = labels(examples, "strict", "accepted")
    assert {label for label in passes if not any(fnmatch.fnmatch(label, glob) for glob in lax)} == set()
    assert all(any(fnmatch.fnmatch(label, glob) for label in passes) for glob in lax)


# --- the report as JSON -------------------------------------------------------------------------------------------------


def test_a_finding_is_complete(examples):
    [found] = [one for one in examples["plain"][1]["findings"] if one["label"] == "/results/*/from/id:required.missing"]
    assert found["kind"] == "invalid"
    assert (found["expected"], found["verdict"]) == ("rejected", "crashed")
    assert found["pointer"] == "/results/0/from/id"
    assert found["payload"]["results"][0]["from"] == {}
    assert found["description"]
    assert found["error"]["name"] == "KeyError"
    assert found["error"]["line"] == "KeyError: 'id'"
    assert found["error"]["place"].startswith("plain.py:")
    assert "contractfuzz" not in found["error"]["traceback"]
    assert found["reproduction"].startswith("import json; from consumers.plain import read; read(json.loads('{")
    assert found["seen"] >= 1


def test_the_report_names_the_consumer_the_contract_and_the_result(examples):
    report = examples["strict"][1]
    assert report["consumer"] == "consumers.strict:read"
    assert report["contract"] == "batch_association_response"
    assert (report["ok"], report["complete"]) == (False, True)


def test_the_worst_comes_first(examples):
    for name in EXAMPLES:
        verdicts = [one["verdict"] for one in examples[name][1]["findings"]]
        assert len(verdicts) > 1
        assert verdicts == sorted(verdicts, key=["crashed", "accepted"].index)


# --- the report as text -------------------------------------------------------------------------------------------------


def test_the_text_begins_with_the_answer_and_a_table(text):
    lines = text.splitlines()
    assert lines[0] == "consumers.checked:read does not honour batch_association_response."
    header = lines.index("", 2) + 1
    assert lines[header].split() == ["kind", "cases", "accepted", "rejected", "crashed"]
    assert [line.split()[0] for line in lines[header + 1 : header + 6]] == [
        "valid",
        "invalid",
        "malformed",
        "incoherent",
        "hostile",
    ]


def test_the_text_lists_the_causes_before_the_table(text):
    words = [line.split()[0] for line in text.splitlines()[2:] if line][:5]
    assert words[0] == "crashed"


def test_the_text_shows_crashes_before_accepted_cases(text):
    titles = ("Crashes", "Changed silently", "Wrongly accepted", "No effect")
    positions = [text.index(f"\n{title}: ") for title in titles if f"\n{title}: " in text]
    assert len(positions) >= 2
    assert positions == sorted(positions)


def test_the_text_shows_each_cause_with_its_smallest_payload(text):
    [cause] = re.findall(
        r"\n  AttributeError at checked.py:\d+ in _result: null at /results/\*/paging\n(?:    .*\n)+",
        text,
    )
    rows = dict(line.strip().split(maxsplit=1) for line in cause.strip().splitlines()[1:])
    assert json.loads(rows["smallest"])["results"][0]["paging"] is None
    assert rows["reproduce"].startswith("from consumers.checked import read; read(b'")


def test_the_text_has_no_colours_in_a_pipe(text):
    assert "\x1b" not in text


def test_a_narrow_terminal_cuts_no_numbers(run):
    done = run("check", "service:reject", "--only", "/status:*", env={"COLUMNS": "20"})
    assert re.search(rb"\ninvalid +2\d\d +\xc2\xb7 +2\d\d +\xc2\xb7\n", done.stdout)


def test_the_text_says_how_many_causes_it_does_not_show(run):
    done = run("check", "service:careless", "--examples", "0", "--top", "1")
    assert re.search(r"\n  and \d+ more: contractfuzz check --top N shows more\n", done.stdout.decode())


def test_at_60_columns_no_line_is_longer_and_no_word_is_cut(run):
    names = re.compile(r"[\w-]+")
    wide = run("check", "service:careless", "--examples", "0").stdout.decode()
    narrow = run("check", "service:careless", "--examples", "0", env={"COLUMNS": "60"}).stdout.decode()
    wrapped = [line for line in narrow.splitlines() if not line.strip().startswith(("smallest", "reproduce"))]
    assert len(wrapped) > 30
    assert max(map(len, wrapped)) <= 60
    words = set(names.findall(wide)) | {"kind"}
    assert [word for line in wrapped for word in names.findall(line) if word not in words] == []


def test_show_leaves_one_section(run):
    done = run("check", "service:careless", "--examples", "0", "--show", "wrongly")
    text = done.stdout.decode()
    assert done.returncode == 1
    assert "\nWrongly accepted: " in text
    assert "\nCrashes: " not in text
    assert run("check", "service:careless", "--show", "chrashes").stderr.endswith(
        b"unknown section 'chrashes': did you mean 'crashes'?\n"
    )


def test_the_text_can_be_printed_in_ascii(run):
    done = run("check", "service:reject", "--only", "/status:*", env={"PYTHONIOENCODING": "ascii"})
    assert (done.returncode, done.stderr) == (0, b"importing\n")
    assert done.stdout.isascii()
    assert b"\\x" not in done.stdout


# --- options ------------------------------------------------------------------------------------------------------------


def test_an_honest_consumer_ends_in_0(check):
    done, report = check("service:honest", "--examples", "20")
    assert done.returncode == 0
    assert (report["ok"], report["findings"]) == (True, [])
    assert set(report["counts"]) == {"valid", "invalid", "malformed", "incoherent", "hostile"}


def test_the_same_seed_gives_the_same_report(check):
    args = ("service:careless", "--only", "/numErrors:*", "--examples", "30")
    reports = [check(*args, "--seed", seed)[1] for seed in ("1", "1")]
    assert reports[0] == reports[1]


def test_a_report_goes_to_a_file(run, tmp_path):
    output = tmp_path / "report.json"
    done = run("check", "service:careless", "--only", "/status:*", "--format", "json", "--output", str(output))
    assert (done.returncode, done.stdout) == (1, b"")
    assert json.loads(output.read_text())["consumer"] == "service:careless"


def test_tolerated_violations_are_not_findings_and_an_unneeded_tolerance_is_reported(run):
    tolerate = ["--tolerate", "/status:*", "--tolerate", "/links:type.null", "--only", "/status:*"]
    done = run("check", "service:careless", "--examples", "0", *tolerate)
    assert done.returncode == 0
    assert re.search(r"^tolerance /status:\* excused \d+ cases$", done.stdout.decode(), re.MULTILINE)
    assert b"\ntolerance /links:type.null excused nothing: remove it\n" in done.stdout


def test_other_errors_may_reject(check):
    args = ("--only", "/status:*", "--examples", "0")
    assert check("service:look_up", *args)[0].returncode == 1
    assert check("service:look_up", *args, "--raises", "KeyError", "--raises", "LookupError")[0].returncode == 0


def test_the_feed_may_be_chosen(check):
    done, report = check("json:loads", "--feed", "text", "--only", "trailing-comma", "--examples", "5")
    assert (done.returncode, report["counts"]) == (0, {"malformed": {"rejected": 6}})


def test_a_consumer_is_called_by_the_name_of_the_target(check):
    _, report = check("service:anonymous", "--only", "/status:type.null", "--examples", "0")
    [found] = report["findings"]
    assert report["consumer"] == "service:anonymous"
    assert found["reproduction"].startswith("import json; from service import anonymous; anonymous(json.loads(")


def test_the_output_of_a_consumer_is_not_in_the_report(check):
    done, report = check("service:talkative", "--only", "/status:type.null", "--examples", "0")
    assert [one["revealed_by"] for one in report["findings"]] == ["/status:type.null"]
    assert done.stderr.startswith(b"importing\nreading {'status': None")


def test_another_contract_is_read_from_a_file(check, tmp_path):
    document = tmp_path / "order.json"
    document.write_text(json.dumps({"name": "Order", "type": "object", "properties": {"id": {"type": "string"}}}))
    _, report = check("service:careless", "--contract", str(document), "--examples", "0")
    assert report["contract"] == "Order"
    assert "/id:type.null" in {one["label"] for one in report["findings"]}


LONG = """
import json

class Refused(Exception):
    pass

def refuses_long(order):
    if not isinstance(order, dict) or len(str(order.get("id"))) < 5000:
        raise Refused
"""


@pytest.mark.parametrize("openapi", [False, True])
def test_the_reproduction_of_a_long_body_is_a_command_that_runs(run, tmp_path, openapi):
    (tmp_path / "long.py").write_text(LONG)
    schema = {"type": "object", "properties": {"id": {"type": "string", "minLength": 5001}}, "required": ["id"]}
    document = {
        "openapi": "3.1.0",
        "info": {"title": "Orders", "version": "1"},
        "components": {"schemas": {"Order": schema, "Other": {}}},
    }
    schema |= {} if openapi else {"$schema": "https://json-schema.org/draft/2020-12/schema", "title": "Another name"}
    (tmp_path / "an order.json").write_text(json.dumps(document if openapi else schema))
    contract = "an order.json#Order" if openapi else "an order.json"
    options = ["--contract", contract, "--raises", "long:Refused", "--feed", "object", "--examples", "3", "--seed", "7"]
    done = run("check", "long:refuses_long", *options, "--format", "json", cwd=tmp_path)
    found = next(one for one in json.loads(done.stdout)["findings"] if one["label"])
    command = shlex.split(found["reproduction"])
    assert command[:3] == ["contractfuzz", "check", "long:refuses_long"]
    assert command[command.index("--contract") + 1] == contract
    again = run(*command[1:], "--format", "json", cwd=tmp_path)
    assert again.returncode == 1, again.stderr
    assert found["label"] in {one["label"] for one in json.loads(again.stdout)["findings"]}


def test_an_unknown_label_names_the_command_that_lists_labels(refusal):
    assert "; contractfuzz violations lists them" in refusal("check", "json:loads", "--only", "nope*")


def test_an_openapi_file_without_a_component_shows_how_to_name_one(refusal, tmp_path):
    file = tmp_path / "openapi.json"
    file.write_text(
        json.dumps(
            {
                "openapi": "3.1.0",
                "info": {"title": "x", "version": "1"},
                "components": {"schemas": {"Booking": {"type": "object"}, "Room": {"type": "object"}}},
            }
        )
    )
    assert f"on the command line, {file}#Booking" in refusal("sample", "--contract", str(file))


@pytest.mark.thinned(3)
@pytest.mark.parametrize("options", [[], pytest.param(["--isolate"], marks=needs_fork)])
@pytest.mark.parametrize("error", ["SystemExit(0)", "GeneratorExit", "MemoryError", "RecursionError"])
def test_an_exception_whose_text_raises_another_is_a_finding(run, tmp_path, error, options):
    (tmp_path / "odd.py").write_text(
        f"class Odd(Exception):\n    def __str__(self):\n        raise {error}\n\ndef read(payload):\n    raise Odd\n"
    )
    done = run("check", "odd:read", "--only", "/status:type.null", "--examples", "0", *options, cwd=tmp_path)
    assert done.returncode == 1
    assert f"Odd: <str() raised {error.partition('(')[0]}>" in done.stdout.decode()


APPLICATION = """
from flask import Flask

def create_app():
    app = Flask(__name__)
    app.add_url_rule("/orders", "orders", lambda: "", methods=["POST"])
    app.add_url_rule("/health", "health", lambda: "", methods=["GET"])
    return app
"""


@pytest.mark.parametrize("options", [[], pytest.param(["--isolate"], marks=needs_fork)])
@pytest.mark.parametrize("route", ["/order", "/health"])
def test_a_route_that_takes_no_post_is_a_wrong_call(refusal, tmp_path, route, options):
    (tmp_path / "shop.py").write_text(APPLICATION)
    message = refusal("check", "shop:create_app", "--route", route, "--examples", "0", *options, cwd=tmp_path)
    assert message.startswith(
        f"shop:create_app answers every POST to {route} with 404, 405 or a redirect: give the path"
    )


def test_an_application_factory_is_called(check, tmp_path):
    (tmp_path / "shop.py").write_text(APPLICATION)
    _, report = check("shop:create_app", "--route", "/orders", "--examples", "0", cwd=tmp_path)
    assert set(report["counts"]["valid"]) == {"accepted"}
