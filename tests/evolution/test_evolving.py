"""The evolution of a contract: which possible changes break a consumer."""

import io
import json
import re
import time
from dataclasses import replace

import pytest
from pydantic import BaseModel

from contractfuzz import Contract, ContractError, assert_survives_changes
from contractfuzz.errors import UnusedToleranceWarning
from contractfuzz.evolution.evolving import MAX_HUNG_CHANGES, evolve
from contractfuzz.evolution.impact import Impact
from contractfuzz.evolution.json_form import evolution_as_json
from contractfuzz.evolution.text import write_evolution
from contractfuzz.running.options import RunOptions
from contractfuzz.running.run import Run

SCHEMA = {
    "type": "object",
    "required": ["id", "status", "lines"],
    "properties": {
        "id": {"type": "integer"},
        "status": {"enum": ["OPEN", "PAID", "SHIPPED"]},
        "placed": {"type": "string", "format": "date-time"},
        "lines": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["price"],
                "properties": {"price": {"type": "number"}, "note": {"type": "string"}},
            },
        },
    },
}
ORDER = Contract("Order", SCHEMA)


def total(payload):
    return sum(line["price"] for line in payload["lines"])


def describe(consumer, contract=ORDER, *, base=None, only=(), tolerate=(), seed=0, **options):
    """Return the evolution for a consumer."""
    given = {} if base is None else {"base": base}
    run = Run(consumer, contract, RunOptions(**options), **given)
    return evolve(run, only=only, tolerate=tolerate, seed=seed)


def impacts(found):
    return {change.id: change.impact for change in found.changes}


# --- what is tried ----------------------------------------------------------------------------------------------------------


def test_the_same_seed_gives_the_same_evolution():
    one, other = describe(total, seed=3), describe(total, seed=3)
    assert [(change.id, change.payload) for change in one.changes] == [
        (change.id, change.payload) for change in other.changes
    ]


def test_every_location_is_tried():
    found = describe(total)
    assert {change.location for change in found.changes} == set(ORDER.locations())
    assert found.missing == ()


def test_changes_are_made_to_the_base():
    base = {"id": 991, "status": "OPEN", "lines": [{"price": 2.5}]}
    found = describe(total, base=base, only="/id:nullable")
    [change] = found.changes
    assert (change.twin, change.payload) == (base, {**base, "id": None})
    assert found.missing == ("/placed", "/lines/*/note")


def test_only_chooses_changes():
    found = describe(total, only=["/lines/*/price:*", "*:nullable"])
    assert {change.location for change in found.changes if change.name == "zero"} == {"/lines/*/price"}
    assert {change.name for change in found.changes if change.location == "/id"} == {"nullable"}


@pytest.mark.parametrize("argument", ["only", "tolerate"])
def test_a_pattern_that_matches_no_change_is_refused(argument):
    with pytest.raises(ContractError, match="unknown possible change '/id:nulable': did you mean '/id:nullable'"):
        describe(total, **{argument: "/id:nulable"})


def test_a_consumer_that_accepts_nothing_is_refused_with_its_error():
    with pytest.raises(ContractError, match=r"accepts no payload .*KeyError: 'nothing'.*--base"):
        describe(lambda payload: payload["nothing"])


def test_a_consumer_is_given_payloads_that_it_accepts():
    def read(payload):
        if len(payload["lines"]) != 1:
            raise ValueError("one line")
        return time.strptime(payload["placed"], "%Y-%m-%dT%H:%M:%SZ") and int(payload["lines"][0]["note"])

    assert impacts(describe(read))["/placed:fractional-seconds"] is Impact.REFUSED


def test_the_users_own_values_stay():
    contract = Contract("Order", SCHEMA, values={"/lines/*/note": ["gift"]})
    notes = set()

    def read(payload):
        notes.update(str(line["note"]) for line in payload["lines"] if "note" in line)

    describe(read, contract, only="/id:nullable")
    assert "gift" in notes


# --- what is found ----------------------------------------------------------------------------------------------------------


def test_the_worst_impact_comes_first():
    found = describe(total)
    severities = [change.impact.severity for change in found.changes]
    assert severities == sorted(severities)
    assert found.changes[0].impact is Impact.CRASHED


def test_a_crash_has_its_place():
    change = describe(total, only="/lines/*/price:nullable").changes[0]
    assert str(change).startswith("/lines/*/price becomes nullable: crashed at test_evolving.py:")
    assert change.error == "TypeError"


def test_a_location_that_is_not_read_is_unaffected():
    found = impacts(describe(total, only="/id:*"))
    assert len(found) > 10
    assert set(found.values()) == {Impact.UNAFFECTED}


def test_each_listed_value_is_tried():
    found = describe(lambda payload: {"paid": payload["status"] == "PAID"}, only="/status:nullable")
    assert impacts(found) == {"/status:nullable": Impact.SILENTLY_WRONG}


def test_a_value_added_to_a_list_may_change_what_depends_on_it():
    found = describe(lambda payload: {"paid": payload["status"] == "PAID"}, only="/status:new-value")
    assert impacts(found)["/status:new-value"] in (Impact.PASSED_ON, Impact.UNAFFECTED)


def test_changes_that_the_contract_allows_are_marked():
    found = describe(total, only=["/lines/*/note:absent", "/lines/*/price:absent"])
    assert {change.location: change.is_allowed for change in found.changes} == {
        "/lines/*/note": True,
        "/lines/*/price": False,
    }


class Line(BaseModel):
    price: float


class Order(BaseModel):
    lines: list[Line]


def test_a_model_that_converts_is_unaffected_by_numbers_as_strings():
    found = impacts(describe(Order))
    assert found["/lines/*/price:number-as-string"] is Impact.UNAFFECTED
    assert found["/lines/*/price:nullable"] is Impact.REFUSED
    assert found[":added"] is Impact.UNAFFECTED


def read_text(body: str):
    return json.loads(body)["lines"][0]["price"]


def test_a_consumer_of_text_gets_changed_texts():
    assert impacts(describe(read_text))["/lines:empty-list"] is Impact.CRASHED


def fetch_price(base_url):
    from urllib.request import urlopen

    with urlopen(base_url) as response:
        return json.load(response)["lines"][0]["price"]


def test_a_client_gets_changed_responses():
    found = describe(fetch_price, only=["/lines/*/price:nullable", "/lines/*/price:absent"])
    assert impacts(found) == {
        "/lines/*/price:nullable": Impact.PASSED_ON,
        "/lines/*/price:absent": Impact.CRASHED,
    }


def test_an_isolated_consumer_that_hangs_is_not_fed_for_ever():
    def hang(payload):
        while not isinstance(payload, dict) or "lines" not in payload or payload["id"] is None:
            pass
        return payload["id"]

    found = describe(hang, only=[":*", "/lines:*", "/id:nullable"], isolate=True, time_limit=0.2)
    assert found.counts[Impact.HUNG] == MAX_HUNG_CHANGES
    assert found.cut_short


# --- tolerance and the assertion --------------------------------------------------------------------------------------------


def test_a_tolerated_break_is_no_break():
    found = describe(total, only="*:nullable", tolerate=[":nullable", "/lines*:nullable"])
    assert found.ok
    assert found.counts[Impact.CRASHED] == 4
    assert found.unused == ()


def test_a_tolerance_without_a_break_is_unused():
    assert describe(total, only="/id:*", tolerate="/id:zero").unused == ("/id:zero",)


def test_the_assertion_lists_the_breaks():
    with pytest.raises(AssertionError, match=r"test_evolving.py:\d+ \(TypeError\): 4 changes"):
        assert_survives_changes(total, ORDER, only="*:nullable")


def test_the_assertion_passes_without_breaks():
    assert_survives_changes(total, ORDER, only="/id:*")


def test_the_assertion_warns_of_unused_tolerance():
    with pytest.warns(UnusedToleranceWarning, match=r"tolerate='/id:zero'"):
        assert_survives_changes(total, ORDER, only="/id:*", tolerate="/id:zero")


# --- text and JSON ----------------------------------------------------------------------------------------------------------


def text_of(found, **options):
    file = io.StringIO()
    write_evolution([found], file, **options)
    return file.getvalue()


def test_the_text_answers_what_the_provider_may_do():
    text = text_of(describe(total))
    first = text.splitlines()[0]
    assert first.startswith("The provider may make ")
    assert first.endswith("without breaking test_evolving:total.")
    assert "Safe wherever it was tried: " in text
    assert "Free to change in every way: /id, /lines/*/note, /placed, /status." in text


def test_the_text_counts_unknown_impacts():
    first = text_of(describe(lambda payload: None, only="/id:*")).splitlines()[0]
    assert re.search(r"may make 0 of (\d+) possible changes .* The impact of \1 is unknown\.$", first)


def test_the_text_groups_changes_by_impact_and_place():
    text = text_of(describe(total, only="/lines*"))
    assert re.search(r"crashed: \d+ changes\n  test_evolving.py:\d+ \(TypeError\): \d+ changes\n    /lines  ", text)
    assert text.count("test_evolving.py") == 2


def test_a_place_with_one_location_has_one_line():
    text = text_of(describe(total, only="/lines/*/price:nullable"))
    assert re.search(r"\n  test_evolving.py:\d+ \(TypeError\): /lines/\*/price becomes nullable\n", text)


def test_an_impact_shows_some_of_its_places():
    source = "def read(payload):\n" + "".join(f"    payload['p{number}']\n" for number in range(9)) + "    return 1\n"
    defined = {}
    exec(compile(source, "wide_reader.py", "exec"), defined)
    names = [f"p{number}" for number in range(9)]
    schema = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    text = text_of(describe(defined["read"], Contract("wide", schema), only="/*:absent"), rows=3)
    assert text.count("wide_reader.py") == 3
    assert "and 6 more places in the code" in text


def test_the_text_fits_a_screen(monkeypatch):
    monkeypatch.setenv("COLUMNS", "80")
    lines = text_of(describe(total)).splitlines()
    assert len(lines) < 40
    assert max(map(len, lines)) <= 80


def test_a_group_shows_some_of_its_locations():
    names = [f"p{number}" for number in range(9)]
    schema = {"type": "object", "required": names, "properties": {name: {"type": "string"} for name in names}}
    found = describe(lambda payload: [payload[name] for name in names], Contract("wide", schema), only="/*:absent")
    text = text_of(found, rows=3)
    assert "and 6 more locations" in text


def test_changes_that_the_contract_allows_have_a_mark_in_the_text():
    text = text_of(describe(lambda payload: payload["lines"][0]["price"], only="/lines:*"))
    assert "is an empty list*" in text
    assert "* The contract allows this today." in text


def test_the_text_has_no_control_characters():
    found = describe(total, only="/id:nullable")
    odd = replace(found, changes=(replace(found.changes[0], location="/\x1b[31m", impact=Impact.CRASHED),))
    assert "\x1b" not in text_of(odd)


def test_the_json_form_has_every_change():
    data = evolution_as_json(describe(total, only=["/lines/*/price:nullable", "/id:nullable"]))
    assert json.loads(json.dumps(data)) == data
    assert (data["ok"], data["counts"]) == (False, {"crashed": 1, "unaffected": 1})
    broken, fine = data["changes"]
    assert (broken["id"], broken["impact"], broken["break"]) == ("/lines/*/price:nullable", "crashed", True)
    assert broken["after"]["lines"][0]["price"] is None
    assert "after" not in fine
