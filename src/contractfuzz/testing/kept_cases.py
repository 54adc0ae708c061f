"""Kept cases: cases that a consumer once failed, stored as JSON files next to its tests and replayed in later runs."""

from __future__ import annotations

import hashlib
import json
import platform
import zlib
from base64 import b64encode
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, get_args

from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, read_whole, safe_file_name
from contractfuzz.json_values import member
from contractfuzz.payloads.cases.case import ABSENT, Case, Expectation, Kind, parse_kind
from contractfuzz.payloads.cases.json_form import attributes_to_json, case_from_json, content_to_json
from contractfuzz.payloads.wire.page_sequences import is_page_sequence
from contractfuzz.running.findings import Finding
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import MAX_REPEATED_CALLS, Judge, judge_repeatedly
from contractfuzz.testing.body_recipes import (
    OutdatedRecipeError,
    is_plain,
    make_recipe,
    rebuild_body,
)
from contractfuzz.text import json_text
from contractfuzz.version import installed_version

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

MAX_KEPT_FILE_BYTES = 2**18
"""Size limit of a kept file. A larger one does not belong in a repository."""

_EXPECTATIONS: dict[str, Expectation] = {name: name for name in get_args(Expectation)}


@dataclass(frozen=True)
class KeptCase:
    """A case in a file.

    Attributes:
        path: the file.
        contract: the name of the contract that the case belongs to.
        consumer: the name of the consumer that failed the case.
        case: the case; without its body if that cannot be rebuilt.
        unbuilt: why the body cannot be rebuilt from its recipe; empty if it can.
        flaky: True if the case did not fail each time.

    """

    path: Path
    contract: str
    consumer: str
    case: Case
    unbuilt: str = ""
    flaky: bool = False

    def outdated_reason(self, contract: Contract) -> str:
        """Return why the case no longer applies to the contract, for example after a change of its schema; "" if it applies."""
        case = self.case
        if self.unbuilt:
            return self.unbuilt
        if case.kind == "invalid":
            known = {violation.id for violation in contract.violations()}
        else:
            known = set(contract.labels(case.kind))
        unknown_labels = [label for label in case.labels if label not in known]
        if unknown_labels:
            return f"the contract no longer has the label {unknown_labels[0]}"
        try:
            if not all(map(contract.is_valid, _valid_payloads(case))):
                return "its payload is no longer valid"
            if case.kind == "invalid" and contract.is_valid(case.payload):
                return "its payload is valid now"
        except RecursionError:
            return "its payload is nested too deep to be checked"
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

    The file appears only when it is complete, even if several processes write it at once. An existing file is not changed. A long
    body is written as a recipe that rebuilds it.

    Args:
        finding: the finding.
        folder: the folder of all kept cases; the file goes into its subfolder for the contract.

    Returns:
        The path of the file.

    Raises:
        ContractError: the file cannot be written, or would be larger than ``MAX_KEPT_FILE_BYTES``.

    """
    case = finding.case
    name = f"{safe_file_name(case.label or '', finding.kind)}-{_digest(finding)}.json"
    path = _contract_folder(folder, finding.contract) / name
    if _contract_of(path) not in (None, finding.contract):
        # Windows and macOS have one folder for names that differ in case only.
        path = path.with_stem(f"{path.stem}-{hashlib.sha256(finding.contract.encode()).hexdigest()[:8]}")
    try:
        if not path.exists():
            text = json_text(_record(finding)).encode()
            if len(text) > MAX_KEPT_FILE_BYTES:
                raise ContractError(
                    f"a body of {len(case.body):,} bytes is too large to keep "
                    f"(its file would have {len(text):,} bytes, {MAX_KEPT_FILE_BYTES:,} are allowed): find a smaller case"
                )
            path.parent.mkdir(parents=True, exist_ok=True)
            with atomic_write(path, durable=False) as file:
                file.write(text)
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
    searched = folder if contract is None else _contract_folder(folder, contract)
    kept_cases = [_read(path) for path in sorted(searched.rglob("*.json")) if path.is_file()]
    # Contracts with similar names share a folder.
    return [kept_case for kept_case in kept_cases if contract in (None, kept_case.contract)]


def replay_kept_cases(run: Run, kept_cases: Iterable[KeptCase], *, counted: bool = False) -> Iterator[ReplayResult]:
    """Feed kept cases to the consumer of a run and yield the result of each.

    Args:
        run: the run whose consumer is fed.
        kept_cases: the cases to feed.
        counted: True to count each case once in the run's report.

    """
    for kept_case in kept_cases:
        if reason := kept_case.outdated_reason(run.contract):
            yield ReplayResult(kept_case, "outdated", reason)
        elif not run.can_take(kept_case.case):
            yield ReplayResult(kept_case, "not fed", "the consumer cannot take such a body")
        elif finding := judge_repeatedly(_judge_of(run, counted=counted), kept_case.case):
            yield ReplayResult(kept_case, "flaky" if finding.flaky else "fails", finding=finding)
        elif kept_case.flaky:
            yield ReplayResult(
                kept_case, "flaky", f"{MAX_REPEATED_CALLS} calls did not show it: delete it if it is fixed"
            )
        else:
            yield ReplayResult(kept_case, "fixed")


def _judge_of(run: Run, *, counted: bool) -> Judge:
    """Return the judge of a run that counts the first of its calls only, if at all."""
    counts = iter([counted])
    return lambda case: run.judge(case, counted=next(counts, False))


def _valid_payloads(case: Case) -> list[Any]:
    """Return the payloads of a case that must be valid: those of a valid, incoherent or wire case."""
    if case.kind not in ("valid", "incoherent", "wire") or case.payload is ABSENT:
        return []
    has_pages = case.kind == "wire" and is_page_sequence(case.label)
    return list(case.payload) if has_pages else [case.payload]


def _contract_folder(folder: Path, contract: str) -> Path:
    return folder / safe_file_name(contract, "contract")


def _contract_of(path: Path) -> str | None:
    """Return the name of the contract in a file; None if the file does not exist, or is not a kept case."""
    try:
        return _read(path).contract if path.exists() else None
    except (ContractError, OSError):
        return None


def _digest(finding: Finding) -> str:
    """Return a short text that is different for different cases of the contracts that share a folder."""
    name = "" if safe_file_name(finding.contract, "") == finding.contract else finding.contract
    source = f"{name}{finding.kind} {finding.case.label} ".encode(errors="surrogatepass") + finding.case.body
    return hashlib.sha256(source).hexdigest()[:8]


def _record(finding: Finding) -> dict[str, Any]:
    case = finding.case
    content = content_to_json(case) if is_plain(case) else make_recipe(case)
    return {
        "contract": finding.contract,
        **attributes_to_json(case),
        **content,
        "consumer": finding.consumer,
        "verdict": finding.verdict.value,
        **({"flaky": True} if finding.flaky else {}),
        "error": finding.raised.line if finding.raised else finding.detail or None,
        "versions": {"contractfuzz": installed_version(), "python": platform.python_version()},
        "date": datetime.now(UTC).date().isoformat(),
    }


def _read(path: Path) -> KeptCase:
    try:
        return _from_record(path, json.loads(read_whole(path)))
    except OSError as error:
        raise ContractError(f"{path} cannot be read ({error.strerror}): make it readable, or delete it") from None
    except (ContractError, KeyError, TypeError, ValueError, RecursionError, zlib.error):
        raise ContractError(f"{path} is not a kept case: restore it from version control, or delete it") from None


def _from_record(path: Path, record: dict[str, Any]) -> KeptCase:
    """Return the kept case of a record; raise one of the errors that ``_read`` expects if the record is wrong."""
    # Older files store the kind "hostile" as "class", next to the kind "valid".
    kind = parse_kind(member(record, "class" if "class" in record else "kind", str))
    contract, consumer = member(record, "contract", str), member(record, "consumer", str)
    flaky = member(record, "flaky", bool) if "flaky" in record else False
    unbuilt = ""
    if "recipe" in record:
        try:
            record = record | _content(kind, rebuild_body(record))
        except OutdatedRecipeError as error:
            unbuilt = str(error)
            record = record | _content(kind, b"null")
    if kind == "wire":
        if "payload" not in record and record["body"]:
            raise ValueError("a wire case has a payload, or nothing")
    elif ("payload" in record) == (kind == "malformed"):
        raise ValueError("a malformed case has a body, and another one has a payload")
    case = case_from_json(record, kind, _EXPECTATIONS[member(record, "expectation", str)])
    # A payload that no JSON text can represent, such as NaN or a lone surrogate, is an error here and not when it is fed.
    json.dumps(None if case.payload is ABSENT else case.payload, ensure_ascii=False, allow_nan=False).encode()
    return KeptCase(path, contract, consumer, case, unbuilt, flaky)


def _content(kind: Kind, body: bytes) -> dict[str, Any]:
    if kind == "malformed":
        return {"body": b64encode(body).decode()}
    payload = json.loads(body)
    case = Case(kind, payload)
    return {"payload": payload, **({} if body == case.compact_body else {"text": body.decode()})}
