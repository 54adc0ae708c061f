"""What is wrong with a published document, for its publisher."""

from contractfuzz.linting.remarks import Remark
from contractfuzz.linting.rules import RULES, lint

__all__ = ["RULES", "Remark", "lint"]
