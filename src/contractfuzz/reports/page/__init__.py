"""The HTML report: its page, the tree of locations, the layout of a payload."""
