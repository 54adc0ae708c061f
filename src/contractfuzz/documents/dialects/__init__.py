"""Dialects: the languages of published documents, one module for each."""
