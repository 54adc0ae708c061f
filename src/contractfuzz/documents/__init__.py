"""Published documents: reading, resolution of references, and lowering to JSON Schema."""

from contractfuzz.documents.lowering import Lowered, lower_document
from contractfuzz.documents.reading import Source

__all__ = ["Lowered", "Source", "lower_document"]
