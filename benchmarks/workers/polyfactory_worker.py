"""Worker for polyfactory: payloads from pydantic models of the contract, because polyfactory takes no schema."""

from collections.abc import Iterator
from enum import Enum
from typing import Annotated, Any

from polyfactory.factories.pydantic_factory import ModelFactory
from pydantic import AwareDatetime, BaseModel, Field
from serving import serve

Int32 = Annotated[int, Field(ge=-(2**31), le=2**31 - 1)]


class Status(Enum):
    PENDING = "PENDING"
    PROCESSING = "PROCESSING"
    CANCELED = "CANCELED"
    COMPLETE = "COMPLETE"


class Category(Enum):
    HUBSPOT_DEFINED = "HUBSPOT_DEFINED"
    USER_DEFINED = "USER_DEFINED"
    INTEGRATOR_DEFINED = "INTEGRATOR_DEFINED"


class ObjectReference(BaseModel):
    id: str


class AssociationType(BaseModel):
    associationCategory: Category
    associationTypeId: Int32
    label: str | None = None


class Association(BaseModel):
    toObjectId: str
    associationTypes: list[AssociationType]


class PagingNext(BaseModel):
    after: str | None = None
    link: str | None = None


class Paging(BaseModel):
    next: PagingNext | None = None


class Result(BaseModel):
    from_: ObjectReference = Field(alias="from")
    to: list[Association]
    paging: Paging | None = None


class ErrorDetail(BaseModel):
    message: str
    code: str | None = None
    subCategory: str | None = None
    in_: str | None = Field(default=None, alias="in")
    context: dict[str, list[str]] | None = None


class StandardError(BaseModel):
    status: str
    id: str | None = None
    category: str
    message: str
    errors: list[ErrorDetail] | None = None
    context: dict[str, list[str]] | None = None
    links: dict[str, str] | None = None


class BatchAssociationResponse(BaseModel):
    status: Status
    results: list[Result]
    requestedAt: AwareDatetime | None = None
    startedAt: AwareDatetime
    completedAt: AwareDatetime
    numErrors: Int32 | None = None
    errors: list[StandardError] | None = None
    links: dict[str, str] | None = None


factory = ModelFactory.create_factory(BatchAssociationResponse)


def generate(examples: int, seed: int) -> Iterator[Any]:
    factory.seed_random(seed)
    for _ in range(examples):
        yield factory.build().model_dump(mode="json", by_alias=True, exclude_none=True)


serve(generate)
