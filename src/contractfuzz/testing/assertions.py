"""The four promises of a consumer, as assertions for tests."""

from __future__ import annotations

import warnings
from collections.abc import Callable, Iterable
from dataclasses import replace
from functools import partial
from typing import TYPE_CHECKING, Any

from contractfuzz.errors import ContractError, UnusedToleranceWarning
from contractfuzz.payloads.cases.case import Case
from contractfuzz.running.adapters.registry import adapt, name_of
from contractfuzz.running.adapters.targets import declared
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.feeding import InProcess
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.run import INVALID_SETS, SURVIVAL_SETS, VALID_SETS, CaseSet, Errors, Run
from contractfuzz.running.shrinking import search
from contractfuzz.testing.kept_cases import keep, load, replay
from contractfuzz.testing.round_trips import round_trip
from contractfuzz.testing.session import current

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

CLOSED_SETS = (CaseSet("valid", "closed"),)


def assert_accepts(
    consumer: Any, contract: Contract, *, raises: Errors = (ValueError,), feed: str | None = None, isolate: bool = False
) -> None:
    """Assert that ``consumer`` accepts every valid payload.

    The smallest payload comes first, then as many random ones as the active Hypothesis profile says (``max_examples``); a
    failing one is shrunk, and remembered in Hypothesis' database.

    Args:
        consumer: a callable of one payload.
        contract: whose payloads.
        raises: the errors by which it rejects; they only make the message more exact.
        feed: ``object``, ``text`` or ``bytes``; without it the annotation of the consumer's parameter decides.
        isolate: whether to call it in a process of its own, so that one that hangs or dies is told like a crash.

    Raises:
        AssertionError: it raised; the message holds the smallest payload, the traceback in the consumer and how to see it again.
        ContractError: an argument is wrong.

    """
    __tracebackhide__ = True
    _assert_honest(Run(consumer, contract, feed=feed, raises=raises, isolate=isolate, examples=0, case_sets=VALID_SETS))


def assert_rejects(
    consumer: Any,
    contract: Contract,
    *,
    raises: Errors = (ValueError,),
    tolerate: str | Iterable[str] = (),
    feed: str | None = None,
    isolate: bool = False,
) -> None:
    """Assert that ``consumer`` rejects every violation: each once in its smallest payload, then random ones.

    Args:
        consumer: a callable of one payload.
        contract: whose violations.
        feed: as for ``assert_accepts``.
        isolate: as for ``assert_accepts``.
        raises: the errors by which it must reject; any other is a crash.
        tolerate: ids of violations, or globs of them, that it may accept; ``UnusedToleranceWarning`` for one that was not needed.

    Raises:
        AssertionError: it accepted a violation or crashed on it.
        ContractError: an argument is wrong.

    """
    __tracebackhide__ = True
    run = Run(
        consumer,
        contract,
        feed=feed,
        raises=raises,
        tolerate=tolerate,
        isolate=isolate,
        examples=0,
        case_sets=INVALID_SETS,
    )
    _assert_honest(run)
    for pattern in run.report().unused:
        warnings.warn(f"tolerate={pattern!r} was not needed: remove it", UnusedToleranceWarning, stacklevel=2)


def assert_survives(
    consumer: Any, contract: Contract, *, raises: Errors = (ValueError,), feed: str | None = None, isolate: bool = False
) -> None:
    """Assert that ``consumer`` accepts or rejects malformed bodies, incoherent and hostile payloads, and does nothing worse.

    Malformed bodies that no JSON parser reads must be rejected. What cannot be fed is left out: all malformed bodies for a
    consumer of objects, those that are not UTF-8 for one of text.

    Args: as for ``assert_accepts``.

    Raises:
        AssertionError: it crashed, or accepted a body that is no JSON.
        ContractError: an argument is wrong.

    """
    __tracebackhide__ = True
    _assert_honest(
        Run(consumer, contract, feed=feed, raises=raises, isolate=isolate, examples=0, case_sets=SURVIVAL_SETS)
    )


def assert_round_trips(
    parse: Callable[[Any], Any], dump: Callable[[Any], Any], contract: Contract, *, feed: str | None = None
) -> None:
    """Assert that ``dump(parse(payload))`` says what ``payload`` said.

    The order of properties, ``1`` for ``1.0`` and another way to write the same instant (to the microsecond) make no difference;
    a property that is missing, new or null instead of missing does. Payloads hold no properties that the contract does not name.

    Args:
        parse: a callable of one payload.
        dump: turns what ``parse`` returns into a JSON value, or into JSON text or bytes.
        contract: whose valid payloads.
        feed: as for ``assert_accepts``, of ``parse``.

    Raises:
        AssertionError: something came back otherwise, or one of the two raised.
        ContractError: an argument is wrong.

    """
    __tracebackhide__ = True
    parser = adapt(parse, feed, contract=contract.name)
    # Not kept: what is kept is fed to the parser alone.
    _assert_honest(Run(_there_and_back(parser, dump), contract, examples=0, case_sets=CLOSED_SETS), keeps=False)


def _there_and_back(parser: Consumer, dump: Callable[[Any], Any]) -> Consumer:
    module, _, name = name_of(dump).rpartition(":")
    found = module and "<" not in name
    back = f"{module}.{name}" if found else "dump"
    imports = ", ".join(filter(None, [parser.imports, module if found else ""]))
    expression = f"print({back}({parser.expression}))"
    return replace(parser, call=round_trip(parser, dump), expression=expression, imports=imports)


def assert_honours(
    consumer: Any,
    case: Case,
    *,
    raises: Errors = (ValueError,),
    feed: str | None = None,
) -> None:
    """Assert that ``consumer`` does with one case what the case expects: for tests that get their cases by a marker.

    Args:
        consumer: a callable of one payload.
        case: a case, for example the argument of a test with the marker ``contract_cases`` or ``contract_regressions``.
        raises: the errors by which it rejects.
        feed: as for ``assert_accepts``. A case that cannot be fed so is no failure.

    Raises:
        AssertionError: it did something else.
        ContractError: an argument is wrong.

    """
    __tracebackhide__ = True
    adapted = adapt(consumer, feed)
    within = InProcess(adapted, (*declared(raises), *adapted.rejections), "the contract")
    _, finding = within.judge(case)
    if finding is not None:
        raise AssertionError(explain(finding)) from None


def _assert_honest(run: Run, *, keeps: bool = True) -> None:
    """Feed what was kept, then every label once, then let Hypothesis look for more; raise the worst of what was found."""
    __tracebackhide__ = True
    more = ""
    try:
        finding = _replay_kept(run) if keeps else None
        if finding is None:
            run.feed_all()
            findings = run.report().findings
            if findings:
                finding = findings[0]
                more = f"\n\n  and {len(findings) - 1} more findings" if len(findings) > 1 else ""
            else:
                finding = _look_for_more(run)
            _tell(run, finding)
    finally:
        run.close()
    if finding is not None:
        kept = _kept_as(finding) if keeps else ""
        raise AssertionError(explain(finding) + kept + more) from None


def _replay_kept(run: Run) -> Finding | None:
    """Return the first of the kept cases of the kinds of ``run`` that still fails."""
    now = current()
    if now is None or not now.folder.is_dir():
        return None
    kinds = {case_set.kind for case_set in run.case_sets}
    kept = [one for one in load(now.folder, run.contract.name) if one.case.kind in kinds and one.consumer == run.name]
    for replayed in replay(run, kept):
        now.tell_replayed(replayed.regression.path, replayed.status, replayed.why)
        if replayed.finding is not None:
            return replayed.finding
    return None


def _tell(run: Run, found: Finding | None) -> None:
    now = current()
    if now is not None:
        report = run.report()
        if found is not None and not report.findings:
            report.findings.append(found)
        now.reports.append(report)


def _kept_as(finding: Finding) -> str:
    """Keep a finding, where a session wants that, and return where, as a line for its message."""
    now = current()
    if now is None or not now.keeps:
        return ""
    try:
        path = keep(finding, now.folder)
    except ContractError as error:
        now.notes.append(f"a failing case was not kept: {error}")
        return ""
    return f"\n\n  kept as      {path}"


def _look_for_more(run: Run) -> Finding | None:
    for case_set in run.case_sets:
        key = f"contractfuzz {run.name} {case_set.kind} {case_set.profile}"
        found = search(run.strategy(case_set), partial(run.judge, counted=True), key)
        if found is not None:
            return found
    return None
