"""Loading of the contracts that a configuration names.

Imported when a contract is first needed: it loads the contract engine.
"""

from __future__ import annotations

import os

from contractfuzz.configuration.reading import ContractEntry, short_path
from contractfuzz.contract import Contract
from contractfuzz.documents.reading import read


def load_entry(
    entry: ContractEntry,
    components: tuple[str, ...] = (),
    side: str | None = None,
    dialect: str | None = None,
) -> Contract:
    """Load a contract of the configuration.

    Args:
        entry: the contract.
        components: components in addition to those of the entry.
        side: overrides the side of the entry; None to keep it.
        dialect: overrides the dialect of the entry; None to keep it.

    Raises:
        ContractError: the document cannot be loaded, or its values cannot be used.

    """
    file, component = split_component(short_path(entry.document))
    contract = Contract.load(
        file,
        [*map(short_path, entry.components), *components],
        component or entry.name,
        side=side or entry.side or "response",
        dialect=dialect or entry.dialect,
        values=read(short_path(entry.values)).content if isinstance(entry.values, str) else entry.values,
    )
    # Set last, because the name of an OpenAPI file's contract selects the component.
    contract.name = entry.name
    return contract


def split_component(document: str) -> tuple[str, str | None]:
    """Return the path of a document, and the component that follows it after ``#``; None if there is none."""
    file, _, component = document.partition("#")
    # A file may have a "#" in its name.
    if not component or os.path.exists(document):  # noqa: PTH110 - never raises
        return document, None
    return file, component
