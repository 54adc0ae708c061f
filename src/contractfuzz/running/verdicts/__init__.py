"""Verdicts: what a consumer did with a case, what its fault changed, and what a policy expects."""
