"""What is to be made: all that a worker anywhere must know to make any part of it."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from functools import lru_cache
from typing import IO, Any, NamedTuple

from contractfuzz.bulk.json_lines import row_of
from contractfuzz.contract import Contract
from contractfuzz.errors import ContractError
from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.version import installed_version

SHARD_SIZE = 10_000
PULSE = 256
"""After so many cases a worker tells how far it is: several times a second, and it costs nothing."""


class Shard(NamedTuple):
    """The cases ``start`` to ``stop``, which go into one file."""

    name: str
    start: int
    stop: int


@dataclass(frozen=True, slots=True)
class Job:
    """What is to be made.

    Attributes:
        contract: the contract's name.
        schema: its schema as JSON, for one that was loaded from a document; None for one from a pack, which workers have too.
        digest: of the schema and the chosen labels, see ``digest_of``.
        kind, profile, seed, only, n: as ``Contract.sample`` takes them.
        labels: whether a row holds the label and the pointer beside the payload.
        shard_size: how many cases go into one file.
        suffix: of the files; one that ends in ``.gz`` has them compressed.
        version: the version of contractfuzz, since another one may make other cases.

    """

    contract: str
    schema: str | None
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
        """What decides the bytes of the files, for whoever goes on later."""
        names = ("contract", "digest", "kind", "profile", "seed", "n", "labels", "shard_size", "suffix", "version")
        return {name: getattr(self, name) for name in names} | {"only": list(self.only)}

    def shards(self) -> Iterator[Shard]:
        """Yield the parts, in order."""
        for number, start in enumerate(range(0, self.n, self.shard_size)):
            yield Shard(f"{self.kind}-{number:06}{self.suffix}", start, min(start + self.shard_size, self.n))

    def cases(self, start: int, stop: int) -> Iterator[Case]:
        """Yield the cases ``start`` to ``stop``."""
        return _contract_of(self).sample(
            stop - start,
            self.kind,
            self.profile,
            self.seed,
            only=self.only or None,
            start=start,
        )

    def write(self, shard: Shard, file: IO[bytes], tell: Callable[[int], None] = lambda _: None) -> None:
        """Write the rows of ``shard``, one after the other; ``tell`` hears now and then how many more, and may raise to stop."""
        row = row_of(self.kind, labels=self.labels)
        number = 0
        for number, case in enumerate(self.cases(shard.start, shard.stop), 1):
            file.write(row(case))
            if number % PULSE == 0:
                tell(PULSE)
        tell(number % PULSE)


def make_job(
    contract: Contract,
    n: int,
    kind: Kind = "valid",
    profile: str = "broad",
    seed: int = 0,
    *,
    only: tuple[str, ...] = (),
    labels: bool = False,
    shard_size: int = SHARD_SIZE,
    suffix: str = ".jsonl",
) -> Job:
    """Return the job of making ``n`` cases; ContractError as ``Contract.sample`` raises it."""
    first = contract.sample(min(n, 1), kind, profile, seed, only=only or None)
    installed = contract.name in Contract.installed() and Contract.named(contract.name) is contract
    return Job(
        contract.name,
        None if installed else json.dumps(contract.schema),
        digest_of(contract, kind, only),
        kind,
        profile,
        seed,
        only,
        n if any(True for _ in first) else 0,  # a kind without labels has no cases
        labels,
        shard_size,
        suffix,
    )


def digest_of(contract: Contract, kind: Kind, only: tuple[str, ...]) -> str:
    """Return the SHA-256 of what the cases come from: the schema, in its order, and the chosen labels."""
    source = [contract.schema, contract.labels(kind, only or None)]
    return hashlib.sha256(json.dumps(source).encode()).hexdigest()


@lru_cache(maxsize=2)
def _contract_of(job: Job) -> Contract:
    """Return the contract; ContractError where this worker's installation would make other cases than the caller's."""
    if job.version != installed_version():
        raise ContractError(
            f"a worker has contractfuzz {installed_version()}, and this call is of {job.version}: install the same everywhere"
        )
    contract = Contract.named(job.contract) if job.schema is None else Contract(job.contract, json.loads(job.schema))
    if digest_of(contract, job.kind, job.only) != job.digest:
        raise ContractError(f"a worker has another contract {job.contract!r}: install the same pack everywhere")
    return contract
