"""pydantic: models, validated in lax mode, the default, or in strict mode."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field
from pydantic.alias_generators import to_camel

Int32 = Annotated[int, Field(ge=-(2**31), lt=2**31)]


class Model(BaseModel):
    model_config = ConfigDict(alias_generator=to_camel)


class ObjectReference(Model):
    id: str


class AssociationType(Model):
    association_category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    association_type_id: Int32
    label: str | None = None


class Association(Model):
    to_object_id: str
    association_types: list[AssociationType]


class PagingNext(Model):
    after: str | None = None
    link: str | None = None


class Paging(Model):
    next: PagingNext | None = None


class Result(Model):
    from_: ObjectReference = Field(alias="from")
    to: list[Association]
    paging: Paging | None = None


class ErrorDetail(Model):
    message: str
    code: str | None = None
    sub_category: str | None = None
    in_: str | None = Field(None, alias="in")
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
    started_at: AwareDatetime
    completed_at: AwareDatetime
    requested_at: AwareDatetime | None = None
    num_errors: Int32 | None = None
    errors: list[Problem] | None = None
    links: dict[str, str] | None = None


def read(body: bytes) -> BatchAssociationResponse:
    return BatchAssociationResponse.model_validate_json(body)


def read_strictly(body: bytes) -> BatchAssociationResponse:
    return BatchAssociationResponse.model_validate_json(body, strict=True)


def write(response: BatchAssociationResponse) -> str:
    return response.model_dump_json(by_alias=True, exclude_unset=True)
