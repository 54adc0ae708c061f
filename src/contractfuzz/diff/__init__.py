"""Differences between two versions of a contract, each with a payload that shows it."""
