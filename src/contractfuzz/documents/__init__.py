"""Published documents, lowered to JSON Schema: read, resolve, lower."""

from contractfuzz.documents.lowering import Lowered, lower_document

__all__ = ["Lowered", "lower_document"]
