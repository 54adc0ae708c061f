"""Options, targets and streams that several commands share."""
