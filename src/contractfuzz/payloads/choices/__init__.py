"""Sources of choices: seeded bytes, the minimal choices, and Hypothesis."""

from contractfuzz.payloads.choices.protocol import Choices

__all__ = ["Choices"]
