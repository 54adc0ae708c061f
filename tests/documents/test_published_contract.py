"""The contract that the project ships with: HubSpot's BatchAssociationResponse, as published and as packed."""

from pathlib import Path

import pytest

import hubspot_strategies
from contractfuzz import Contract

DOCUMENTS = Path(hubspot_strategies.__file__).parent / "documents"
PACKED = DOCUMENTS / "batch-association-response.structure.json"
PUBLISHED = Path(__file__).parents[2].parent / "shared" / "contract" / "batch-association-response.structure.json"


@pytest.fixture(scope="module")
def contract():
    return Contract.load(PACKED, components=[DOCUMENTS])


def test_it_becomes_one_self_contained_schema(contract, assert_self_contained):
    assert_self_contained(contract.schema)
    assert set(contract.schema["$defs"]) == {
        "ObjectReference",
        "Association",
        "AssociationType",
        "Paging",
        "PagingNext",
        "ErrorDetail",
    }


def test_its_name_is_the_name_of_the_document(contract):
    assert contract.name == contract.schema["title"] == "BatchAssociationResponse"


def test_its_keywords_are_in_the_order_of_the_document(contract):
    assert list(contract.schema) == ["$schema", "title", "description", "type", "properties", "required", "$defs"]


def test_a_response_of_the_service_is_valid(contract):
    assert (
        contract.errors(
            {
                "status": "COMPLETE",
                "startedAt": "2025-03-15T14:30:00Z",
                "completedAt": "2025-03-15T14:30:01.250Z",
                "results": [
                    {
                        "from": {"id": "101"},
                        "to": [
                            {
                                "toObjectId": "500123",
                                "associationTypes": [
                                    {"associationCategory": "HUBSPOT_DEFINED", "associationTypeId": 1}
                                ],
                            }
                        ],
                        "paging": {"next": {"after": "NTI1Cg=="}},
                    }
                ],
                "numErrors": 1,
                "errors": [
                    {
                        "status": "error",
                        "category": "OBJECT_NOT_FOUND",
                        "message": "None of that id.",
                        "context": {"ids": ["102"]},
                        "errors": [{"message": "None of that id.", "context": {"ids": ["102"]}}],
                    }
                ],
                "links": {"documentation": "https://developers.example/"},
            }
        )
        == []
    )


def test_the_errors_in_its_own_example_are_found(contract):
    error = {"status": "active", "category": "standard", "message": "x", "errors": [{}], "context": {"key": "value"}}
    payload = {
        "status": "PENDING",
        "results": [{"from": {}, "to": []}],
        "startedAt": "2025-03-15T14:30:00Z",
        "completedAt": "2025-13-01T00:00:00Z",
        "errors": [error],
        "numErrors": 2**31,
    }
    assert {(error.pointer, error.keyword) for error in contract.errors(payload)} == {
        ("/results/0/from", "required"),
        ("/completedAt", "format"),
        ("/errors/0/errors/0", "required"),
        ("/errors/0/context/key", "type"),
        ("/numErrors", "maximum"),
    }


@pytest.mark.skipif(not PUBLISHED.exists(), reason="needs the published document, which is not part of the project")
def test_the_packed_document_equals_the_published_one_but_for_descriptions(contract, assert_self_contained):
    published = Contract.load(PUBLISHED, components=[DOCUMENTS])
    assert_self_contained(published.schema)
    assert without_descriptions(published.schema) == without_descriptions(contract.schema)
    assert published.schema != contract.schema


def without_descriptions(value):
    if isinstance(value, list):
        return [without_descriptions(child) for child in value]
    if isinstance(value, dict):
        return {key: without_descriptions(child) for key, child in value.items() if key != "description"}
    return value
