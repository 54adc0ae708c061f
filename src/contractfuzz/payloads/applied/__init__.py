"""Violations of recorded payloads, and two violations in one payload."""
