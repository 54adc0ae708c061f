"""Configuration of a project: its contracts and its targets, for the command line and for pytest."""
