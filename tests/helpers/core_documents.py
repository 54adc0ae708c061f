"""Documents in JSON Structure with every type and construct of Core and its companions."""

VALIDATION = "https://json-structure.org/meta/validation/v0/#"


def document(**keywords):
    return {"$schema": VALIDATION, "$id": "https://example.org/it", "name": "It", **keywords}


def holding(schema, **beside):
    """Return a document of an object with one required property, ``it``."""
    return document(type="object", properties={"it": schema}, required=["it"], **beside)


ANIMALS = {
    "Animal": {"abstract": True, "type": "object", "properties": {"name": {"type": "string"}}, "required": ["name"]},
    "Bird": {
        "type": "object",
        "$extends": "#/definitions/Animal",
        "properties": {"wings": {"type": "uint8"}},
        "required": ["wings"],
    },
    "Fish": {"type": "object", "$extends": "#/definitions/Animal", "properties": {"fins": {"type": "uint8"}}},
}

DOCUMENTS = {
    **{
        name: holding({"type": name})
        for name in (
            *(
                "any",
                "null",
                "boolean",
                "string",
                "number",
                "integer",
                "float",
                "double",
                "float8",
                "decimal",
                "binary",
            ),
            *("int8", "uint8", "int16", "uint16", "int32", "uint32", "int64", "uint64", "int128", "uint128"),
            *("date", "datetime", "time", "duration", "uuid", "uri", "jsonpointer"),
        )
    },
    "bounds of int64": holding({"type": "int64", "minimum": "-5", "exclusiveMaximum": "1000"}),
    "decimal with precision": holding({"type": "decimal", "precision": 8, "scale": 2}),
    "decimal with bounds": holding({"type": "decimal", "exclusiveMinimum": "0", "maximum": "100.00", "scale": 2}),
    "number with scale": holding({"type": "number", "precision": 5, "scale": 2}),
    "base64url": holding({"type": "binary", "contentEncoding": "base64url"}),
    "base16": holding({"type": "binary", "contentEncoding": "base16"}),
    "enum of int64": holding({"type": "int64", "enum": ["1", "9007199254740993"]}),
    "const": holding({"type": "string", "const": "fixed"}),
    "lengths": holding({"type": "string", "minLength": 2, "maxLength": 5}),
    "pattern": holding({"type": "string", "pattern": "[a-z]+[0-9]"}),
    "bounds": holding({"type": "double", "minimum": 0, "exclusiveMaximum": 10}),
    "array": holding({"type": "array", "items": {"type": "int8"}, "minItems": 1, "maxItems": 3}),
    "unique items": holding({"type": "array", "items": {"type": "string"}, "uniqueItems": True}),
    "contains": holding(
        {"type": "array", "items": {"type": "string"}, "contains": {"type": "string", "const": "x"}, "minContains": 1}
    ),
    "set": holding({"type": "set", "items": {"type": "int64"}}),
    "map": holding({"type": "map", "values": {"type": "int32"}, "minEntries": 1, "maxEntries": 3}),
    "names of keys": holding(
        {"type": "map", "values": {"type": "int32"}, "keyNames": {"type": "string", "pattern": "^[a-z]+$"}}
    ),
    "patterns of keys": holding({"type": "map", "values": {"type": "any"}, "patternKeys": {"^n_": {"type": "int32"}}}),
    "tuple": holding(
        {"type": "tuple", "properties": {"x": {"type": "double"}, "n": {"type": "string"}}, "tuple": ["n", "x"]}
    ),
    "object": holding(
        {"type": "object", "properties": {"a": {"type": "string"}}, "required": ["a"], "additionalProperties": False}
    ),
    "numbers of properties": holding(
        {"type": "object", "properties": {"a": {"type": "any"}, "b": {"type": "any"}}, "minProperties": 1}
    ),
    "dependent properties": holding(
        {
            "type": "object",
            "properties": {"a": {"type": "string"}, "b": {"type": "string"}},
            "dependentRequired": {"a": ["b"]},
        }
    ),
    "has": holding({"type": "map", "values": {"type": ["string", "int32"]}, "has": {"type": "string"}}),
    "alternative sets": document(
        type="object",
        properties={"name": {"type": "string"}, "fins": {"type": "int32"}, "legs": {"type": "int32"}},
        required=[["name", "fins"], ["name", "legs"]],
    ),
    "union": holding({"type": ["int32", "string", "null"]}),
    "union of strings": holding({"type": ["int64", "null"]}),
    "union with a reference": holding(
        {"type": ["null", {"$ref": "#/definitions/Code"}]}, definitions={"Code": {"type": "string", "maxLength": 3}}
    ),
    "tagged choice": holding({"type": "choice", "choices": {"text": {"type": "string"}, "number": {"type": "int32"}}}),
    "inline choice": holding(
        {
            "type": "choice",
            "$extends": "#/definitions/Animal",
            "selector": "kind",
            "choices": {
                "Bird": {"type": {"$ref": "#/definitions/Bird"}},
                "Fish": {"type": {"$ref": "#/definitions/Fish"}},
            },
        },
        definitions=ANIMALS,
    ),
    "extension": holding({"type": {"$ref": "#/definitions/Bird"}}, definitions=ANIMALS),
    "root in a namespace": {
        **document(definitions={"Zoo": {"Cage": {"type": "object", "properties": {"size": {"type": "int32"}}}}}),
        "$root": "#/definitions/Zoo/Cage",
    },
    "recursion": {
        **document(
            definitions={
                "Tree": {
                    "type": "object",
                    "properties": {
                        "value": {"type": "int64"},
                        "children": {"type": "array", "items": {"type": {"$ref": "#/definitions/Tree"}}},
                    },
                    "required": ["value"],
                }
            }
        ),
        "$root": "#/definitions/Tree",
    },
    "all of": holding({"type": "int32", "allOf": [{"type": "int32", "minimum": 3}, {"type": "int32", "maximum": 9}]}),
    "any of": holding({"anyOf": [{"type": "string"}, {"type": "int32"}]}),
    "one of": holding({"oneOf": [{"type": "string"}, {"type": "int32"}]}),
    "not": holding({"type": "string", "not": {"type": "string", "const": ""}}),
    "if, then and else": holding(
        {
            "type": "int32",
            "if": {"type": "int32", "minimum": 10},
            "then": {"type": "int32", "multipleOf": 10},
            "else": {"type": "int32", "minimum": 0},
        }
    ),
    "alternate names": holding({"type": "string", "altnames": {"json": "other"}, "altenums": {"lang:en": {}}}),
}
