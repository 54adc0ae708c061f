"""The assertion for tests that possible changes by a provider do not break a consumer."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from contractfuzz.evolution.evolving import evolve
from contractfuzz.evolution.text import evolution_text
from contractfuzz.payloads.cases.case import ABSENT
from contractfuzz.running.options import ErrorClasses, RunOptions
from contractfuzz.running.run import Run
from contractfuzz.testing.assertion_runs import warn_of_unused

if TYPE_CHECKING:
    from contractfuzz.contract import Contract


def assert_survives_changes(
    consumer: Any,
    contract: Contract,
    *,
    only: str | Iterable[str] = (),
    tolerate: str | Iterable[str] = (),
    base: Any = ABSENT,
    seed: int = 0,
    raises: ErrorClasses = (ValueError,),
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    isolate: bool = False,
    time_limit: float | None = None,
    timeout: float | None = None,
    max_requests: int | None = None,
) -> None:
    """Assert that no possible change by the provider breaks the consumer: it neither fails nor gets the change silently wrong.

    Each change is made to a valid payload that the consumer accepts, and the two results are compared. ``contractfuzz evolve``
    reports the same changes.

    Args:
        consumer: the code under test, as for ``assert_accepts``.
        contract: the contract of today.
        only: ids of possible changes to try, or globs of them, such as ``"*:nullable"`` or ``"/items/*"``. Default: all.
        tolerate: ids of possible changes that may break the consumer, or globs of them. A pattern that was not needed causes an
            ``UnusedToleranceWarning``.
        base: a valid payload, such as a recorded one, to make the changes to. Default: payloads are generated.
        seed: seed of the generated payloads. The same seed gives the same changes.
        raises: the exceptions by which the consumer refuses a payload; any other exception is a crash. Both are breaks.
        feed: as for ``assert_accepts``.
        strict: as for ``assert_accepts``.
        route: as for ``assert_accepts``.
        isolate: as for ``assert_accepts``.
        time_limit: as for ``assert_accepts``.
        timeout: as for ``assert_accepts``.
        max_requests: as for ``assert_accepts``.

    Raises:
        AssertionError: a possible change breaks the consumer. The message lists the breaks by impact and place.
        ContractError: an argument is wrong, the consumer accepts no payload, or a pattern matches no possible change.

    Example:
        >>> assert_survives_changes(read_order, contract, only=["*:nullable", "*:absent", "*:new-value"])

    """
    __tracebackhide__ = True
    options = RunOptions(
        feed=feed,
        strict=strict,
        route=route,
        raises=raises,
        isolate=isolate,
        time_limit=time_limit,
        timeout=timeout,
        max_requests=max_requests,
    )
    run = Run(consumer, contract, options, base=base, case_sets=())
    found = evolve(run, only=only, tolerate=tolerate, seed=seed)
    if not found.ok:
        raise AssertionError(evolution_text(found)) from None
    warn_of_unused(found.unused)
