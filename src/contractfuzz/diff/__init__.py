"""Diff: the changes between two versions of a contract, each with a payload as evidence."""
