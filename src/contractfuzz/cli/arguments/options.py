"""Options that several commands share, and exit codes."""

from __future__ import annotations

import functools
from collections.abc import Callable
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, fields
from typing import TYPE_CHECKING, Any, get_args

import click

from contractfuzz.cli.arguments.apis import API_OPTIONS, bind_client, operation_contract
from contractfuzz.cli.arguments.clients import CLIENT_OPTIONS
from contractfuzz.cli.arguments.completion import (
    complete_case_labels,
    complete_contracts,
    complete_files,
    complete_words,
)
from contractfuzz.cli.arguments.contracts import find_contract, project_configuration, with_values
from contractfuzz.cli.arguments.external import EXTERNAL_OPTIONS, is_external, make_external
from contractfuzz.cli.arguments.faults import with_faults
from contractfuzz.cli.arguments.help_sections import Count
from contractfuzz.cli.arguments.streams import redirect_consumer_output
from contractfuzz.configuration.settings import DialectName, RunSettings, Side

if TYPE_CHECKING:
    from contractfuzz.contract import Contract
    from contractfuzz.running.run import Run

HONOURED, NOT_HONOURED, WRONG_CALL, INTERNAL_ERROR, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 70, 130, 141
"""Exit codes; 70 is EX_SOFTWARE of BSD's sysexits.h."""

COUNT = Count()
POSITIVE_COUNT = Count(1)

contract_option = click.option(
    "--contract",
    "contract_name",
    metavar="NAME|FILE",
    shell_complete=complete_contracts,
    help="Name of a contract of the configuration or of an installed one, or a document. For one schema of an OpenAPI file, "
    "FILE#COMPONENT, 'FILE#GET /orders 200' or FILE#/json/pointer. "
    "Default: that of the configuration, or the only installed contract.",
)
components_option = click.option(
    "--components",
    multiple=True,
    metavar="PATH",
    shell_complete=complete_files,
    help="File or folder that $refs of the document point to. Repeatable.",
)
side_option = click.option(
    "--side",
    type=click.Choice(get_args(Side)),
    help="Who sends the payloads of a document. A response has no writeOnly properties, a request no readOnly ones. "
    "Default: that of the configuration, or response.",
)
values_option = click.option(
    "--values",
    "values_file",
    metavar="FILE",
    shell_complete=complete_files,
    help="Your own values: a JSON or YAML object with lists of values by location, or by a glob of locations. Half of "
    "the values at these locations are then yours.",
)
dialect_option = click.option(
    "--dialect",
    type=click.Choice(get_args(DialectName)),
    metavar="DIALECT",
    help=f"Dialect of a document: {', '.join(get_args(DialectName))}. Default: it is detected.",
)
format_option = click.option(
    "--format",
    "output_format",
    type=click.Choice(["text", "json"]),
    default="text",
    show_default=True,
    help="text is for people, json for programs.",
)
output_option = click.option(
    "--output", metavar="FILE", shell_complete=complete_files, help="Write to this file instead of standard output."
)
seed_option = click.option(
    "--seed",
    type=int,
    default=0,
    show_default=True,
    help="Seed of the random cases. The same seed gives the same cases.",
)
examples_option = click.option(
    "--examples",
    type=COUNT,
    default=200,
    show_default=True,
    help="Random cases of each kind, in addition to one for each label.",
)
only_option = click.option(
    "--only",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Feed only the cases with matching labels, for example '/status:*'. Repeatable.",
)
_FEED = click.option(
    "--feed",
    metavar="object|text|bytes|url",
    shell_complete=complete_words("object", "text", "bytes", "url"),
    help="Argument of CALLABLE: the payload as a Python object, as JSON text or as bytes, or the URL of a server that sends the "
    "payload. Default: the first parameter of CALLABLE decides.",
)
_STRICT = click.option(
    "--strict/--lax", default=None, help="For pydantic and msgspec: convert nothing, or convert what they can."
)
_ROUTE = click.option("--route", metavar="PATH", help="For a web application: the path to which bodies are posted.")
_RAISES = click.option(
    "--raises",
    multiple=True,
    metavar="NAME",
    help="Error by which CALLABLE rejects a payload: a built-in, or PACKAGE.MODULE:NAME. Repeatable. Default: ValueError.",
)
_POLICY = click.option(
    "--policy",
    metavar="strict|tolerant",
    shell_complete=complete_words("strict", "tolerant"),
    default="strict",
    show_default=True,
    help="strict: CALLABLE should reject every violation. tolerant: it may accept those that do not change its result, and must "
    "accept unknown properties and unknown enum values.",
)
_MUST_ACCEPT = click.option(
    "--must-accept",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Violation that CALLABLE must accept. Repeatable.",
)
_TOLERATE = click.option(
    "--tolerate",
    multiple=True,
    metavar="GLOB",
    shell_complete=complete_case_labels,
    help="Violation that CALLABLE may accept. Repeatable.",
)
_ISOLATE = click.option(
    "--isolate",
    is_flag=True,
    help="Call CALLABLE in a separate process, so that the run continues if CALLABLE hangs or dies.",
)
_TIME_LIMIT = click.option(
    "--time-limit",
    type=float,
    metavar="SECONDS",
    help="With --isolate, --command or --url: time for one case. Default: 5.",
)
_ALWAYS_ISOLATED_TIME_LIMIT = click.option(
    "--time-limit", type=float, metavar="SECONDS", help="Time for one case. Default: 5."
)


@dataclass(frozen=True, slots=True)
class RunArguments(RunSettings):
    """The arguments of a command that say how to run a consumer.

    Attributes: as for ``RunSettings``, and
        folder: the folder of the configuration that names a command, to start it there; None for the current one.

    """

    folder: str | None = None

    def make_run(
        self,
        target: str,
        *,
        isolate: bool | None = None,
        importing: AbstractContextManager[object] | None = None,
        contract: Contract | None = None,
        **selection: Any,
    ) -> Run:
        """Import a target, and return the run that feeds it.

        Args:
            target: ``package.module:callable``; not used if the arguments name a command or a URL.
            isolate: True or False to override ``--isolate``.
            importing: the context to import the target in.
            contract: the contract, if it is loaded already.
            selection: the cases to feed, as ``Run`` takes them.

        Raises:
            ContractError: an argument is wrong.

        """
        # Imported here, so that --help loads neither Hypothesis nor jsonschema.
        from contractfuzz.running.adapters.targets import load_error_class, load_target
        from contractfuzz.running.options import RunOptions
        from contractfuzz.running.run import Run

        isolated = self.isolate if isolate is None else isolate
        # Before the contract is loaded: a pack may import the target's package, outside of the context.
        with redirect_consumer_output(), importing or nullcontext():
            consumer = make_external(self, self.folder)
            if consumer is None:
                consumer = bind_client(load_target(target), self, project_configuration().api)
            raises = tuple(load_error_class(name) for name in self.raises) or (ValueError,)
        options = RunOptions(
            feed=self.feed,
            strict=self.strict,
            route=self.route,
            name=None if is_external(self) else target,
            raises=raises,
            policy=self.policy,
            tolerate=self.tolerate,
            must_accept=self.must_accept,
            isolate=isolated,
            # A caller that turns isolation off limits the time in another way.
            time_limit=None if isolate is False else self.time_limit,
            timeout=self.timeout,
            max_requests=self.max_requests,
            paging=self.paging,
            retries=self.retries,
            command=self._command(target, selection),
        )
        if contract is None:
            contract = self.find_contract()
        return Run(consumer, contract, options, **selection)

    def find_contract(self) -> Contract:
        """Return the contract that the arguments name; see the functions ``find_contract`` and ``with_faults``."""
        if self.operation is not None and self.contract_name is None:
            contract = with_values(operation_contract(self, project_configuration().api), self.values_file)
        else:
            contract = find_contract(self.contract_name, self.components, self.side, self.dialect, self.values_file)
        return with_faults(contract, self.base_file, self.faults)

    def _command(self, target: str, selection: dict[str, Any]) -> tuple[str, ...]:
        """Return the words of the command ``check`` with the same arguments, without those that choose labels."""
        # Imported here, so that --help loads no consumer.
        from contractfuzz.running.external.shell_lines import header_words

        values = {
            "--contract": [self.contract_name],
            "--components": self.components,
            "--api": [self.api],
            "--operation": [self.operation],
            "--call": self.call,
            "--side": [self.side],
            "--dialect": [self.dialect],
            "--values": [self.values_file],
            "--base": [self.base_file],
            "--faults": [None if self.faults == 1 else self.faults],
            "--feed": [self.feed],
            "--route": [self.route],
            "--raises": self.raises,
            "--policy": [None if self.policy == "strict" else self.policy],
            "--must-accept": self.must_accept,
            "--time-limit": [self.time_limit if self.isolate or is_external(self) else None],
            "--timeout": [self.timeout],
            "--max-requests": [self.max_requests],
            "--paging": [self.paging],
            "--command": [self.command],
            "--url": [self.url],
            "--header": header_words(self.header),
            "--sign": [self.sign],
            "--examples": [selection.get("examples")],
            "--seed": [selection.get("seed")],
        }
        given = [(name, value) for name, some in values.items() for value in some if value is not None]
        flags = [] if self.strict is None else ["--strict" if self.strict else "--lax"]
        flags += ["--isolate"] if self.isolate else []
        flags += ["--retries"] if self.retries else []
        flags += ["--persistent"] if self.persistent else []
        consumer = [] if is_external(self) else [target]
        return ("contractfuzz", "check", *consumer, *(str(word) for pair in given for word in pair), *flags)


_CONTRACT_FIELDS = frozenset({"contract_name", "components", "side", "dialect", "values_file"})
"""Fields of the options of a contract."""


def run_options(
    *,
    always_isolated: bool = False,
    has_contract: bool = True,
    has_expectations: bool = True,
    compares_targets: bool = False,
) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Return a decorator that gives a command the options of a run, and passes them on as one argument ``run_arguments``.

    Args:
        always_isolated: True for a command that isolates the consumer in any case: it gets no ``--isolate``.
        has_contract: False for a command that has the contract as an argument: it gets no options for it.
        has_expectations: False for a command that expects no verdicts: it gets neither a policy nor exceptions from it.
        compares_targets: True for a command that has options of its own for commands and URLs: it gets none for clients either.

    """
    isolation = [_ALWAYS_ISOLATED_TIME_LIMIT] if always_isolated else [_ISOLATE, _TIME_LIMIT]
    contract = [contract_option, components_option, side_option, dialect_option, values_option]
    options = [
        *(contract if has_contract else []),
        _FEED,
        _STRICT,
        _ROUTE,
        _RAISES,
        *([_POLICY, _TOLERATE, _MUST_ACCEPT] if has_expectations else []),
        *isolation,
    ]
    if not compares_targets:
        options += [*CLIENT_OPTIONS, *API_OPTIONS]
        options += [] if always_isolated else EXTERNAL_OPTIONS
    names = [one.name for one in fields(RunArguments) if has_contract or one.name not in _CONTRACT_FIELDS]

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        @functools.wraps(command)
        def with_run_arguments(**parameters: Any) -> Any:
            given = {name: parameters.pop(name) for name in names if name in parameters}
            return command(run_arguments=RunArguments(**given), **parameters)

        decorated: Callable[..., Any] = with_run_arguments
        for option in reversed(options):
            decorated = option(decorated)
        return decorated

    return decorate
