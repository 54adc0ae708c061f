"""Page of the benchmarks: tables, goals and plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from textwrap import dedent

from benchmarks import start_up
from benchmarks.generators import (
    HAND_WRITTEN,
    HYPOTHESIS_JSONSCHEMA,
    JSF,
    OURS,
    OURS_BULK,
    OURS_INVALID,
    POLYFACTORY,
)  # fmt: skip
from benchmarks.metrics import InvalidMetrics
from benchmarks.rounds import BULK_RUN, LONG_INVALID_RUN, LONG_RUN, SHORT_RUN, GeneratorResult

PLANTED_BUG = "paging.next.after is present"


@dataclass(frozen=True)
class Goal:
    """Performance goal with the measured value.

    Attributes:
        description: goal in words.
        measured: measured value in words.
        met: True if the measured value meets the goal.

    """

    description: str
    measured: str
    met: bool


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table. All columns except the first are right-aligned."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def format_number(number: float) -> str:
    """Return a number for a table: whole from 10 on, otherwise with two significant digits."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def valid_table(results: Iterable[GeneratorResult], base: GeneratorResult) -> str:
    """Return the table of the generators of valid payloads.

    Args:
        results: results of these generators.
        base: result that the ratios refer to.

    """
    head = (
        *("generator", "payloads/s", f"ratio to {base.generator.name}", "bytes", "leaves", "leaves/s"),
        *("choices per payload", "choices per leaf", f"coverage after {SHORT_RUN}", f"after {LONG_RUN}", "valid"),
    )
    rows = []
    for result in results:
        if result.choices is None:
            choices = ("-", "-")
        else:
            choices = (format_number(result.choices), f"{result.choices / result.leaves:.2f}")
        rows.append(
            (
                *(result.generator.name, format_number(result.rate), f"{format_number(result.rate / base.rate)}x"),
                *(format_number(result.bytes), format_number(result.leaves), format_number(result.leaf_rate)),
                *choices,
                *(f"{result.short_run_coverage:.0%}", f"{result.long_run_coverage:.0%}", f"{result.valid:.0%}"),
            )
        )
    return table(head, rows)


def invalid_table(results: Iterable[GeneratorResult], coverage_phase: tuple[InvalidMetrics, float]) -> str:
    """Return the table of the generators of invalid payloads.

    Args:
        results: results of these generators.
        coverage_phase: metrics and CPU seconds of schemathesis' coverage phase.

    """
    head = ("generator", "payloads/s", "bytes", "JSON values", "invalid", "one fault only", "violations covered")

    def row(name: str, rate: float, size: str, metrics: InvalidMetrics) -> tuple[str, ...]:
        counts = (metrics.json, metrics.invalid, metrics.single)
        shares = (*(count / metrics.total for count in counts), metrics.coverage)
        return (name, format_number(rate), size, *(f"{share:.0%}" for share in shares))

    rows = [
        row(result.generator.name, result.rate, format_number(result.bytes), result.invalid_metrics)
        for result in results
    ]
    metrics, seconds = coverage_phase
    rows.append(row(f"schemathesis, coverage phase ({metrics.total} bodies)", metrics.total / seconds, "", metrics))
    return table(head, rows)


def bug_table(results: Iterable[GeneratorResult]) -> str:
    """Return the table of the payloads that the planted bug was shrunk to."""
    rows = []
    for result in results:
        found = [size for size in result.bug_sizes if size is not None]
        sizes = ", ".join(f"{size:,}" for size in sorted(set(found))) or "-"
        share = f"{len(found)} of {len(result.bug_sizes)}"
        rows.append((result.generator.name, share, sizes, f"{result.bug_seconds:.1f}"))
    return table(("generator", "seeds that found it", "bytes after shrinking", "median CPU seconds"), rows)


def start_up_table(seconds: dict[str, list[float]]) -> str:
    """Return the table of start-up times, from the CPU seconds of each command in each round."""
    return table(("command", "CPU ms"), [(name, f"{1000 * median(spent):.0f}") for name, spent in seconds.items()])


def check_goals(
    results: dict[str, GeneratorResult],
    start_up_seconds: dict[str, list[float]],
    build_seconds: float,
    is_cached: bool,
    smallest_bytes: int,
) -> list[Goal]:
    """Compare the measurements with the goals.

    Args:
        results: results by name of the generator.
        start_up_seconds: CPU seconds by command and round, see ``start_up.measure``.
        build_seconds: CPU seconds to build ``valid()``.
        is_cached: True if ``valid()`` is built only once.
        smallest_bytes: size of the smallest payload that triggers the planted bug.

    """
    ours, invalid, bulk = results[OURS], results[OURS_INVALID], results[OURS_BULK]
    peer, hand_written = results[HYPOTHESIS_JSONSCHEMA], results[HAND_WRITTEN]
    assert ours.choices is not None
    rate_ratio, leaf_ratio = ours.rate / peer.rate, ours.leaf_rate / hand_written.leaf_rate
    choices_per_leaf = ours.choices / ours.leaves
    invalid_ratio = invalid.rate / ours.rate
    bulk_leaf_ratio = bulk.leaf_rate / results[JSF].leaf_rate
    bulk_rate_ratio = bulk.rate / results[POLYFACTORY].rate
    plugin_cost = start_up.added_share(
        start_up_seconds[start_up.COLLECT], start_up_seconds[start_up.COLLECT_WITHOUT_PLUGIN]
    )
    plugin_cost_alone = start_up.added_share(
        start_up_seconds[start_up.COLLECT_WITHOUT_HYPOTHESIS], start_up_seconds[start_up.COLLECT_WITHOUT_BOTH]
    )
    load_ratio = median(start_up_seconds[start_up.LOAD_CONTRACT]) / median(start_up_seconds[start_up.IMPORT_PEER])
    smallest = [size == smallest_bytes for size in ours.bug_sizes]
    return [
        Goal("at least 60 times the payloads/s of hypothesis-jsonschema", f"{rate_ratio:.0f} times", rate_ratio >= 60),
        Goal(
            "... with at least as many bytes and leaves",
            f"{ours.bytes:.0f} and {peer.bytes:.0f} bytes, {ours.leaves:.0f} and {peer.leaves:.0f} leaves",
            ours.bytes >= peer.bytes and ours.leaves >= peer.leaves,
        ),
        Goal("at least twice the leaves/s of the hand-written strategy", f"{leaf_ratio:.1f} times", leaf_ratio >= 2),
        Goal("at most 1.2 choices per leaf", f"{choices_per_leaf:.2f}", choices_per_leaf <= 1.2),
        Goal(
            f"all points of the schema covered within {SHORT_RUN} payloads",
            f"{ours.short_run_coverage:.1%} in the median run, all in {ours.complete_runs:.0%} of the runs",
            ours.short_run_coverage == 1,
        ),
        Goal("invalid() at least two thirds as fast as valid()", f"{invalid_ratio:.2f}", invalid_ratio >= 2 / 3),
        Goal(
            "valid() built in at most 20 ms, and cached",
            f"{1000 * build_seconds:.0f} ms, {'cached' if is_cached else 'not cached'}",
            build_seconds <= 0.02 and is_cached,
        ),
        Goal("95% of broad payloads under 4 kB", f"under {ours.bytes_95:,.0f} bytes", ours.bytes_95 < 4000),
        Goal("bulk: at least 5 times the leaves/s of jsf", f"{bulk_leaf_ratio:.1f} times", bulk_leaf_ratio >= 5),
        Goal(
            "bulk: at least 50 times the payloads/s of polyfactory",
            f"{bulk_rate_ratio:.0f} times",
            bulk_rate_ratio >= 50,
        ),
        Goal(
            f"planted bug shrunk to the smallest payload, {smallest_bytes} bytes, with every seed",
            f"with {sum(smallest)} of {len(smallest)}",
            all(smallest),
        ),
        Goal(
            "at most 2% added to an empty collection by the plugin, with all plugins",
            f"{plugin_cost:+.1%}; {plugin_cost_alone:+.1%} without Hypothesis' plugin",
            plugin_cost <= 0.02,
        ),
        Goal(
            "contractfuzz and the contract loaded at least as fast as hypothesis_jsonschema alone",
            f"{load_ratio:.2f} of its time",
            load_ratio <= 1,
        ),
    ]


def goal_table(goals: Iterable[Goal]) -> str:
    """Return the table of the goals."""
    return table(
        ("goal", "measured", "met"),
        [(goal.description, goal.measured, "yes" if goal.met else "**no**") for goal in goals],
    )


def plot(results: Sequence[GeneratorResult], path: Path) -> None:
    """Draw the speed and coverage of each generator into an SVG file."""
    # matplotlib is only needed here, and tests import this module without it.
    import matplotlib as mpl
    from matplotlib import pyplot

    # Text remains text, and the same numbers give the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "contractfuzz", "font.size": 9}):
        figure, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), sharey=True)
        names = [result.generator.name for result in results][::-1]
        colours = ["#1b6ca8" if name.startswith("contractfuzz") else "#b0b7bf" for name in names]
        rates = [result.leaf_rate for result in results][::-1]
        left.barh(names, rates, color=colours)
        left.set_xscale("log")
        left.set_xlim(right=max(rates) * 6)
        left.bar_label(left.containers[0], [format_number(rate) for rate in rates], padding=3)
        left.set_title("leaves per CPU second")
        shares = [100 * result.short_run_coverage for result in results][::-1]
        right.barh(names, shares, color=colours)
        right.set_xlim(0, 118)
        right.bar_label(right.containers[0], [f"{share:.0f} %" for share in shares], padding=3)
        right.set_title(f"points of the schema covered by {SHORT_RUN} payloads")
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
        figure.tight_layout()
        figure.savefig(path, metadata={"Date": None})
        pyplot.close(figure)


def machine() -> str:
    """Return a description of the machine and its Python."""
    return f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"


def page(*, command: str, rounds: int, load: float, tables: dict[str, str]) -> str:
    """Return the page in Markdown.

    Args:
        command: command that writes the page.
        rounds: number of rounds.
        load: load average of the machine.
        tables: tables and numbers by placeholder.

    """
    return dedent(
        """\
        # Performance

        This page compares contractfuzz with similar tools, measured in one run on HubSpot's `BatchAssociationResponse`.
        `{command}` writes the page: do not edit it.

        Measured on {machine}, with a load average of {load:.1f}.

        - Rates are per CPU second of the process that generates the payloads. They are medians of {rounds} rounds. In each round,
          all generators run in turn, so that other load slows all of them equally. Compare ratios: absolute numbers of two
          versions of this page are not comparable.
        - Hypothesis strategies are measured in `@given` with {short_run} examples per test, `phases=[generate]` and
          `database=None`. The other generators make {bulk_run:,} payloads per run.
          Health checks are off, because some tools fail them.
        - Bytes are those of compact JSON in UTF-8. A leaf is a value that is not an object or array.
        - Choices are random decisions that Hypothesis draws for a payload, counted by Hypothesis' observability.
        - Coverage is the share of the points of the schema that payloads reach (`Contract.coverage`): each property present and
          absent, each array and map empty, with one item and with several, each enumerated value, bounds, signs, and kinds of
          strings and dates.

        ![leaves per second and coverage](performance.svg)

        ## Goals

        {goals}

        ## Valid payloads

        {valid}

        polyfactory does not read schemas, so it generates payloads from pydantic models that were written for this comparison.
        jsf, json-schema-faker, hypothesis-jsonschema and schemathesis get the contract's JSON Schema. Each tool runs in a
        separate environment, pinned by `benchmarks/requirements/`. hypothesis-jsonschema runs with Hypothesis 6.170.9, the last
        version that it supports.

        ## Invalid payloads

        {invalid}

        `violations covered` is the share of the contract's violations that occur in {many} payloads. Here, all variants of a
        keyword at a location count as one violation. The coverage phase of schemathesis can only be run with its command, so its
        rate includes the start of the command and local HTTP.

        ## Shrinking

        A test fails if `{bug}`. Each generator searches for this bug with 200 examples, and Hypothesis shrinks the
        failing payload. The smallest failing payload has {smallest_bytes} bytes.

        {bugs}

        ## Start-up

        {start_up}
        """
    ).format(
        command=command,
        rounds=rounds,
        short_run=SHORT_RUN,
        bulk_run=BULK_RUN,
        load=load,
        machine=machine(),
        bug=PLANTED_BUG,
        many=LONG_INVALID_RUN,
        **tables,
    )
