"""Assertions for tests, kept cases, and the summary of a test session."""
