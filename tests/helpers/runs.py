"""Runs with the options of a run and the selection of its cases in one call."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

from contractfuzz import Contract, Report
from contractfuzz.running.options import RunOptions
from contractfuzz.running.run import Run

_OPTIONS = {field.name for field in fields(RunOptions)}


def run_of(consumer: Any, contract: Contract, **arguments: Any) -> Run:
    """Return a run. The arguments are those of ``RunOptions`` and of ``Run``."""
    options = {name: arguments.pop(name) for name in _OPTIONS & arguments.keys()}
    return Run(consumer, contract, RunOptions(**options), **arguments)


def report_of(consumer: Any, contract: Contract, **arguments: Any) -> Report:
    """Feed every case of a run, and return its report."""
    run = run_of(consumer, contract, **arguments)
    run.feed_all()
    return run.report()
