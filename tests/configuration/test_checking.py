"""The configuration is checked as its schema says, and its settings are the options of the command `check`."""

from __future__ import annotations

import json
from pathlib import Path
from typing import get_args

import click
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from contractfuzz.cli.check import check
from contractfuzz.configuration.checking import find_problem, toml_key, toml_string
from contractfuzz.configuration.reading import OWN_FILE, Configuration, parse_configuration, parse_toml
from contractfuzz.configuration.schema import configuration_schema
from contractfuzz.configuration.settings import DialectName, RunSettings, Side, check_settings
from contractfuzz.documents.dialects.registry import DIALECT_OPTIONS
from contractfuzz.documents.sides import SIDES
from contractfuzz.errors import ContractError
from contractfuzz.running.consumer import FEEDS
from contractfuzz.running.verdicts.policy import POLICIES

SCHEMA = configuration_schema()
TARGET = SCHEMA["properties"]["targets"]["additionalProperties"]["properties"]
CONTRACT = SCHEMA["properties"]["contracts"]["additionalProperties"]["anyOf"][1]["properties"]
REPORT_OPTIONS = {"chosen_format", "top", "show", "compare", "baseline", "update_baseline", "outputs"}

TEXT = st.text(st.characters(codec="utf-8"), max_size=5)
KEYS = st.sampled_from(sorted({*SCHEMA["properties"], *TARGET, *CONTRACT, "orders", "a.b", "", "a:b", "-x"})) | TEXT
SCALARS = st.booleans() | st.integers() | st.floats() | TEXT | st.sampled_from(["strict", "object", "request", "a:b"])
VALUES = st.recursive(
    SCALARS | st.dates(),
    lambda values: st.lists(values, max_size=3) | st.dictionaries(KEYS, values, max_size=3),
    max_leaves=10,
)


@st.composite
def tables(draw):
    """Tables that are nearly configurations: most keys have a value of the right shape."""
    target = {key: VALUES | right_values(TARGET[key]) for key in TARGET if key != "consumer"}
    contract = st.fixed_dictionaries(
        {"document": TEXT}, optional={key: VALUES for key in CONTRACT if key != "document"}
    )
    known = {
        "contract": TEXT,
        "regressions": TEXT,
        "contracts": st.dictionaries(KEYS, TEXT | contract, max_size=2),
        "targets": st.dictionaries(KEYS, st.fixed_dictionaries({"consumer": TEXT}, optional=target), max_size=2),
    }
    table = draw(st.fixed_dictionaries({}, optional=known))
    return table | draw(st.dictionaries(KEYS, VALUES, max_size=1)) if draw(st.booleans()) else table


def right_values(schema):
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    if "anyOf" in schema:
        return TEXT | st.lists(TEXT, max_size=2)
    numbers = st.integers(min_value=schema.get("minimum"))
    return {"boolean": st.booleans(), "integer": numbers, "number": st.floats() | numbers}.get(schema["type"], TEXT)


def as_toml(value):
    if isinstance(value, dict):
        return "{" + ", ".join(f"{toml_key(key)} = {as_toml(item)}" for key, item in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(map(as_toml, value)) + "]"
    if isinstance(value, str):
        return toml_string(value)
    return str(value).lower() if isinstance(value, bool) else str(value)


def result_or_message(function, *arguments):
    try:
        return function(*arguments)
    except ContractError as error:
        message = str(error)
    return message if message.isprintable() else ""


@given(tables())
def test_a_table_gives_a_configuration_or_an_error_of_one_line(table):
    file = Path("/project") / OWN_FILE
    content = "".join(f"{toml_key(key)} = {as_toml(value)}\n" for key, value in table.items())
    parsed = parse_toml(file, content.encode())
    assert repr(parsed) == repr(table)
    found = result_or_message(parse_configuration, parsed, file)
    assert isinstance(found, Configuration) or found.startswith("/project/contractfuzz.toml: ")


@given(st.binary() | TEXT.map(str.encode) | st.sampled_from([b"[" * 10_000, b"a = " + b"9" * 5000, b"\xef\xbb\xbfa=1"]))
def test_any_bytes_give_a_table_or_an_error_of_one_line(content):
    found = result_or_message(parse_toml, Path(OWN_FILE), content)
    assert isinstance(found, dict) or found.startswith("contractfuzz.toml: is not TOML (")


def has_float_without_fraction(value):
    """Return True for 1.0, which is an integer in JSON and not in TOML."""
    if isinstance(value, dict | list):
        return any(map(has_float_without_fraction, value.values() if isinstance(value, dict) else value))
    return isinstance(value, float)


@given(tables())
@example({"contract": ""})
@example({"targets": {"a": {"consumer": "a:b", "examples": -1}}})
@example({"targets": {"a": {"consumer": "a:b", "seed": True}}})
def test_a_table_is_right_if_an_independent_validator_accepts_it(table):
    if has_float_without_fraction(list(table.values())):
        return
    accepted = Draft202012Validator(SCHEMA).is_valid(table)
    assert (find_problem(table, SCHEMA) == "") is accepted


def test_the_schema_is_a_schema():
    Draft202012Validator.check_schema(SCHEMA)
    published = json.loads((Path(__file__).parents[2] / "docs/configuration.schema.json").read_text(encoding="utf-8"))
    Draft202012Validator.check_schema(published)


def test_a_target_has_all_options_of_check_except_those_of_the_report():
    options = {option.name: option for option in check.params if isinstance(option, click.Option)}
    settings = {setting.name: setting for setting in check_settings()}
    assert set(settings) == set(options) - REPORT_OPTIONS
    for name, setting in settings.items():
        assert f"--{setting.key}" in options[name].opts
        assert (setting.default == ()) is options[name].multiple


def test_the_choices_are_those_of_the_code():
    assert get_args(Side) == SIDES
    assert set(get_args(DialectName)) == set(DIALECT_OPTIONS)
    assert TARGET["feed"]["enum"] == list(FEEDS)
    assert TARGET["policy"]["enum"] == list(POLICIES)
    assert RunSettings().policy == POLICIES[0]


@pytest.mark.parametrize(
    ("table", "message"),
    [
        ({"targtes": {}}, "unknown key 'targtes': did you mean 'targets'?"),
        ({"contract": ["a"]}, "contract is a list: write a string"),
        ({"contracts": {"a b": 1}}, 'contracts."a b" is 1: write a string or a table'),
        ({"contracts": {"a": {"document": "a", "values": {"/id": []}}}}, 'contracts.a.values."/id" is empty: write at'),
        ({"targets": {"a": {}}}, "targets.a has no 'consumer', nor 'command' or 'url'"),
        ({"targets": {"a:b": {}}}, "the name 'a:b' in targets is empty, begins with a hyphen or has a colon"),
        (
            {"targets": {"a": {"consumer": "a:b", "polcy": "strict"}}},
            "unknown key in targets.a 'polcy': did you mean 'policy'",
        ),
        (
            {"targets": {"a": {"consumer": "a:b", "policy": "lax"}}},
            "unknown targets.a.policy 'lax': use one of 'strict'",
        ),
        ({"targets": {"a": {"consumer": "a:b", "raises": [1]}}}, "targets.a.raises is 1: write a string"),
        (
            {"targets": {"a": {"consumer": "a:b", "raises": 1}}},
            "targets.a.raises is 1: write a string or a list of strings",
        ),
        ({"targets": {"a": {"consumer": "a:b", "isolate": "yes"}}}, 'targets.a.isolate is "yes": write true or false'),
        (
            {"targets": {"a": {"consumer": "a:b", "examples": -1}}},
            "targets.a.examples is -1: write a number from 0 to 1,000,",
        ),
        ({"targets": {"a": {"consumer": "a:b", "route": ""}}}, "targets.a.route is empty: write a value, or remove it"),
    ],
)
def test_a_problem_names_the_key_and_the_remedy(table, message):
    assert find_problem(table, SCHEMA).startswith(message)
