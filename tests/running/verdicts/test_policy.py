"""A policy decides what a run expects: to reject every violation, or to tolerate those that change nothing."""

import re
from dataclasses import dataclass

import pytest
from consumers import accept
from runs import report_of
from systems import needs_fork

from contractfuzz import Contract, ContractError, Verdict, assert_honours, assert_rejects, check
from contractfuzz.running.options import INVALID_SETS
from contractfuzz.running.verdicts.effects import Effect

ORDER = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "title": "Order",
    "type": "object",
    "properties": {
        "id": {"type": "string"},
        "state": {"enum": ["open", "closed"]},
        "note": {"type": "string"},
        "unread": {"type": "integer"},
    },
    "required": ["id", "state"],
    "additionalProperties": False,
}
order = Contract.load(ORDER)


@dataclass
class Order:
    id: str
    is_open: bool
    note: str | None


def read_tolerantly(payload):
    """Read what it needs, and check that; ignore all the rest."""
    if not isinstance(payload, dict):
        raise ValueError("not an object")  # noqa: TRY004 - by which it rejects
    number, state, note = payload.get("id"), payload.get("state"), payload.get("note")
    if not isinstance(number, str) or not isinstance(state, str):
        raise ValueError("id or state is wrong")  # noqa: TRY004
    if "note" in payload and not isinstance(note, str):
        raise ValueError("note is wrong")
    return Order(number, state == "open", note)


def labels_of(report, verdict=Verdict.ACCEPTED):
    return {finding.case.label for finding in report.findings if finding.verdict is verdict}


def effects_of(report):
    return {finding.case.label: finding.effect for finding in report.findings if finding.kind == "invalid"}


# --- effects in findings --------------------------------------------------------------------------------------------


def test_an_accepted_fault_in_a_value_that_is_not_read_has_no_effect():
    effects = effects_of(check(read_tolerantly, order))
    assert {label for label, effect in effects.items() if effect is Effect.NONE} >= {
        *order.labels(only="/unread:*"),
        ":additionalProperties.extra",
    }


def test_an_accepted_fault_that_reaches_the_result_is_a_change():
    effects = effects_of(check(accept, order))
    assert set(effects) == set(order.labels())
    assert set(effects.values()) == {Effect.CHANGED}


def test_a_consumer_that_returns_nothing_has_findings_of_unknown_effect():
    assert set(effects_of(check(lambda _: None, order)).values()) == {Effect.UNKNOWN}


@needs_fork
def test_isolated_consumers_have_the_same_effects():
    assert effects_of(check(read_tolerantly, order, isolate=True)) == effects_of(check(read_tolerantly, order))


def test_a_label_whose_fault_changed_one_result_and_not_another_is_one_changed_finding():
    def read(payload):
        return {"id": payload["id"] if payload.get("note") else None} if isinstance(payload, dict) else "?"

    report = check(read, order, raises=(ValueError, LookupError), examples=400)
    findings = [finding for finding in report.findings if finding.case.label == "/id:type.integer"]
    assert [finding.effect for finding in findings] == [Effect.CHANGED]


def test_faults_without_effect_come_last():
    def read(payload):
        return str(payload["id"]), payload.get("note", "").strip()

    findings = check(read, order).findings
    order_of_effects = [finding.effect for finding in findings]
    assert order_of_effects[-1] is Effect.NONE
    assert order_of_effects == sorted(order_of_effects, key=[None, Effect.CHANGED, Effect.UNKNOWN, Effect.NONE].index)


def test_a_fault_that_fails_like_its_twin_is_reported_for_the_valid_twin():
    def read(payload):
        assert not isinstance(payload, dict) or "note" not in payload or payload["note"] != "", "a masking bug"
        return payload

    crashes = [finding for finding in check(read, order, examples=50).findings if finding.raised is not None]
    assert "invalid" not in {finding.kind for finding in crashes}
    masked = crashes[0]
    assert (masked.kind, masked.case.label, masked.expected) == ("valid", None, "accepted")
    assert masked.case.payload == {"id": "", "state": "open", "note": ""}


def test_the_finding_of_a_twin_names_the_label_that_revealed_it():
    def read(payload):
        if isinstance(payload, dict) and payload.get("note") == "":
            raise KeyError("empty")

    report = report_of(read, order, case_sets=INVALID_SETS, examples=200)
    [crash] = [finding for finding in report.findings if finding.verdict is Verdict.CRASHED]
    assert crash.case.payload == {"id": "", "state": "open", "note": ""}
    assert crash.revealed_by in order.labels()


# --- tolerant -------------------------------------------------------------------------------------------------------


def test_a_tolerant_reader_is_green_under_the_tolerant_policy():
    assert check(read_tolerantly, order).findings
    report = check(read_tolerantly, order, policy="tolerant")
    assert report.ok, report.findings
    assert report.policy == "tolerant"


def test_a_silent_change_is_a_finding_of_the_tolerant_policy():
    def read(payload):
        found = read_tolerantly({**payload, "id": str(payload["id"])} if isinstance(payload, dict) else payload)
        return found.id

    report = check(read, order, policy="tolerant", raises=(ValueError, KeyError))
    assert labels_of(report) == set(order.labels(only="/id:type.*"))
    assert {finding.expected for finding in report.findings} == {"accepted without effect, or rejected"}


def test_a_tolerant_reader_must_accept_unknown_properties_and_unknown_enum_values():
    def read(payload):
        found = read_tolerantly(payload)
        if payload.keys() - {"id", "state", "note", "unread"} or payload["state"] not in ("open", "closed"):
            raise ValueError("grown")
        return found

    report = check(read, order, policy="tolerant")
    assert labels_of(report, Verdict.REJECTED) == {":additionalProperties.extra", "/state:enum.unknown"}
    assert {finding.expected for finding in report.findings} == {"accepted"}


def test_a_crash_is_a_finding_of_every_policy():
    def read(payload):
        return payload["id"]

    assert labels_of(check(read, order, policy="tolerant"), Verdict.CRASHED) >= {"/id:required.missing"}


# --- must_accept ----------------------------------------------------------------------------------------------------


def test_a_violation_that_must_be_accepted_is_a_finding_if_it_is_rejected():
    report = check(read_tolerantly, order, must_accept="/note:type.null", examples=0)
    refused = [finding for finding in report.findings if finding.case.label == "/note:type.null"]
    assert [(finding.verdict, finding.expected) for finding in refused] == [(Verdict.REJECTED, "accepted")]
    assert report.must_accept == ("/note:type.null",)


def test_a_violation_that_must_be_accepted_may_change_the_result():
    labels = order.labels(only="/note:*")
    assert not labels_of(check(accept, order, must_accept="/note:*", examples=0)) & set(labels)


def test_refused_payloads_that_must_be_accepted_come_before_crashes():
    def read(payload):
        if isinstance(payload, dict) and payload.get("note", "") is None:
            raise ValueError
        return payload["id"]

    findings = check(read, order, must_accept="/note:type.null", examples=0).findings
    assert findings[0].case.label == "/note:type.null"
    assert findings[1].verdict is Verdict.CRASHED


def test_assert_rejects_takes_a_policy_and_what_must_be_accepted():
    assert_rejects(read_tolerantly, order, policy="tolerant")
    with pytest.raises(AssertionError, match=r"violation +/id:type\.null"):
        assert_rejects(read_tolerantly, order, policy="tolerant", must_accept="/id:type.null")


def test_assert_honours_takes_a_policy_and_what_must_be_accepted():
    [case] = order.sample(1, "invalid", only="/unread:type.null")
    assert_honours(read_tolerantly, case, policy="tolerant")
    assert_honours(read_tolerantly, case, must_accept="*:type.null")
    with pytest.raises(AssertionError):
        assert_honours(read_tolerantly, case)


# --- wrong calls ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("options", "message"),
    [
        ({"policy": "tolerat"}, "unknown policy 'tolerat': did you mean 'tolerant'?"),
        ({"must_accept": "/nte:type.null"}, "unknown label '/nte:type.null': did you mean '/note:type.null'?"),
        (
            {"must_accept": "/note:*", "tolerate": "*:type.null"},
            "/note:type.null is in tolerate and in must_accept: remove it from one of them",
        ),
    ],
)
def test_a_wrong_policy_is_refused(options, message):
    with pytest.raises(ContractError, match=f"^{re.escape(message)}"):
        check(accept, order, **options)
