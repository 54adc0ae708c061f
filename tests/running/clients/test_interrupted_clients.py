"""Interruptions of clients leave no trace in the interpreter."""

from __future__ import annotations

import subprocess
import sys

import pytest

CLIENTS = {
    "calm": "",
    "looping": "while True:\n        urllib.request.urlopen(base_url)",
    "stubborn": (
        "for _ in range(100):\n"
        "        try:\n"
        "            urllib.request.urlopen(base_url)\n"
        "        except OSError:\n"
        "            pass"
    ),
    "sleeping": "time.sleep(3600)",
    "spinning": "while True:\n        pass",
}
SCRIPT = """
import sys
import time
import urllib.request
from contractfuzz import Contract, check


def client(base_url):
    urllib.request.urlopen(base_url).close()
    {body}


contract = Contract.load({{"title": "order", "type": "object", "properties": {{"id": {{}}}}, "required": ["id"]}})
try:
    from contractfuzz.running.run import Run
    from contractfuzz.running.options import RunOptions

    run = Run(client, contract, RunOptions(timeout=0.1), only="status.201", examples=0)
    run.feed_all()
    print([str(finding.verdict) for finding in run.report().findings])
finally:
    # CPython 3.11 never starts a traced function if an exception is pending for a thread that does not run.
    sys.settrace(lambda *_: None)
    (lambda: print("traced"))()
"""


@pytest.mark.thinned(3)
@pytest.mark.parametrize("name", CLIENTS)
def test_a_function_is_traced_after_a_client_was_interrupted(name):
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(body=CLIENTS[name])], capture_output=True, text=True, timeout=60
    )
    verdict = {"calm": "[]", "looping": "['looped']", "stubborn": "['looped']"}.get(name, "['hung']")
    assert (done.stdout.splitlines(), done.stderr) == ([verdict, "traced"], "")
