"""What the tests of documents ask again and again."""

import pytest
from jsonschema import Draft202012Validator
from referencing import Registry, Resource

from contractfuzz import Contract, ContractError


@pytest.fixture(scope="session")
def refusal():
    """Load what cannot be loaded; return the message, which must be one line."""

    def message_for(document, components=()):
        with pytest.raises(ContractError) as caught:
            Contract.load(document, components)
        message = str(caught.value)
        assert message.isprintable(), "neither line breaks nor escape sequences"
        return message

    return message_for


@pytest.fixture(scope="session")
def assert_whole():
    """Assert that a schema passes its metaschema and that its references all lead to something within it."""

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
                resolver.lookup(resource.contents["$ref"])  # raises where it does not resolve

    return check
