"""Mutants of the reader of a tree of categories."""

from __future__ import annotations

from typing import Any

from mutants.mutant import GONE, Subject, mutants
from mutants.readers import category_tree

DOCUMENT: dict[str, Any] = {
    "$schema": "https://json-schema.org/draft/2020-12/schema",
    "type": "object",
    "properties": {
        "root": {"anyOf": [{"$ref": "#/$defs/Category"}, {"type": "null"}]},
        "total": {"type": "integer", "minimum": 0},
        "kind": {"const": "tree"},
    },
    "required": ["root", "total", "kind"],
    "$defs": {
        "Category": {
            "type": "object",
            "properties": {
                "id": {"type": "integer", "minimum": 1},
                "name": {"type": "string", "minLength": 1, "maxLength": 30},
                "children": {"type": "array", "items": {"$ref": "#/$defs/Category"}, "maxItems": 4},
                "cover": {"anyOf": [{"$ref": "#/$defs/Picture"}, {"type": "null"}]},
                "successor": {"anyOf": [{"$ref": "#/$defs/Category"}, {"type": "null"}], "default": None},
                "price": {"oneOf": [{"$ref": "#/$defs/Net"}, {"$ref": "#/$defs/Gross"}]},
            },
            "required": ["id", "name", "children", "cover"],
            "additionalProperties": False,
        },
        "Picture": {
            "type": "object",
            "properties": {
                "path": {"type": "string", "pattern": r"^/img/[a-z0-9_-]+\.(png|jpe?g)$"},
                "width": {"type": "integer", "minimum": 1, "maximum": 4096},
                "thumbnail": {"anyOf": [{"$ref": "#/$defs/Picture"}, {"type": "null"}]},
            },
            "required": ["path", "width"],
        },
        "Net": {"type": "object", "properties": {"net": {"type": "number", "minimum": 0}}, "required": ["net"]},
        "Gross": {"type": "object", "properties": {"gross": {"type": "number", "minimum": 0}}, "required": ["gross"]},
    },
}


def _category(number: int, **members: Any) -> dict[str, Any]:
    return {"id": number, "name": f"c{number}", "children": [], "cover": None, **members}


PICTURE: dict[str, Any] = {"path": "/img/a.png", "width": 8, "thumbnail": {"path": "/img/b.jpg", "width": 4}}
TREE: dict[str, Any] = {
    "root": _category(
        1,
        children=[_category(2, children=[_category(3)]), _category(4, cover=PICTURE)],
        cover=PICTURE,
        successor=_category(5),
        price={"net": 1.5},
    ),
    "total": 4,
    "kind": "tree",
}

# fmt: off
ROWS = [
    ("root: never null", "None if root is None else", "", {"/root": None}),
    ("root: may be missing", 'required(payload, "root")', 'payload.get("root")', {"/root": GONE}),
    ("root: an empty object is none", "None if root is None else", "None if not root else", {"/root": {}}),
    ("root: used without a check for null", "root = required(payload, \"root\")", "root = required(payload, \"root\")\n    root['id']", {"/root": None}),
    ("total: the number of children", 'checks.integer(required(payload, "total"), 0)', 'checks.integer(required(payload, "total"), 0) // len(payload["root"]["children"] if root else "x")', {"/root/children": []}),
    ("total: true", "checks.integer(required(payload", "careless.boolean_integer(required(payload", {"/total": True}),
    ("total: in 32 bits", "checks.integer(required(payload", "careless.int_32(required(payload", {"/total": 2**31}),
    ("total: null", "checks.integer(required(payload", "careless.nullable_integer(required(payload", {"/total": None}),
    ("kind: not checked", 'checks.one_of(required(payload, "kind"), ("tree",))', 'required(payload, "kind")', {"/kind": "x"}),
    ("kind: may be missing", 'required(payload, "kind")', 'payload.get("kind", "tree")', {"/kind": GONE}),
    ("kind: in any letter case", "checks.one_of(", "careless.lower_one_of(", {"/kind": "Tree"}),
    ("kind: its start", "checks.one_of(", "careless.prefix_of(", {"/kind": ""}),
    # categories
    ("category: others allowed", "checks.no_other(value, ", "checks.no_other({}, ", {"/root/x": 1}),
    ("category: not an object", "    checks.record(value)\n    checks.no_other", "    checks.no_other", {"/root": 1}),
    ("category: a list of pairs", "    checks.record(value)\n    checks.no_other", "    value = careless.pairs_or_record(value)\n    checks.no_other", {"/root": [["id", 1], ["name", "a"], ["children", []], ["cover", None]]}),
    ("id: KeyError", 'required(value, "id")', 'value["id"]', {"/root/id": GONE}),
    ("id: zero", '"id"), 1)', '"id"), 0)', {"/root/id": 0}),
    ("id: below zero allowed", '"id"), 1)', '"id"))', {"/root/id": -5}),
    ("id: a string", 'checks.integer(required(value, "id")', 'careless.digits_integer(required(value, "id")', {"/root/id": "1"}),
    ("id: cut", 'checks.integer(required(value, "id")', 'careless.cut_integer(required(value, "id")', {"/root/id": 1.5}),
    ("id: exact as a double", 'checks.integer(required(value, "id")', 'careless.int_53(required(value, "id")', {"/root/id": 2**53}),
    ("name: empty", '"name"), 1, 30)', '"name"), 0, 30)', {"/root/name": ""}),
    ("name: 31 long", '"name"), 1, 30)', '"name"), 1, 31)', {"/root/name": "x" * 31}),
    ("name: 30 long refused", '"name"), 1, 30)', '"name"), 1, 29)', {"/root/name": "x" * 30}),
    ("name: in bytes", "checks.text(", "careless.bytes_text(", {"/root/name": "é" * 30}),
    ("name: in UTF-16", "checks.text(", "careless.utf_16_text(", {"/root/name": "👍" * 30}),
    ("name: stripped", "checks.text(", "careless.stripped_text(", {"/root/name": " "}),
    ("name: a null one is empty", "checks.text(", "careless.text_or_null(", {"/root/name": None}),
    ("name: unchecked", "checks.text(", "careless.unchecked_text(", {"/root/name": ["a"]}),
    ("children: may be missing", 'required(value, "children")', 'value.get("children", [])', {"/root/children": GONE}),
    ("children: null", "checks.items(", "careless.items_or_null(", {"/root/children": None}),
    ("children: one child", "checks.items(", "careless.items_or_one(", {"/root/children": TREE["root"]["children"][0]}),
    ("children: five", "0, 4)", "0, 5)", {"/root/children": [_category(9)] * 5}),
    ("children: four refused", "0, 4)", "0, 3)", {"/root/children": [_category(9)] * 4}),
    ("children: at least one", "0, 4)", "1, 4)", {"/root/children": []}),
    ("children: not read", "[read_category(child) for child in children]", "children", {"/root/children/0": 1}),
    ("children: the first read", "for child in children]", "for child in children[:1]]", {"/root/children/1": 1}),
    ("children: null ones skipped", "for child in children]", "for child in children if child is not None]", {"/root/children/1": None}),
    ("children: shallow", "read_category(child) for child in children", "checks.record(child) for child in children", {"/root/children/0/id": "x"}),
    ("children: strings are leaves", "read_category(child) for child in children", "read_category(child) if type(child) is not str else child for child in children", {"/root/children/0": "a"}),
    ("cover: may be missing", 'required(value, "cover")', 'value.get("cover")', {"/root/cover": GONE}),
    ("cover: never null", "None if cover is None else", "", {"/root/cover": None}),
    ("cover: not read", "None if cover is None else read_picture(cover)", "cover", {"/root/cover": 1}),
    ("cover: an object is enough", "read_picture(cover)", "checks.record(cover)", {"/root/cover": {}}),
    ("cover: a path", "read_picture(cover)", "cover if type(cover) is str else read_picture(cover)", {"/root/cover": "/img/a.png"}),
    ("cover: false is none", "None if cover is None else", "None if not cover else", {"/root/cover": False}),
    ("successor: required", 'value.get("successor")', 'required(value, "successor")', {"/root/successor": GONE}),
    ("successor: KeyError", 'value.get("successor")', 'value["successor"]', {"/root/successor": GONE}),
    ("successor: not read", "None if successor is None else read_category(successor)", "successor", {"/root/successor": 1}),
    ("successor: has none itself", "read_category(successor)", "read_category(checks.record(successor) | {'successor': None})", {"/root/successor/successor": 1}),
    # pictures
    ("picture: path not anchored", "checks.matching(", "careless.searched(", {"/root/cover/path": "x/img/a.png"}),
    ("picture: path with a line feed", "checks.matching(", "careless.dollar_matched(", {"/root/cover/path": "/img/a.png\n"}),
    ("picture: path in upper case", "checks.matching(", "careless.case_matched(", {"/root/cover/path": "/img/A.PNG"}),
    ("picture: any character for the point", r"]+\.(", "]+.(", {"/root/cover/path": "/img/a_png"}),
    ("picture: jpeg forgotten", "jpe?g", "jpg", {"/root/cover/path": "/img/a.jpeg"}),
    ("picture: jpg forgotten", "jpe?g", "jpeg", {"/root/cover/path": "/img/a.jpg"}),
    ("picture: png only", "(png|jpe?g)", "png", {"/root/cover/path": "/img/a.jpg"}),
    ("picture: no hyphen in the name", "[a-z0-9_-]", "[a-z0-9_]", {"/root/cover/path": "/img/a-b.png"}),
    ("picture: no digit in the name", "[a-z0-9_-]", "[a-z_-]", {"/root/cover/path": "/img/a1.png"}),
    ("picture: an empty name", "[a-z0-9_-]+", "[a-z0-9_-]*", {"/root/cover/path": "/img/.png"}),
    ("picture: path may be missing", 'required(value, "path")', 'value.get("path", "/img/a.png")', {"/root/cover/path": GONE}),
    ("picture: width zero", "1, 4096)", "0, 4096)", {"/root/cover/width": 0}),
    ("picture: width 4097", "1, 4096)", "1, 4097)", {"/root/cover/width": 4097}),
    ("picture: width 4096 refused", "1, 4096)", "1, 4095)", {"/root/cover/width": 4096}),
    ("picture: width KeyError", 'required(value, "width")', 'value["width"]', {"/root/cover/width": GONE}),
    ("picture: width of a thumbnail", 'required(value, "width")', 'value.get("width", 1 if "thumbnail" not in value else None)', {"/root/cover/thumbnail/width": GONE}),
    ("thumbnail: never null", "None if thumbnail is None else read_picture(thumbnail)", 'read_picture(thumbnail) if "thumbnail" in value else None', {"/root/cover/thumbnail": None}),
    ("thumbnail: required", 'value.get("thumbnail")', 'required(value, "thumbnail")', {"/root/cover/thumbnail": GONE}),
    ("thumbnail: not read", "None if thumbnail is None else read_picture(thumbnail)", "thumbnail", {"/root/cover/thumbnail": 1}),
    ("thumbnail: has none itself", "read_picture(thumbnail)", "read_picture(checks.record(thumbnail) | {'thumbnail': None})", {"/root/cover/thumbnail/thumbnail": 1}),
    # prices
    ("price: net and gross", 'if ("net" in value) == ("gross" in value):', 'if "net" not in value and "gross" not in value:', {"/root/price/gross": 1}),
    ("price: neither", 'if ("net" in value) == ("gross" in value):', 'if "net" in value and "gross" in value:', {"/root/price": {}}),
    ("price: net only", '"net" if "net" in value else "gross"', '"net"', {"/root/price": {"gross": 1}}),
    ("price: null", '"price" in value else', 'value.get("price") is not None else', {"/root/price": None}),
    ("price: a bare number", "def read_price(value: Any) -> dict[str, Any]:\n", "def read_price(value: Any) -> dict[str, Any]:\n    value = {'net': value} if type(value) is float else value\n", {"/root/price": 1.5}),
    ("price: below zero", "checks.number(value[name], 0)", "checks.number(value[name])", {"/root/price/net": -1}),
    ("price: zero refused", "checks.number(", "careless.truthy_number(", {"/root/price/net": 0}),
    ("price: a string", "checks.number(", "careless.read_number(", {"/root/price/net": "1"}),
    ("price: integers refused", "checks.number(", "careless.float_only(", {"/root/price/net": 1}),
    ("price: fractions refused", "checks.number(", "careless.integer_only(", {"/root/price/net": 0.5}),
    ("price: split at the point", "checks.number(", "careless.pointed_number(", {"/root/price/net": 1e300}),
]
# fmt: on

SUBJECT = Subject("category_tree", DOCUMENT, category_tree, tuple(mutants(TREE, ROWS)))
