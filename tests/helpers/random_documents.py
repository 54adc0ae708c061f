"""Random documents of five drafts of JSON Schema: any keyword next to and inside any other, and payloads for them."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import jsonschema
import jsonschema_rs
from hypothesis import strategies as st
from jsonschema_specifications import REGISTRY

NAMES = ("a", "b", "c", "é", "x/y~z")
TEXTS = ("", "a", "B", "ab", "éa", "xyz", "12", "2024-02-29")
NUMBERS = (0, 1, 2, 3, 5, 10, -1, -4, 0.5, 2.5, 1e3)
SCALARS = (None, True, False, *NUMBERS, *TEXTS)
VALUES = (*SCALARS, [], [1], ["a", None], {}, {"a": 1}, {"b": ["a"]})
PATTERNS = ("^a", "b$", "^[0-9]+$", "x", "^.{2,4}$", "[^a]")
BASE = "https://example.org/"

SCALAR_TYPES = ("null", "boolean", "integer", "number", "string")
TYPES = (*SCALAR_TYPES, "array", "object")

_FORMATS_4 = ("date-time", "email", "hostname", "ipv4", "ipv6", "uri")
_FORMATS_6 = (*_FORMATS_4, "uri-reference", "uri-template", "json-pointer")
_FORMATS_7 = (
    *_FORMATS_6,
    *("date", "time", "idn-email", "idn-hostname", "iri", "iri-reference", "relative-json-pointer", "regex"),
)
_FORMATS_2019_09 = (*_FORMATS_7, "duration", "uuid")


@dataclass(frozen=True)
class DraftUnderTest:
    """A draft of JSON Schema.

    Attributes:
        name: its name.
        uri: its ``$schema``.
        rust: its class in jsonschema-rs.
        python: its class in jsonschema.
        formats: the formats that it defines.

    """

    name: str
    uri: str
    rust: Any
    python: Any
    formats: tuple[str, ...]

    def __str__(self) -> str:
        return self.name

    @property
    def is_modern(self) -> bool:
        """True since 2019-09."""
        return self.name.startswith("20")

    @property
    def id_keyword(self) -> str:
        """The keyword that gives a schema a URI."""
        return "id" if self.name == "draft-04" else "$id"

    @property
    def keywords(self) -> tuple[str, ...]:
        """Every keyword of the draft, as its metaschema and its vocabularies list them."""
        whole = REGISTRY.contents(self.uri.rstrip("#"))
        parts = [whole] + [
            REGISTRY.contents(self.uri.rpartition("/")[0] + "/" + part["$ref"]) for part in whole.get("allOf", ())
        ]
        names = {name for part in parts for name in part["properties"]} | {"$ref"}
        names |= {"writeOnly"} if self.name == "draft-07" else set()  # the published metaschema lacks it
        # The metaschemas since 2019-09 describe these keywords of former drafts, too, which they do not define.
        former = {"definitions", "dependencies"} if self.is_modern else set()
        former |= {"$recursiveRef", "$recursiveAnchor"} if self.name == "2020-12" else set()
        return tuple(sorted(names - former))


DRAFTS = (
    DraftUnderTest(
        "draft-04",
        "http://json-schema.org/draft-04/schema#",
        jsonschema_rs.Draft4Validator,
        jsonschema.Draft4Validator,
        _FORMATS_4,
    ),
    DraftUnderTest(
        "draft-06",
        "http://json-schema.org/draft-06/schema#",
        jsonschema_rs.Draft6Validator,
        jsonschema.Draft6Validator,
        _FORMATS_6,
    ),
    DraftUnderTest(
        "draft-07",
        "http://json-schema.org/draft-07/schema#",
        jsonschema_rs.Draft7Validator,
        jsonschema.Draft7Validator,
        _FORMATS_7,
    ),
    DraftUnderTest(
        "2019-09",
        "https://json-schema.org/draft/2019-09/schema",
        jsonschema_rs.Draft201909Validator,
        jsonschema.Draft201909Validator,
        _FORMATS_2019_09,
    ),
    DraftUnderTest(
        "2020-12",
        "https://json-schema.org/draft/2020-12/schema",
        jsonschema_rs.Draft202012Validator,
        jsonschema.Draft202012Validator,
        _FORMATS_2019_09,
    ),
)

_OF_TYPE = {
    "object": (
        *("properties", "required", "additionalProperties", "patternProperties", "propertyNames", "minProperties"),
        *("maxProperties", "dependencies", "dependentRequired", "dependentSchemas", "unevaluatedProperties"),
    ),
    "array": (
        *("items", "prefixItems", "additionalItems", "minItems", "maxItems", "uniqueItems", "contains", "minContains"),
        *("maxContains", "unevaluatedItems"),
    ),
    "string": (
        *("minLength", "maxLength", "pattern", "format", "contentEncoding", "contentMediaType", "contentSchema"),
    ),
    "number": ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"),
}
_COMPOSITIONS = ("allOf", "anyOf", "oneOf", "not", "if", "then", "else")
_VALUES = ("type", "enum", "const")
_REFERENCES = ("$ref", "$dynamicRef", "$recursiveRef")
_ANNOTATIONS = ("title", "description", "default", "examples", "$comment", "deprecated", "readOnly", "writeOnly")
_OF_DOCUMENT = (
    *("$schema", "$id", "id", "$anchor", "$dynamicAnchor", "$recursiveAnchor", "$vocabulary", "$defs", "definitions"),
)
_TYPE_OF = {keyword: name for name, keywords in _OF_TYPE.items() for keyword in keywords}
_NEEDS = {"then": "if", "else": "if", "minContains": "contains", "maxContains": "contains", "additionalItems": "items"}
_NEEDS |= {"contentSchema": "contentMediaType"}
_IN_ORDER = (("minLength", "maxLength"), ("minItems", "maxItems"), ("minProperties", "maxProperties"))
_IN_ORDER += (("minContains", "maxContains"), ("minimum", "maximum"), ("exclusiveMinimum", "exclusiveMaximum"))

_CHOICES = {
    "type": (*TYPES, ["null", "string"], ["integer", "object"]),
    **dict.fromkeys(("const", "default"), VALUES),
    **dict.fromkeys(("title", "description", "$comment"), TEXTS),
    "pattern": PATTERNS,
    "contentEncoding": ("base64", "base16", "7bit"),
    "contentMediaType": ("application/json", "text/plain"),
    **dict.fromkeys(("minimum", "exclusiveMinimum"), (0, 1, -4, 2.5, -0.5, 3)),
    **dict.fromkeys(("maximum", "exclusiveMaximum"), (3, 5, 10, 7.5, 4, 100)),
    "multipleOf": (1, 2, 3, 0.5, 2.5, 0.1, 0.01),
}
"""Values of keywords that hold no schemas."""


@st.composite
def documents(draw: st.DrawFn, draft: DraftUnderTest, keyword: str) -> dict[str, Any]:
    """Return a strategy of documents of a draft that use a keyword. Most of them have payloads."""
    return _Writer(draw, draft, keyword).document()


class _Writer:
    """Writes one document.

    Args:
        draw: the function that draws from a strategy.
        draft: the draft.
        keyword: the keyword that the document must use.

    """

    def __init__(self, draw: st.DrawFn, draft: DraftUnderTest, keyword: str) -> None:
        self._draw = draw
        self._draft = draft
        self._keyword = keyword
        self._keywords = frozenset(draft.keywords)
        self._targets: list[str] = []  # references that are safe anywhere
        # Few documents are recursive: all their keywords would apply to each other, which takes validators long.
        self._is_recursive = keyword in _REFERENCES or self._chance(15)
        self._inner_targets = ["#"] * self._is_recursive  # safe where it leads deeper into the payload
        self._dynamic = False

    def document(self) -> dict[str, Any]:
        definitions = {}
        wanted = self._keyword in (*_REFERENCES, *_OF_DOCUMENT)
        keyword = "" if self._keyword in _OF_DOCUMENT else self._keyword
        identity = wanted or self._chance(30)
        if self._keyword in ("$dynamicRef", "$dynamicAnchor") or ("$dynamicRef" in self._keywords and self._chance(10)):
            self._dynamic = True
        for index in range(self._number(1 if wanted else 0, 3)):
            name = f"{self._pick(('d', 'n/m', 'p~q', 'r s', '%'))}{index}"
            definitions[name] = self._definition(name, index, has_base=identity)
        schema = self._schema(2, keyword, inside=False)
        root: dict[str, Any] = {"$schema": self._draft.uri}
        if identity:
            root[self._draft.id_keyword] = f"{BASE}root"
        if self._dynamic:
            root["$dynamicAnchor"] = "node"
        if "$recursiveAnchor" in self._keywords and (self._keyword == "$recursiveAnchor" or self._chance(20)):
            root["$recursiveAnchor"] = self._keyword == "$recursiveAnchor" or self._chance(50)
        if "$vocabulary" in self._keywords and self._keyword == "$vocabulary":
            root["$vocabulary"] = {self._draft.uri.replace("schema", "vocab/core"): True}
        if isinstance(schema, bool) or (not self._draft.is_modern and "$ref" in schema):
            schema = {"allOf": [schema]}  # keywords next to a reference have no effect
        schema = root | schema
        if definitions:
            key = "$defs" if "$defs" in self._keywords else "definitions"
            schema[key] = definitions
        return schema

    def _definition(self, name: str, index: int, *, has_base: bool) -> Any:
        escaped = name.replace("~", "~0").replace("/", "~1").replace("%", "%25").replace(" ", "%20")
        pointer = f"#/{'$defs' if '$defs' in self._keywords else 'definitions'}/{escaped}"
        forms = ["plain", "plain", "anchor"] + ["resource"] * has_base
        if self._keyword in ("$anchor", "$id", "id") and index == 0:
            forms = ["anchor"] if self._keyword == "$anchor" else ["resource"]
        form = self._pick(forms)
        if form == "resource":
            return self._resource(f"part{index}")
        schema = self._schema(1, "", inside=False)
        if form == "anchor":
            if isinstance(schema, bool) or (not self._draft.is_modern and "$ref" in schema):
                schema = {"allOf": [schema]}
            schema |= {"$anchor": f"at{index}"} if self._draft.is_modern else {self._draft.id_keyword: f"#at{index}"}
            self._targets.append(f"#at{index}")
        else:
            self._targets.append(pointer)
        return schema

    def _resource(self, uri: str) -> dict[str, Any]:
        """Return a schema with a URI of its own, from which its references start."""
        before = self._targets, self._inner_targets
        self._targets, self._inner_targets = [], ["#"] * self._is_recursive
        inner = {"type": self._pick(TYPES)}
        key = "$defs" if "$defs" in self._keywords else "definitions"
        self._targets.append(f"#/{key}/own")
        schema = self._schema(1, "", inside=False)
        self._targets, self._inner_targets = before
        if isinstance(schema, bool) or (not self._draft.is_modern and "$ref" in schema):
            schema = {"allOf": [schema]}
        resource = {self._draft.id_keyword: uri, **schema, key: {"own": inner}}
        if self._dynamic:
            resource["$dynamicAnchor"] = "node"
        elif "$recursiveAnchor" in self._keywords and self._chance(40):
            resource["$recursiveAnchor"] = self._chance(70)
        self._targets.append(uri)
        self._targets.append(f"{uri}#/{key}/own")
        return resource

    # --- schemas --------------------------------------------------------------------------------------------------------

    def _schema(self, depth: int, keyword: str = "", *, inside: bool = True) -> Any:
        """Return a schema.

        Args:
            depth: the number of levels below it.
            keyword: a keyword that it must use.
            inside: True if it describes only parts of the payload that the document describes.

        """
        if not keyword and self._draft.name != "draft-04" and self._chance(4):
            return self._chance(80)
        is_reference = keyword in _REFERENCES or (not keyword and self._chance(15))
        if is_reference and (reference := self._reference(keyword, inside=inside)):
            return reference
        schema: dict[str, Any] = {}
        chosen = {keyword} if keyword else set()
        kind = self._kind(depth, keyword)
        if kind in _COMPOSITIONS or kind in _VALUES:
            chosen.add(kind)
            kind = self._pick(("", *TYPES)) if kind in _COMPOSITIONS else ""
        if kind:
            self._set_type(schema, kind)
        known = [name for name in _OF_TYPE.get("number" if kind == "integer" else kind, ()) if name in self._keywords]
        if known:
            chosen |= self._draw(st.sets(st.sampled_from(known), max_size=4))
        if depth > 0 and self._chance(15):
            chosen.add(self._pick(_COMPOSITIONS))
        if self._chance(10):
            chosen.add(self._pick(_ANNOTATIONS))
        chosen |= {_NEEDS[name] for name in chosen if name in _NEEDS}
        if self._draft.name == "draft-04":  # where these are flags
            chosen |= {name.removeprefix("exclusive").lower() for name in chosen if name.startswith("exclusive")}
        for name in sorted(chosen & self._keywords):
            schema[name] = self._value(name, depth - 1, schema, inside=inside)
        return _with_ordered_bounds(schema)

    def _kind(self, depth: int, keyword: str) -> str:
        """Return the type that a schema describes, or the keyword that it consists of; empty for any other."""
        if keyword in _TYPE_OF:
            return _TYPE_OF[keyword]
        if keyword in (*_COMPOSITIONS, *_VALUES):
            return self._pick(("", *TYPES))
        if depth > 0:
            return self._pick(("", *_COMPOSITIONS, *TYPES, "object", "object", "array"))
        return self._pick(("", *_VALUES, *TYPES))

    def _set_type(self, schema: dict[str, Any], kind: str) -> None:
        if self._chance(65):
            schema["type"] = kind
        elif self._chance(50):
            schema["type"] = sorted({kind, *self._draw(st.sets(st.sampled_from(TYPES), min_size=1, max_size=2))})

    def _reference(self, keyword: str, *, inside: bool) -> dict[str, Any]:
        targets = self._targets + (self._inner_targets if inside else [])
        options = [("$ref", target) for target in targets]
        if self._is_recursive and inside:
            if "$recursiveRef" in self._keywords:
                options += [("$recursiveRef", "#")] * 2
            if self._dynamic:
                options += [("$dynamicRef", "#node")] * 3
        if "$dynamicRef" in self._keywords:
            options += [("$dynamicRef", target) for target in self._targets if target != "#"]
        if keyword == "$recursiveRef" and not inside:
            return {"properties": {"a": {"$recursiveRef": "#"}}}
        options = [option for option in options if not keyword or option[0] == keyword]
        if not options:
            return {}
        name, target = self._pick(options)
        reference = {name: target}
        if self._chance(20):  # ignored up to draft-07
            reference |= {self._pick(("minLength", "minItems", "minProperties")): 1}
        return reference

    # --- values of keywords -----------------------------------------------------------------------------------------------

    def _value(self, keyword: str, depth: int, schema: dict[str, Any], *, inside: bool) -> Any:
        match keyword:
            case "properties" | "patternProperties" | "dependentSchemas":
                names = PATTERNS if keyword == "patternProperties" else NAMES
                chosen = sorted(self._draw(st.sets(st.sampled_from(names), min_size=1, max_size=3)))
                deeper = inside or keyword != "dependentSchemas"
                return {name: self._leaf_or_schema(depth, inside=deeper) for name in chosen}
            case "additionalProperties" | "unevaluatedProperties" | "additionalItems" | "unevaluatedItems":
                if self._chance(50) and (self._draft.name != "draft-04" or keyword.startswith("add")):
                    return self._chance(25)
                return self._leaf_or_schema(depth)
            case "propertyNames":
                return self._pick(({"maxLength": 3}, {"pattern": "^[a-z]"}, {"enum": list(NAMES)}, {"minLength": 1}))
            case "dependencies":
                inner = self._leaf_or_schema(depth, inside=inside)
                return self._pick(({"a": ["b"]}, {"a": inner}, {"b": ["a"], "c": inner}))
            case "dependentRequired":
                return self._pick(({"a": ["b"]}, {"b": ["a", "c"]}, {"a": []}))
            case "required":
                return sorted(self._draw(st.sets(st.sampled_from(NAMES), min_size=1, max_size=2)))
            case "items" if "prefixItems" not in self._keywords and (
                self._keyword == "additionalItems" or self._chance(40)
            ):
                return [self._leaf_or_schema(depth) for _ in range(self._number(1, 3))]
            case "prefixItems":
                return [self._leaf_or_schema(depth) for _ in range(self._number(1, 3))]
            case "items" | "contains" | "contentSchema":
                return self._leaf_or_schema(depth)
            case "allOf" | "anyOf" | "oneOf":
                return [self._schema(depth, inside=inside) for _ in range(self._number(1, 3))]
            case "not":
                return self._schema(min(depth, 0), inside=inside)
            case "if" | "then" | "else":
                return self._schema(depth, inside=inside)
            case _:
                return self._plain_value(keyword)

    def _leaf_or_schema(self, depth: int, *, inside: bool = True) -> Any:
        return self._schema(max(depth, 0), inside=inside)

    def _plain_value(self, keyword: str) -> Any:
        if keyword in ("exclusiveMinimum", "exclusiveMaximum") and self._draft.name == "draft-04":
            return self._chance(70)
        match keyword:
            case "enum":
                return self._draw(st.lists(st.sampled_from(VALUES), min_size=1, max_size=4, unique_by=repr))
            case "examples":
                return [self._pick(VALUES)]
            case "format":
                return self._pick(self._draft.formats)
            case "uniqueItems" | "deprecated" | "readOnly":
                return self._chance(80)
            case "writeOnly":  # a response has no such property, even if it is required
                return False
        if keyword in _CHOICES:
            return self._pick(_CHOICES[keyword])
        return self._number(0, 2) if keyword.startswith("min") else self._number(1, 5)

    # --- drawing ----------------------------------------------------------------------------------------------------------

    def _pick(self, options: Any) -> Any:
        return self._draw(st.sampled_from(options))

    def _number(self, low: int, high: int) -> int:
        return self._draw(st.integers(low, high))

    def _chance(self, percent: int) -> bool:
        # Zero, to which Hypothesis shrinks, is False.
        return self._draw(st.integers(0, 99)) >= 100 - percent


def _with_ordered_bounds(schema: dict[str, Any]) -> dict[str, Any]:
    """Return a schema without a lower bound above the upper one. In draft-04, some bounds are flags."""
    for low, high in _IN_ORDER:
        if isinstance(schema.get(low), int | float) and isinstance(schema.get(high), int | float):
            schema[low], schema[high] = sorted((schema[low], schema[high]))
    return schema


PAYLOADS = st.recursive(
    st.sampled_from(SCALARS),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(NAMES), inner, max_size=4),
    max_leaves=6,
)
"""JSON values like those that the documents speak of."""


def without_keywords(document: Any, keywords: Sequence[str]) -> Any:
    """Return a copy of a document without some keywords, which must not be names of properties."""
    if isinstance(document, list):
        return [without_keywords(value, keywords) for value in document]
    if not isinstance(document, dict):
        return document
    return {name: without_keywords(value, keywords) for name, value in document.items() if name not in keywords}


def keywords_in(document: Any) -> set[str]:
    """Return the names of all properties in a document, among which its keywords are."""
    if isinstance(document, list):
        return set().union(*map(keywords_in, document))
    if not isinstance(document, dict):
        return set()
    return set(document).union(*map(keywords_in, document.values()))
