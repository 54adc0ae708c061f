"""What every Python worker does: it makes payloads when it is told to, and says how long that took. Standard library only.

A request is a line of JSON on standard input, with the ``file`` that the payloads go to.

- ``{"examples": 100, "seconds": 2, "seed": 0}``: make runs of so many examples until so many CPU seconds are over, one at least;
  each run is a line of the file, an array of payloads. The answer is ``{"seconds": S}``, the CPU seconds of the making alone.
- ``{"bug": true, "examples": 200, "seed": 0}``: look for the planted bug with Hypothesis, and let it shrink what it finds: the
  file holds that one payload, or ``null``.

A payload that is no JSON value, since schemathesis also makes raw bytes, is written as ``NO_JSON``.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

NO_JSON = "no JSON: \x00"

Make = Callable[[int, int], Iterable[Any]]
"""Makes so many payloads from a seed."""


def serve(make: Make, find: Callable[[int, int], Any] | None = None) -> None:
    """Answer requests until standard input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        examples, seed = request["examples"], request["seed"]
        start = time.process_time()
        if request.get("bug"):
            assert find is not None
            lines = [find(examples, seed)]
            spent = time.process_time() - start
        else:
            lines, spent = [], 0.0
            while not lines or spent < request["seconds"]:
                start = time.process_time()
                payloads = list(make(examples, seed + 1000 * len(lines)))
                spent += time.process_time() - start
                lines.append(payloads)
        with Path(request["file"]).open("w") as file:
            file.writelines(json.dumps(one, default=lambda _: NO_JSON) + "\n" for one in lines)
        print(json.dumps({"seconds": spent}), flush=True)


def serve_strategy(strategy: Any) -> None:
    """Answer requests with what Hypothesis draws, as a test gets it, without the database and health checks."""
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

    def make(examples: int, seed: int) -> list[Any]:
        made: list[Any] = []

        def collect(payload: Any) -> None:
            made.append(payload)

        run(examples, seed, collect, phase.generate)
        return made

    def find(examples: int, seed: int) -> Any:
        failing: list[Any] = []

        def stumble(payload: Any) -> None:
            if has_bug(payload):
                failing.append(payload)
                raise BugError

        try:
            run(examples, seed, stumble, phase.generate, phase.shrink)
        except BugError:
            return failing[-1]  # Hypothesis ends with the smallest
        return None

    serve(make, find)


class BugError(Exception):
    """The planted bug shows."""


def has_bug(payload: Any) -> bool:
    """Return whether the payload would show the planted bug: any result's ``paging.next.after`` is there."""
    return any("after" in one.get("paging", {}).get("next", {}) for one in payload["results"])


def schema() -> dict[str, Any]:
    """Return the contract's schema, the file that the command line names."""
    loaded: dict[str, Any] = json.loads(Path(sys.argv[1]).read_text())
    return loaded
