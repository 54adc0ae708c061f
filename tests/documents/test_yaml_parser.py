"""YAML files: read as the JSON values that they stand for."""

import json
import sys
from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Contract, ContractError

OPENAPI = """\
openapi: 3.1.0
info: {title: Shop, version: 2025-03-15}
paths:
  /orders:
    get: {responses: {200: {description: ok}}}
components:
  schemas:
    Order:
      type: object
      required: [id, state, parts]
      properties:
        id: {type: integer, format: int64, example: 7}
        state: {type: string, enum: [on, off, yes, no]}
        since: {type: string, format: date, example: 2025-03-15}
        parts:
          type: array
          items: {$ref: '#/components/schemas/Part'}
    Part:
      type: object
      additionalProperties: {type: [string, 'null']}
"""


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("a: [1", "is not YAML with a JSON value"),
        ("a: 1\na: 2", "'a' is there twice"),
        ("{[1]: 2}", "a name is not a string"),
        ("a: &a [*a]", "an alias contains itself"),
        ("a: !!python/object:os.system x", "is not YAML with a JSON value"),
        ("a: !!bool x", "is not YAML with a JSON value"),
        ("a: !!timestamp 2025-03-15", "a date is not a JSON value; convert it to one"),
        ("a: [" + "[" * 5000, "is not YAML with a JSON value"),
        ("- 1", "must be a JSON object at its root, not [1]"),
        ("", "is empty; it must hold an object"),
        (
            "a0: &a0 [1,1,1,1,1,1,1,1,1,1]\n"
            + "".join(f"a{i}: &a{i} [{','.join(['*a' + str(i - 1)] * 10)}]\n" for i in range(1, 12)),
            "its aliases stand for more than 1,000,000 values",
        ),
    ],
)
def test_a_text_without_a_json_value_is_an_error(tmp_path, text, problem):
    path = tmp_path / "it.yml"
    path.write_text(text)
    with pytest.raises(ContractError) as caught:
        Contract.load(path)
    assert problem in str(caught.value)
    assert str(caught.value).isprintable()


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("yes", "yes"),
        ("2025-03-15", "2025-03-15"),
        ("12:30:00", "12:30:00"),
        ("010", 10),
        ("0x1F", "0x1F"),
        ("1_000", "1_000"),
        ("1e3", 1000.0),
        (".5", 0.5),
        ("true", True),
        ("~", None),
        ("", None),
        ("'7'", "7"),
    ],
)
def test_a_plain_scalar_becomes_a_json_value(tmp_path, text, value):
    path = tmp_path / "it.yaml"
    path.write_text(f"const: {text}\n")
    found = Contract.load(path).schema["const"]
    assert (found, type(found)) == (value, type(value))


def test_aliases_and_merges_are_expanded(tmp_path):
    path = tmp_path / "it.yaml"
    path.write_text(
        "$defs: {a: &a {type: string}}\nproperties:\n  b: *a\n  c: {<<: *a, maxLength: 3}\n  d: {<<: *a, type: integer}\n"
    )
    assert Contract.load(path).schema["properties"] == {
        "b": {"type": "string"},
        "c": {"type": "string", "maxLength": 3},
        "d": {"type": "integer"},
    }


def test_without_pyyaml_the_error_names_the_remedy(tmp_path, monkeypatch):
    path = tmp_path / "shop.yaml"
    path.write_text(OPENAPI)
    monkeypatch.setitem(sys.modules, "yaml", None)
    with pytest.raises(
        ContractError, match=r"shop.yaml: is YAML, and PyYAML is not installed; install contractfuzz\[yaml\]"
    ):
        Contract.load(path, name="Order")


def test_a_yaml_file_with_some_characters_replaced_loads_or_is_an_error(tmp_path):
    path = tmp_path / "mutated.yaml"
    outcomes = Counter()

    @given(at=st.integers(0, len(OPENAPI)), cut=st.integers(0, 9), put=st.text(":-{}[]&*!|>'\"#%@, \nab1", max_size=4))
    def check(at, cut, put):
        path.write_text(OPENAPI[:at] + put + OPENAPI[at + cut :])
        try:
            schema = Contract.load(path, name="Order").schema
        except ContractError as error:
            schema, message = None, str(error)
        assert message.isprintable() if schema is None else json.dumps(schema)
        outcomes["error" if schema is None else "loaded"] += 1

    check()
    assert min(outcomes["error"], outcomes["loaded"]) >= 5, outcomes
