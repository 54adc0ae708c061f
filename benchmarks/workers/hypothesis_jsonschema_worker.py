"""Worker for hypothesis-jsonschema: a strategy from the schema."""

from hypothesis_jsonschema import from_schema
from serving import load_schema, serve_strategy

serve_strategy(from_schema(load_schema()))
