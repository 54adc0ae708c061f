"""Unions: which branch of ``oneOf`` or ``anyOf`` a payload is meant to be, and the names of branches."""
