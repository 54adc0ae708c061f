"""The processes that the contestants run in; each in its own environment."""
