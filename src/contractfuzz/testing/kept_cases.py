"""Kept cases: cases that a consumer once failed, stored as JSON files next to its tests and replayed in later runs."""

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
from contractfuzz.payloads.cases.json_form import case_from_json, case_to_json
from contractfuzz.running.findings import Finding
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import MAX_REPEATED_CALLS, judge_repeatedly
from contractfuzz.version import installed_version

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

MAX_KEPT_BODY_BYTES = 2**20
"""Size limit of a kept body. A larger file does not belong in a repository."""

MAX_FILE_NAME_CHARACTERS = 80
"""Length limit of the part of a file or folder name that comes from a label or a contract's name."""


@dataclass(frozen=True)
class KeptCase:
    """A case in a file.

    Attributes:
        path: the file.
        contract: the name of the contract that the case belongs to.
        consumer: the name of the consumer that failed the case.
        case: the case.
        flaky: True if the case did not fail each time.

    """

    path: Path
    contract: str
    consumer: str
    case: Case
    flaky: bool = False

    def outdated_reason(self, contract: Contract) -> str:
        """Return why the case no longer applies to the contract, for example after a change of its schema; "" if it applies."""
        case = self.case
        if case.label is not None and case.label not in contract.labels(case.kind):
            return f"the contract no longer has the label {case.label}"
        if case.kind in ("valid", "incoherent") and not contract.is_valid(case.payload):
            return "its payload is no longer valid"
        if case.kind == "invalid" and contract.is_valid(case.payload):
            return "its payload is valid now"
        return ""


@dataclass(frozen=True)
class ReplayResult:
    """Result of replaying a kept case.

    Attributes:
        kept_case: the case.
        status: ``fixed``, ``flaky`` or ``fails`` if it was fed; ``outdated`` if it no longer applies to the contract;
            ``not fed`` if the consumer cannot take it.
        reason: why it was not fed, or is flaky without a finding; empty otherwise.
        finding: what the consumer did wrong, or None.

    """

    kept_case: KeptCase
    status: Literal["fixed", "flaky", "fails", "outdated", "not fed"]
    reason: str = ""
    finding: Finding | None = None


def keep_case(finding: Finding, folder: Path) -> Path:
    """Write the case of a finding to a file, unless the same case is there already.

    The file appears only when it is complete, even if several processes write it at once. An existing file is not changed.

    Args:
        finding: the finding.
        folder: the folder of all kept cases; the file goes into its subfolder for the contract.

    Returns:
        The path of the file.

    Raises:
        ContractError: the file cannot be written, or the body is larger than ``MAX_KEPT_BODY_BYTES``.

    """
    case = finding.case
    if len(case.body) > MAX_KEPT_BODY_BYTES:
        raise ContractError(
            f"a body of {len(case.body):,} bytes is too large to keep (at most {MAX_KEPT_BODY_BYTES:,}): find a smaller case"
        )
    digest = hashlib.sha256(f"{finding.kind} {case.label} ".encode() + case.body).hexdigest()[:8]
    path = folder / _file_name(finding.contract) / f"{_file_name(case.label or finding.kind)}-{digest}.json"
    try:
        if not path.exists():
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path, durable=False) as file:
                file.write((json.dumps(_record(finding), indent=2) + "\n").encode())
    except OSError as error:
        problem = f"{path} cannot be written ({error.strerror}): name a folder that can be written"
        raise ContractError(problem) from None
    return path


def load_kept_cases(folder: Path, contract: str | None = None) -> list[KeptCase]:
    """Read the kept cases in a folder, in the order of their paths.

    Args:
        folder: the folder of all kept cases.
        contract: the name of a contract, to read only its cases. Default: all.

    Raises:
        ContractError: a file cannot be read or is not a kept case.

    """
    searched = folder if contract is None else folder / _file_name(contract)
    return [_read(path) for path in sorted(searched.rglob("*.json"))]


def replay_kept_cases(run: Run, kept_cases: Iterable[KeptCase]) -> Iterator[ReplayResult]:
    """Feed kept cases to the consumer of a run and yield the result of each. The run's report does not count them.

    Args:
        run: the run whose consumer is fed.
        kept_cases: the cases to feed.

    """
    for kept_case in kept_cases:
        if reason := kept_case.outdated_reason(run.contract):
            yield ReplayResult(kept_case, "outdated", reason)
        elif not run.can_take(kept_case.case):
            yield ReplayResult(kept_case, "not fed", "the consumer cannot take such a body")
        elif finding := judge_repeatedly(run.judge, kept_case.case):
            yield ReplayResult(kept_case, "flaky" if finding.flaky else "fails", finding=finding)
        elif kept_case.flaky:
            yield ReplayResult(
                kept_case, "flaky", f"{MAX_REPEATED_CALLS} calls did not show it: delete it if it is fixed"
            )
        else:
            yield ReplayResult(kept_case, "fixed")


def _record(finding: Finding) -> dict[str, Any]:
    return {
        "contract": finding.contract,
        **case_to_json(finding.case),
        "consumer": finding.consumer,
        "verdict": finding.verdict.value,
        **({"flaky": True} if finding.flaky else {}),
        "error": finding.raised.line if finding.raised else finding.detail or None,
        "versions": {"contractfuzz": installed_version(), "python": platform.python_version()},
        "date": datetime.now(UTC).date().isoformat(),
    }


def _read(path: Path) -> KeptCase:
    try:
        return _from_record(path, json.loads(path.read_bytes()))
    except OSError as error:
        raise ContractError(f"{path} cannot be read ({error.strerror}): make it readable, or delete it") from None
    except (AttributeError, ContractError, KeyError, TypeError, ValueError, RecursionError):
        raise ContractError(f"{path} is not a kept case: restore it from version control, or delete it") from None


def _from_record(path: Path, record: dict[str, Any]) -> KeptCase:
    """Return the kept case of a record. ContractError, KeyError, TypeError or ValueError if the record is wrong."""
    # Older files store the kind "hostile" as "class", next to the kind "valid".
    kind = parse_kind(record.get("class", record["kind"]))
    case = case_from_json(record, kind, record["expectation"])
    return KeptCase(path, record["contract"], record["consumer"], case, bool(record.get("flaky")))


def _file_name(text: str) -> str:
    """Return a file name for a label or a contract's name."""
    name = re.sub(r"[^A-Za-z0-9._-]+", "-", text.replace("*", "any")).strip("-.")
    return name[:MAX_FILE_NAME_CHARACTERS] or "payload"
