"""What is wrong with a published document, for its publisher."""

from contractfuzz.lint.remarks import Remark
from contractfuzz.lint.rules import RULES, lint

__all__ = ["RULES", "Remark", "lint"]
