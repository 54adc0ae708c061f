"""Published documents, lowered to JSON Schema: read, resolve, lower."""

from contractfuzz.documents.lowering import Lowered, lower_document
from contractfuzz.documents.reading import Source

__all__ = ["Lowered", "Source", "lower_document"]
