"""The configuration is found upwards from a folder, and its paths are relative to its file."""

from __future__ import annotations

import json
import os

import pytest

from contractfuzz.configuration.contracts import load_entry
from contractfuzz.configuration.reading import find_configuration
from contractfuzz.errors import ContractError

OWN = 'contract = "own"\n'
PROJECT = '[tool.contractfuzz]\ncontract = "project"\n'
OTHER = '[project]\nname = "contractfuzz-user"\n'


@pytest.mark.parametrize(
    ("files", "contract"),
    [
        ({}, None),
        ({"contractfuzz.toml": OWN}, "own"),
        ({"pyproject.toml": PROJECT}, "project"),
        ({"pyproject.toml": OTHER}, None),
        ({"pyproject.toml": "broken", "contractfuzz.toml": OWN}, "own"),
        ({"contractfuzz.toml": OWN, "pyproject.toml": PROJECT}, "own"),
        ({"contractfuzz.toml": OWN, "a/pyproject.toml": PROJECT}, "project"),
        ({"contractfuzz.toml": OWN, "a/pyproject.toml": OTHER}, "own"),
        ({"pyproject.toml": PROJECT, "a/b/contractfuzz.toml": OWN}, "own"),
    ],
)
def test_the_nearest_configuration_holds(tmp_path, files, contract):
    (tmp_path / "a" / "b").mkdir(parents=True)
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    assert find_configuration(tmp_path / "a" / "b").contract == contract


def test_a_second_configuration_in_the_same_folder_is_noted(tmp_path, monkeypatch):
    (tmp_path / "contractfuzz.toml").write_text(OWN)
    assert find_configuration(tmp_path).note == ""
    (tmp_path / "pyproject.toml").write_text(PROJECT)
    monkeypatch.chdir(tmp_path)
    assert find_configuration(tmp_path).note == (
        "contractfuzz.toml is used, not [tool.contractfuzz] in pyproject.toml: keep one of them"
    )


def test_paths_are_relative_to_the_file(tmp_path):
    (tmp_path / "contractfuzz.toml").write_text(
        """
        contract = "installed"
        regressions = "kept"
        [contracts]
        order = "../api.yaml#Order"
        [contracts.other]
        document = "other.json"
        components = "parts"
        values = { "/id" = ["1"] }
        [targets.a]
        consumer = "a:b"
        contract = "order"
        components = ["parts", "/absolute"]
        values = "values.json"
        route = "/path"
        must-accept = "*:type.null"
        [targets.b]
        consumer = "a:b"
        contract = "other.json#Order"
        """
    )
    found = find_configuration(tmp_path)
    assert (found.contract, found.regressions) == ("installed", tmp_path / "kept")
    assert found.contracts["order"].document == f"{tmp_path.parent / 'api.yaml'}#Order"
    assert found.contracts["other"].components == (str(tmp_path / "parts"),)
    assert found.contracts["other"].values == {"/id": ["1"]}
    assert found.targets["a"].settings == {
        "contract_name": "order",
        "components": (str(tmp_path / "parts"), "/absolute"),
        "values_file": str(tmp_path / "values.json"),
        "route": "/path",
        "must_accept": ("*:type.null",),
    }
    assert found.targets["b"].settings == {"contract_name": str(tmp_path / "other.json#Order")}


def test_a_contract_has_the_name_and_values_of_the_configuration(tmp_path):
    (tmp_path / "api.json").write_text(
        '{"openapi": "3.1.0", "info": {"title": "x", "version": "1"}, "components": {"schemas": {"Order": '
        '{"type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}}}}'
    )
    (tmp_path / "contractfuzz.toml").write_text(
        '[contracts.my_orders]\ndocument = "api.json#Order"\nvalues = { "/id" = ["first", "second"] }\n'
    )
    contract = load_entry(find_configuration(tmp_path).contracts["my_orders"])
    assert contract.name == "my_orders"
    assert {"first", "second"} <= {case.payload["id"] for case in contract.sample(50)}


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a file without read permission")
def test_a_file_that_cannot_be_read_is_an_error(tmp_path):
    (tmp_path / "contractfuzz.toml").touch(mode=0)
    with pytest.raises(ContractError, match="cannot be read"):
        find_configuration(tmp_path)


@pytest.mark.parametrize(
    "selector",
    ["Order", "GET /orders/{id}", "GET /orders/{id} 200", "/paths/~1orders~1{id}/get/responses/200/content/x"],
)
def test_a_contract_may_be_any_schema_of_a_file(tmp_path, selector):
    schema = {"type": "object", "required": ["id"]}
    media = {"application/json": {"schema": schema}, "x": schema}
    document = {
        "openapi": "3.1.0",
        "paths": {"/orders/{id}": {"get": {"responses": {"200": {"content": media}}}}},
        "components": {"schemas": {"Order": schema}},
    }
    (tmp_path / "api.json").write_text(json.dumps(document))
    (tmp_path / "contractfuzz.toml").write_text(
        f'contract = "orders"\napi = "api.json"\n[contracts]\norders = "api.json#{selector}"\n'
    )
    configuration = find_configuration(tmp_path)
    contract = load_entry(configuration.contracts["orders"])
    assert configuration.api == str(tmp_path / "api.json")
    assert contract.name == "orders"
    assert contract.is_valid({"id": 1})
    assert not contract.is_valid({})
