"""marshmallow: schemas with the documented recipe for camelCase. Unknown properties are ignored, not rejected."""

from __future__ import annotations

from typing import Any

from marshmallow import EXCLUDE, Schema, fields
from marshmallow.validate import OneOf, Range


def camel_case(name: str) -> str:
    first, *others = name.split("_")
    return first + "".join(map(str.capitalize, others))


class CamelCaseSchema(Schema):
    class Meta:
        unknown = EXCLUDE

    def on_bind_field(self, field_name: str, field_obj: fields.Field) -> None:
        field_obj.data_key = camel_case(field_obj.data_key or field_name)


def int32(**options: Any) -> fields.Integer:
    return fields.Integer(strict=True, validate=Range(-(2**31), 2**31 - 1), **options)


class ObjectReference(CamelCaseSchema):
    id = fields.String(required=True)


class AssociationType(CamelCaseSchema):
    association_category = fields.String(
        required=True, validate=OneOf(["HUBSPOT_DEFINED", "USER_DEFINED", "INTEGRATOR_DEFINED"])
    )
    association_type_id = int32(required=True)
    label = fields.String()


class Association(CamelCaseSchema):
    to_object_id = fields.String(required=True)
    association_types = fields.List(fields.Nested(AssociationType), required=True)


class PagingNext(CamelCaseSchema):
    after = fields.String()
    link = fields.String()


class Paging(CamelCaseSchema):
    next = fields.Nested(PagingNext)


class Result(CamelCaseSchema):
    from_ = fields.Nested(ObjectReference, required=True, data_key="from")
    to = fields.List(fields.Nested(Association), required=True)
    paging = fields.Nested(Paging)


class ErrorDetail(CamelCaseSchema):
    message = fields.String(required=True)
    code = fields.String()
    sub_category = fields.String()
    in_ = fields.String(data_key="in")
    context = fields.Dict(fields.String(), fields.List(fields.String()))


class Problem(CamelCaseSchema):
    status = fields.String(required=True)
    category = fields.String(required=True)
    message = fields.String(required=True)
    id = fields.String()
    errors = fields.List(fields.Nested(ErrorDetail))
    context = fields.Dict(fields.String(), fields.List(fields.String()))
    links = fields.Dict(fields.String(), fields.String())


class BatchAssociationResponse(CamelCaseSchema):
    status = fields.String(required=True, validate=OneOf(["PENDING", "PROCESSING", "CANCELED", "COMPLETE"]))
    results = fields.List(fields.Nested(Result), required=True)
    started_at = fields.AwareDateTime(format="iso", required=True)
    completed_at = fields.AwareDateTime(format="iso", required=True)
    requested_at = fields.AwareDateTime(format="iso")
    num_errors = int32()
    errors = fields.List(fields.Nested(Problem))
    links = fields.Dict(fields.String(), fields.String())


schema = BatchAssociationResponse()


def read(body: bytes) -> dict[str, Any]:
    return schema.loads(body)


def write(response: dict[str, Any]) -> str:
    return schema.dumps(response)
