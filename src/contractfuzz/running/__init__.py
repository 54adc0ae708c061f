"""Running cases through the code under test: adapt, call, judge."""
