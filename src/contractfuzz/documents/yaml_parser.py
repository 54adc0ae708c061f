"""YAML as OpenAPI files use it: JSON values in the core schema of YAML 1.2, without octal and hexadecimal numbers."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from typing import Any

from contractfuzz.errors import ContractError

MAX_YAML_VALUES = 1_000_000
"""Maximum number of values in a text, with every alias expanded."""

_SCALARS = (
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")),
    ("float", re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"), list("-+.0123456789")),
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
)
"""Plain scalars that are not strings: the tag, the pattern and the possible first characters."""


class YamlError(Exception):
    """Error for a text that is not YAML, or that has no JSON value. The message gives the reason."""


def parse_yaml(text: str, source: str) -> Any:
    """Return the JSON value of a YAML text.

    Names are strings, also if they look like numbers. Dates and times are strings, as in JSON.

    Args:
        text: the YAML text.
        source: the name of the document in errors.

    Raises:
        ContractError: PyYAML is not installed.
        YamlError: the text is not YAML, has a name twice, or its aliases are endless or stand for more than
            ``MAX_YAML_VALUES`` values.

    """
    try:
        yaml: Any = import_module("yaml")  # an optional dependency
    except ImportError:
        problem = "is YAML, and PyYAML is not installed; install contractfuzz[yaml], or save it as JSON"
        raise ContractError(f"{source}: {problem}") from None
    try:
        value = yaml.load(text, _make_loader(yaml))
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError) as error:
        # PyYAML's constructors raise the built-in errors for a tag that does not fit its value.
        raise YamlError(" ".join(str(error).split())) from None
    except RecursionError:
        raise YamlError("it is nested too deep") from None
    if _count_values(value, {}) > MAX_YAML_VALUES:
        raise YamlError(f"its aliases stand for more than {MAX_YAML_VALUES:,} values")
    return value


def _make_loader(yaml: Any) -> Any:
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc, valid-type]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as in the base class

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
            counts = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            if duplicate := next((name for name, count in counts.items() if count > 1 and name != "<<"), None):
                raise yaml.constructor.ConstructorError(None, None, f"{duplicate!r} is there twice", node.start_mark)
            self.flatten_mapping(node)  # puts merged pairs first, so that the mapping's own pairs override them
            mapping: dict[str, Any] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a name is not a string", key.start_mark)
                mapping[key.value] = self.construct_object(value, deep=deep)
            return mapping

    for tag, pattern, first in _SCALARS:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{tag}", pattern, first)
    Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
    Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
    return Loader


def _count_values(value: Any, counts: dict[int, int | None]) -> int:
    """Return the number of values in a value.

    Args:
        value: the value.
        counts: the counts by ``id`` of containers, which aliases share; None while a container is being counted.

    """
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in counts:
        counts[id(value)] = None
        children = value.values() if isinstance(value, dict) else value
        try:
            counts[id(value)] = 1 + sum(_count_values(child, counts) for child in children)
        except RecursionError:
            raise YamlError("it is nested too deep") from None
    count = counts[id(value)]
    if count is None:
        raise YamlError("an alias contains itself")
    return count
