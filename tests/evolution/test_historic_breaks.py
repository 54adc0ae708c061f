"""Changes of real APIs that broke their readers, modelled as small fictional documents.

Each story has the contract of that day, the response as it was and as it became, a client of that day, and the client after it
was corrected. From the contract alone, ``evolve`` must predict the break of the client of that day, and must not report the
change for the corrected one.
"""

import json
import struct
from collections.abc import Callable
from dataclasses import dataclass, fields
from datetime import UTC, datetime
from decimal import Decimal
from enum import Enum
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel, ConfigDict

from contractfuzz.contract import Contract
from contractfuzz.evolution.evolving import evolve
from contractfuzz.evolution.impact import ImpactMeter, ResultRule
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.run import Run

DATE_TIME = {"type": "string", "format": "date-time"}


def record(**properties):
    """Return the schema of an object that has all of some properties."""
    return {"type": "object", "properties": properties, "required": [*properties]}


@dataclass(frozen=True)
class Story:
    """One change of an API that broke its readers.

    Attributes:
        schema: the contract of that day.
        before: the response as it was.
        after: the response as it became.
        client: a client of that day.
        fixed: the same client after it was corrected.
        predicted: the id of the possible change that stands for the story.
        rule: what the result may show.

    """

    schema: dict[str, Any]
    before: Any
    after: Any
    client: Callable[[Any], Any]
    fixed: Callable[[Any], Any]
    predicted: str
    rule: ResultRule = ResultRule.VISIBLE


# --- a social network's post ids outgrew the doubles in which readers kept their numbers ------------------------------------


def read_post_with_doubles(body: str):
    return json.loads(body, parse_int=float)["post"]["id"]


def read_post(body: str):
    return json.loads(body)["post"]["id"]


# --- a video site's view counter passed the greatest integer of 32 bits -----------------------------------------------------


def pack_views(payload):
    return struct.pack("<i", payload["views"]).hex()


def pack_wide_views(payload):
    return struct.pack("<q", payload["views"]).hex()


# --- a code host turned the integer ids of its builds into strings ----------------------------------------------------------


def build_url(payload):
    return f"/builds/{payload['build_id']:d}"


def build_url_of_any_id(payload):
    return f"/builds/{payload['build_id']}"


# --- an issue tracker added fractional seconds to its timestamps ------------------------------------------------------------


def read_created(payload):
    return datetime.strptime(payload["created_at"], "%Y-%m-%dT%H:%M:%SZ").replace(tzinfo=UTC)


def read_any_created(payload):
    return datetime.fromisoformat(payload["created_at"])


# --- a calendar began to send times with the offset of the user, which readers cut off --------------------------------------


def read_start(payload):
    return datetime.fromisoformat(payload["event"]["start"][:19])


def read_start_with_offset(payload):
    return datetime.fromisoformat(payload["event"]["start"]).astimezone(UTC)


# --- a forum sent null in place of the author of a comment whose account was deleted ----------------------------------------


@dataclass
class Comment:
    text: str
    author: str | None


def read_comments(payload):
    return [Comment(comment["text"], comment["author"]["login"]) for comment in payload["comments"]]


def read_orphaned_comments(payload):
    return [
        Comment(comment["text"], comment["author"]["login"] if comment["author"] else None)
        for comment in payload["comments"]
    ]


# --- a network removed the sex of a profile from its responses --------------------------------------------------------------


def greet(payload):
    return {"name": payload["name"], "title": payload["sex"]}


def greet_neutrally(payload):
    return {"name": payload["name"], "title": payload.get("sex")}


# --- a shop added a status of orders ----------------------------------------------------------------------------------------


class Status(Enum):
    PENDING = "PENDING"
    SHIPPED = "SHIPPED"
    UNKNOWN = "?"


def read_status(payload):
    return Status(payload["status"])


def read_any_status(payload):
    return Status(payload["status"]) if payload["status"] in {one.value for one in Status} else Status.UNKNOWN


# --- a directory allowed several addresses where it had one -----------------------------------------------------------------


class Address(BaseModel):
    city: str


class Person(BaseModel):
    address: Address


def read_city(payload):
    return Person.model_validate(payload).address.city


def read_first_city(payload):
    address = payload["address"]
    first = address[0] if isinstance(address, list) else address
    return Address.model_validate(first).city


# --- a list of tickets became a page ----------------------------------------------------------------------------------------


def list_titles(payload):
    return [ticket["title"] for ticket in payload]


def list_titles_of_page(payload):
    return [ticket["title"] for ticket in (payload["items"] if isinstance(payload, dict) else payload)]


# --- an exchange wrote its prices as strings, to keep their digits ----------------------------------------------------------


def total(payload):
    return payload["quantity"] * payload["price"]


def exact_total(payload):
    return payload["quantity"] * Decimal(str(payload["price"]))


# --- a geocoder returned no match for a place that had one ------------------------------------------------------------------


def locate(payload):
    return payload["matches"][0]["name"]


def locate_if_known(payload):
    return next((match["name"] for match in payload["matches"]), None)


# --- a feature service sent its switches as strings -------------------------------------------------------------------------


def is_beta(payload):
    return {"shows_beta": bool(payload["flags"]["beta"])}


def is_beta_in_any_form(payload):
    return {"shows_beta": str(payload["flags"]["beta"]).lower() == "true"}


# --- a service of currencies listed its rates, which were a map -------------------------------------------------------------


def read_rates(payload):
    return sorted(rate for rate in payload["rates"].values())


def read_listed_rates(payload):
    rates = payload["rates"]
    return sorted(rates.values() if isinstance(rates, dict) else rates)


# --- a payment service sent a new type of event to its webhooks -------------------------------------------------------------

HANDLERS = {"charge.paid": lambda event: event["amount"], "charge.refunded": lambda event: -event["refund"]}


def handle_event(payload):
    return HANDLERS[payload["type"]](payload)


def handle_known_event(payload):
    handler = HANDLERS.get(payload["type"])
    return handler(payload) if handler else None


# --- a warehouse added a property, which strict readers refused -------------------------------------------------------------


@dataclass
class Parcel:
    id: int
    weight: float


class StrictParcel(BaseModel):
    model_config = ConfigDict(extra="forbid")
    id: int
    weight: float


def read_parcel(payload):
    return Parcel(**payload)


def read_known_parcel(payload):
    names = {field.name for field in fields(Parcel)}
    return Parcel(**{name: value for name, value in payload.items() if name in names})


# --- a gateway changed the convention of its names --------------------------------------------------------------------------


def read_account(payload):
    return payload["account"]["created_by"]


def read_account_in_any_convention(payload):
    account = payload["account"]
    return account.get("created_by", account.get("createdBy"))


# --- a messenger allowed longer texts, which readers cut to fit a column ----------------------------------------------------


def store_message(payload):
    return payload["message"][:140]


def store_whole_message(payload):
    return payload["message"]


EVENT_SCHEMA = {
    "oneOf": [
        record(type={"const": "charge.paid"}, amount={"type": "integer"}),
        record(type={"const": "charge.refunded"}, refund={"type": "integer"}),
    ]
}

STORIES = {
    "ids beyond doubles": Story(
        record(post=record(id={"type": "integer"}, text={"type": "string"})),
        {"post": {"id": 7, "text": "hi"}},
        {"post": {"id": 10765432100123457, "text": "hi"}},
        read_post_with_doubles,
        read_post,
        "/post/id:beyond-53-bits",
        ResultRule.LOSSLESS,
    ),
    "counters beyond 32 bits": Story(
        record(views={"type": "integer", "minimum": 0}),
        {"views": 2147483000},
        {"views": 2147483648},
        pack_views,
        pack_wide_views,
        "/views:beyond-32-bits",
        ResultRule.LOSSLESS,
    ),
    "ids as strings": Story(
        record(build_id={"type": "integer"}),
        {"build_id": 17},
        {"build_id": "17"},
        build_url,
        build_url_of_any_id,
        "/build_id:number-as-string",
        ResultRule.RETYPED,
    ),
    "fractional seconds": Story(
        record(created_at=DATE_TIME),
        {"created_at": "2016-03-01T09:00:00Z"},
        {"created_at": "2016-03-01T09:00:00.250Z"},
        read_created,
        read_any_created,
        "/created_at:fractional-seconds",
        ResultRule.VALUE,
    ),
    "other offsets": Story(
        record(event=record(start=DATE_TIME)),
        {"event": {"start": "2016-03-01T09:00:00Z"}},
        {"event": {"start": "2016-03-01T04:00:00-05:00"}},
        read_start,
        read_start_with_offset,
        "/event/start:other-offset",
    ),
    "deleted authors": Story(
        record(
            comments={
                "type": "array",
                "items": record(text={"type": "string"}, author=record(login={"type": "string"})),
            }
        ),
        {"comments": [{"text": "hi", "author": {"login": "ann"}}]},
        {"comments": [{"text": "hi", "author": None}]},
        read_comments,
        read_orphaned_comments,
        "/comments/*/author:nullable",
    ),
    "a property removed": Story(
        record(name={"type": "string"}, sex={"type": "string"}),
        {"name": "Ann", "sex": "f"},
        {"name": "Ann"},
        greet,
        greet_neutrally,
        "/sex:absent",
    ),
    "a new status": Story(
        record(status={"enum": ["PENDING", "SHIPPED"]}),
        {"status": "PENDING"},
        {"status": "ON_HOLD"},
        read_status,
        read_any_status,
        "/status:new-value",
        ResultRule.ANY,
    ),
    "one becomes several": Story(
        record(address=record(city={"type": "string"})),
        {"address": {"city": "Ulm"}},
        {"address": [{"city": "Ulm"}]},
        read_city,
        read_first_city,
        "/address:single-as-list",
        ResultRule.RETYPED,
    ),
    "a list becomes a page": Story(
        {"type": "array", "items": record(title={"type": "string"})},
        [{"title": "a"}],
        {"items": [{"title": "a"}], "total": 1},
        list_titles,
        list_titles_of_page,
        ":paged",
        ResultRule.RETYPED,
    ),
    "prices as strings": Story(
        record(quantity={"type": "integer", "minimum": 1}, price={"type": "number"}),
        {"quantity": 2, "price": 9.5},
        {"quantity": 2, "price": "9.5"},
        total,
        exact_total,
        "/price:number-as-string",
        ResultRule.RETYPED,
    ),
    "no match": Story(
        record(matches={"type": "array", "items": record(name={"type": "string"})}),
        {"matches": [{"name": "Ulm"}]},
        {"matches": []},
        locate,
        locate_if_known,
        "/matches:empty-list",
        ResultRule.VALUE,
    ),
    "switches as strings": Story(
        record(flags=record(beta={"type": "boolean"})),
        {"flags": {"beta": False}},
        {"flags": {"beta": "false"}},
        is_beta,
        is_beta_in_any_form,
        "/flags/beta:boolean-as-string",
        ResultRule.RETYPED,
    ),
    "a map becomes a list": Story(
        record(rates={"type": "object", "additionalProperties": {"type": "number"}}),
        {"rates": {"EUR": 1.5}},
        {"rates": [1.5]},
        read_rates,
        read_listed_rates,
        "/rates:map-as-list",
        ResultRule.RETYPED,
    ),
    "a new type of event": Story(
        EVENT_SCHEMA,
        {"type": "charge.paid", "amount": 5},
        {"type": "charge.disputed", "amount": 5},
        handle_event,
        handle_known_event,
        ":new-branch",
        ResultRule.ANY,
    ),
    "a new property": Story(
        record(id={"type": "integer"}, weight={"type": "number"}),
        {"id": 1, "weight": 2.5},
        {"id": 1, "weight": 2.5, "color": "red"},
        read_parcel,
        read_known_parcel,
        ":added",
    ),
    "a new property of a model": Story(
        record(id={"type": "integer"}, weight={"type": "number"}),
        {"id": 1, "weight": 2.5},
        {"id": 1, "weight": 2.5, "color": "red"},
        StrictParcel,
        read_known_parcel,
        ":added",
    ),
    "another convention of names": Story(
        record(account=record(created_by={"type": "string"})),
        {"account": {"created_by": "ann"}},
        {"account": {"createdBy": "ann"}},
        read_account,
        read_account_in_any_convention,
        "/account/created_by:renamed",
    ),
    "longer texts": Story(
        record(message={"type": "string"}),
        {"message": "hi"},
        {"message": "hi " * 90},
        store_message,
        store_whole_message,
        "/message:longer",
        ResultRule.VALUE,
    ),
}


@cache
def predict(name: str, client: Callable[[Any], Any]) -> frozenset[str]:
    """Return the ids of the changes that break a client of a story."""
    run = Run(client, Contract(name, STORIES[name].schema))
    return frozenset(change.id for change in evolve(run).breaks)


@pytest.mark.parametrize("name", STORIES)
def test_the_break_of_the_client_of_that_day_is_predicted(name):
    assert STORIES[name].predicted in predict(name, STORIES[name].client)


@pytest.mark.parametrize("name", STORIES)
def test_the_change_is_not_reported_for_the_corrected_client(name):
    assert STORIES[name].predicted not in predict(name, STORIES[name].fixed)


@pytest.mark.parametrize("name", STORIES)
def test_the_story_is_true(name):
    """The change itself breaks the client of that day, and not the corrected one."""
    story = STORIES[name]
    contract = Contract(name, story.schema)
    assert contract.is_valid(story.before)
    impacts = []
    for client in (story.client, story.fixed):
        meter = ImpactMeter(Run(client, contract).react)
        impacts.append(meter.measure(Case("invalid", story.after), Case("valid", story.before), story.rule).impact)
    assert [impact.is_break for impact in impacts] == [True, False]
