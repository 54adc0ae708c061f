"""Isolation: a consumer in processes of its own, which end with everything that it started."""
