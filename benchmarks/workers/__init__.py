"""Worker processes of the generators. Each one runs in its own environment."""
