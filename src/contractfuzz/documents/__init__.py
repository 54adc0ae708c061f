"""Published documents: reading, resolution of references, and lowering to JSON Schema."""

from contractfuzz.documents.lowering import LoadArguments, Lowered, lower_document
from contractfuzz.documents.reading import Source

__all__ = ["LoadArguments", "Lowered", "Source", "lower_document"]
