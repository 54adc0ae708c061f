"""Random combinations of keywords: payloads are valid and labels are true, or the schema is refused."""

from __future__ import annotations

import itertools
import random

from payload_judges import LabelJudge, rust_says
from random_schemas import random_schema

from contractfuzz import Contract, ContractError


def test_random_combinations_of_keywords(nightly):
    made = refused = invalid = 0
    for seed in range(2500 if nightly else 80):
        rng = random.Random(seed)
        schema = random_schema(rng, rng.randint(1, 3))
        try:
            contract = Contract.load(
                {"$schema": "https://json-schema.org/draft/2020-12/schema", **schema}, name="random"
            )
            valid = list(contract.sample(30))
        except ContractError:
            refused += 1
            continue
        made += 1
        assert len(valid) == 30
        judge, rust = LabelJudge(contract.schema), rust_says(contract.schema)
        for case in valid:
            assert contract.is_valid(case.payload), (seed, schema, case.payload)
            assert rust(case.payload), (seed, schema, case.payload)
        for case in itertools.islice(contract.sample(10**6, "invalid"), 5 * len(contract.labels("invalid"))):
            invalid += 1
            assert judge.objections(case) == [], (seed, schema, case.payload)
            assert not rust(case.payload), (seed, schema, case.label, case.payload)
        assert contract.coverage(valid).reached or not contract.coverage([]).missed
        assert all(len(case.body) < 1_000_000 for case in contract.sample(5, profile="hostile"))
    assert made > 2 * refused
    assert invalid > 30 * made
