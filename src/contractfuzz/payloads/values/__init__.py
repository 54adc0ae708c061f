"""Values for strings and other leaves: formats, timestamps, patterns, hostile and doubtful values."""
