"""Cases in bulk: as rows of JSON Lines, in files, made by one process, several, or the workers of a cluster."""
