"""Violations: every way to break a plan at one location."""
