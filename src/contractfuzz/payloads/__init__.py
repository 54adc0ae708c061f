"""Payloads: JSON Schema to cases of every kind."""
