"""Benchmarks that compare contractfuzz with its peers on one contract in one run. ``make bench`` runs them all."""
