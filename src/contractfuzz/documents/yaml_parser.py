"""YAML as OpenAPI files use it: the values of JSON, by the core schema of YAML 1.2 without its other spellings of numbers."""

from __future__ import annotations

import re
from collections import Counter
from importlib import import_module
from typing import Any

from contractfuzz.errors import ContractError

LARGEST = 1_000_000
"""How many values a text may stand for, with every alias written out."""

_RESOLVED = (
    ("bool", re.compile(r"^(?:true|True|TRUE|false|False|FALSE)$"), list("tTfF")),
    ("int", re.compile(r"^[-+]?[0-9]+$"), list("-+0123456789")),
    ("float", re.compile(r"^[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?$"), list("-+.0123456789")),
    ("null", re.compile(r"^(?:~|null|Null|NULL|)$"), ["~", "n", "N", ""]),
)


class YamlError(Exception):
    """A text is no YAML that stands for a JSON value; the message says why."""


def parse_yaml(text: str, source: str) -> Any:
    """Return the JSON value that a YAML text stands for.

    Names are strings, whatever they look like. Dates and times stay the strings that JSON would have.

    Raises:
        ContractError: there is no PyYAML.
        YamlError: the text is no YAML, says a name twice, or its aliases make it endless or too large.

    """
    try:
        yaml: Any = import_module("yaml")
    except ImportError:
        problem = "is YAML, and PyYAML is not installed; install contractfuzz[yaml], or save it as JSON"
        raise ContractError(f"{source}: {problem}") from None
    try:
        value = yaml.load(text, _loader(yaml))
    except (yaml.YAMLError, ValueError, LookupError, TypeError, AttributeError) as error:
        # The others are what the library's own constructors raise for a tag that does not fit its value.
        raise YamlError(" ".join(str(error).split())) from None
    except RecursionError:
        raise YamlError("it is nested too deep") from None
    if _size(value, {}) > LARGEST:
        raise YamlError(f"its aliases stand for more than {LARGEST:,} values")
    return value


def _loader(yaml: Any) -> Any:
    base = getattr(yaml, "CSafeLoader", yaml.SafeLoader)

    class Loader(base):  # type: ignore[misc, valid-type]
        yaml_implicit_resolvers: dict[str, Any] = {}  # noqa: RUF012 - as the base has it

        def construct_mapping(self, node: Any, deep: bool = False) -> dict[str, Any]:
            own = Counter(key.value for key, _ in node.value if isinstance(key, yaml.ScalarNode))
            if repeated := next((name for name, times in own.items() if times > 1 and name != "<<"), None):
                raise yaml.constructor.ConstructorError(None, None, f"{repeated!r} is there twice", node.start_mark)
            self.flatten_mapping(node)  # puts what is merged in front, so that its own values have the last word
            mapping: dict[str, Any] = {}
            for key, value in node.value:
                if not isinstance(key, yaml.ScalarNode):
                    raise yaml.constructor.ConstructorError(None, None, "a name is no string", key.start_mark)
                mapping[key.value] = self.construct_object(value, deep=deep)
            return mapping

    for name, pattern, first in _RESOLVED:
        Loader.add_implicit_resolver(f"tag:yaml.org,2002:{name}", pattern, first)
    Loader.add_constructor("tag:yaml.org,2002:int", lambda loader, node: int(loader.construct_scalar(node)))
    Loader.add_implicit_resolver("tag:yaml.org,2002:merge", re.compile("^<<$"), ["<"])
    return Loader


def _size(value: Any, known: dict[int, int | None]) -> int:
    """Count the values within a value; known are those that aliases share, None while they are being counted."""
    if not isinstance(value, dict | list):
        return 1
    if id(value) not in known:
        known[id(value)] = None
        within = value.values() if isinstance(value, dict) else value
        try:
            known[id(value)] = 1 + sum(_size(child, known) for child in within)
        except RecursionError:
            raise YamlError("it is nested too deep") from None
    size = known[id(value)]
    if size is None:
        raise YamlError("an alias holds itself")
    return size
