"""Settings of a check: the options of the command ``check`` that a target of the configuration may have, too."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import Field, dataclass, field, fields
from typing import Any, Literal, get_type_hints

Side = Literal["response", "request"]
DialectName = Literal[
    "json-structure", "json-structure-openapi", "draft-04", "draft-06", "draft-07", "2019-09", "2020-12"
]

COUNT_LIMITS = {"minimum": 0, "maximum": 10**9}
"""Bounds of a number of cases, as keywords of JSON Schema."""

_PATH = "path"
_RENAMED = {"contract_name": "contract", "values_file": "values", "base_file": "base"}
"""Keys of the configuration that are not the names of their fields."""


@dataclass(frozen=True, slots=True)
class RunSettings:
    """The options of a command that say how to run a consumer. They can be pickled and sent to another process.

    Attributes: as for ``RunOptions``, but for
        contract_name: the value of ``--contract``.
        components: the values of ``--components``.
        side: the value of ``--side``; None for that of the contract.
        dialect: the value of ``--dialect``.
        values_file: the value of ``--values``.
        raises: the names of error classes, not yet imported.
        base_file: the value of ``--base``.
        faults: the value of ``--faults``.
        api: the value of ``--api``.
        operation: the value of ``--operation``.
        call: the values of ``--call``.
        command: the value of ``--command``: a command to check instead of Python code.
        persistent: True for a command that reads all cases.
        url: the value of ``--url``: a service to check instead of Python code.
        header: the values of ``--header``.
        sign: the value of ``--sign``.

    """

    contract_name: str | None = field(default=None, metadata={_PATH: True})
    components: tuple[str, ...] = field(default=(), metadata={_PATH: True})
    side: Side | None = None
    dialect: DialectName | None = None
    values_file: str | None = field(default=None, metadata={_PATH: True})
    feed: Literal["object", "text", "bytes", "url"] | None = None
    strict: bool | None = None
    route: str | None = None
    raises: tuple[str, ...] = ()
    policy: Literal["strict", "tolerant"] = "strict"
    tolerate: tuple[str, ...] = ()
    must_accept: tuple[str, ...] = ()
    isolate: bool = False
    time_limit: float | None = None
    timeout: float | None = None
    max_requests: int | None = field(default=None, metadata={"minimum": 1, "maximum": 10**9})
    paging: str | None = None
    retries: bool = False
    base_file: str | None = field(default=None, metadata={_PATH: True})
    faults: int = field(default=1, metadata={"minimum": 1, "maximum": 2})
    api: str | None = field(default=None, metadata={_PATH: True})
    operation: str | None = None
    call: tuple[str, ...] = ()
    command: str | None = None
    persistent: bool = False
    url: str | None = None
    header: tuple[str, ...] = ()
    sign: str | None = None


@dataclass(frozen=True, slots=True)
class CheckSettings(RunSettings):
    """The options of the command ``check``, without those of its report.

    Attributes: as for ``RunSettings``, and
        examples: number of random cases of each kind.
        seed: seed of the random cases.
        only: labels to feed, or globs of them; empty for all.
        time_budget: seconds for feeding; None for no limit.

    """

    examples: int = field(default=200, metadata=COUNT_LIMITS)
    seed: int = 0
    only: tuple[str, ...] = ()
    time_budget: float | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting of a target.

    Attributes:
        name: the name of the field of ``CheckSettings``, and of the parameter of the command.
        key: the key in the configuration.
        annotation: the type of the field.
        default: the default of the field; an empty tuple for an option that is repeatable.
        limits: keywords of JSON Schema that limit a number.
        is_path: True if a value is the path of a file or folder.

    """

    name: str
    key: str
    annotation: Any
    default: Any
    limits: dict[str, Any]
    is_path: bool


def check_settings() -> Iterator[Setting]:
    """Yield the settings of a target, in the order of the fields of ``CheckSettings``."""
    annotations = get_type_hints(CheckSettings)
    for one in fields(CheckSettings):
        yield Setting(one.name, _key(one), annotations[one.name], one.default, *_metadata(one))


def _key(one: Field[Any]) -> str:
    return _RENAMED.get(one.name, one.name.replace("_", "-"))


def _metadata(one: Field[Any]) -> tuple[dict[str, Any], bool]:
    return {name: value for name, value in one.metadata.items() if name != _PATH}, _PATH in one.metadata
