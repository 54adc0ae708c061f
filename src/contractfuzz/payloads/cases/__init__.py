"""Cases: payloads and bodies with their labels, and the recipes that make them."""

from contractfuzz.payloads.cases.case import ABSENT, KINDS, Case, Expectation, Kind, parse_kind
from contractfuzz.payloads.cases.violation import Violation

__all__ = ["ABSENT", "KINDS", "Case", "Expectation", "Kind", "Violation", "parse_kind"]
