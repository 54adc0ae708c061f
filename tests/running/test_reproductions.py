"""The line of Python, or the command, that reproduces a finding works as it is printed."""

from __future__ import annotations

import asyncio
import functools
import json
import subprocess
import sys
import types

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from systems import needs_fork, needs_posix

from contractfuzz import Contract, check
from contractfuzz.payloads.cases.case import Case
from contractfuzz.platforms import shell_word
from contractfuzz.running.adapters.registry import adapt
from contractfuzz.running.findings import Finding
from contractfuzz.running.verdicts.calling import CallResult, Verdict
from contractfuzz.text import printable

ORDER = Contract.load(
    {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "order",
        "type": "object",
        "properties": {"id": {"type": "string"}},
        "required": ["id"],
    }
)

WORDS = [
    "##vso[task]",
    "##[error]",
    "###teamcity[",
    "::error::",
    "\\u0023",
    "\\",
    "'",
    '"',
    "\n",
    "\r\n",
    "\x1b[31m",
    "é",
    "\u2028",
]
hostile_text = st.lists(st.sampled_from(WORDS) | st.text(max_size=3), max_size=6).map("".join)
hostile_bytes = st.lists(st.sampled_from(WORDS).map(str.encode) | st.binary(max_size=3), max_size=6).map(b"".join)


def read_bytes(body: bytes):
    raise KeyError


def read_text(body: str):
    raise KeyError


def read_object(body):
    raise KeyError


def finding_of(consumer, body: bytes, **case) -> Finding:
    case = Case(kind="malformed", raw=lambda: body, **case)
    return Finding.of(CallResult(Verdict.CRASHED, KeyError()), case, adapt(consumer), "order")


def arguments_of(line: str, name: str) -> list:
    """Run a line with a stand-in for the consumer; return what it was called with."""
    got: list = []
    module = types.ModuleType(__name__)
    setattr(module, name, got.append)
    real = sys.modules[__name__]
    sys.modules[__name__] = module
    try:
        exec(line, {})
    finally:
        sys.modules[__name__] = real
    return got


@given(body=hostile_bytes)
@example(body=b"##vso[task]")
@example(body=b"\\##vso[task]\\u0023")
def test_the_printed_line_has_the_bytes(body):
    line = finding_of(read_bytes, body).reproduction
    assert printable(line) == line
    assert arguments_of(line, "read_bytes") == [body]


@given(text=hostile_text)
@example(text="##vso[task]")
@example(text="\\##vso[task]")
def test_the_printed_line_has_the_text(text):
    line = finding_of(read_text, text.encode(errors="replace")).reproduction
    assert printable(line) == line
    assert arguments_of(line, "read_text") == [text.encode(errors="replace").decode()]


@given(value=st.recursive(hostile_text, lambda inner: st.lists(inner, max_size=3)))
@example(value="##vso[task]")
def test_the_printed_line_has_the_object(value):
    body = json.dumps(value, ensure_ascii=False).encode(errors="replace")
    line = finding_of(read_object, body).reproduction
    assert printable(line) == line
    assert arguments_of(line, "read_object") == [json.loads(body)]


@needs_posix
def test_the_printed_words_of_a_command_are_the_words():
    words = [*WORDS, "", " ", "a b", "$HOME", "/a/b:type.null", "*", "~", "".join(WORDS)]
    printed = " ".join(map(shell_word, words))
    assert printable(printed) == printed
    script = f"printf '%s\\0' {printed}"
    done = subprocess.run(["bash", "-c", script], capture_output=True, check=True)
    assert done.stdout.split(b"\0")[:-1] == [word.encode() for word in words]


# --- awaitables ----------------------------------------------------------------------------------------------------------


async def read_later(payload):
    await asyncio.sleep(0)
    raise KeyError("later")


def plain_wrapper(payload):
    return read_later(payload)


@functools.wraps(read_later)
def wrapper_with_a_name(payload):
    return read_later(payload)


wrapper_with_a_name.__qualname__ = "wrapper_with_a_name"
wrapped_partially = functools.partial(lambda read, payload: read(payload), read_later)


class Promise:
    def __init__(self, payload):
        self.payload = payload

    def __await__(self):
        yield from asyncio.sleep(0).__await__()
        raise KeyError("promise")


def promise(payload):
    return Promise(payload)


def sometimes(payload):
    if isinstance(payload, dict) and "id" in payload:
        return read_later(payload)
    raise KeyError("at once")


def at_once(payload):
    raise KeyError("at once")


class Service:
    def read(self, payload):
        return read_later(payload)


service = Service()
CONSUMERS = [
    plain_wrapper,
    wrapper_with_a_name,
    wrapped_partially,
    promise,
    sometimes,
    at_once,
    service.read,
    read_later,
]


@pytest.mark.thinned(2)
@pytest.mark.parametrize("isolate", [False, True])
@pytest.mark.parametrize("consumer", CONSUMERS, ids=lambda consumer: getattr(consumer, "__qualname__", "partial"))
def test_the_line_awaits_what_the_consumer_returns(consumer, isolate):
    findings = check(consumer, ORDER, examples=2, isolate=isolate).findings
    assert findings
    for finding in findings:
        with pytest.raises(KeyError) as raised:
            exec(finding.reproduction, {})
        assert f"KeyError: {raised.value}" == finding.raised.line
        assert ("asyncio" in finding.reproduction) == (raised.value.args != ("at once",))


async def end_later(payload):
    await asyncio.sleep(0)
    sys.exit(5)


async def hang_later(payload):
    await asyncio.sleep(3600)


def ending(payload):
    return end_later(payload)


def hanging(payload):
    return hang_later(payload)


@needs_fork
@pytest.mark.parametrize("consumer", [ending, hanging])
def test_the_line_of_a_lost_call_awaits_too(consumer):
    findings = check(consumer, ORDER, examples=0, isolate=True, time_limit=0.5).findings
    assert findings
    for finding in findings:
        assert f"import asyncio, json; from {__name__} import {consumer.__name__}; " in finding.reproduction
        assert f"asyncio.run(asyncio.wait_for({consumer.__name__}(" in finding.reproduction


def test_the_line_of_a_function_that_returns_at_once_awaits_nothing():
    assert "asyncio" not in check(at_once, ORDER, examples=0).findings[0].reproduction
