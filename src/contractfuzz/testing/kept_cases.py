"""Cases that a consumer once failed, kept as files beside its tests: found once, guarded from then on."""

from __future__ import annotations

import hashlib
import json
import platform
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write
from contractfuzz.payloads.cases.case import Case, parse_kind
from contractfuzz.payloads.cases.json_form import case_of, record_of
from contractfuzz.running.findings import Finding
from contractfuzz.running.run import Run
from contractfuzz.version import installed_version

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

LARGEST = 2**20
"""Bytes of a body that is kept; a larger one nobody wants in a repository."""


@dataclass(frozen=True)
class Regression:
    """A case that was kept.

    Attributes:
        path: its file.
        contract: the name of the contract that it is of.
        consumer: the name of the consumer that failed it.
        case: the case.

    """

    path: Path
    contract: str
    consumer: str
    case: Case

    def outdated(self, contract: Contract) -> str:
        """Return why the case no longer says anything about ``contract``, in words; empty if it still does."""
        case = self.case
        if case.label is not None and case.label not in contract.labels(case.kind):
            return f"the contract has no label {case.label} any more"
        if case.kind in ("valid", "incoherent") and not contract.is_valid(case.payload):
            return "its payload does not keep the contract any more"
        if case.kind == "invalid" and contract.is_valid(case.payload):
            return "its payload keeps the contract by now"
        return ""


@dataclass(frozen=True)
class Replayed:
    """What came of a kept case: ``fixed``, ``fails``, ``outdated`` or ``not fed``, why, and what was found if it fails."""

    regression: Regression
    status: Literal["fixed", "fails", "outdated", "not fed"]
    why: str = ""
    finding: Finding | None = None


def keep(finding: Finding, folder: Path) -> Path:
    """Write the case of ``finding`` into ``folder``, for its contract; one that is there already stays as it is.

    Returns:
        The file. It is there as a whole or not at all, whoever else writes at the same time.

    Raises:
        ContractError: it cannot be written, or its body has more than ``LARGEST`` bytes.

    """
    case = finding.case
    if len(case.body) > LARGEST:
        raise ContractError(f"a body of {len(case.body):,} bytes is not kept (at most {LARGEST:,}): find a smaller one")
    said = hashlib.sha256(f"{finding.kind} {case.label} ".encode() + case.body).hexdigest()[:8]
    path = folder / _slug(finding.contract) / f"{_slug(case.label or finding.kind)}-{said}.json"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path, durable=False) as file:
                file.write((json.dumps(_record(finding), indent=2) + "\n").encode())
    except OSError as error:
        problem = f"{path} cannot be written ({error.strerror}): name a folder that can"
        raise ContractError(problem) from None
    return path


def load(folder: Path, contract: str | None = None) -> list[Regression]:
    """Read what was kept in ``folder``, of all contracts or of one, in the order of the files' names.

    Raises:
        ContractError: a file there is no kept case.

    """
    where = folder if contract is None else folder / _slug(contract)
    return [_read(path) for path in sorted(where.rglob("*.json"))]


def replay(run: Run, kept: Iterable[Regression]) -> Iterator[Replayed]:
    """Feed kept cases to the consumer of ``run`` and yield what came of each."""
    for regression in kept:
        if why := regression.outdated(run.contract):
            yield Replayed(regression, "outdated", why)
        elif not run.can_take(regression.case):
            yield Replayed(regression, "not fed", "the consumer takes no such body")
        elif finding := run.judge(regression.case):
            yield Replayed(regression, "fails", finding=finding)
        else:
            yield Replayed(regression, "fixed")


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "contract": finding.contract,
        **record_of(finding.case),
        "consumer": finding.consumer,
        "verdict": finding.verdict.value,
        "error": finding.raised.line if finding.raised else finding.detail or None,
        "versions": {"contractfuzz": installed_version(), "python": platform.python_version()},
        "date": datetime.now(UTC).date().isoformat(),
    }


def _read(path: Path) -> Regression:
    try:
        return _from_record(path, json.loads(path.read_bytes()))
    except OSError as error:
        raise ContractError(f"{path} cannot be read ({error.strerror}): mend or delete it") from None
    except (AttributeError, ContractError, KeyError, TypeError, ValueError, RecursionError):
        raise ContractError(f"{path} is no kept case: restore it from version control, or delete it") from None


def _from_record(path: Path, record: dict[str, Any]) -> Regression:
    """Read a record; KeyError, TypeError or ValueError where it is none."""
    # Older files hold the kind of a hostile case as "class", and the kind "valid".
    kind = parse_kind(record.get("class", record["kind"]))
    return Regression(path, record["contract"], record["consumer"], case_of(record, kind, record["expectation"]))


def _slug(label: str) -> str:
    return re.sub(r"[^A-Za-z0-9._-]+", "-", label.replace("*", "any")).strip("-.")[:80] or "payload"
