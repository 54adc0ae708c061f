"""msgspec: structs decoded from JSON. UNSET marks a property that may be absent but not null."""

from __future__ import annotations

from datetime import datetime
from typing import Annotated, Literal

import msgspec
from msgspec import UNSET, UnsetType

Int32 = Annotated[int, msgspec.Meta(ge=-(2**31), lt=2**31)]
Instant = Annotated[datetime, msgspec.Meta(tz=True)]


class Struct(msgspec.Struct, rename="camel"):
    pass


class ObjectReference(Struct):
    id: str


class AssociationType(Struct):
    association_category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    association_type_id: Int32
    label: str | UnsetType = UNSET


class Association(Struct):
    to_object_id: str
    association_types: list[AssociationType]


class PagingNext(Struct):
    after: str | UnsetType = UNSET
    link: str | UnsetType = UNSET


class Paging(Struct):
    next: PagingNext | UnsetType = UNSET


class Result(Struct):
    from_: ObjectReference = msgspec.field(name="from")
    to: list[Association]
    paging: Paging | UnsetType = UNSET


class ErrorDetail(Struct):
    message: str
    code: str | UnsetType = UNSET
    sub_category: str | UnsetType = UNSET
    in_: str | UnsetType = msgspec.field(name="in", default=UNSET)
    context: dict[str, list[str]] | UnsetType = UNSET


class Problem(Struct):
    status: str
    category: str
    message: str
    id: str | UnsetType = UNSET
    errors: list[ErrorDetail] | UnsetType = UNSET
    context: dict[str, list[str]] | UnsetType = UNSET
    links: dict[str, str] | UnsetType = UNSET


class BatchAssociationResponse(Struct):
    status: Literal["PENDING", "PROCESSING", "CANCELED", "COMPLETE"]
    results: list[Result]
    started_at: Instant
    completed_at: Instant
    requested_at: Instant | UnsetType = UNSET
    num_errors: Int32 | UnsetType = UNSET
    errors: list[Problem] | UnsetType = UNSET
    links: dict[str, str] | UnsetType = UNSET


decoder = msgspec.json.Decoder(BatchAssociationResponse)


def read(body: bytes) -> BatchAssociationResponse:
    return decoder.decode(body)


def write(response: BatchAssociationResponse) -> bytes:
    return msgspec.json.encode(response)
