"""Adapters: one module for each kind of consumer."""
