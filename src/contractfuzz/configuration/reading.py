"""Reading of the configuration: ``[tool.contractfuzz]`` in pyproject.toml, or contractfuzz.toml."""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from contractfuzz.configuration.locating import MENTION, OWN_FILE, PROJECT_FILE, folders_to_read
from contractfuzz.errors import ContractError, unknown
from contractfuzz.files import read_whole
from contractfuzz.platforms import is_path
from contractfuzz.text import one_line

TABLE = "tool.contractfuzz"

_MAX_REASON_CHARACTERS = 200


@dataclass(frozen=True, slots=True)
class ContractEntry:
    """A contract of the configuration.

    Attributes:
        name: the name of the contract.
        document: the path of the document; ``PATH#COMPONENT`` for an OpenAPI file.
        components: the paths of files or folders that ``$ref``s of the document point to.
        side, dialect: the arguments of ``Contract.load``; None for the defaults.
        values: the user's own values: a path, or lists by location; None for none.

    """

    name: str
    document: str
    components: tuple[str, ...] = ()
    side: str | None = None
    dialect: str | None = None
    values: str | dict[str, Any] | None = None


@dataclass(frozen=True, slots=True)
class TargetEntry:
    """A target of the configuration.

    Attributes:
        name: the name of the target.
        consumer: the consumer, as ``package.module:callable``; the command or the URL of one that is not Python.
        settings: its settings by the names of the fields of ``CheckSettings``.

    """

    name: str
    consumer: str
    settings: dict[str, Any]


@dataclass(frozen=True, slots=True)
class Configuration:
    """The configuration of a project. Paths are absolute.

    Attributes:
        file: the file that was read; None without a configuration.
        contract: the default contract: a name, or the path of a document; None for the only installed contract.
        api: the path of the default API, an OpenAPI file; None without one.
        contracts: the contracts by name.
        targets: the targets by name.
        regressions: the folder of the kept cases; None for the default.
        ignored_changes: globs of the changes that the command ``diff`` ignores.
        ignored: the file next to it that has a configuration, too; None if there is none.

    """

    file: Path | None = None
    contract: str | None = None
    api: str | None = None
    contracts: dict[str, ContractEntry] = field(default_factory=dict)
    targets: dict[str, TargetEntry] = field(default_factory=dict)
    regressions: Path | None = None
    ignored_changes: tuple[str, ...] = ()
    ignored: Path | None = None

    @property
    def note(self) -> str:
        """One line about a second configuration that is not used; empty if there is none."""
        if self.file is None or self.ignored is None:
            return ""
        return f"{short_path(self.file)} is used, not [{TABLE}] in {short_path(self.ignored)}: keep one of them"

    def target(self, name: str) -> TargetEntry:
        """Return a target by name.

        Raises:
            ContractError: no target has this name; the message suggests the closest one.

        """
        if name in self.targets:
            return self.targets[name]
        if not self.targets:
            raise ContractError(f"the target {name!r} is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read")
        raise ContractError(f"{unknown('target', name, self.targets)}; for a consumer, write PACKAGE.MODULE:CALLABLE")


def find_configuration(start: Path) -> Configuration:
    """Return the configuration of the nearest folder that has one; an empty one if no folder has.

    Args:
        start: the folder to start from. The search goes upwards.

    Raises:
        ContractError: the configuration is wrong.

    """
    for folder in folders_to_read(start):
        own, project = folder / OWN_FILE, folder / PROJECT_FILE
        table = project_table(project)
        if os.path.isfile(own):  # noqa: PTH113 - never raises, unlike the method of a path
            return parse_configuration(parse_toml(own, read_file(own)), own, None if table is None else project)
        if table is not None:
            return parse_configuration(table, project)
    return Configuration()


def short_path(path: Path | str) -> str:
    """Return a path relative to the current folder if it is inside it; otherwise the path itself."""
    # What follows the "#" chooses a schema of the document.
    file, mark, selector = str(path).partition("#")
    try:
        relative = os.path.relpath(file) + mark + selector
    except (OSError, ValueError):  # the current folder is deleted, or on another drive
        return str(path)
    return str(path) if relative.startswith(os.pardir) else relative


def project_table(file: Path) -> Any:
    """Return the table ``tool.contractfuzz`` of a pyproject.toml; None if the file or the table does not exist."""
    if not os.path.isfile(file):  # noqa: PTH113 - never raises, unlike the method of a path
        return None
    content = read_file(file)
    if MENTION not in content:
        return None
    tool = parse_toml(file, content).get("tool", {})
    return tool.get("contractfuzz") if isinstance(tool, dict) else None


def read_file(file: Path) -> bytes:
    """Return the content of a configuration file.

    Raises:
        ContractError: it cannot be read.

    """
    try:
        return read_whole(file)
    except OSError as error:
        raise ContractError(
            f"{short_path(file)}: cannot be read ({error.strerror or error}): make it readable"
        ) from None


def parse_toml(file: Path, content: bytes) -> dict[str, Any]:
    """Return the content of a TOML file (TOML 1.0) as objects of Python.

    Raises:
        ContractError: it is not TOML.

    """
    # Loaded here, because most runs have no configuration.
    import tomllib

    try:
        return tomllib.loads(content.decode())
    except RecursionError:
        reason = "nested too deep"
    except ValueError as error:  # also for bytes that are not UTF-8, and for integers with too many digits
        reason = one_line(str(error), _MAX_REASON_CHARACTERS)
    raise ContractError(f"{short_path(file)}: is not TOML ({reason}): correct it")


def parse_configuration(table: Any, file: Path, ignored: Path | None = None) -> Configuration:
    """Return a configuration from the parsed content of its table.

    Args:
        table: the value of ``tool.contractfuzz``, or the content of contractfuzz.toml.
        file: the file that has it. Paths are relative to its folder.
        ignored: the file next to it that has a configuration, too.

    Raises:
        ContractError: a key is unknown, or a value has the wrong type.

    """
    # Loaded here, because most runs have no configuration.
    from contractfuzz.configuration.checking import find_problem
    from contractfuzz.configuration.schema import configuration_schema

    prefix = [] if file.name == OWN_FILE else TABLE.split(".")
    problem = find_problem(table, configuration_schema(), prefix)
    if problem:
        raise ContractError(f"{short_path(file)}: {problem}")
    paths = _Paths(file.parent, frozenset(table.get("contracts", ())))
    return Configuration(
        file=file,
        contract=paths.contract(table["contract"]) if "contract" in table else None,
        api=paths.path(table["api"]) if "api" in table else None,
        contracts={name: paths.contract_entry(name, value) for name, value in table.get("contracts", {}).items()},
        targets={name: paths.target_entry(name, value) for name, value in table.get("targets", {}).items()},
        regressions=file.parent / table["regressions"] if "regressions" in table else None,
        ignored_changes=_ignored_changes(table["diff"], file) if "diff" in table else (),
        ignored=ignored,
    )


def _ignored_changes(table: dict[str, Any], file: Path) -> tuple[str, ...]:
    # Loaded here, because most configurations have no such list.
    from contractfuzz.diff.ignoring import check_entries

    entries = tuple(_as_list(table.get("ignore", ())))
    try:
        check_entries(entries)
    except ContractError as error:
        raise ContractError(f"{short_path(file)}: diff.ignore: {error}") from None
    return entries


@dataclass(frozen=True, slots=True)
class _Paths:
    """Resolution of the paths in a configuration.

    Attributes:
        folder: the folder of its file.
        contracts: the names of its contracts, which are not paths.

    """

    folder: Path
    contracts: frozenset[str]

    def path(self, text: str) -> str:
        # The path may have "#COMPONENT" or a JSON Pointer at its end.
        file, mark, selector = text.partition("#")
        return os.path.normpath(self.folder / file) + mark + selector

    def contract(self, text: str) -> str:
        """Return the path of a document, or a name unchanged."""
        if text in self.contracts:
            return text
        path = self.path(text)
        is_document = is_path(text) or "#" in text or os.path.exists(path)  # noqa: PTH110 - never raises
        return path if is_document else text

    def contract_entry(self, name: str, value: Any) -> ContractEntry:
        if isinstance(value, str):
            return ContractEntry(name, self.path(value))
        values = value.get("values")
        return ContractEntry(
            name,
            self.path(value["document"]),
            tuple(map(self.path, _as_list(value.get("components", ())))),
            value.get("side"),
            value.get("dialect"),
            self.path(values) if isinstance(values, str) else values,
        )

    def target_entry(self, name: str, table: dict[str, Any]) -> TargetEntry:
        from contractfuzz.configuration.schema import CONSUMER_KEYS
        from contractfuzz.configuration.settings import check_settings

        settings = {}
        for setting in check_settings():
            if setting.key not in table:
                continue
            value = table[setting.key]
            resolve = self.contract if setting.key == "contract" else self.path
            if isinstance(value, str | list) and setting.default == ():
                value = tuple(map(resolve, _as_list(value)) if setting.is_path else _as_list(value))
            elif setting.is_path:
                value = resolve(value)
            settings[setting.name] = value
        consumer = next(table[key] for key in CONSUMER_KEYS if key in table)
        return TargetEntry(name, consumer, settings)


def _as_list(value: str | Iterable[str]) -> list[str]:
    return [value] if isinstance(value, str) else list(value)
