"""The tables, the aims and the plot."""

from __future__ import annotations

import os
import platform
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from textwrap import dedent

from benchmarks import start_up
from benchmarks.contestants import (
    HAND_WRITTEN,
    HYPOTHESIS_JSONSCHEMA,
    JSF,
    OURS,
    OURS_BULK,
    OURS_INVALID,
    POLYFACTORY,
)  # fmt: skip
from benchmarks.measuring import Breaking
from benchmarks.racing import BROKEN, FEW, MANY, Result

BUG = "paging.next.after is present"


@dataclass(frozen=True)
class Aim:
    """What was aimed at, what was measured, and whether that is enough."""

    words: str
    measured: str
    met: bool


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a Markdown table whose columns but the first are figures."""
    rule = ["---", *("---:" for _ in head[1:])]
    return "\n".join("| " + " | ".join(row) + " |" for row in (head, rule, *rows))


def figure(number: float) -> str:
    """Return a number as a table shows it: three digits are as many as can be trusted."""
    return f"{number:,.0f}" if number >= 10 else f"{number:.2g}"


def valid_table(results: Iterable[Result], base: Result) -> str:
    """Return the table of those that make valid payloads; ``base`` is the one that ratios refer to."""
    head = (
        *("generator", "payloads/s", f"ratio to {base.contestant.name}", "bytes", "leaves", "leaves/s"),
        *("choices a payload", "choices a leaf", f"coverage after {FEW}", f"after {MANY}", "valid"),
    )
    return table(
        head,
        [
            (
                *(one.contestant.name, figure(one.rate), f"{figure(one.rate / base.rate)}x"),
                *(figure(one.bytes), figure(one.leaves), figure(one.leaf_rate)),
                *(("-", "-") if one.choices is None else (figure(one.choices), f"{one.choices / one.leaves:.2f}")),
                *(f"{one.coverage_few:.0%}", f"{one.coverage_many:.0%}", f"{one.valid:.0%}"),
            )
            for one in results
        ],
    )


def invalid_table(results: Iterable[Result], phase: tuple[Breaking, float]) -> str:
    """Return the table of those that make invalid payloads."""
    head = (
        "generator",
        *("payloads/s", "bytes", "JSON values", "break the contract", "break one place only", "violations reached"),
    )

    def row(name: str, rate: float, size: str, found: Breaking) -> tuple[str, ...]:
        shares = (found.json / found.made, found.broken / found.made, found.single / found.made, found.coverage)
        return (name, figure(rate), size, *(f"{share:.0%}" for share in shares))

    rows = [row(one.contestant.name, one.rate, figure(one.bytes), one.breaking) for one in results]
    breaking, seconds = phase
    rows.append(row(f"schemathesis, coverage phase ({breaking.made} bodies)", breaking.made / seconds, "", breaking))
    return table(head, rows)


def bug_table(results: Iterable[Result]) -> str:
    """Return the table of what the planted bug shrank to."""
    rows = []
    for one in results:
        found = [size for size in one.bugs if size is not None]
        ends = ", ".join(f"{size:,}" for size in sorted(set(found))) or "-"
        rows.append((one.contestant.name, f"{len(found)} of {len(one.bugs)}", ends, f"{one.bug_seconds:.1f}"))
    return table(("generator", "found with", "bytes it ended at", "median CPU seconds"), rows)


def start_up_table(seconds: dict[str, float]) -> str:
    """Return the table of what loading costs."""
    return table(("command", "CPU ms"), [(name, f"{1000 * spent:.0f}") for name, spent in seconds.items()])


def aims(results: dict[str, Result], loading: dict[str, float], strategy: tuple[float, bool], ideal: int) -> list[Aim]:
    """Return what was aimed at and what became of it."""
    ours, invalid, bulk = results[OURS], results[OURS_INVALID], results[OURS_BULK]
    peer, hand, jsf, factory = (results[name] for name in (HYPOTHESIS_JSONSCHEMA, HAND_WRITTEN, JSF, POLYFACTORY))
    assert ours.choices is not None
    times, leafy = ours.rate / peer.rate, ours.leaf_rate / hand.leaf_rate
    share, leaves, payloads = invalid.rate / ours.rate, bulk.leaf_rate / jsf.leaf_rate, bulk.rate / factory.rate
    plugin = loading[start_up.COLLECT] / loading[start_up.COLLECT_WITHOUT] - 1
    alone = loading[start_up.COLLECT_ALONE] / loading[start_up.COLLECT_NEITHER] - 1
    load = loading[start_up.BUILD] / loading[start_up.IMPORT]
    ends = [size == ideal for size in ours.bugs]
    return [
        Aim("at least 60 times the payloads of hypothesis-jsonschema", f"{times:.0f} times", times >= 60),
        Aim(
            "... at no fewer bytes and leaves",
            f"{ours.bytes:.0f} bytes to {peer.bytes:.0f}, {ours.leaves:.0f} leaves to {peer.leaves:.0f}",
            ours.bytes >= peer.bytes and ours.leaves >= peer.leaves,
        ),
        Aim("at least twice the leaves of the hand-written strategy", f"{leafy:.1f} times", leafy >= 2),
        Aim("at most 1.2 choices a leaf", f"{ours.choices / ours.leaves:.2f}", ours.choices / ours.leaves <= 1.2),
        Aim(
            f"all points of the schema within {FEW} payloads",
            f"{ours.coverage_few:.1%} in the median run, all in {ours.full:.0%} of the runs",
            ours.coverage_few == 1,
        ),
        Aim("invalid() at least two thirds as fast as valid()", f"{share:.2f}", share >= 2 / 3),
        Aim(
            "valid() built in at most 20 ms, and kept",
            f"{1000 * strategy[0]:.0f} ms, {'kept' if strategy[1] else 'not kept'}",
            strategy[0] <= 0.02 and strategy[1],
        ),
        Aim("95 % of broad payloads under 4 kB", f"under {ours.bytes_95:,.0f} bytes", ours.bytes_95 < 4000),
        Aim("bulk: at least 5 times the leaves of jsf", f"{leaves:.1f} times", leaves >= 5),
        Aim("bulk: at least 50 times the payloads of polyfactory", f"{payloads:.0f} times", payloads >= 50),
        Aim(
            f"the planted bug ends at the smallest payload, {ideal} bytes, with every seed",
            f"with {sum(ends)} of {len(ends)}",
            all(ends),
        ),
        Aim(
            "the plugin adds at most 2 % to an empty collection, as installed",
            f"{plugin:+.1%}; {alone:+.1%} without Hypothesis' plugin",
            plugin <= 0.02,
        ),
        Aim(
            "contractfuzz and the contract load no slower than hypothesis_jsonschema alone",
            f"{load:.2f} of its time",
            load <= 1,
        ),
    ]


def aim_table(reached: Iterable[Aim]) -> str:
    """Return the table of the aims."""
    return table(
        ("aim", "measured", "met"), [(aim.words, aim.measured, "yes" if aim.met else "**no**") for aim in reached]
    )


def plot(results: Sequence[Result], path: Path) -> None:
    """Draw how fast everyone is, and how much of the schema is reached, into an SVG file."""
    import matplotlib as mpl
    from matplotlib import pyplot

    # Text stays text, and the same figures make the same file.
    with mpl.rc_context({"svg.fonttype": "none", "svg.hashsalt": "contractfuzz", "font.size": 9}):
        figure_, (left, right) = pyplot.subplots(1, 2, figsize=(9, 3.4), sharey=True)
        names = [one.contestant.name for one in results][::-1]
        colours = ["#1b6ca8" if name.startswith("contractfuzz") else "#b0b7bf" for name in names]
        rates = [one.leaf_rate for one in results][::-1]
        left.barh(names, rates, color=colours)
        left.set_xscale("log")
        left.set_xlim(right=max(rates) * 6)
        left.bar_label(left.containers[0], [figure(rate) for rate in rates], padding=3)
        left.set_title("leaves a CPU second")
        shares = [100 * one.coverage_few for one in results][::-1]
        right.barh(names, shares, color=colours)
        right.set_xlim(0, 118)
        right.bar_label(right.containers[0], [f"{share:.0f} %" for share in shares], padding=3)
        right.set_title(f"points of the schema reached by {FEW} payloads")
        for axes in (left, right):
            axes.spines[["top", "right"]].set_visible(False)
        figure_.tight_layout()
        figure_.savefig(path, metadata={"Date": None})
        pyplot.close(figure_)


def machine() -> str:
    """Return what the figures were measured on."""
    return f"{os.cpu_count()} cores, {platform.system()} on {platform.machine()}, Python {platform.python_version()}"


def document(*, command: str, rounds: int, load: float, tables: dict[str, str]) -> str:
    """Return the page of all figures."""
    return dedent(
        """\
        # Performance

        contractfuzz and its peers, side by side in one run on HubSpot's `BatchAssociationResponse`. This page is written by
        `{command}`; nothing on it is typed by hand.

        Measured on {machine}; load average {load:.1f} while it ran. Rates are per CPU second of the process that makes the
        payloads, medians of {rounds} rounds in which everyone takes a turn, so that what else the machine does slows all alike:
        compare ratios, not figures of different pages. Where Hypothesis draws the payloads, they are those of `@given` with
        100 examples a test, `phases=[generate]`, `database=None`, health checks off for the peers' sake. Bytes are of compact
        JSON in UTF-8; a leaf is a value that holds no others. Choices are what Hypothesis itself reports (its observability).
        Coverage is `Contract.coverage`, the share of the points of the schema that were reached: each property there and
        not there, each array and map empty, single and several, each listed value, bounds, signs, sorts of strings and dates.

        ![leaves a second and coverage](performance.svg)

        ## What was aimed at

        {aims}

        ## Valid payloads

        {valid}

        polyfactory makes payloads from pydantic models that were written for it, since it takes no schema; jsf,
        json-schema-faker, hypothesis-jsonschema and schemathesis get the contract's own lowered schema. Each peer runs in an
        environment of its own, as `benchmarks/requirements/` pins it (hypothesis-jsonschema with Hypothesis 6.170.9, the last
        that it works with).

        ## Invalid payloads

        {invalid}

        A violation is a location and a keyword here: `violations reached` is the share of those that the contract has which
        {many} payloads broke. The coverage phase of schemathesis has no other public face than its command, so that its rate
        includes the start of that command and HTTP on this machine.

        ## Shrinking

        The planted bug: `{bug}`. Each generator looks for it with 200 examples and lets Hypothesis shrink what it finds.
        The smallest payload that shows it has {ideal} bytes.

        {bugs}

        ## Start-up

        {start_up}
        """
    ).format(command=command, rounds=rounds, load=load, machine=machine(), bug=BUG, many=BROKEN, **tables)
