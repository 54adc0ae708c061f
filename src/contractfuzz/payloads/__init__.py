"""From a JSON Schema to cases: valid, invalid, malformed and incoherent ones."""
