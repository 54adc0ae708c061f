"""Assertions for tests: accepts, rejects, survives, round-trips, and honours one case."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from contractfuzz.payloads.cases.case import ABSENT, Case
from contractfuzz.running.adapters.registry import adapt, name_of
from contractfuzz.running.adapters.targets import import_path
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.feeding import make_feeder
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.options import (
    INVALID_SETS,
    SURVIVAL_SETS,
    VALID_SETS,
    CaseSet,
    ErrorClasses,
    RunOptions,
)
from contractfuzz.running.run import Run
from contractfuzz.running.shrinking import judge_repeatedly
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.policy import Policy
from contractfuzz.testing.assertion_runs import (
    assert_no_finding,
    kept_for,
    record_honoured,
    skip_if_kept_for_another,
    warn_of_unused,
)
from contractfuzz.testing.round_trips import round_trip

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

_WIRE_ACCEPTED, _WIRE_REJECTED, _WIRE_SURVIVED = (
    CaseSet("wire", expectation="accepts"),
    CaseSet("wire", expectation="rejects"),
    CaseSet("wire", expectation="survives"),
)
CLOSED_SETS = (CaseSet("valid", "closed"),)


def assert_accepts(
    consumer: Any,
    contract: Contract,
    *,
    raises: ErrorClasses = (ValueError,),
    tolerate: str | Iterable[str] = (),
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    isolate: bool = False,
    time_limit: float | None = None,
    timeout: float | None = None,
    max_requests: int | None = None,
    paging: str | None = None,
    retries: bool = False,
) -> None:
    """Assert that the consumer accepts every valid payload. A client also gets the wire cases that it must accept.

    Kept cases that once failed are fed first, then the smallest payload, then random ones: as many as the active Hypothesis
    profile allows (``max_examples``). A failing payload is shrunk and stored in Hypothesis' database.

    Args:
        consumer: the code under test, usually a callable that takes one payload; see ``contractfuzz.adapt`` for the others.
        contract: the contract that defines the payloads.
        raises: the exceptions by which the consumer rejects a payload. Any exception fails this assertion; the message calls
            a declared one a rejection and any other one a crash.
        tolerate: for a client, wire cases that it may reject, or accept with another result than a plain response, such as
            ``"status.201"``; globs are allowed. A pattern that was not needed causes an ``UnusedToleranceWarning``.
        feed: the argument that the consumer takes: ``object``, ``text``, ``bytes`` or ``url``. Default: the annotation of the
            consumer's parameter decides.
        strict: for pydantic models and msgspec Structs, True to convert nothing and False to convert what they can. Default:
            the library decides.
        route: for a web application, the path to which bodies are posted.
        isolate: call the consumer in a separate process, so that a consumer that hangs or dies fails the assertion as a crash
            does.
        time_limit: seconds that an isolated consumer may take for one case. Default: 5.
        timeout: for a client, the seconds after which it gives up waiting for a server. A client that waits longer, or longer
            than 10 s without this argument, fails the assertion.
        max_requests: number of requests that a client may send in one call. Default: 20.
        paging: for a client that pages, the location of the cursor, as a JSON Pointer (RFC 6901). Default: its name decides.
        retries: True for a client that must send a request again when the server asks for that, after the status 429 or 503.

    Raises:
        AssertionError: the consumer did not accept a payload. The message contains the smallest such payload, the traceback
            within the consumer and a line of Python that reproduces the failure.
        ContractError: an argument is wrong.

    Example:
        >>> contract = Contract.named("batch_association_response")
        >>> assert_accepts(parse_response, contract)

    """
    __tracebackhide__ = True
    options = RunOptions(
        feed=feed,
        strict=strict,
        route=route,
        raises=raises,
        tolerate=tolerate,
        isolate=isolate,
        time_limit=time_limit,
        timeout=timeout,
        max_requests=max_requests,
        paging=paging,
        retries=retries,
    )
    run = Run(consumer, contract, options, examples=0, case_sets=(*VALID_SETS, _WIRE_ACCEPTED))
    assert_no_finding(run)
    warn_of_unused(run.report().unused)


def assert_rejects(
    consumer: Any,
    contract: Contract,
    *,
    raises: ErrorClasses = (ValueError,),
    policy: str = "strict",
    tolerate: str | Iterable[str] = (),
    must_accept: str | Iterable[str] = (),
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    isolate: bool = False,
    time_limit: float | None = None,
    base: Any = ABSENT,
    faults: int = 1,
    timeout: float | None = None,
    max_requests: int | None = None,
    paging: str | None = None,
    retries: bool = False,
) -> None:
    """Assert that the consumer rejects every violation of the contract, or does what the policy asks for.

    A client also gets the wire cases that it must reject, such as error statuses and lost connections.

    Kept cases that once failed are fed first, then each violation once in its smallest payload, then random violations: as
    many as the active Hypothesis profile allows (``max_examples``). A failing payload is shrunk.

    Args:
        consumer: the code under test, as for ``assert_accepts``.
        contract: the contract that defines the violations.
        raises: the exceptions by which the consumer rejects a payload; any other exception is a crash.
        policy: ``strict`` if the consumer must reject every violation; ``tolerant`` if it may accept those that do not change
            its result, and must accept unknown properties and unknown values of an ``enum``.
        tolerate: ids of violations that the consumer may accept, or globs of ids, for example ``"*:type.null"``. A pattern
            that was not needed causes an ``UnusedToleranceWarning``.
        must_accept: ids of violations that the consumer must accept, or globs of ids, for example ``"*:enum.unknown"``.
        feed: as for ``assert_accepts``.
        strict: as for ``assert_accepts``.
        route: as for ``assert_accepts``.
        isolate: as for ``assert_accepts``.
        time_limit: as for ``assert_accepts``.
        timeout: as for ``assert_accepts``.
        max_requests: as for ``assert_accepts``.
        paging: as for ``assert_accepts``.
        retries: as for ``assert_accepts``.
        base: a valid payload, such as a recorded one, to apply the violations to, so that its ids and references stay.
        faults: the number of faults in each payload, 1 or 2.

    Raises:
        AssertionError: the consumer accepted a violation, or crashed on it.
        ContractError: an argument is wrong, the base is not valid, or a pattern of ``tolerate`` or ``must_accept`` matches no
            violation.

    Example:
        >>> contract = Contract.named("batch_association_response")
        >>> assert_rejects(parse_response, contract, tolerate=["*:type.null"])

    """
    __tracebackhide__ = True
    options = RunOptions(
        feed=feed,
        strict=strict,
        route=route,
        raises=raises,
        policy=policy,
        tolerate=tolerate,
        must_accept=must_accept,
        isolate=isolate,
        time_limit=time_limit,
        timeout=timeout,
        max_requests=max_requests,
        paging=paging,
        retries=retries,
    )
    case_sets = (*INVALID_SETS, _WIRE_REJECTED)
    run = Run(consumer, contract, options, examples=0, case_sets=case_sets, base=base, faults=faults)
    assert_no_finding(run)
    warn_of_unused(run.report().unused)


def assert_survives(
    consumer: Any,
    contract: Contract,
    *,
    raises: ErrorClasses = (ValueError,),
    tolerate: str | Iterable[str] = (),
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    isolate: bool = False,
    time_limit: float | None = None,
    timeout: float | None = None,
    max_requests: int | None = None,
    paging: str | None = None,
) -> None:
    """Assert that the consumer never does worse than reject malformed bodies, incoherent payloads and hostile payloads.

    It may accept or reject each of them. Only a malformed body with the expectation ``rejects`` must be rejected, because it is
    not JSON. Cases that cannot be fed to the consumer are skipped: all malformed bodies for a consumer of objects, and the bodies
    that are not UTF-8 for a consumer of text. A client also gets the wire cases that it may accept or reject.

    Args:
        consumer: the code under test, as for ``assert_accepts``.
        contract: the contract that defines the cases.
        raises: the exceptions by which the consumer rejects a case; any other exception is a crash.
        tolerate: malformations that the consumer may accept, or globs of them, for example ``"nan@*"``. A pattern that was not
            needed causes an ``UnusedToleranceWarning``.
        feed: as for ``assert_accepts``.
        strict: as for ``assert_accepts``.
        route: as for ``assert_accepts``.
        isolate: as for ``assert_accepts``.
        time_limit: as for ``assert_accepts``.
        timeout: as for ``assert_accepts``.
        max_requests: as for ``assert_accepts``.
        paging: as for ``assert_accepts``.

    Raises:
        AssertionError: the consumer crashed, hung or died, or accepted a body that is not JSON.
        ContractError: an argument is wrong, or ``tolerate`` matches nothing.

    Example:
        >>> contract = Contract.named("batch_association_response")
        >>> assert_survives(parse_response, contract, feed="bytes")

    """
    __tracebackhide__ = True
    options = RunOptions(
        feed=feed,
        strict=strict,
        route=route,
        raises=raises,
        tolerate=tolerate,
        isolate=isolate,
        time_limit=time_limit,
        timeout=timeout,
        max_requests=max_requests,
        paging=paging,
    )
    run = Run(consumer, contract, options, examples=0, case_sets=(*SURVIVAL_SETS, _WIRE_SURVIVED))
    assert_no_finding(run)
    warn_of_unused(run.report().unused)


def assert_round_trips(
    parse: Callable[[Any], Any],
    dump: Callable[[Any], Any],
    contract: Contract,
    *,
    feed: str | None = None,
    strict: bool | None = None,
) -> None:
    """Assert that ``dump(parse(payload))`` has the same content as ``payload``, for every valid payload.

    The order of properties makes no difference. Neither does ``1`` instead of ``1.0``, nor another notation of the same
    instant, compared to the microsecond. A property that is lost, added, or null instead of absent is a difference. The
    payloads contain only properties that the contract names.

    Args:
        parse: the parser under test, a callable that takes one payload.
        dump: a callable that turns the result of ``parse`` back into a JSON value, or into JSON text or bytes.
        contract: the contract that defines the payloads.
        feed: the argument that ``parse`` takes, as for ``assert_accepts``.
        strict: as for ``assert_accepts``.

    Raises:
        AssertionError: the content changed, or ``parse`` or ``dump`` raised an exception.
        ContractError: an argument is wrong.

    Example:
        >>> contract = Contract.named("batch_association_response")
        >>> assert_round_trips(json.loads, json.dumps, contract, feed="text")

    """
    __tracebackhide__ = True
    parser = adapt(parse, feed, strict=strict, contract=contract.name)
    # Failures are not kept as files: a replayed case is fed to the parser alone, without the dump.
    # No command compares the dump.
    options = RunOptions(command=())
    run = Run(_round_trip_consumer(parser, dump), contract, options, examples=0, case_sets=CLOSED_SETS)
    assert_no_finding(run, keep_failure=False)


def _round_trip_consumer(parser: Consumer, dump: Callable[[Any], Any]) -> Consumer:
    """Return a consumer that parses, dumps and compares; its reproduction prints the dump."""
    module, name = import_path(name_of(dump))
    importable = module and "<" not in name
    dump_name = f"{module}.{name}" if importable else "dump"
    imports = ", ".join(filter(None, [parser.imports, module if importable else ""]))
    expression = f"print({dump_name}({parser.expression}))"
    expression_of = parser.expression_of
    of_case = None if expression_of is None else lambda case: f"print({dump_name}({expression_of(case)}))"
    return replace(parser, call=round_trip(parser, dump), expression=expression, expression_of=of_case, imports=imports)


def assert_honours(
    consumer: Any,
    case: Case,
    *,
    raises: ErrorClasses = (ValueError,),
    policy: str = "strict",
    must_accept: str | Iterable[str] = (),
    feed: str | None = None,
    strict: bool | None = None,
    route: str | None = None,
    isolate: bool = False,
    time_limit: float | None = None,
    timeout: float | None = None,
    max_requests: int | None = None,
    paging: str | None = None,
) -> None:
    """Assert that the consumer does with one case what ``case.expectation`` and the policy demand.

    Made for tests that receive cases from the markers ``contract_cases`` and ``contract_regressions``. A case that
    cannot be fed to the consumer passes. A case that was kept for another consumer skips the test.

    Args:
        consumer: the code under test, as for ``assert_accepts``.
        case: the case to feed.
        raises: the exceptions by which the consumer rejects a case; any other exception is a crash.
        policy: as for ``assert_rejects``.
        must_accept: as for ``assert_rejects``.
        feed: as for ``assert_accepts``.
        strict: as for ``assert_accepts``.
        route: as for ``assert_accepts``.
        isolate: as for ``assert_accepts``.
        time_limit: as for ``assert_accepts``.
        timeout: as for ``assert_accepts``.
        max_requests: as for ``assert_accepts``.
        paging: as for ``assert_accepts``.

    Raises:
        AssertionError: the consumer did something else.
        SkipTest: the marker ``contract_regressions`` passed a case that was kept for another consumer.
        ContractError: an argument is wrong.

    Example:
        >>> [case] = contract.sample(1, kind="invalid", only="/status:type.null")
        >>> assert_honours(parse_response, case)

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
        paging=paging,
    )
    client = options.client_options(None)
    adapted = adapt(consumer, feed, strict=strict, route=route, client=client, time_limit=time_limit)
    options.check_consumer(adapted)
    skip_if_kept_for_another(adapted.name, case)
    feeder = make_feeder(adapted, options, Policy(policy, must_accept=must_accept))
    verdicts: list[Verdict | None] = []

    def judge(case: Case) -> Finding | None:
        judgement = feeder.judge(case)
        verdicts.append(judgement.verdict)
        return judgement.finding

    try:
        finding = judge_repeatedly(judge, case, calls=1)
    finally:
        feeder.close()
    new = record_honoured(adapted.name, case, verdicts[0], finding)
    if new is not None:
        raise AssertionError(explain(new) + kept_for(case)) from None
