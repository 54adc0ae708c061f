"""Sources of choices: seeded streams, the minimal choices, and Hypothesis."""

from contractfuzz.payloads.choices.protocol import Choices

__all__ = ["Choices"]
