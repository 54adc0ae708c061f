"""Consumers outside of this process: commands, and services with a URL."""
