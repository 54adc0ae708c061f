"""Dialects of published documents, one module each."""
