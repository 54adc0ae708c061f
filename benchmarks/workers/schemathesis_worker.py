"""schemathesis: the bodies of an operation that takes the contract, ``positive`` or ``negative`` ones."""

import sys

import schemathesis
from serving import schema, serve_strategy
from wrapping import as_openapi

operation = schemathesis.openapi.from_dict(as_openapi(schema()))["/"]["POST"]
bodies = operation.as_strategy(generation_mode=schemathesis.GenerationMode(sys.argv[2]))
serve_strategy(bodies.map(lambda case: case.body))
