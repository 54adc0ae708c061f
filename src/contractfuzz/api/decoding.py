"""Decoding of texts to JSON values by a schema: parameters of a request, and the fields of a form."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping
from email.parser import BytesParser
from email.policy import HTTP
from typing import Any
from urllib.parse import parse_qsl

from contractfuzz.api.operation import Parameter
from contractfuzz.api.schemas import SchemaFacts
from contractfuzz.contract import Contract

FORM_TYPE = "application/x-www-form-urlencoded"
MULTIPART_TYPE = "multipart/form-data"

_INTEGER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})")
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,99})(?:\.[0-9]{1,99})?(?:[eE][+-]?[0-9]{1,2})?")
_KEY_PARTS = re.compile(r"\[([^\]]*)\]")
_SEPARATORS = {"spaceDelimited": r"[ ]|%20", "pipeDelimited": r"[|]"}

Values = Mapping[str, list[str]]
"""Texts by name, in the order of the request."""


def parse_query(text: str) -> dict[str, list[str]]:
    """Return the values of a query string or of a form (WHATWG URL, section 5.1) by name."""
    values: dict[str, list[str]] = {}
    for name, value in parse_qsl(text, keep_blank_values=True, max_num_fields=10_000):
        values.setdefault(name, []).append(value)
    return values


def parse_cookies(text: str) -> dict[str, list[str]]:
    """Return the values of the header ``Cookie`` (RFC 6265, section 4.2.1) by name."""
    pairs = [pair.strip().partition("=") for pair in text.split(";") if "=" in pair]
    return {name: [value.strip('"')] for name, _, value in pairs}


def decode_parameter(parameter: Parameter, values: Values) -> tuple[bool, Any]:
    """Decode the value of a parameter.

    Args:
        parameter: the parameter.
        values: the texts at its place by name: the query, the headers, the cookies or the variables of the path.

    Returns:
        True and the value if the request has the parameter, else False and None.

    Raises:
        ValueError: the value is not JSON, and the parameter is.

    """
    schema = _facts(parameter.contract)
    if parameter.style == "deepObject" or ("object" in schema.types and "string" not in schema.types):
        return _decode_object(parameter, schema, values)
    texts = values.get(parameter.name)
    if texts is None and parameter.explode:
        texts = values.get(f"{parameter.name}[]")
    if texts is None:
        return False, None
    if parameter.is_json:
        return True, json.loads(texts[-1])
    if "array" not in schema.types or ("string" in schema.types and len(texts) == 1):
        return True, decode(texts[-1], schema)
    if not parameter.explode:
        separator = _SEPARATORS.get(parameter.style, ",")
        texts = [part for text in texts for part in re.split(separator, text)] if texts != [""] else []
    return True, [decode(text, schema.of_items) for text in texts]


def _decode_object(parameter: Parameter, schema: SchemaFacts, values: Values) -> tuple[bool, Any]:
    if parameter.is_json and parameter.name in values:
        return True, json.loads(values[parameter.name][-1])
    nested = nest(values).get(parameter.name)
    if isinstance(nested, dict):
        return True, decode(nested, schema)
    if parameter.style == "form" and parameter.explode:
        found = {name: values[name] for name in schema.names if name in values}
        return bool(found), decode(found, schema)
    if not isinstance(nested, list):
        return False, None
    words = ",".join(map(str, nested)).split(",")
    if parameter.explode:  # role,admin or role=admin
        pairs = dict(word.split("=", 1) for word in words if "=" in word)
    else:
        pairs = dict(zip(words[::2], words[1::2], strict=False))
    return True, decode(pairs, schema)


def decode(value: Any, schema: SchemaFacts) -> Any:
    """Return the JSON value that texts stand for.

    Args:
        value: a text, a list of texts, or an object of these.
        schema: the schema of the value.

    """
    types = schema.types
    if isinstance(value, dict):
        if "array" in types and "object" not in types:
            return [decode(item, schema.of_items) for item in value.values()]
        return {name: decode(inner, schema.member(name)) for name, inner in value.items()}
    if isinstance(value, list):
        if "array" in types:
            return [decode(item, schema.of_items) for item in value]
        value = value[-1] if value else ""
    return _decode_text(value, types) if isinstance(value, str) else value


def _decode_text(text: str, types: Iterable[str]) -> Any:
    if ("integer" in types or "number" in types) and _INTEGER.fullmatch(text):
        return int(text)
    if "number" in types and _NUMBER.fullmatch(text):
        return float(text)
    if "boolean" in types and text in ("true", "false"):
        return text == "true"
    if "null" in types and text in ("", "null"):
        return None
    return text


def nest(values: Values) -> dict[str, Any]:
    """Return values with names such as ``a[b][]`` as nested objects: ``{"a": {"b": [...]}}``."""
    nested: dict[str, Any] = {}
    for name, texts in values.items():
        first, bracket, _ = name.partition("[")
        parts = _KEY_PARTS.findall(name) if bracket and first else []
        if parts and parts[-1] == "":
            parts.pop()
        holder, key = nested, first if parts or (bracket and first) else name
        for part in parts:
            inner = holder.setdefault(key, {})
            if not isinstance(inner, dict):  # the name has a value, too
                break
            holder, key = inner, part
        else:
            holder[key] = texts
    return nested


def decode_form(body: bytes, media_type: str, contract: Contract | None) -> Any:
    """Return the value of a form.

    Args:
        body: the body of the request.
        media_type: the value of ``Content-Type``, with its parameters.
        contract: the contract of the form; None if it has none.

    Raises:
        ValueError: the body is not a form.

    """
    if media_type.partition(";")[0].strip().lower() == FORM_TYPE:
        return decode(nest(parse_query(body.decode())), _facts(contract))
    parsed = BytesParser(policy=HTTP).parsebytes(b"Content-Type: " + media_type.encode() + b"\r\n\r\n" + body)
    if not parsed.is_multipart():
        raise ValueError("it has no parts")
    values: dict[str, Any] = {}
    for part in parsed.iter_parts():
        name = part.get_param("name", header="content-disposition")
        content = part.get_payload(decode=True)
        content = content if isinstance(content, bytes) else b""
        if part.get_content_type() == "application/json":
            values[str(name)] = json.loads(content)
        else:
            values.setdefault(str(name), []).append(content.decode("utf-8", "replace"))
    return decode(nest(values), _facts(contract))


def _facts(contract: Contract | None) -> SchemaFacts:
    schema = {} if contract is None else contract.schema
    return SchemaFacts(schema, schema)
