"""Job: the description of a bulk sample, complete enough for any worker to write any part of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any, NamedTuple

from contractfuzz.bulk.json_lines import row_writer
from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.version import installed_version

DEFAULT_SHARD_SIZE = 10_000
"""Cases per file, unless the user chooses another number."""

PROGRESS_INTERVAL_CASES = 256
"""Number of cases after which a worker reports its progress: several times a second, at no measurable cost."""


class Shard(NamedTuple):
    """A part of a job that goes into one file: the cases from ``start`` up to, but not including, ``stop``."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Job:
    """A bulk sample. Equal jobs give equal bytes, independent of the process that writes them.

    Attributes:
        contract: the contract's name.
        schema: the contract's schema as JSON text if the contract was loaded from a document; None if it comes from a pack,
            which the workers have installed as well.
        values: the user's own values as JSON text; empty for none.
        base: the payload that violations are applied to, as JSON text; empty for none.
        faults: the number of faults in each invalid case.
        digest: digest of the schema, the user's own values, the base and the selected labels, see ``digest_of``.
        kind, profile, seed, only: the selection of cases, as ``Contract.sample`` takes it.
        n: the number of cases.
        labels: True if a line contains the label and the pointer as well as the payload.
        shard_size: the number of cases per file, at least 1.
        suffix: the suffix of the files; ``.gz`` at its end compresses them.
        version: the version of contractfuzz, because another version may generate other cases.

    """

    contract: str
    schema: str | None
    values: str
    base: str
    faults: int
    digest: str
    kind: Kind
    profile: str
    seed: int
    only: tuple[str, ...]
    n: int
    labels: bool
    shard_size: int
    suffix: str
    version: str = field(default_factory=installed_version)

    @property
    def manifest(self) -> dict[str, Any]:
        """Everything that determines the bytes of the files, as a JSON object."""
        names = ("contract", "digest", "kind", "profile", "seed", "n", "labels", "shard_size", "suffix", "version")
        return {name: getattr(self, name) for name in names} | {"only": list(self.only)}

    def shards(self) -> Iterator[Shard]:
        """Yield the shards in order."""
        for number, start in enumerate(range(0, self.n, self.shard_size)):
            yield Shard(f"{self.kind}-{number:06}{self.suffix}", start, min(start + self.shard_size, self.n))

    def cases(self, start: int, stop: int) -> Iterator[Case]:
        """Yield the cases from ``start`` up to, but not including, ``stop``.

        Raises:
            ContractError: this worker's installation would generate other cases than the caller's.

        """
        return _load_contract(self).sample(
            stop - start,
            self.kind,
            self.profile,
            self.seed,
            only=self.only or None,
            start=start,
        )

    def write(self, shard: Shard, file: IO[bytes], report_progress: Callable[[int], None] = lambda _: None) -> None:
        """Write the lines of a shard.

        Args:
            shard: the shard.
            file: the file to write to.
            report_progress: called now and then with the number of cases written since the last call. An exception that it
                raises stops the writing.

        """
        row = row_writer(self.kind, labels=self.labels)
        count = 0
        for count, case in enumerate(self.cases(shard.start, shard.stop), 1):
            file.write(row(case))
            if count % PROGRESS_INTERVAL_CASES == 0:
                report_progress(PROGRESS_INTERVAL_CASES)
        report_progress(count % PROGRESS_INTERVAL_CASES)


def make_job(
    contract: Contract,
    n: int,
    kind: Kind = "valid",
    profile: str = "broad",
    seed: int = 0,
    *,
    only: tuple[str, ...] = (),
    labels: bool = False,
    shard_size: int = DEFAULT_SHARD_SIZE,
    suffix: str = ".jsonl",
) -> Job:
    """Return the job that samples ``n`` cases.

    Args:
        contract: the contract.
        n: the number of cases, at least 0. A kind that the contract has no cases of gives a job without cases.
        kind: the kind of the cases.
        profile: the profile of valid payloads.
        seed: the seed; the same seed gives the same cases.
        only: labels, or globs of labels, to which the cases are restricted. Default: all.
        labels: write the label and the pointer as well as the payload.
        shard_size: the number of cases per file, at least 1.
        suffix: the suffix of the files; ``.gz`` at its end compresses them.

    Raises:
        ContractError: the kind, the profile or a label does not exist, the kind is ``wire``, or ``n`` is negative.

    """
    if kind == "wire":
        raise ContractError("wire cases are responses, not bodies: feed them to a client with contractfuzz check")
    first = contract.sample(min(n, 1), kind, profile, seed, only=only or None)
    has_cases = any(True for _ in first)
    installed = contract.name in Contract.installed() and Contract.named(contract.name).schema is contract.schema
    return Job(
        contract.name,
        None if installed else json.dumps(contract.schema),
        json.dumps(contract.values) if contract.values else "",
        json.dumps(base) if (base := _base_of(contract)) is not ABSENT else "",
        1 if contract.fault_options is None else contract.fault_options.faults,
        digest_of(contract, kind, only),
        kind,
        profile,
        seed,
        only,
        n if has_cases else 0,
        labels,
        shard_size,
        suffix,
    )


def digest_of(contract: Contract, kind: Kind, only: tuple[str, ...]) -> str:
    """Return the SHA-256 of the source of the cases: the schema, with the order of its properties, values and labels."""
    source = [contract.schema, contract.labels(kind, only or None), *([contract.values] if contract.values else ())]
    source += [] if (base := _base_of(contract)) is ABSENT else [{"base": base}]
    return hashlib.sha256(json.dumps(source).encode()).hexdigest()


def _base_of(contract: Contract) -> Any:
    """Return the payload that the violations of a contract are applied to; ``ABSENT`` if there is none."""
    return ABSENT if contract.fault_options is None else contract.fault_options.base


@lru_cache(maxsize=2)
def _load_contract(job: Job) -> Contract:
    """Return the contract of a job. ContractError if this worker's installation differs from the caller's."""
    if job.version != installed_version():
        raise ContractError(
            f"a worker has contractfuzz {installed_version()}, but the caller has {job.version}: "
            "install the same version everywhere"
        )
    contract = Contract.named(job.contract) if job.schema is None else Contract(job.contract, json.loads(job.schema))
    if job.values:
        contract = contract.with_values(json.loads(job.values))
    contract = contract.with_faults(base=json.loads(job.base) if job.base else ABSENT, faults=job.faults)
    if digest_of(contract, job.kind, job.only) != job.digest:
        raise ContractError(
            f"a worker has another contract under the name {job.contract!r}: install the same pack everywhere"
        )
    return contract
