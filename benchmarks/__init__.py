"""The benchmarks: contractfuzz and its peers side by side, on one contract, in one run. ``make bench`` runs them all."""
