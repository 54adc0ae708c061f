"""Runs: the cases that are fed, the findings and their order, tolerance, and interruption."""

from __future__ import annotations

import json
import random
from collections import Counter

import pytest
from consumers import accept, honest, reject
from runs import report_of

from contractfuzz import Contract, ContractError, Verdict, assert_accepts, check
from contractfuzz.reports.json_report import report_as_json
from contractfuzz.running import run as checking
from contractfuzz.running.causes import sections
from contractfuzz.running.options import VALID_SETS
from contractfuzz.running.run import Run
from hubspot_strategies import contract as hubspot

pytestmark = pytest.mark.usefixtures("repeatable")


def label_of(finding):
    return finding.case.label


@pytest.fixture(scope="module")
def honest_report():
    return check(honest(hubspot), hubspot, feed="bytes")


# --- cases that are fed --------------------------------------------------------------------------------------------------------


def test_an_honest_consumer_honours_the_contract(honest_report):
    assert honest_report.findings == []
    assert honest_report.ok
    assert honest_report.complete


def test_every_kind_of_case_is_counted_by_verdict(honest_report):
    counts = honest_report.counts
    assert counts["valid"] == {"accepted": 200}
    assert counts["invalid"] == {"rejected": len(hubspot.labels("invalid")) + 200}
    assert sum(counts["malformed"].values()) == len(hubspot.labels("malformed")) + 200
    assert sum(counts["incoherent"].values()) == len(hubspot.labels("incoherent")) + 200
    assert sum(counts["hostile"].values()) == 200
    assert list(counts) == ["valid", "invalid", "malformed", "incoherent", "hostile"]


def test_a_consumer_of_objects_is_fed_no_malformed_bodies(counter):
    assert "malformed" not in check(accept, counter, examples=5).counts


def test_a_consumer_of_text_is_fed_only_bodies_in_utf_8(counter):
    report = check(reject, counter, feed="text", examples=0)
    bodies = [case.body for case in counter.sample(len(counter.labels("malformed")), "malformed")]
    assert report.counts["malformed"]["rejected"] == sum(is_utf_8(body) for body in bodies)


def is_utf_8(body):
    try:
        body.decode()
    except UnicodeDecodeError:
        return False
    return True


def test_a_contract_without_rules_has_no_incoherent_cases(counter):
    assert "incoherent" not in check(accept, counter, examples=5).counts


@pytest.mark.thinned(3)
@pytest.mark.parametrize("kind", ["invalid", "malformed", "incoherent"])
def test_the_smallest_case_of_each_label_is_fed_before_random_cases(kind):
    fed = []

    def refuse(body):
        fed.append(body)
        raise ValueError

    labels = hubspot.labels(kind)
    report_of(refuse, hubspot, feed="bytes", examples=10, only=labels)
    smallest = [case.body for case in hubspot.sample(len(labels), kind)]
    assert fed[: len(labels)] == smallest
    assert len(fed) >= len(labels) + 10


def test_without_examples_only_the_smallest_cases_are_fed():
    counts = check(reject, hubspot, feed="bytes", examples=0).counts
    fed = {name: sum(verdicts.values()) for name, verdicts in counts.items()}
    assert fed["invalid"] == len(hubspot.labels("invalid"))
    assert fed["malformed"] == len(hubspot.labels("malformed"))
    assert fed["incoherent"] == len(hubspot.labels("incoherent"))
    assert fed["valid"] >= 1


def test_the_same_seed_gives_the_same_report(counter):
    def run(seed):
        return report_as_json(check(careless, counter, seed=seed, examples=30))

    assert run(1) == run(1)


def test_another_seed_gives_other_cases():
    def bodies(seed):
        fed = []
        report_of(fed.append, hubspot, feed="bytes", examples=10, seed=seed, only="/status:*")
        return fed

    assert bodies(1) == bodies(1)
    assert bodies(1) != bodies(2)


def careless(payload):
    return [0] * payload["n"] if payload["n"] < 10 else None


def test_a_run_can_be_limited_to_some_labels(counter):
    report = report_of(accept, counter, only=["/n:type.*", "/n:minimum.far"], examples=50)
    assert list(report.counts) == ["invalid"]
    assert {label_of(finding) for finding in report.findings} == {
        *counter.labels("invalid", "/n:type.*"),
        "/n:minimum.far",
    }


def test_a_run_cannot_be_limited_to_unknown_labels(counter):
    with pytest.raises(ContractError, match=r"^unknown label '/n:minimum.fra': did you mean '/n:minimum.far'\?$"):
        Run(accept, counter, only="/n:minimum.fra")


def test_a_consumer_may_change_its_argument():
    def spoil(payload):
        payload["results"].clear()
        payload["status"] = "SPOILT"
        raise KeyError("spoilt")

    finding = report_of(spoil, hubspot, case_sets=VALID_SETS, examples=0).findings[0]
    assert hubspot.is_valid(finding.case.payload)
    assert json.loads(finding.case.body) == finding.case.payload


# --- findings -----------------------------------------------------------------------------------------------------


def test_a_finding_has_the_expected_verdict_and_the_real_one(counter):
    report = check(careless, counter, examples=0)
    [finding] = [one for one in report.findings if label_of(one) == "/n:required.missing"]
    assert finding.case.payload == {}
    assert finding.case.pointer == "/n"
    assert (finding.verdict, finding.expected) == (Verdict.CRASHED, "rejected")
    assert isinstance(finding.error, KeyError)
    assert (finding.kind, finding.contract, finding.consumer) == ("invalid", "counter", f"{__name__}:careless")
    assert finding.seen == 1


def test_an_accepted_violation_has_no_error(counter):
    report = check(careless, counter, examples=0)
    [finding] = [one for one in report.findings if label_of(one) == "/n:minimum.beyond"]
    assert (finding.verdict, finding.error) == (Verdict.ACCEPTED, None)


def test_a_report_with_a_finding_is_not_ok(counter):
    report = check(accept, counter, examples=0)
    assert report.findings
    assert not report.ok


def test_the_same_finding_is_reported_once_and_its_cases_counted(counter):
    report = check(accept, counter, examples=100)
    labels = Counter(label_of(finding) for finding in report.findings)
    assert set(labels) == set(counter.labels("invalid"))
    assert set(labels.values()) == {1}
    assert sum(finding.seen for finding in report.findings) == sum(report.counts["invalid"].values())


def test_one_label_that_crashes_in_two_places_is_two_findings():
    def twice(payload):
        if payload["results"]:
            raise RuntimeError("here")
        raise RuntimeError("there")

    findings = report_of(twice, hubspot, case_sets=VALID_SETS, examples=50).findings
    assert sorted(str(finding.error) for finding in findings) == ["here", "there"]


def test_the_worst_comes_first(counter):
    def bad(body: bytes):
        payload = json.loads(body)
        if payload == {"n": 0}:
            raise ValueError("the smallest valid payload is refused")
        if not isinstance(payload["n"], int):
            raise TypeError("a crash")

    findings = check(bad, counter, feed="bytes", examples=20).findings
    order = [
        0 if finding.expected == "accepted" else 2 if finding.verdict is Verdict.ACCEPTED else 1 for finding in findings
    ]
    assert order == sorted(order)
    assert set(order) == {0, 1, 2}


def test_findings_of_one_cause_are_shown_together(counter):
    named = {section.title: section.causes for section in sections(check(careless, counter, examples=0))}
    assert list(named) == ["Crashes", "No effect"]
    [missing] = [cause for cause in named["Crashes"] if cause.title.startswith("KeyError at test_run.py:")]
    assert missing.labels == ("/n:required.missing",)
    [unchecked] = named["No effect"]
    assert unchecked.title == "/n: no effect"
    assert {"/n:minimum.beyond", "/n:type.boolean"} <= set(unchecked.labels)


# --- tolerance ----------------------------------------------------------------------------------------------------------


def test_a_tolerated_violation_is_not_a_finding(counter):
    report = check(accept, counter, tolerate=["/n:*", ":*"], examples=50)
    assert report.ok
    assert sum(report.tolerated.values()) == report.counts["invalid"]["accepted"]


def test_a_tolerance_that_was_not_needed_is_reported(counter):
    report = check(honest(counter), counter, feed="bytes", tolerate=["/n:type.null"], examples=5)
    assert report.tolerated == {"/n:type.null": 0}
    assert report.unused == ("/n:type.null",)


def test_a_tolerance_does_not_excuse_a_crash(counter):
    report = check(careless, counter, tolerate="/n:type.null", examples=0)
    assert "/n:type.null" in {label_of(finding) for finding in report.findings}
    assert report.unused == ("/n:type.null",)


def test_a_tolerance_of_an_unknown_violation_is_refused_with_the_nearest(counter):
    with pytest.raises(ContractError, match=r"^unknown label '/n:type.nul': did you mean '/n:type.null'\?$"):
        check(accept, counter, tolerate=["/n:type.nul"])


# --- wrong calls, and runs that end early -------------------------------------------------------------------------------


def test_a_negative_number_of_examples_is_refused(counter):
    with pytest.raises(ContractError, match=r"^cannot feed -1 examples: examples must be 0 or more$"):
        check(accept, counter, examples=-1)


@pytest.mark.parametrize("given", ["counter", None, {"type": "object"}])
def test_anything_but_a_contract_is_refused(given):
    with pytest.raises(
        ContractError, match=r"is not a Contract: make one with Contract.named\(\.\.\.\) or Contract.load"
    ):
        check(accept, given)


def test_an_interrupted_run_reports_the_findings_so_far():
    calls = 0

    def slow(payload):
        nonlocal calls
        calls += 1
        if calls == 250:
            raise KeyboardInterrupt
        if calls > 200:
            raise KeyError if calls == 240 else ValueError

    run = Run(slow, hubspot)
    with pytest.raises(KeyboardInterrupt):
        run.feed_all()
    report = run.report()
    assert not report.complete
    assert (
        sum(sum(verdicts.values()) for verdicts in report.counts.values()) == 248
    )  # and the twin of the case that crashed
    assert {finding.kind for finding in report.findings} == {"invalid"}


def test_a_run_that_is_interrupted_while_it_shrinks_keeps_its_findings(monkeypatch):
    def interrupted(*args):
        raise KeyboardInterrupt

    monkeypatch.setattr(checking, "shrink", interrupted)

    def second_result(payload):
        return payload["results"][1:] and 1 / 0

    run = Run(second_result, hubspot, case_sets=VALID_SETS)
    with pytest.raises(KeyboardInterrupt):
        run.feed_all()
    assert not run.report().complete
    assert [finding.error.args for finding in run.report().findings] == [("division by zero",)]


# --- consumers that misbehave -------------------------------------------------------------------------------------------


def test_a_flaky_consumer_is_reported_as_it_was_seen():
    calls = 0

    def flaky(payload):
        nonlocal calls
        calls += 1
        if calls == 100:
            raise RuntimeError("now and then")

    findings = report_of(flaky, hubspot, case_sets=VALID_SETS).findings
    assert [str(finding.error) for finding in findings] == ["now and then"]

    calls = 0
    with pytest.raises(AssertionError, match="crashed with RuntimeError: now and then"):
        assert_accepts(flaky, hubspot)


def test_an_error_without_a_message_is_reported(counter):
    class MuteError(Exception):
        def __str__(self):
            raise RuntimeError("no words")

        __repr__ = __str__

    def mute(payload):
        raise MuteError

    report = check(mute, counter, examples=5)
    words = json.dumps(report_as_json(report))
    assert "MuteError: <str() raised RuntimeError>" in words
    with pytest.raises(AssertionError, match=r"MuteError: <str\(\) raised RuntimeError>"):
        assert_accepts(mute, counter)


def test_a_message_of_a_consumer_is_shown_without_control_characters(counter):
    def shouting(payload):
        raise RuntimeError("\x1b[31mred\x07 \ud800 \u202e")

    with pytest.raises(AssertionError) as caught:
        assert_accepts(shouting, counter)
    assert str(caught.value).replace("\n", "").isprintable()
    assert "\\u001b[31mred\\u0007 \\ud800 \\u202e" in str(caught.value)


# --- reproductions of long bodies ----------------------------------------------------------------------------------------


class RefusedError(Exception):
    pass


def accepts_long(order):
    if not isinstance(order, dict) or len(str(order.get("id"))) < 4000:
        raise RefusedError


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ({}, ""),
        ({"side": "request"}, " --side request"),
        ({"side": "request", "dialect": "2019-09"}, " --side request --dialect 2019-09"),
        ({"side": "response", "dialect": "draft-07", "name": "o"}, " --dialect draft-07"),
    ],
    ids=str,
)
def test_a_long_body_of_a_document_is_reproduced_by_a_command_that_loads_it_alike(tmp_path, arguments, words):
    file = tmp_path / "order.json"
    file.write_text(json.dumps(LONG_DOCUMENT))
    findings = check(accepts_long, Contract.load(file, **arguments), examples=0, raises=RefusedError).findings
    assert findings
    name = f"'{file}#o'" if "name" in arguments else file
    for finding in findings:
        command = finding.reproduction.partition("contractfuzz check ")[2]
        assert command.startswith(
            f"test_run:accepts_long --contract {name}{words} --feed object --raises test_run:RefusedError"
        )


def test_a_long_body_of_a_contract_without_a_file_is_compressed_in_the_line():
    findings = check(accepts_long, Contract.load(LONG_DOCUMENT), examples=0, raises=RefusedError).findings
    assert findings
    for finding in findings:
        assert "from test_run import accepts_long; accepts_long(json.loads(zlib.decompress(" in finding.reproduction
        exec(finding.reproduction, {})


def accepts_noise(order):
    if not isinstance(order, dict) or "noise" not in order:
        raise RefusedError


def test_a_long_body_that_no_line_and_no_command_has_is_in_the_finding():
    noise = random.Random(0).randbytes(5000).hex()
    order = Contract.load(LONG_DOCUMENT)
    base = {"id": "a" * 5001, "noise": noise}
    findings = check(accepts_noise, order, examples=0, raises=RefusedError, base=base).findings
    accepted = [finding for finding in findings if finding.verdict == "accepted"]
    assert accepted
    for finding in accepted:
        assert finding.reproduction.startswith("call test_run:accepts_noise with finding.case.body, which has ")


LONG_DOCUMENT = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {"id": {"type": "string", "minLength": 5001}},
    "required": ["id"],
}
