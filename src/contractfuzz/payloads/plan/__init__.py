"""Plans: trees of nodes that turn choices into payloads."""
