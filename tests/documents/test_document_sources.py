"""Where documents come from: paths, dicts and folders."""

import copy
import json

import pytest

from contractfuzz import Contract

POINT = {"name": "Point", "type": "object", "properties": {"x": {"type": "int32"}}, "required": ["x"]}
LINE = {
    "name": "Line",
    "type": "object",
    "properties": {
        "from": {"$ref": "#/components/schemas/Point"},
        "to": {"$ref": "#/components/schemas/Point"},
    },
}


@pytest.fixture
def folder(tmp_path):
    for content in (POINT, LINE):
        (tmp_path / f"{content['name'].lower()}.structure.json").write_text(json.dumps(content))
    return tmp_path


def test_a_path_a_string_and_a_dict_load_alike(folder):
    path = folder / "point.structure.json"
    assert Contract.load(path).schema == Contract.load(str(path)).schema == Contract.load(POINT).schema


def test_components_may_be_a_dict_a_file_or_a_folder(folder):
    expected = Contract.load(LINE, components=[POINT]).schema
    assert expected["$defs"]["Point"]["required"] == ["x"]
    assert Contract.load(LINE, components=[folder / "point.structure.json"]).schema == expected
    assert Contract.load(LINE, components=[folder]).schema == expected


@pytest.mark.parametrize("how", ["dict", "path", "str"])
def test_a_single_component_needs_no_list(folder, how):
    component = {"dict": POINT, "path": folder, "str": str(folder)}[how]
    assert "Point" in Contract.load(LINE, components=component).schema["$defs"]


def test_a_document_may_lie_among_its_components(folder):
    contract = Contract.load(folder / "line.structure.json", components=[folder])
    assert contract.schema == Contract.load(LINE, components=[POINT]).schema


def test_of_a_folder_only_json_files_are_read(folder):
    (folder / "notes.txt").write_text("not JSON")
    (folder / "inner").mkdir()
    (folder / "inner" / "more.json").write_text("not JSON")
    assert Contract.load(LINE, components=[folder])


def test_components_that_nothing_refers_to_need_not_make_sense(folder):
    (folder / "package.json").write_text('{"$schema": "https://example.org/package", "type": "module"}')
    assert Contract.load(LINE, components=[folder])


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(json.dumps(POINT), encoding="utf-8-sig")
    assert Contract.load(path).schema == Contract.load(POINT).schema


def test_a_dict_is_left_as_it_is_and_shares_nothing_with_the_contract():
    document = copy.deepcopy({**POINT, "properties": {"x": {"type": "int32", "enum": [1, 2], "default": {"deep": []}}}})
    before = copy.deepcopy(document)
    contract = Contract.load(document)
    contract.schema["properties"]["x"]["enum"].append(3)
    contract.schema["properties"]["x"]["default"]["deep"].append(3)
    assert document == before


@pytest.mark.parametrize(
    ("content", "name"),
    [
        pytest.param({"name": "Point", "title": "A point", "type": "string"}, "Point", id="name"),
        pytest.param({"title": "A point", "type": "string"}, "A point", id="title"),
        pytest.param({"type": "string"}, "spot", id="file"),
    ],
)
def test_a_contract_is_called_what_its_document_says_or_else_as_the_file(tmp_path, content, name):
    path = tmp_path / "spot.structure.json"
    path.write_text(json.dumps(content))
    contract = Contract.load(path)
    assert contract.name == contract.schema["title"] == name


def test_a_given_name_wins():
    contract = Contract.load(POINT, name="spot")
    assert contract.name == contract.schema["title"] == "spot"
