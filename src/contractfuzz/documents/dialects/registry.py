"""The dialects that can be read. To add one, write its module and add it here."""

from __future__ import annotations

import re
from typing import Any

from contractfuzz.documents.dialects.dialect import Dialect
from contractfuzz.documents.dialects.json_schema import DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019_09, DRAFT_2020_12
from contractfuzz.documents.dialects.json_structure import JSON_STRUCTURE, JSON_STRUCTURE_FROM_OPENAPI
from contractfuzz.documents.dialects.openapi import OPENAPI_3_0, OPENAPI_3_1, SWAGGER_2_0
from contractfuzz.documents.errors import show_json
from contractfuzz.errors import ContractError
from contractfuzz.text import closest_match

DIALECTS = (
    *(JSON_STRUCTURE, JSON_STRUCTURE_FROM_OPENAPI),
    *(DRAFT_4, DRAFT_6, DRAFT_7, DRAFT_2019_09, DRAFT_2020_12),
    *(SWAGGER_2_0, OPENAPI_3_0, OPENAPI_3_1),
)

DIALECT_OPTIONS = {dialect.option: dialect for dialect in DIALECTS if dialect.option}
"""Dialects by their names for ``dialect=``."""

DIALECTS_BY_URI = {uri: dialect for dialect in DIALECTS for uri in dialect.schema_uris}
"""Dialects by their values of ``$schema``, without scheme, trailing slash and ``#``."""


_STRUCTURE_META_SCHEMA = re.compile(r"json-structure\.org/meta/[a-z-]+/v[0-9]+(?:/schema)?")
"""Metaschemas of JSON Structure and its companions. What is Core is read; other keywords describe the document."""


def find_dialect(option: str) -> Dialect:
    """Return the dialect with a name of ``DIALECT_OPTIONS``.

    Raises:
        ContractError: no dialect has this name.

    """
    if option in DIALECT_OPTIONS:
        return DIALECT_OPTIONS[option]
    nearest = closest_match(option, DIALECT_OPTIONS)
    hint = f"there are {', '.join(DIALECT_OPTIONS)}" if nearest is None else f"did you mean {show_json(nearest)}?"
    raise ContractError(f"unknown dialect {option!r}: {hint}")


def declared_dialect(content: dict[str, Any]) -> Dialect | None:
    """Return the dialect that the ``$schema`` of a document names, or None if it names none that can be read."""
    uri = content.get("$schema")
    if not isinstance(uri, str):
        return None
    address = uri.removeprefix("https://").removeprefix("http://").rstrip("#").rstrip("/")
    if _STRUCTURE_META_SCHEMA.fullmatch(address):
        return JSON_STRUCTURE
    return DIALECTS_BY_URI.get(address)
