"""Findings: verdicts that the cases did not expect."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.running.calling import EXPECTED_VERDICTS, CallResult, Verdict
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.exceptions import ExceptionSummary

MAX_REPRODUCTION_BYTES = 4000
"""Size of a body that is written out in a line of Python. A longer line is hard to paste."""


@dataclass(frozen=True, eq=False)
class Finding:
    """A verdict that a case did not expect.

    Attributes:
        case: the case; a run keeps the smallest one.
        verdict: what the consumer did.
        expected: what it should have done: ``accepted``, ``rejected`` or ``accepted or rejected``.
        error: the exception, or None if the call returned. Its traceback starts in the consumer.
        consumer: the consumer's name.
        contract: the contract's name.
        reproduction: a line of Python that calls the consumer with this case, or a command if that line would be too long.
        raised: the summary of ``error``, or None if the call returned.
        detail: how the consumer's process ended, in words; empty if the call returned or raised.
        seen: number of cases of the run with the same finding.

    """

    case: Case
    verdict: Verdict
    expected: str
    error: BaseException | None
    consumer: str
    contract: str
    reproduction: str
    raised: ExceptionSummary | None = None
    detail: str = ""
    seen: int = 1

    @classmethod
    def of(cls, result: CallResult, case: Case, consumer: Consumer, contract: str) -> Finding:
        """Return the finding of a call with a verdict that ``case`` does not expect."""
        return cls(
            case=case,
            verdict=result.verdict,
            expected=" or ".join(EXPECTED_VERDICTS[case.expectation]),
            error=result.error,
            consumer=consumer.name,
            contract=contract,
            reproduction=_reproduction(consumer, case, contract),
            raised=None if result.error is None else ExceptionSummary.of(result.error),
            detail=result.detail,
        )

    @property
    def kind(self) -> Kind:
        """The kind of the case."""
        return self.case.kind

    @property
    def cause(self) -> str:
        """The probable cause: the place of the exception, or the location of the violation that was accepted."""
        if self.raised is not None:
            return f"{self.raised.name} at {self.raised.place}" if self.raised.place else self.raised.name
        if self.detail:
            return self.detail
        if self.kind == "invalid" and self.case.label is not None:
            return self.case.label.rpartition(":")[0] or "the payload itself"
        return f"{self.kind} bodies"

    @property
    def key(self) -> tuple[object, ...]:
        """The identity of the finding. Cases with the same label, verdict and cause show the same finding."""
        return self.kind, self.case.label, self.verdict, self.cause


def _reproduction(consumer: Consumer, case: Case, contract: str) -> str:
    if len(case.body) > MAX_REPRODUCTION_BYTES:
        command = ["contractfuzz", "check", consumer.name, "--feed", consumer.feed, "--contract", contract]
        return shlex.join([*command, "--only", case.label] if case.label else command)
    text = repr(case.body.decode(errors="replace"))
    if consumer.feed == "object":
        argument = f"json.loads({text})"
    elif consumer.feed == "text":
        argument = text
    else:
        argument = repr(case.body) if case.payload is ABSENT or case.body.isascii() else f"{text}.encode()"
    module, _, name = consumer.name.rpartition(":")
    imports = [consumer.imports] if consumer.imports else []
    imports += ["json"] if consumer.feed == "object" else []
    line = f"import {', '.join(imports)}; " if imports else ""
    if module and "<" not in name:  # a lambda or an inner function cannot be imported
        line += f"from {module} import {name.partition('.')[0]}; "
    callee = name.rpartition(">.")[2]
    called = consumer.expression.replace("NAME", callee if "<" not in callee else "consumer")
    return line + called.replace("ARGUMENT", argument)
