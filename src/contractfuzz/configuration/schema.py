"""The JSON Schema of the configuration, made from the settings of a target."""

from __future__ import annotations

from types import NoneType, UnionType
from typing import Any, Literal, Union, get_args, get_origin

from contractfuzz.configuration.settings import DialectName, Setting, Side, check_settings

Schema = dict[str, Any]

TEXT: Schema = {"type": "string", "minLength": 1}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
VALUES: Schema = {"type": "object", "additionalProperties": {"type": "array", "items": {}, "minItems": 1}}


CONSUMER_KEYS = ("consumer", "command", "url")
"""The keys of a target that name its consumer. Each target has one of them."""


def configuration_schema() -> Schema:
    """Return the JSON Schema (2020-12) of the table ``tool.contractfuzz`` or of the file ``contractfuzz.toml``.

    The schema uses only keywords that ``find_problem`` reads.
    """
    contract = _table(
        {
            "document": TEXT,
            "components": TEXTS,
            "side": _of_type(Side),
            "dialect": _of_type(DialectName),
            "values": {"anyOf": [TEXT, VALUES]},
        },
        required=["document"],
    )
    return _table(
        {
            "contract": TEXT,
            "api": TEXT,
            "regressions": TEXT,
            "diff": _table({"ignore": TEXTS}),
            "contracts": _named({"anyOf": [TEXT, contract]}),
            "targets": _named(
                {
                    **_table({"consumer": TEXT, **{setting.key: _of_setting(setting) for setting in check_settings()}}),
                    "oneOf": [{"required": [key]} for key in CONSUMER_KEYS],
                }
            ),
        }
    )


def _table(properties: Schema, required: list[str] | None = None) -> Schema:
    table = {"type": "object", "properties": properties, "additionalProperties": False}
    return table if required is None else {**table, "required": required}


def _named(values: Schema) -> Schema:
    # A name with a colon is a consumer on the command line, and one that begins with a hyphen is an option.
    return {"type": "object", "propertyNames": {"pattern": "^[^-:][^:]*$"}, "additionalProperties": values}


def _of_setting(setting: Setting) -> Schema:
    return {**_of_type(setting.annotation), **setting.limits}


def _of_type(annotation: Any) -> Schema:
    origin, arguments = get_origin(annotation), get_args(annotation)
    if origin in (Union, UnionType):
        return _of_type(next(argument for argument in arguments if argument is not NoneType))
    if origin is Literal:
        return {"enum": list(arguments)}
    if origin is tuple:
        return TEXTS
    return {"type": {bool: "boolean", int: "integer", float: "number"}[annotation]} if annotation is not str else TEXT
