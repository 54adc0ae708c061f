"""Worker for jsf: fake payloads from the schema."""

import random
from collections.abc import Iterator
from typing import Any

from jsf import JSF
from serving import load_schema, serve

faker = JSF(load_schema())


def generate(examples: int, seed: int) -> Iterator[Any]:
    random.seed(seed)
    for _ in range(examples):
        yield faker.generate()


serve(generate)
