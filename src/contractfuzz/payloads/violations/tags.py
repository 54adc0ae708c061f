"""Faults of unions: a tag that selects no branch, the content of another branch under a tag, a wrong type next to ``null``."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from contractfuzz.json_values import canonical, copy_json
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.plan.alternatives import OneOfValues, after_bytes
from contractfuzz.payloads.plan.guards import Branches
from contractfuzz.payloads.plan.node import FaultBuilder, Node
from contractfuzz.payloads.violations.enums import enum_faults
from contractfuzz.payloads.violations.fault import Derived, Fault
from contractfuzz.payloads.violations.types import type_faults
from contractfuzz.unions.branch import Branch
from contractfuzz.unions.union import TAG, Tag, Union

MAX_OTHER_BODIES = 4
"""Number of other branches whose contents are put under the tag of a branch."""


def union_faults(node: Branches) -> Iterator[Fault]:
    """Yield the faults of a union that are not inside one of its branches."""
    if node.union is None:
        return
    if node.union.optional is not None:
        yield from _optional_type_faults(node, node.union.optional)
        return
    for tag, indices in node.union.tags():
        objects = [(child, branch) for child, branch in node.listed_branches() if branch.index in indices]
        objects = [(child, branch) for child, branch in objects if child.types == {"object"}]
        if objects:
            yield from _tag_faults(node, tag, objects)
            yield from _other_bodies(node.union, tag, objects)


# --- tags ------------------------------------------------------------------------------------------------------------------


def _tag_faults(node: Branches, tag: Tag, objects: Sequence[tuple[Node, Branch]]) -> Iterator[Fault]:
    """Yield the faults of the tag itself, unless the keywords next to the branches describe it."""
    suffix = (tag.name,)
    nodes = [child for child, _ in objects]
    if tag.name not in node.base.names:
        for fault in enum_faults(_Listed(tag.values)):
            words = fault.description.replace("the list", "the list of tags")
            yield Fault(TAG, fault.variant, words, _with_tag(node, nodes, tag.name, fault.build), suffix)
    if tag.name not in node.base.required and not tag.optional:
        words = f"the tag {tag.name!r}, which selects the branch, is missing"
        yield Fault(TAG, "missing", words, _with_tag(node, nodes, tag.name, None))


class _Listed(Node):
    """Values of a tag, as the faults of ``enum`` need them."""

    def __init__(self, values: Sequence[Any]) -> None:
        super().__init__({"enum": list(values)})


def _with_tag(node: Branches, nodes: Sequence[Node], name: str, build_tag: FaultBuilder | None) -> FaultBuilder:
    """Build an object of one of some branches with another tag, or without one."""
    width = node.selector_width

    def build(choices: Choices, block: bytes, at: int) -> Any:
        index = int.from_bytes(block[at : at + width]) * len(nodes) >> 8 * width
        payload = nodes[index].build(choices, block, at + width)
        if build_tag is None:
            return {key: value for key, value in payload.items() if key != name}
        return {**payload, name: build_tag(choices, block, at)}

    def change(payload: dict[str, Any], choices: Choices, block: bytes, at: int) -> Any:
        if build_tag is None:
            return {key: value for key, value in payload.items() if key != name}
        if isinstance(build_tag, Derived) and name in payload:
            return {**payload, name: build_tag.change_value(payload[name], choices, block)}
        return {**payload, name: build_tag(choices, block, at)}

    return Derived(frozenset(["object"]), build, change)


def _other_bodies(union: Union, tag: Tag, objects: Sequence[tuple[Node, Branch]]) -> Iterator[Fault]:
    """Yield a fault for each branch that can have the content of another branch under its tag."""
    bodies = {branch.index: _body(union.branches[branch.index], branch, tag.name) for _, branch in objects}
    for position, (_, branch) in enumerate(objects):
        tags = union.facts[branch.index].tags.get(tag.name, {})
        later = [*objects[position + 1 :], *objects[:position]]
        others = [
            child
            for child, other in later[: 8 * MAX_OTHER_BODIES]
            if bodies[other.index] != bodies[branch.index]
            and tags.keys().isdisjoint(union.facts[other.index].tags.get(tag.name, {}))
        ]
        if others and tags and branch.is_certain:
            values = list(tags.values())
            words = f"the tag {canonical(values[0])} with the content of another branch"
            yield Fault(TAG, "other", words, _other_body(others[:MAX_OTHER_BODIES], tag.name, values[0]), branch=branch)


def _body(schema: Any, branch: Branch, name: str) -> str:
    """Return a text that is equal for branches that differ in their tag only."""
    if not isinstance(schema, Mapping) or not isinstance(schema.get("properties"), Mapping):
        return f"{branch.index}"
    properties = {key: inner for key, inner in schema["properties"].items() if key != name}
    return canonical({**schema, "properties": properties, "title": None, "description": None})


def _other_body(others: Sequence[Node], name: str, value: Any) -> FaultBuilder:
    def build(choices: Choices, _block: bytes, _at: int) -> Any:
        child = others[choices.index(len(others))] if len(others) > 1 else others[0]
        payload: Any = choices.build(child)
        return {**payload, name: copy_json(value)}

    # The payload of another branch gets the tag of this one.
    change = lambda payload, _choices, _block, _at: {**payload, name: copy_json(value)}  # noqa: E731
    return Derived(frozenset(["object"]), build, change)


# --- types next to null ----------------------------------------------------------------------------------------------------


class _OrNull(Node):
    """The values of a branch next to ``null``, as the faults of ``type`` need them."""

    def __init__(self, child: Node, offset: int) -> None:
        types = child.schema["type"]
        super().__init__({**child.schema, "type": [*([types] if isinstance(types, str) else types), "null"]})
        self._child, self._offset = child, offset

    def for_type(self, name: str) -> tuple[Node, int] | None:
        return (OneOfValues({}, [None]), 0) if name == "null" else after_bytes(self._offset, self._child.for_type(name))


def _optional_type_faults(node: Branches, index: int) -> Iterator[Fault]:
    child = next((child for child, branch in node.listed_branches() if branch.index == index), None)
    if child is not None and "type" in child.schema:
        yield from type_faults(_OrNull(child, node.selector_width))
