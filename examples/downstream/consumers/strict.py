"""Third draft: the contract as strict pydantic models."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Model(BaseModel):
    model_config = ConfigDict(strict=True)


class ObjectReference(Model):
    id: str


class AssociationType(Model):
    associationCategory: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    associationTypeId: Int32
    label: str | None = None


class Association(Model):
    toObjectId: str
    associationTypes: list[AssociationType]


class PagingNext(Model):
    after: str | None = None
    link: str | None = None


class Paging(Model):
    next: PagingNext | None = None


class Result(Model):
    from_: Annotated[ObjectReference, Field(alias="from")]
    to: list[Association]
    paging: Paging | None = None


class ErrorDetail(Model):
    message: str
    code: str | None = None
    subCategory: str | None = None
    in_: Annotated[str | None, Field(alias="in")] = None
    context: dict[str, list[str]] | None = None


class Problem(Model):
    status: str
    category: str
    message: str
    id: str | None = None
    errors: list[ErrorDetail] | None = None
    context: dict[str, list[str]] | None = None
    links: dict[str, str] | None = None


class BatchAssociationResponse(Model):
    status: Literal["PENDING", "PROCESSING", "CANCELED", "COMPLETE"]
    results: list[Result]
    startedAt: datetime
    completedAt: datetime
    requestedAt: datetime | None = None
    numErrors: Int32 | None = None
    errors: list[Problem] | None = None
    links: dict[str, str] | None = None


def read(body: bytes) -> BatchAssociationResponse:
    """Parse a response.

    Raises:
        ValueError: the body breaks the contract. It is a pydantic ValidationError.

    """
    return BatchAssociationResponse.model_validate_json(body)
