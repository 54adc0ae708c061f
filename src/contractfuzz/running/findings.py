"""Findings: verdicts that the cases did not expect."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from contractfuzz.payloads.cases.case import Case, Kind
from contractfuzz.running.consumer import Consumer
from contractfuzz.running.problems import location_and_problem, malformation_of
from contractfuzz.running.reproductions import reproduce
from contractfuzz.running.verdicts.calling import EXPECTATION_WORDS, CallResult, Verdict
from contractfuzz.running.verdicts.effects import Effect
from contractfuzz.running.verdicts.exceptions import ExceptionSummary
from contractfuzz.running.verdicts.exchanges import ExchangeSummary

_EFFECT_CAUSES = {Effect.CHANGED: "changed silently", Effect.UNKNOWN: "accepted with an unknown effect"}


@dataclass(frozen=True, eq=False)
class Finding:
    """A verdict that a case did not expect.

    Attributes:
        case: the case; a run keeps the smallest one.
        verdict: what the consumer did.
        expected: what it should have done: ``accepted``, ``rejected``, ``accepted or rejected`` or ``accepted without effect, or
            rejected``.
        error: the exception without its traceback, or None if the call returned or the consumer is isolated.
        consumer: the consumer's name.
        contract: the contract's name.
        reproduction: a line of Python that calls the consumer with this case, or a command if that line would be too long; see
            ``reproduce``.
        raised: the summary of ``error``, or None if the call returned.
        detail: how the consumer's process ended, in words; empty if the call returned or raised.
        seen: number of cases of the run with the same finding.
        flaky: True if the same case did not show the finding again.
        effect: what the fault changed in the consumer's result; None if the case was not accepted or has no fault.
        revealed_by: the label of the faulty case whose twin this case is; None if the run fed this case itself.
        exchange: the request of a client that got the case, with the response; None for other consumers.

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
    flaky: bool = False
    effect: Effect | None = None
    revealed_by: str | None = None
    exchange: ExchangeSummary | None = None

    @classmethod
    def of(
        cls,
        result: CallResult,
        case: Case,
        consumer: Consumer,
        contract: str,
        command: Sequence[str] = (),
    ) -> Finding:
        """Return the finding of a call with a verdict that ``case`` does not expect.

        Args:
            result: the result of the call.
            case: the case.
            consumer: the consumer.
            contract: the contract's name.
            command: the words of a command that feeds the cases of the contract to the consumer; empty if there is none.

        """
        return cls(
            case=case,
            verdict=result.verdict,
            expected=EXPECTATION_WORDS[case.expectation],
            error=result.error,
            consumer=consumer.name,
            contract=contract,
            reproduction=reproduce(consumer, case, command),
            raised=None if result.error is None else ExceptionSummary.of(result.error, result.traceback),
            detail=result.detail,
            exchange=result.exchange,
        )

    @property
    def kind(self) -> Kind:
        """The kind of the case."""
        return self.case.kind

    @property
    def cause(self) -> str:
        """The probable cause: the exception and its place, the location of the fault, and what is wrong there."""
        return f"{self._cause} (flaky)" if self.flaky else self._cause

    @cached_property
    def key(self) -> tuple[object, ...]:
        """The identity of the finding. Cases with the same label, verdict, effect and cause show the same finding."""
        return self.kind, self.case.label, self.verdict, self.effect, self._cause

    @property
    def raised_at(self) -> str:
        """The class of the exception and the place that raised it; empty if the call returned or was lost."""
        if self.raised is None:
            return ""
        return f"{self.raised.name} at {self.raised.place}" if self.raised.place else self.raised.name

    @cached_property
    def _cause(self) -> str:
        raised = self.raised_at or self.detail
        if self.verdict in (Verdict.LOOPED, Verdict.REPEATED):
            return self.detail.partition(": ")[0]  # without what differs from case to case
        fault = self._fault
        if self.effect is Effect.NONE:
            return f"{location_and_problem(self._first_label)[0]}: no effect"
        if raised:
            return f"{raised}: {fault}" if fault else raised
        return f"{fault}, {_EFFECT_CAUSES[self.effect]}" if self.effect in _EFFECT_CAUSES else fault

    @property
    def _fault(self) -> str:
        """The problem of the case and its location; empty for a valid payload."""
        if self.kind == "valid":
            return ""
        if self.kind == "wire":
            return self._wire_fault
        if self.case.label is None or self.kind != "invalid":
            is_accepted = self.kind == "malformed" and self.verdict is Verdict.ACCEPTED
            return malformation_of(self.case.label or "") if is_accepted else f"{self.kind} payload"
        location, problem = location_and_problem(self._first_label)
        return f"{problem} at {location}"

    @property
    def _wire_fault(self) -> str:
        """The wire case, or the group of wire cases that one fix ends; empty if the exception says more."""
        label = self.case.label or ""
        if self.verdict is not Verdict.ACCEPTED:
            return ""
        is_error = self.effect is None and label.startswith(("status.4", "status.5"))
        return "an error status" if is_error else label

    @property
    def _first_label(self) -> str:
        return self.case.labels[0] if self.case.labels else ""
