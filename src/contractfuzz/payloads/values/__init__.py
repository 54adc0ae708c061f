"""Values of strings and numbers: formats, timestamps, patterns, string-encoded types, hostile and doubtful values."""
