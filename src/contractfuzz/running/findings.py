"""What a consumer should not have done."""

from __future__ import annotations

import shlex
from dataclasses import dataclass

from contractfuzz.payloads.cases.case import ABSENT, Case, Kind
from contractfuzz.running.calling import EXPECTED, CallResult, Verdict
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.exceptions import Raised

LONGEST_LINE = 4000
"""Characters of a line that calls a consumer with a case; beyond, nobody pastes it."""


@dataclass(frozen=True, eq=False)
class Finding:
    """One thing that a consumer should not have done, with a case that shows it.

    Attributes:
        case: the case; a run keeps the smallest.
        verdict: what the consumer did.
        expected: what an honest one does: ``accepted``, ``rejected``, or ``accepted or rejected``.
        error: what it raised, its traceback beginning in the consumer; None if it returned.
        consumer: the consumer's name.
        contract: the contract's name.
        reproduction: a line of Python that calls the consumer with this very case; a command where that line would be too long.
        raised: the same in words; None if it returned.
        detail: how its process ended, in words; empty if it returned or raised.
        seen: how many cases of the run showed it.

    """

    case: Case
    verdict: Verdict
    expected: str
    error: BaseException | None
    consumer: str
    contract: str
    reproduction: str
    raised: Raised | None = None
    detail: str = ""
    seen: int = 1

    @classmethod
    def of(cls, outcome: CallResult, case: Case, consumer: Consumer, contract: str) -> Finding:
        """Return what was found when ``consumer`` did something that ``case`` does not expect."""
        return cls(
            case=case,
            verdict=outcome.verdict,
            expected=" or ".join(EXPECTED[case.expectation]),
            error=outcome.error,
            consumer=consumer.name,
            contract=contract,
            reproduction=_reproduction(consumer, case, contract),
            raised=None if outcome.error is None else Raised.of(outcome.error),
            detail=outcome.detail,
        )

    @property
    def kind(self) -> Kind:
        """The kind of the case."""
        return self.case.kind

    @property
    def cause(self) -> str:
        """What has to be mended: where it was raised, or the location of what was let through."""
        if self.raised is not None:
            return f"{self.raised.name} at {self.raised.place}" if self.raised.place else self.raised.name
        if self.detail:
            return self.detail
        if self.case.kind == "invalid" and self.case.label is not None:
            return self.case.label.rpartition(":")[0] or "the payload itself"
        return f"{self.kind} bodies"

    @property
    def key(self) -> tuple[object, ...]:
        """What makes two findings one: the same label, and the same raised in the same place."""
        return self.kind, self.case.label, self.verdict, self.cause


def _reproduction(consumer: Consumer, case: Case, contract: str) -> str:
    if len(case.body) > LONGEST_LINE:
        words = ["contractfuzz", "check", consumer.name, "--feed", consumer.feed, "--contract", contract]
        return shlex.join([*words, "--only", case.label] if case.label else words)
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
    if module and "<" not in name:  # else it is a lambda or within a function: its author knows the way to it
        line += f"from {module} import {name.partition('.')[0]}; "
    callee = name.rpartition(">.")[2]
    called = consumer.expression.replace("NAME", callee if "<" not in callee else "consumer")
    return line + called.replace("ARGUMENT", argument)
