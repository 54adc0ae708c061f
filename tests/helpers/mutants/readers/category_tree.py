"""Reader of a tree of categories, with pictures that have thumbnails."""

from __future__ import annotations

from typing import Any

from mutants import checks
from mutants.checks import required


def read_picture(value: Any) -> dict[str, Any]:
    checks.record(value)
    thumbnail = value.get("thumbnail")
    return {
        "path": checks.matching(required(value, "path"), r"/img/[a-z0-9_-]+\.(png|jpe?g)"),
        "width": checks.integer(required(value, "width"), 1, 4096),
        "thumbnail": None if thumbnail is None else read_picture(thumbnail),
    }


def read_price(value: Any) -> dict[str, Any]:
    checks.record(value)
    if ("net" in value) == ("gross" in value):
        raise ValueError("a price is net or gross")
    name = "net" if "net" in value else "gross"
    return {name: checks.number(value[name], 0)}


def read_category(value: Any) -> dict[str, Any]:
    checks.record(value)
    checks.no_other(value, ("id", "name", "children", "cover", "successor", "price"))
    children = checks.items(required(value, "children"), 0, 4)
    cover = required(value, "cover")
    successor = value.get("successor")
    return {
        "id": checks.integer(required(value, "id"), 1),
        "name": checks.text(required(value, "name"), 1, 30),
        "children": [read_category(child) for child in children],
        "cover": None if cover is None else read_picture(cover),
        "successor": None if successor is None else read_category(successor),
        "price": read_price(value["price"]) if "price" in value else None,
    }


def read(payload: Any) -> dict[str, Any]:
    checks.record(payload)
    root = required(payload, "root")
    return {
        "root": None if root is None else read_category(root),
        "total": checks.integer(required(payload, "total"), 0),
        "kind": checks.one_of(required(payload, "kind"), ("tree",)),
    }
