"""Programs in Python and for a shell that read bodies, and one call of them."""

from __future__ import annotations

import sys

from contractfuzz import Case, Command, Url
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.verdicts.calling import CallResult, call

PERSISTENT = """
import base64, json, os, sys, time
def answer(number, verdict="accepted", **more):
    print(json.dumps({"id": number, "verdict": verdict, **more}), flush=True)
for line in sys.stdin:
    request = json.loads(line)
    number = request["id"]
    body = base64.b64decode(request["base64"]) if "base64" in request else request["body"].encode()
"""
"""The beginning of a persistent program. The rest, with the indentation of the loop, answers ``body``."""


def shell(script: str, **options) -> Command:
    return Command(["sh", "-c", script], **options)


def persistent(rest: str) -> Command:
    return Command([sys.executable, "-SIc", PERSISTENT + rest], persistent=True)


def feed_all(target: Command | Url, *bodies: bytes, time_limit: float = 5.0) -> list[CallResult]:
    consumer = adapt(target, time_limit=time_limit)
    try:
        return [feed_one(consumer, body) for body in bodies]
    finally:
        consumer.close()


def feed_one(consumer, body: bytes) -> CallResult:
    case = Case("malformed", raw=lambda: body)
    return consumer.observe(call(consumer.call, body, consumer.rejections), case)


def feed(target: Command | Url, body: bytes = b"{}", time_limit: float = 5.0) -> CallResult:
    [result] = feed_all(target, body, time_limit=time_limit)
    return result
