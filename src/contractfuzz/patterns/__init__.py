"""Regular expressions of documents: read as ECMA-262 defines them, and matched within a limit."""
