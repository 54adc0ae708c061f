"""What several commands share: their options, the targets that they take, their streams."""
