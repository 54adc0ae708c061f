"""Writing of a first configuration. An existing one is never changed."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

from contractfuzz.configuration.checking import dotted, toml_key, toml_string
from contractfuzz.configuration.locating import OWN_FILE, PROJECT_FILE
from contractfuzz.configuration.reading import TABLE, ContractEntry, parse_configuration, parse_toml, read_file
from contractfuzz.errors import ContractError
from contractfuzz.files import write_errors


@dataclass(frozen=True, slots=True)
class NewConfiguration:
    """The content of a first configuration.

    Attributes:
        contract: the name of the default contract.
        entry: the contract if it is a document, with paths relative to the file; None if it is installed.
        consumer: the consumer of a target with the name of the contract; None for no target.

    """

    contract: str
    entry: ContractEntry | None = None
    consumer: str | None = None

    def text(self, prefix: str) -> str:
        """Return the configuration as TOML.

        Args:
            prefix: the name of the table that holds it; empty for a file of its own.

        """
        path = prefix.split(".") if prefix else []
        lines = [f"[{prefix}]"] if prefix else []
        lines.append(f"contract = {toml_string(self.contract)}")
        if self.entry is not None:
            lines += ["", f"[{dotted([*path, 'contracts'])}]", f"{toml_key(self.entry.name)} = {_value(self.entry)}"]
        if self.consumer is not None:
            lines += ["", f"[{dotted([*path, 'targets', configuration_name(self.contract)])}]"]
            lines += [f"consumer = {toml_string(self.consumer)}"]
        return "\n".join(lines) + "\n"


def place_configuration(new: NewConfiguration, folder: Path) -> tuple[Path, bytes]:
    """Return the file that a configuration belongs to, and the bytes to append to it.

    Args:
        new: the configuration.
        folder: the folder, which has no configuration yet. The file is its pyproject.toml, or else contractfuzz.toml.

    Raises:
        ContractError: pyproject.toml cannot be read.

    """
    project = folder / PROJECT_FILE
    if os.path.isfile(project):  # noqa: PTH113 - never raises, unlike the method of a path
        before = read_file(project)
        parse_toml(project, before)
        added = _appended(before, new.text(TABLE))
        if _is_appendable(before, added, project):
            return project, added
    return folder / OWN_FILE, new.text("").encode()


def write_configuration(file: Path, added: bytes) -> None:
    """Append a configuration to a file. The other bytes of the file stay.

    Args:
        file: a pyproject.toml, or a contractfuzz.toml that does not exist yet.
        added: the bytes, from ``place_configuration``.

    Raises:
        ContractError: the file cannot be written, or a contractfuzz.toml exists.

    """
    # Mode "x" fails if another process wrote the file in the meantime.
    with write_errors(file.name, "make it writable"), file.open("xb" if file.name == OWN_FILE else "ab") as opened:
        opened.write(added)


def _appended(before: bytes, text: str) -> bytes:
    newline = "\r\n" if b"\r\n" in before else "\n"
    gap = "" if not before else "\n" if before.endswith(b"\n") else "\n\n"
    return (gap + text).replace("\n", newline).encode()


def _is_appendable(before: bytes, added: bytes, file: Path) -> bool:
    """Return True if the file is TOML with the new table, too: ``tool`` may be an inline table, which cannot be extended."""
    try:
        table = parse_toml(file, before + added)["tool"]["contractfuzz"]
        parse_configuration(table, file)
    except ContractError:
        return False
    return True


def configuration_name(text: str) -> str:
    """Return a name that the configuration permits: not empty, without a hyphen at its start and without a colon.

    Args:
        text: any text, for example the title of a document.

    """
    return text.replace(":", "-").lstrip("-") or "contract"


def _value(entry: ContractEntry) -> str:
    keys = {
        "document": toml_string(entry.document),
        "components": "[" + ", ".join(map(toml_string, entry.components)) + "]" if entry.components else "",
        "side": toml_string(entry.side) if entry.side else "",
        "dialect": toml_string(entry.dialect) if entry.dialect else "",
    }
    given = {key: value for key, value in keys.items() if value}
    if len(given) == 1:
        return given["document"]
    return "{ " + ", ".join(f"{key} = {value}" for key, value in given.items()) + " }"
