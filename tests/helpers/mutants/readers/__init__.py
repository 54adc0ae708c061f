"""Correct readers, one for each contract. Mutants are made from their source."""
