"""Loops of references that a validator would follow forever are errors."""

import pytest

from contractfuzz import Contract
from contractfuzz.documents.reading import MAX_DEPTH

TO_SELF = {"$ref": "#"}

LOOPS = {
    "nothing but a reference": TO_SELF,
    "a part of allOf": {"allOf": [{"type": "string"}, TO_SELF]},
    "a branch of anyOf": {"anyOf": [{"type": "string"}, TO_SELF]},
    "a negation": {"not": TO_SELF},
    "a condition": {"if": TO_SELF, "then": False},
    "a dependency": {"dependentSchemas": {"a": TO_SELF}},
}


@pytest.mark.parametrize("document", LOOPS.values(), ids=LOOPS)
def test_a_loop_that_a_validator_never_leaves_is_an_error(document, load_error):
    message = load_error(document)
    assert message == (
        "document: the `$ref`s form a loop that a validator never leaves: document# -> document#; let one lead elsewhere"
    )


def chain(length):
    links = {f"d{i}": {"$ref": f"#/$defs/d{i + 1}"} for i in range(1, length)}
    return {"$ref": "#/$defs/d1", "$defs": {**links, f"d{length}": {"type": "string"}}}


def test_the_number_of_references_in_a_row_is_limited(load_error):
    assert Contract.load(chain(MAX_DEPTH)).is_valid("x")
    assert "leads through more than 64 other `$ref`s in a row" in load_error(chain(MAX_DEPTH + 1))
    assert "leads through more than 64 other `$ref`s in a row" in load_error(chain(5_000))
