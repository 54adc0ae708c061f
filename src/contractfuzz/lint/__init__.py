"""Lint: report what is wrong with a published document, for its publisher."""

from contractfuzz.lint.linter import lint
from contractfuzz.lint.remarks import Remark
from contractfuzz.lint.rules import RULES

__all__ = ["RULES", "Remark", "lint"]
