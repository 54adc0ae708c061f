"""Clients of the shop in openapi.json: correct ones, and copies with one planted bug each."""
