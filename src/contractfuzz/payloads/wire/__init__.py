"""Wire cases: what comes over the wire besides a payload, by label, and the pages of a paged answer."""
