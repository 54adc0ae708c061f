"""Random schemas: unusual combinations of keywords, to find keywords that interfere with each other."""

from __future__ import annotations

NAMES = ["a", "b", "c"]
VALUES = ["a", "B", "", 1, 2.5, None, True, [1], {"a": 1}]
TYPES = ["null", "integer", "string", "array", "object", "number"]
# Not `email`: jsonschema accepts any string with the sign @, so its violations are doubtful.
FORMATS = ["date-time", "date", "uuid", "ipv4", "uri", "shoe-size"]


def random_schema(rng, depth):
    """Return a schema with nested schemas up to a depth. It may be unsatisfiable."""
    if depth == 0 or rng.random() < 0.25:
        return _leaf(rng)
    kind = rng.choice(["object", "object", "array", "allOf", "anyOf", "oneOf", "not", "if", "types"])
    if kind == "object":
        return _object(rng, depth - 1)
    if kind == "array":
        return _array(rng, depth - 1)
    schema = random_schema(rng, depth - 1) if rng.random() < 0.4 else {}
    if kind in ("allOf", "anyOf", "oneOf"):
        schema[kind] = [random_schema(rng, depth - 1) for _ in range(rng.randint(1, 3))]
    elif kind == "not":
        schema["not"] = random_schema(rng, depth - 1)
    elif kind == "if":
        schema |= {keyword: random_schema(rng, depth - 1) for keyword in ("if", "then", "else")}
    else:
        schema["type"] = rng.sample(TYPES, 2)
    return schema


def _some(rng, options):
    """Return some of the keywords in ``options``, each with its probability and value."""
    return {keyword: value() for keyword, (chance, value) in options.items() if rng.random() < chance}


def _leaf(rng):
    kind = rng.choice(["integer", "number", "string", "enum", "const", "format", "boolean", "null", "any"])
    typed = {"type": kind} if rng.random() < 0.8 else {}
    if kind in ("integer", "number"):
        bound = (0.25, lambda: rng.choice([0, 1, 2, 3, 5, -4, 10]) + rng.choice([0, 0, 0.5]))
        bounds = dict.fromkeys(("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"), bound)
        return typed | _some(rng, bounds | {"multipleOf": (0.2, lambda: rng.choice([1, 2, 3, 0.5, 2.5, 0.1]))})
    if kind == "string":
        return typed | _some(
            rng,
            {
                "minLength": (0.4, lambda: rng.randint(0, 4)),
                "maxLength": (0.4, lambda: rng.randint(0, 6)),
                "pattern": (0.2, lambda: rng.choice(["^a", "b$", "^[0-9]+$", "x"])),
            },
        )
    leaves = {
        "enum": lambda: {"enum": rng.sample(VALUES, rng.randint(1, 4))},
        "const": lambda: {"const": rng.choice(VALUES)},
        "format": lambda: {"type": "string", "format": rng.choice(FORMATS)},
        "any": dict,
    }
    return leaves.get(kind, lambda: {"type": kind})()


def _object(rng, depth):
    def inner():
        return random_schema(rng, depth)

    return _some(
        rng,
        {
            "type": (0.8, lambda: "object"),
            "properties": (1, lambda: {name: inner() for name in NAMES if rng.random() < 0.7}),
            "required": (0.4, lambda: rng.sample(NAMES, rng.randint(1, 2))),
            "additionalProperties": (0.3, lambda: rng.choice([False, True, inner()])),
            "patternProperties": (0.15, lambda: {rng.choice(["^x", "a"]): inner()}),
            "propertyNames": (
                0.15,
                lambda: rng.choice([{"maxLength": 3}, {"pattern": "^[a-z]"}, {"enum": ["a", "b"]}]),
            ),
            "minProperties": (0.15, lambda: rng.randint(0, 3)),
            "maxProperties": (0.15, lambda: rng.randint(0, 3)),
            "dependentRequired": (0.15, lambda: {"a": ["b"]}),
            "dependentSchemas": (0.1, lambda: {"a": inner()}),
            "unevaluatedProperties": (0.1, lambda: False),
        },
    )


def _array(rng, depth):
    def inner():
        return random_schema(rng, depth)

    return _some(
        rng,
        {
            "type": (0.8, lambda: "array"),
            "items": (0.9, lambda: rng.choice([False, inner(), inner(), inner()])),
            "prefixItems": (0.25, lambda: [inner()]),
            "minItems": (0.3, lambda: rng.randint(0, 3)),
            "maxItems": (0.3, lambda: rng.randint(0, 4)),
            "uniqueItems": (0.2, lambda: True),
            "contains": (0.2, inner),
            "minContains": (0.1, lambda: rng.randint(0, 2)),
            "maxContains": (0.1, lambda: rng.randint(0, 3)),
            "unevaluatedItems": (0.1, lambda: False),
        },
    )
