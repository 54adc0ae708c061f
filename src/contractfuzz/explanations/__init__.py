"""Explanations of labels: what a case is, why it happens in production, and how consumers usually handle it."""
