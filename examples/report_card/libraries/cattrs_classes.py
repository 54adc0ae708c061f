"""cattrs: attrs classes and its JSON converter, with the documented recipe for camelCase."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Literal

from attrs import define, fields, has
from cattrs.gen import make_dict_structure_fn, make_dict_unstructure_fn, override
from cattrs.preconf.json import make_converter


@define
class ObjectReference:
    id: str


@define
class AssociationType:
    association_category: Literal["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"]
    association_type_id: int
    label: str | None = None


@define
class Association:
    to_object_id: str
    association_types: list[AssociationType]


@define
class PagingNext:
    after: str | None = None
    link: str | None = None


@define
class Paging:
    next: PagingNext | None = None


@define
class Result:
    from_: ObjectReference
    to: list[Association]
    paging: Paging | None = None


@define
class ErrorDetail:
    message: str
    code: str | None = None
    sub_category: str | None = None
    in_: str | None = None
    context: dict[str, list[str]] | None = None


@define
class Problem:
    status: str
    category: str
    message: str
    id: str | None = None
    errors: list[ErrorDetail] | None = None
    context: dict[str, list[str]] | None = None
    links: dict[str, str] | None = None


@define
class BatchAssociationResponse:
    status: Literal["PENDING", "PROCESSING", "CANCELED", "COMPLETE"]
    results: list[Result]
    started_at: datetime
    completed_at: datetime
    requested_at: datetime | None = None
    num_errors: int | None = None
    errors: list[Problem] | None = None
    links: dict[str, str] | None = None


converter = make_converter(omit_if_default=True)


def camel_case(name: str) -> str:
    first, *others = name.rstrip("_").split("_")
    return first + "".join(map(str.capitalize, others))


def renamed(cls: type) -> dict[str, Any]:
    return {field.name: override(rename=camel_case(field.name)) for field in fields(cls)}


@converter.register_structure_hook_factory(has)
def structure(cls: type) -> Any:
    return make_dict_structure_fn(cls, converter, **renamed(cls))


@converter.register_unstructure_hook_factory(has)
def unstructure(cls: type) -> Any:
    return make_dict_unstructure_fn(cls, converter, _cattrs_omit_if_default=True, **renamed(cls))


def read(body: bytes) -> BatchAssociationResponse:
    return converter.loads(body, BatchAssociationResponse)


def write(response: BatchAssociationResponse) -> str:
    return converter.dumps(response)
