"""Published documents of others, if they are present: each loads, and the payloads of its contract are labelled truly."""

from pathlib import Path

import pytest
from jsonschema import Draft202012Validator
from payload_judges import LabelJudge

from contractfuzz import Contract, ContractError

SHARED = Path(__file__).parents[3].parent / "shared" / "structures" / "hubspot"
FOLDER = SHARED / "json-structure"
FILES = sorted(FOLDER.glob("*.json"))

NOT_LOADED = {
    **dict.fromkeys(
        [
            *("authors-api-batch-response-with-errors", "blog-posts-api-batch-response-with-errors"),
            *("commerce-payments-api-batch-create-response", "commerce-payments-api-batch-read-response"),
            *("commerce-payments-api-batch-update-response", "crm-associations-api-batch-association-response"),
            *("engagement-calls-api-batch-calls-response", "engagement-notes-batch-notes-response"),
        ],
        "Their own API has no ErrorDetail, and those of other APIs differ.",
    )
}
"""Files that do not load with the folder alone, without the end of their names, and the reason."""

pytestmark = pytest.mark.skipif(not FILES, reason="needs the published documents, which are not part of the project")


def loads(path):
    return path.name.removesuffix("-structure.json") not in NOT_LOADED


def chosen(nightly, every):
    return [path for path in FILES[:: 1 if nightly else every] if loads(path)]


def test_payloads_of_the_contracts_are_labelled_truly(nightly):
    paths = chosen(nightly, 40)
    assert paths
    for path in paths:
        contract = Contract.load(path, FOLDER)
        Draft202012Validator.check_schema(contract.schema)
        judge = LabelJudge(contract.schema)
        assert [case for case in contract.sample(200) if not judge.validator.is_valid(case.payload)] == [], path.name
        cases = list(contract.sample(len(contract.violations()), "invalid"))
        assert [violation.id for violation in contract.violations()] == [case.label for case in cases]
        assert [objection for case in cases for objection in judge.objections(case)] == [], path.name


def test_every_document_loads_but_the_listed_ones(nightly):
    paths = FILES if nightly else [path for path in FILES if not loads(path)] + FILES[::200]
    errors = {}
    for path in paths:
        try:
            Contract.load(path, FOLDER)
        except ContractError as error:
            errors[path.name.removesuffix("-structure.json")] = str(error)
    assert set(errors) == set(NOT_LOADED)
    assert all("ErrorDetail" in message and "several documents that differ" in message for message in errors.values())


def test_the_openapi_file_resolves_what_the_folder_does_not():
    path = FOLDER / "crm-associations-api-batch-association-response-structure.json"
    [openapi] = (SHARED / "openapi").glob("*.yml")
    siblings = [other for other in FILES if other.name.startswith("crm-associations-api-")]
    contract = Contract.load(path, [*siblings, openapi])
    assert "additionalProperties" in contract.schema["$defs"]["ErrorDetail"]["properties"]["context"]


def test_wide_integers_are_numbers_as_in_their_examples():
    paths = [path for path in FILES if '"int64"' in path.read_text("utf-8")]
    assert paths
    for path in paths:
        assert 2**63 - 1 in list(bounds(Contract.load(path, FOLDER).schema)), path.name


def bounds(schema):
    if isinstance(schema, dict):
        yield from (value for key, value in schema.items() if key == "maximum")
        for child in schema.values():
            yield from bounds(child)
    elif isinstance(schema, list):
        for child in schema:
            yield from bounds(child)
