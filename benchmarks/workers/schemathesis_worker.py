"""Worker for schemathesis: ``positive`` or ``negative`` request bodies of an operation."""

import sys

import schemathesis
from serving import load_schema, serve_strategy
from wrapping import as_openapi

operation = schemathesis.openapi.from_dict(as_openapi(load_schema()))["/"]["POST"]
bodies = operation.as_strategy(generation_mode=schemathesis.GenerationMode(sys.argv[2]))
serve_strategy(bodies.map(lambda case: case.body))
