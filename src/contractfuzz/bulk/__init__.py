"""Bulk sampling: many cases as JSON Lines or files, written by one process, several processes or a Dask cluster."""
