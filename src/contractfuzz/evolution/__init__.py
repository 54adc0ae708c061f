"""Possible changes by the provider of an API, and what the consumer does with each."""
