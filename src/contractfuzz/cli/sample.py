"""The command ``contractfuzz sample``."""

from __future__ import annotations

from typing import Any

import click

from contractfuzz.cli.options import (
    COUNT,
    HONOURED,
    INTERRUPTED,
    SOME,
    components_option,
    contract_option,
    find_contract,
    seed_option,
)
from contractfuzz.cli.streams import complain, opened
from contractfuzz.errors import ContractError


@click.command()
@click.option("-n", "number", type=COUNT, default=10, show_default=True, help="How many cases.")
@click.option("--kind", default="valid", show_default=True, metavar="valid|invalid|malformed|incoherent|hostile")
@click.option("--profile", default="broad", show_default=True, metavar="NAME", help="The flavour of valid payloads.")
@click.option("--only", multiple=True, metavar="GLOB", help="Only cases with these labels.")
@seed_option
@contract_option
@components_option
@click.option("--labels", is_flag=True, help='Make each line {"label":…,"pointer":…,"payload":…}.')
@click.option("--output", metavar="FILE|DIR", help="Where to write. Default: standard output.")
@click.option("--each", is_flag=True, help="Into DIR, each case as a file of its own, named by its number and label.")
@click.option("--as-tests", metavar="FILE", help="Write a plain pytest file (.py) or JSON fixtures (.json) instead.")
@click.option("--shard-size", type=SOME, metavar="N", help="Cases in each file in DIR. Default: 10000.")
@click.option("--suffix", type=click.Choice([".jsonl", ".jsonl.gz"]), help="Of the files in DIR. Default: .jsonl.")
@click.option("--workers", type=click.IntRange(1, 1000), metavar="N", help="Fill DIR with N processes. Default: 1.")
@click.option("--scheduler", metavar="ADDRESS", help="Fill DIR with the workers of this Dask cluster.")
@click.option("--resume", is_flag=True, help="Go on with the DIR that this command began.")
def sample(
    number: int,
    kind: str,
    profile: str,
    only: tuple[str, ...],
    seed: int,
    contract_name: str | None,
    components: tuple[str, ...],
    labels: bool,
    output: str | None,
    each: bool,
    as_tests: str | None,
    shard_size: int | None,
    suffix: str | None,
    workers: int | None,
    scheduler: str | None,
    resume: bool,
) -> int:
    """Write cases as JSON Lines: one payload on each line.

    They go to standard output, into a FILE (compressed if its name ends in .gz), or into a folder DIR (one that is there, or a
    path that ends in a slash or has no suffix): --shard-size of them into each file, beside a manifest.json that says what they
    are. A file is there as a whole or not at all. Case i depends on --seed and i alone, so that the files are the same whoever
    makes them.

    A malformed body may hold any bytes: its line is {"label":…,"body":…} with the body in base64. With --each a file holds the
    bytes themselves.
    """
    from contractfuzz.bulk import sampling
    from contractfuzz.bulk.generated_tests import write_as_tests
    from contractfuzz.bulk.job import SHARD_SIZE, Shard, make_job
    from contractfuzz.payloads.cases.case import parse_kind

    in_shards = {
        "--shard-size": shard_size,
        "--suffix": suffix,
        "--workers": workers,
        "--scheduler": scheduler,
        "--resume": resume,
    }
    if as_tests is not None:
        others = {"--output": output, "--labels": labels, "--each": each, **in_shards}
        _refuse_options(others, "does not go with --as-tests: leave one of the two out")
        contract = find_contract(contract_name, components)
        cases = contract.sample(number, parse_kind(kind), profile, seed, only=only or None)
        write_as_tests(cases, contract.name, as_tests)
        return HONOURED
    if output is None or not sampling.is_folder(output):
        _refuse_options({"--each": each, **in_shards}, "goes with a folder: end --output with a slash, as in cases/")
    elif each:
        _refuse_options({"--labels": labels, **in_shards}, "does not go with --each: leave one of the two out")
    if workers is not None and scheduler is not None:
        raise ContractError("--workers does not go with --scheduler: the cluster has its own, leave one of the two out")
    job = make_job(
        find_contract(contract_name, components),
        number,
        parse_kind(kind),
        profile,
        seed,
        only=only,
        labels=labels,
        shard_size=shard_size or SHARD_SIZE,
        suffix=suffix or ".jsonl",
    )
    if output is None:
        with opened(None) as file:
            job.write(Shard("", 0, job.n), file.buffer)
    elif each:
        sampling.sample_each(job, output)
    elif not sampling.is_folder(output):
        sampling.sample_to_file(job, output)
    else:
        try:
            sampling.sample_to_folder(job, output, workers=workers or 1, scheduler=scheduler, resume=resume)
        except sampling.InterruptedRunError as interruption:
            complain(str(interruption))
            return INTERRUPTED
    return HONOURED


def _refuse_options(options: dict[str, Any], why: str) -> None:
    for option, value in options.items():
        if value:
            raise ContractError(f"{option} {why}")
