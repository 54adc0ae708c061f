"""Whole APIs: the operations of an OpenAPI file, with a contract for each request and response."""
