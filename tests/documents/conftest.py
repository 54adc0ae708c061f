"""Fixtures of the tests of documents."""

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contractfuzz import Contract, ContractError


@pytest.fixture(scope="session")
def load_error():
    """Return a function that loads a document with an error in it and returns the message, which must be one line."""

    def message_for(document, components=()):
        with pytest.raises(ContractError) as caught:
            Contract.load(document, components)
        message = str(caught.value)
        assert message.isprintable(), "neither line breaks nor escape sequences"
        return message

    return message_for


@pytest.fixture(scope="session")
def assert_self_contained():
    """Return a function that asserts that a schema passes its metaschema and that all its references resolve within it."""

    def check(schema):
        assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
        Draft202012Validator.check_schema(schema)
        root = Resource.from_contents(schema)
        resolver = Registry().with_resource("", root).resolver()
        waiting = [root]
        while waiting:
            resource = waiting.pop()
            waiting.extend(resource.subresources())
            if isinstance(resource.contents, dict) and "$ref" in resource.contents:
                assert resource.contents["$ref"].startswith("#")
                resolver.lookup(resource.contents["$ref"])  # raises an error if it does not resolve

    return check
