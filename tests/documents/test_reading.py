"""Reading of documents: paths, dicts, folders and pydantic models."""

import copy
import json
import os

import pytest
from systems import needs_endless_file

from contractfuzz import Contract, ContractError
from contractfuzz.documents.reading import MAX_FILE_BYTES, MAX_NESTING

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


def test_the_components_may_include_the_document_itself(folder):
    contract = Contract.load(folder / "line.structure.json", components=[folder])
    assert contract.schema == Contract.load(LINE, components=[POINT]).schema


def test_a_folder_stands_for_the_json_files_directly_in_it(folder):
    (folder / "notes.txt").write_text("not JSON")
    (folder / "inner").mkdir()
    (folder / "inner" / "more.json").write_text("not JSON")
    assert Contract.load(LINE, components=[folder])


def test_unused_components_may_be_invalid(folder):
    (folder / "package.json").write_text('{"$schema": "https://example.org/package", "type": "module"}')
    assert Contract.load(LINE, components=[folder])


def test_a_file_may_begin_with_a_byte_order_mark(tmp_path):
    path = tmp_path / "point.json"
    path.write_text(json.dumps(POINT), encoding="utf-8-sig")
    assert Contract.load(path).schema == Contract.load(POINT).schema


def test_a_dict_is_not_changed_and_shares_nothing_with_the_contract():
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
def test_the_name_of_a_contract_is_that_of_its_document_or_else_of_its_file(tmp_path, content, name):
    path = tmp_path / "spot.structure.json"
    path.write_text(json.dumps(content))
    contract = Contract.load(path)
    assert contract.name == contract.schema["title"] == name


def test_a_given_name_takes_precedence():
    contract = Contract.load(POINT, name="spot")
    assert contract.name == contract.schema["title"] == "spot"


# --- files without a document -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("content", "problem"),
    [
        pytest.param(b"", "is empty; it must hold a JSON object", id="empty"),
        pytest.param(b" \r\n\t", "is empty; it must hold a JSON object", id="white space"),
        pytest.param(b'{\n"type": }', "is not JSON, line 2 column 9: Expecting value; correct it there", id="not JSON"),
        pytest.param(b"openapi: 3.0.0\n", "is not JSON, line 1 column 1", id="YAML"),
        pytest.param(b'{"a": 1} {"b": 2}', "is not JSON, line 1 column 10: Extra data", id="two documents"),
        pytest.param(b'{"type": "string"', "is not JSON, line 1 column 18", id="cut off"),
        pytest.param(b'{"title": "\xff"}', "is not UTF-8 (byte 11); save it as UTF-8", id="bad UTF-8"),
        pytest.param('{"title": "ü"}'.encode("utf-16"), "is not UTF-8 (byte 0)", id="UTF-16"),
        pytest.param(b"[]", "must be a JSON object at its root, not []; give the document itself", id="array"),
        pytest.param(b'"x"', 'must be a JSON object at its root, not "x"', id="string"),
        pytest.param(b"null", "must be a JSON object at its root, not null", id="null"),
        pytest.param(b"false", "`false` allows no payload; give a schema that allows one", id="false"),
        pytest.param(b"[" * 100_000, "is nested too deep; at most 64", id="100,000 open brackets"),
        pytest.param(b'{"not":' * 100_000 + b"{}" + b"}" * 100_000, "is nested too deep", id="100,000 deep"),
        pytest.param(b'{"a": ' + b"9" * 5000 + b"}", "has a number that cannot be read", id="5,000 digits"),
    ],
)
def test_a_file_without_a_json_object_is_an_error(tmp_path, load_error, content, problem):
    path = tmp_path / "contract.json"
    path.write_bytes(content)
    assert load_error(path).startswith(f"{path}: {problem}")


@pytest.mark.parametrize(
    ("content", "pointer", "problem"),
    [
        (
            b'{"properties": {"a": {}, "b": {}, "a": {}}}',
            "/properties",
            'has the name "a" twice; delete one of the two',
        ),
        (b'{"default": [1, NaN]}', "/default/1", "nan is not a JSON number; write a finite one"),
        (b'{"default": -1e400}', "/default", "-inf is not a JSON number; write a finite one"),
        (b'{"const": 1' + b"0" * 400 + b"}", "/const", "the number is too large for a double; write a smaller one"),
        (b'{"title": "\\ud83d"}', "/title", '"\\ud83d" has half a surrogate pair; write the whole character'),
        (b'{"allOf": [{"\\udc00": 1}]}', "/allOf/0", '"\\udc00" has half a surrogate pair'),
    ],
)
def test_a_file_with_values_that_json_readers_treat_differently_is_an_error(
    tmp_path, load_error, content, pointer, problem
):
    path = tmp_path / "contract.json"
    path.write_bytes(content)
    assert load_error(path).startswith(f"{path} at {pointer}: {problem}")


def test_a_missing_file_is_an_error(tmp_path, load_error):
    path = tmp_path / "contract.json"
    assert load_error(path) == f"{path}: cannot be read (No such file or directory); name a file that can be read"


def test_a_path_through_a_file_is_an_error(tmp_path, load_error):
    (tmp_path / "contract.json").write_text("{}")
    assert "cannot be read (Not a directory)" in load_error(tmp_path / "contract.json" / "more.json")


@pytest.mark.skipif(os.name != "posix" or os.geteuid() == 0, reason="needs a file without read permission")
def test_a_file_without_read_permission_is_an_error(tmp_path, load_error):
    path = tmp_path / "contract.json"
    path.touch(mode=0o000)
    assert "cannot be read (Permission denied)" in load_error(path)


def test_a_folder_in_place_of_the_document_is_an_error(tmp_path, load_error):
    assert load_error(tmp_path) == f"{tmp_path}: is a folder; name one file in it, and give the folder as components"


def test_a_folder_without_components_is_an_error(tmp_path, load_error):
    assert load_error({}, tmp_path) == f"{tmp_path}: has no *.json file; name the folder that holds the components"


def test_a_missing_component_is_an_error(tmp_path, load_error):
    assert "cannot be read" in load_error({}, [tmp_path / "missing.json"])


@pytest.mark.parametrize("size", [MAX_FILE_BYTES + 1, 50 * 2**20])
def test_a_file_that_is_too_large_is_an_error(tmp_path, load_error, size):
    path = tmp_path / "contract.json"
    with path.open("wb") as file:
        file.truncate(size)
    problem = f"is too large, {size:,} bytes of at most {MAX_FILE_BYTES:,}; give the document of one contract"
    assert load_error(path) == f"{path}: {problem}"


@needs_endless_file
def test_an_endless_file_is_an_error(load_error):
    assert "is too large" in load_error("/dev/zero")


def test_a_url_is_not_fetched(load_error):
    message = load_error("https://example.org/contract.json")
    assert "nothing is fetched: save it and name the file" in message


@pytest.mark.parametrize("path", ["contract\n.json", "contract\0.json", "\x1b[31m.json", "x" * 5000, ""])
def test_the_error_for_an_odd_path_is_one_line(load_error, path):
    assert load_error(path)


# --- values that are not JSON -------------------------------------------------------------------------------------------


@pytest.mark.parametrize("document", [None, 5, ["a.json"], b"contract.json", object()])
def test_a_source_that_is_neither_a_path_nor_a_dict_is_an_error(load_error, document):
    kind = type(document).__name__
    assert load_error(document) == f"document: must be the path of a file or a dict, not {kind}"


def test_components_that_are_not_a_list_are_an_error(load_error):
    assert load_error({}, 5) == "components: must be files, folders or dicts, not int"


@pytest.mark.parametrize(
    ("document", "problem"),
    [
        ({"const": {1, 2}}, "document at /const: a set is not a JSON value; convert it to one"),
        ({"const": {"a": {1: 2}}}, "document at /const/a: has a name of type int; JSON names are strings"),
        ({"const": float("inf")}, "document at /const: inf is not a JSON number"),
    ],
)
def test_a_dict_that_is_not_json_is_an_error(load_error, document, problem):
    assert load_error(document).startswith(problem)


def test_a_dict_that_contains_itself_is_an_error(load_error):
    document = {}
    document["not"] = document
    assert load_error(document).startswith("document: is nested too deep")


def test_a_dict_may_be_nested_up_to_the_limit(load_error):
    def nested(depth):
        return {"default": nested(depth - 1)} if depth > 1 else {}

    assert load_error(nested(MAX_NESTING + 1))
    with pytest.raises(pytest.fail.Exception):
        load_error(nested(MAX_NESTING))


# --- pydantic -----------------------------------------------------------------------------------------------------------


def test_a_pydantic_model_accepts_the_payloads_of_its_own_contract():
    pydantic = pytest.importorskip("pydantic")

    class Part(pydantic.BaseModel):
        code: int

    class Order(pydantic.BaseModel):
        state: str = pydantic.Field(max_length=5)
        parts: list[Part]

    contract = Contract.load(Order)
    assert contract.name == "Order"
    for case in contract.sample(50):
        Order.model_validate(case.payload)
    assert not contract.is_valid({"state": "x", "parts": [{}]})


def test_a_class_that_is_not_a_model_is_an_error():
    with pytest.raises(
        ContractError, match="must be the path of a file, a dict or a pydantic model, not the class int"
    ):
        Contract.load(int)


def test_a_model_that_generates_no_schema_is_an_error_with_the_reason():
    class Odd:
        @classmethod
        def model_json_schema(cls):
            raise TypeError("no\nway")

    with pytest.raises(ContractError, match="Odd: generates no JSON Schema: no; change the model or pass a schema"):
        Contract.load(Odd)


def test_true_is_a_document_that_allows_every_payload(tmp_path):
    (tmp_path / "any.json").write_text("true")
    for source in (True, tmp_path / "any.json"):
        contract = Contract.load(source)
        payloads = [case.payload for case in contract.sample(20)]
        assert len({type(payload) for payload in payloads}) > 3
        assert all(map(contract.is_valid, payloads))


def test_a_component_may_be_true_or_false(tmp_path):
    (tmp_path / "no.json").write_text("false")
    (tmp_path / "any.json").write_text("true")
    path = tmp_path / "it.json"
    path.write_text('{"properties": {"a": {"$ref": "any.json"}, "b": {"$ref": "no.json"}}}')
    contract = Contract.load(path, tmp_path)
    assert contract.is_valid({"a": 1})
    assert not contract.is_valid({"b": 1})
