"""Differential testing: cases on which targets disagree in verdict or result."""
