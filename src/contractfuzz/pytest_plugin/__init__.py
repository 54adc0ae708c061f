"""Pytest plugin: fixtures, markers and options for contracts."""
