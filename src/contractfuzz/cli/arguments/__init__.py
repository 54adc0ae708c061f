"""Arguments that several commands share, each group with the options that set them."""
