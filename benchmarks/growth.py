"""Measure how the cost of a contract grows with the size of its schema: ``python -m benchmarks.growth``.

Each family of schemas doubles in size. Loading, listing the violations and sampling 100 cases are timed in a separate
process, which is stopped after a limit. The result is ``docs/growth.md`` with a plot.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

DOCS = Path(__file__).parents[1] / "docs"
SIZES = (1, 2, 4, 8, 16, 32, 64, 128, 256, 512, 1024)
STEPS = ("load", "violations", "sample")
TIME_LIMIT_SECONDS = 20

Schema = dict[str, Any]


def properties(size: int) -> Schema:
    """An object with ``size`` properties."""
    kinds = ({"type": "string"}, {"type": "integer", "minimum": 0}, {"type": "string", "format": "date-time"})
    named = {f"p{number}": kinds[number % len(kinds)] for number in range(size)}
    return {"type": "object", "properties": named, "required": list(named)[::2]}


def tagged_branches(size: int) -> Schema:
    """A union of ``size`` objects with different constants."""
    branches = [
        {
            "type": "object",
            "properties": {"type": {"const": f"t{number}"}, "value": {"type": "integer"}},
            "required": ["type", "value"],
        }
        for number in range(size)
    ]
    return {"oneOf": branches}


def reference_chain(size: int) -> Schema:
    """Objects in each other, ``size`` levels deep, at most 32, each a definition of its own."""
    size = min(size, 32)
    definitions: Schema = {f"d{size}": {"type": "string"}}
    for number in range(size):
        definitions[f"d{number}"] = {
            "type": "object",
            "properties": {"next": {"$ref": f"#/$defs/d{number + 1}"}, "name": {"type": "string"}},
        }
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def shared_definitions(size: int) -> Schema:
    """``size`` definitions; each refers twice to the next one: 2 ** size paths, at most 2 ** 16."""
    size = min(size, 16)
    definitions: Schema = {f"d{size}": {"type": "string"}}
    for number in range(size):
        reference = {"$ref": f"#/$defs/d{number + 1}"}
        definitions[f"d{number}"] = {"type": "object", "properties": {"a": reference, "b": reference}}
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def recursion(size: int) -> Schema:
    """``size`` types that hold lists of each other."""
    definitions = {
        f"d{number}": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "inner": {"type": "array", "items": {"$ref": f"#/$defs/d{(number + 1) % size}"}},
            },
        }
        for number in range(size)
    }
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def optional_recursion(size: int) -> Schema:
    """``size`` types that each hold the next one or null, in a loop."""
    definitions = {
        f"d{number}": {
            "type": "object",
            "properties": {
                "name": {"type": "string"},
                "next": {"anyOf": [{"$ref": f"#/$defs/d{(number + 1) % size}"}, {"type": "null"}]},
            },
        }
        for number in range(size)
    }
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def expressions(size: int) -> Schema:
    """An expression tree of numbers and ``size`` operators with two operands."""
    operand = {"$ref": "#/$defs/expression"}
    operators = [
        {
            "type": "object",
            "properties": {"op": {"const": f"op{number}"}, "left": operand, "right": operand},
            "required": ["op", "left", "right"],
        }
        for number in range(size)
    ]
    return {**operand, "$defs": {"expression": {"oneOf": [{"type": "number"}, *operators]}}}


def doubled_references(size: int) -> Schema:
    """``size`` types; each is the next one twice, in ``anyOf``. Long chains are refused: they take validators too long."""
    definitions: Schema = {f"d{size}": {"type": "object", "properties": {"a": {"type": "integer"}}}}
    for number in range(size):
        reference = {"$ref": f"#/$defs/d{number + 1}"}
        definitions[f"d{number}"] = {"anyOf": [reference, reference]}
    return {"$ref": "#/$defs/d0", "$defs": definitions}


def patterns(size: int) -> Schema:
    """An object with ``size`` properties, each of a pattern of its own."""
    return {
        "type": "object",
        "properties": {f"p{n}": {"type": "string", "pattern": f"^[a-z]{{1,{n % 9 + 1}}}-{n}$"} for n in range(size)},
    }


FAMILIES: dict[str, Callable[[int], Schema]] = {
    family.__name__: family
    for family in (
        *(properties, tagged_branches, reference_chain, doubled_references, shared_definitions),
        *(recursion, optional_recursion, expressions, patterns),
    )
}


@dataclass(frozen=True)
class Measurement:
    """The seconds that each step took; None for one that did not end in time or was refused."""

    family: str
    size: int
    seconds: dict[str, float | None]
    note: str = ""


def measure(family: str, size: int) -> Measurement:
    """Time one schema in a process of its own."""
    try:
        done = subprocess.run(
            [sys.executable, "-m", "benchmarks.growth", "--one", family, str(size)],
            capture_output=True,
            text=True,
            timeout=TIME_LIMIT_SECONDS,
        )
    except subprocess.TimeoutExpired as expired:
        lines = (expired.stdout or b"").decode().splitlines()
        note = f"stopped after {TIME_LIMIT_SECONDS} s"
    else:
        lines, note = done.stdout.splitlines(), done.stderr.strip().splitlines()[-1:]
        note = note[0].partition("Error: ")[2] or note[0] if note else ""  # the message without the class
    known: dict[str, float | None] = dict.fromkeys(STEPS)
    known.update((step, float(seconds)) for step, seconds in (line.split() for line in lines))
    return Measurement(family, size, known, note)


def time_one(family: str, size: int) -> None:
    """Print the seconds of each step as soon as it ends."""
    from time import perf_counter

    from contractfuzz import Contract

    schema = {"$schema": "https://json-schema.org/draft/2020-12/schema", **FAMILIES[family](size)}
    start = perf_counter()
    contract = Contract.load(schema, name="growth")
    print("load", perf_counter() - start, flush=True)
    start = perf_counter()
    contract.violations()
    print("violations", perf_counter() - start, flush=True)
    start = perf_counter()
    for case in contract.sample(100):
        _ = case.body
    print("sample", perf_counter() - start, flush=True)


def table(measurements: list[Measurement]) -> str:
    """Return the measurements of one family as a Markdown table."""
    lines = [f"| size | {' | '.join(STEPS)} | note |", f"| ---: | {' | '.join('---:' for _ in STEPS)} | --- |"]
    for one in measurements:
        figures = ["" if (seconds := one.seconds[step]) is None else f"{seconds:.3f}" for step in STEPS]
        lines.append(f"| {one.size} | {' | '.join(figures)} | {one.note} |")
    return "\n".join(lines)


def page(measurements: dict[str, list[Measurement]]) -> str:
    """Return the page of all families."""
    sections = [
        f"## {family.replace('_', ' ').capitalize()}\n\n{(FAMILIES[family].__doc__ or '').replace('``', '`')}\n\n{table(found)}"
        for family, found in measurements.items()
    ]
    intro = (
        "# Growth\n\n"
        "The tables show the seconds to load a contract, to list its violations and to sample 100 valid cases, for schemas\n"
        "that double in size. An empty cell is a step that did not end. `python -m benchmarks.growth` writes the page.\n"
        "Compare the rows of one table, not tables of different machines.\n\n"
        "![seconds by size](growth.svg)"
    )
    return "\n\n".join([intro, *sections]) + "\n"


def plot(measurements: dict[str, list[Measurement]], path: Path) -> None:
    """Draw the seconds of each step by size, on logarithmic axes, into an SVG file."""
    import matplotlib as mpl
    from matplotlib import pyplot

    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "contractfuzz", "font.size": 9}):
        figure, axes = pyplot.subplots(1, len(STEPS), figsize=(11, 3.6), sharey=True)
        for step, plane in zip(STEPS, axes, strict=True):
            for family, found in measurements.items():
                points = [(one.size, seconds) for one in found if (seconds := one.seconds[step]) is not None]
                plane.plot(*zip(*points, strict=True), marker=".", label=family.replace("_", " "))
            plane.set(xscale="log", yscale="log", title=step, xlabel="size")
            plane.spines[["top", "right"]].set_visible(False)
        axes[0].set_ylabel("seconds")
        axes[-1].legend(fontsize=7, frameon=False)
        figure.tight_layout()
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def main() -> None:
    """Measure every family and write the page."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.growth", description=main.__doc__)
    parser.add_argument("--one", nargs=2, metavar=("FAMILY", "SIZE"), help=argparse.SUPPRESS)
    parser.add_argument("--families", nargs="*", choices=FAMILIES, default=list(FAMILIES))
    parser.add_argument("--output", type=Path, default=DOCS, help="the folder of growth.md")
    parser.add_argument("--json", action="store_true", help="print the figures instead of writing the page")
    options = parser.parse_args()
    if options.one:
        time_one(options.one[0], int(options.one[1]))
        return
    measurements: dict[str, list[Measurement]] = {}
    for family in options.families:
        found = measurements[family] = []
        for size in SIZES:
            found.append(measure(family, size))
            print(found[-1], file=sys.stderr)
            if None in found[-1].seconds.values():
                break
    if options.json:
        print(json.dumps({family: [one.seconds for one in found] for family, found in measurements.items()}))
        return
    (options.output / "growth.md").write_text(page(measurements), encoding="utf-8")
    plot(measurements, options.output / "growth.svg")


if __name__ == "__main__":
    main()
