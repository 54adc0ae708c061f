"""Worker for contractfuzz: ``valid`` or ``invalid`` with Hypothesis, or ``sample``."""

import sys
from collections.abc import Iterator
from typing import Any

from serving import serve, serve_strategy

from contractfuzz import Contract

contract = Contract.named("batch_association_response")


def sample(examples: int, seed: int) -> Iterator[Any]:
    return (case.payload for case in contract.sample(examples, seed=seed))


match sys.argv[2]:
    case "sample":
        serve(sample)
    case "invalid":
        serve_strategy(contract.invalid().map(lambda case: case.payload))
    case _:
        serve_strategy(contract.valid())
