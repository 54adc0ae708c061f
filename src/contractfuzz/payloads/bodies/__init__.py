"""Bodies that are not the compact JSON text of their payload."""
