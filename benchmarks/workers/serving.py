"""Request loop of the Python workers. Standard library only.

A request is a line of JSON on standard input. Its ``file`` is the file to write payloads to.

- ``{"examples": 100, "seconds": 2, "seed": 0}``: generate one run of 100 payloads, then more runs until 2 CPU seconds are spent.
  Each run is a line of the file, an array of payloads. The reply is ``{"seconds": S}``, the CPU seconds of the generation alone.
- ``{"bug": true, "examples": 200, "seed": 0}``: search for the planted bug with Hypothesis and shrink the payload that
  triggers it. The file contains this payload, or ``null``.

Schemathesis also generates raw bytes. A payload that is not a JSON value is written as ``NOT_JSON``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

NOT_JSON = "no JSON: \x00"

Generate = Callable[[int, int], Iterable[Any]]
"""Function that takes a number of payloads and a seed, and generates the payloads."""


def serve(generate: Generate, find_bug: Callable[[int, int], Any] | None = None) -> None:
    """Reply to requests until standard input ends.

    Args:
        generate: generator of payloads.
        find_bug: takes a number of payloads and a seed, and returns the shrunk payload with the planted bug, or None.

    """
    for text in sys.stdin:
        request = json.loads(text)
        # Hypothesis prints to standard output, for example that shrinking takes more than five minutes.
        with redirect_stdout(sys.stderr):
            lines, spent = _reply(request, generate, find_bug)
        with Path(request["file"]).open("w", encoding="utf-8") as file:
            file.writelines(line + "\n" for line in lines)
        print(json.dumps({"seconds": spent}), flush=True)


def _reply(
    request: dict[str, Any], generate: Generate, find_bug: Callable[[int, int], Any] | None
) -> tuple[list[str], float]:
    """Return the lines to write for a request, and the CPU seconds that the generation took.

    Runs are kept as text: a generator would otherwise pay for the garbage collector's walks through the payloads of earlier runs,
    the more the faster it is.
    """
    examples, seed = request["examples"], request["seed"]
    start = time.process_time()
    if request.get("bug"):
        assert find_bug is not None
        payload = find_bug(examples, seed)
        spent = time.process_time() - start
        return [_json_text(payload)], spent
    lines: list[str] = []
    spent = 0.0
    while not lines or spent < request["seconds"]:
        start = time.process_time()
        payloads = list(generate(examples, seed + 1000 * len(lines)))
        spent += time.process_time() - start
        lines.append(_json_text(payloads))
        del payloads
    return lines, spent


def _json_text(value: Any) -> str:
    return json.dumps(value, default=lambda _: NOT_JSON)


def serve_strategy(strategy: Any) -> None:
    """Reply to requests with payloads that Hypothesis draws for a test, without its database and health checks."""
    import hypothesis

    phase = hypothesis.Phase

    def run(examples: int, seed: int, test: Callable[[Any], None], *phases: Any) -> None:
        decorate = hypothesis.settings(
            max_examples=examples,
            database=None,
            deadline=None,
            phases=phases,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        hypothesis.seed(seed)(decorate(hypothesis.given(strategy)(test)))()

    def generate(examples: int, seed: int) -> list[Any]:
        payloads: list[Any] = []

        def collect(payload: Any) -> None:
            payloads.append(payload)

        run(examples, seed, collect, phase.generate)
        return payloads

    def find_bug(examples: int, seed: int) -> Any:
        failing: list[Any] = []

        def fail_on_bug(payload: Any) -> None:
            if has_bug(payload):
                failing.append(payload)
                raise BugError

        try:
            run(examples, seed, fail_on_bug, phase.generate, phase.shrink)
        except BugError:
            return failing[-1]  # Hypothesis runs the smallest failing example last
        return None

    serve(generate, find_bug)


class BugError(Exception):
    """Failure that the planted bug causes."""


def has_bug(payload: Any) -> bool:
    """Return True if the payload triggers the planted bug: a result has ``paging.next.after``."""
    return any("after" in result.get("paging", {}).get("next", {}) for result in payload["results"])


def load_schema() -> dict[str, Any]:
    """Return the contract's schema, from the file that is the first argument of the command line."""
    loaded: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text(encoding="utf-8"))
    return loaded
