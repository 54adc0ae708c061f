"""Adapters: each recognises its targets, calls the library in the usual way, and knows the errors by which it rejects."""

from __future__ import annotations

import dataclasses
import importlib
import json
import subprocess
import sys
from datetime import datetime
from typing import Annotated, Literal, TypedDict

import attrs
import marshmallow
import msgspec
import pydantic
import pytest
from flask import Flask, request
from marshmallow import fields
from runs import report_of
from starlette.applications import Starlette
from starlette.responses import Response
from starlette.routing import Route

from contractfuzz import Contract, ContractError, check
from contractfuzz.running.adapters.registry import adapt

ORDER = Contract.load(
    {
        "name": "Order",
        "type": "object",
        "properties": {
            "id": {"type": "string"},
            "amount": {"type": "int32"},
            "state": {"type": "string", "enum": ["open", "paid"]},
            "placedAt": {"type": "datetime"},
        },
        "required": ["id", "amount", "state"],
    }
)


class PydanticOrder(pydantic.BaseModel):
    id: str
    amount: Annotated[int, pydantic.Field(ge=-(2**31), le=2**31 - 1)]
    state: Literal["open", "paid"]
    placedAt: datetime | None = None


class MsgspecOrder(msgspec.Struct):
    id: str
    amount: Annotated[int, msgspec.Meta(ge=-(2**31), le=2**31 - 1)]
    state: Literal["open", "paid"]
    placedAt: datetime | msgspec.UnsetType = msgspec.UNSET


@dataclasses.dataclass
class DataclassOrder:
    id: str
    amount: int
    state: Literal["open", "paid"]


@attrs.define
class AttrsOrder:
    id: str
    amount: int
    state: Literal["open", "paid"]


class TypedDictOrder(TypedDict):
    id: str
    amount: int
    state: Literal["open", "paid"]


class MarshmallowOrder(marshmallow.Schema):
    class Meta:
        unknown = marshmallow.EXCLUDE

    id = fields.String(required=True)
    amount = fields.Integer(required=True, strict=True)
    state = fields.String(required=True, validate=marshmallow.validate.OneOf(["open", "paid"]))
    placedAt = fields.AwareDateTime(format="iso")


PYDANTIC_ADAPTER = pydantic.TypeAdapter(PydanticOrder)

LIBRARIES = [
    PydanticOrder,
    PYDANTIC_ADAPTER,
    MsgspecOrder,
    DataclassOrder,
    AttrsOrder,
    TypedDictOrder,
    MarshmallowOrder,
    MarshmallowOrder(),
]
NAMES = ["pydantic", "TypeAdapter", "msgspec", "dataclass", "attrs", "TypedDict", "Schema", "Schema()"]


@pytest.mark.parametrize("feed", [None, "text", "object"])
@pytest.mark.parametrize("target", LIBRARIES, ids=NAMES)
def test_a_library_accepts_valid_payloads_and_rejects_with_its_own_errors(target, feed):
    counts = report_of(target, ORDER, feed=feed, examples=30).counts
    assert counts["valid"].get("crashed", 0) == counts["valid"].get("rejected", 0) == 0
    assert counts["invalid"]["rejected"] > 0
    assert counts["invalid"].get("crashed", 0) == 0


@pytest.mark.parametrize("target", LIBRARIES, ids=NAMES)
def test_a_library_is_fed_bytes_by_default(target):
    assert adapt(target).feed == "bytes"
    assert adapt(target, "object").feed == "object"


@pytest.mark.parametrize("target", LIBRARIES[:7], ids=NAMES[:7])
@pytest.mark.parametrize("feed", ["bytes", "object"])
def test_the_line_of_a_finding_calls_the_library_the_same_way(target, feed):
    consumer = adapt(target, feed)

    def call_with(state):
        order = {"id": "1", "amount": 1, "state": state}
        argument = json.dumps(order).encode() if feed == "bytes" else order
        line = consumer.expression.replace("NAME", "target").replace("ARGUMENT", repr(argument))
        names = {name.partition(".")[0]: importlib.import_module(name) for name in consumer.imports.split(", ") if name}
        names = {name: sys.modules[name] for name in names}
        return eval(line, {**names, "target": target})

    call_with("open")
    with pytest.raises((ValueError, *consumer.rejections)):
        call_with("closed")


def test_pydantic_is_lax_by_default_and_strict_when_asked():
    def lets_through(strict):
        return not report_of(PydanticOrder, ORDER, strict=strict, examples=0, only="/amount:type.numeric-string").ok

    assert lets_through(None)
    assert lets_through(False)
    assert not lets_through(True)


def test_msgspec_is_strict_by_default_and_lax_when_asked():
    def lets_through(strict):
        return not report_of(MsgspecOrder, ORDER, strict=strict, examples=0, only="/amount:type.numeric-string").ok

    assert not lets_through(None)
    assert not lets_through(True)
    assert lets_through(False)


async def read_asynchronously(body: bytes) -> PydanticOrder:
    return PydanticOrder.model_validate_json(body)


def test_an_async_function_is_awaited():
    assert set(report_of(read_asynchronously, ORDER, examples=5, only="/state:*").counts["invalid"]) == {"rejected"}


# --- web applications ---------------------------------------------------------------------------------------------------


def make_flask() -> Flask:
    app = Flask("shop")

    @app.post("/webhook")
    def webhook():
        try:
            PydanticOrder.model_validate_json(request.get_data(), strict=True)
        except ValueError:
            return "no order", 400
        return "", 204

    @app.post("/careless")
    def careless():
        return {"state": request.get_json(force=True)["state"]}

    return app


def make_starlette() -> Starlette:
    async def webhook(request):
        try:
            PydanticOrder.model_validate_json(await request.body(), strict=True)
        except ValueError:
            return Response(status_code=422)
        return Response(status_code=202)

    async def careless(request):
        order = await request.json()
        return Response(order["state"])

    return Starlette(
        routes=[Route("/webhook", webhook, methods=["POST"]), Route("/careless", careless, methods=["POST"])]
    )


APPLICATIONS = {"wsgi": make_flask(), "asgi": make_starlette()}


@pytest.mark.parametrize("sort", APPLICATIONS)
def test_the_status_of_a_web_application_is_its_verdict(sort):
    assert set(
        report_of(APPLICATIONS[sort], ORDER, route="/webhook", examples=5, only="/state:*").counts["invalid"]
    ) == {"rejected"}
    assert set(report_of(APPLICATIONS[sort], ORDER, route="/webhook", examples=5).counts["valid"]) == {"accepted"}


@pytest.mark.parametrize("sort", APPLICATIONS)
def test_an_exception_in_a_web_application_is_a_crash(sort):
    [finding] = report_of(
        APPLICATIONS[sort], ORDER, route="/careless", examples=0, only="/state:required.missing"
    ).findings
    assert finding.verdict == "crashed"


@pytest.mark.parametrize("sort", APPLICATIONS)
def test_a_web_application_without_a_route_is_refused(sort):
    with pytest.raises(ContractError, match="--route /webhook"):
        adapt(APPLICATIONS[sort])


# --- loading of libraries, and adapters of other packages ---------------------------------------------


def test_a_plain_function_loads_no_library():
    code = (
        "import sys; from contractfuzz.running.adapters.registry import adapt; adapt(lambda payload: payload); "
        "print([name for name in ('pydantic', 'msgspec', 'marshmallow', 'cattrs', 'attrs', 'httpx') if name in sys.modules])"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True).stdout == "[]\n"


def test_another_package_registers_an_adapter_by_entry_point(tmp_path, monkeypatch):
    (tmp_path / "their_adapter.py").write_text(
        "from contractfuzz.running.consumer import Consumer\n"
        "def adapt(target, options):\n"
        "    if target == 'theirs':\n"
        "        return Consumer(options.name, len, 'bytes')\n"
    )
    info = tmp_path / "their_adapter-1.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: their-adapter\nVersion: 1\n")
    (info / "entry_points.txt").write_text("[contractfuzz.adapters]\ntheirs = their_adapter:adapt\n")
    monkeypatch.syspath_prepend(tmp_path)
    assert check("theirs", ORDER, examples=0, feed="object").counts["valid"] == {"accepted": 1}


def test_an_unknown_kind_of_target_is_refused_in_one_line():
    with pytest.raises(ContractError, match=r"^int cannot be called: give a function") as caught:
        adapt(5)
    assert "\n" not in str(caught.value)
