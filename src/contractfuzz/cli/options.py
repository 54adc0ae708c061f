"""What several commands ask for, and how they end."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Any

import click

from contractfuzz.cli.streams import redirect_consumer_output
from contractfuzz.errors import ContractError

if TYPE_CHECKING:
    from contractfuzz.contract import Contract

HONOURED, NOT_HONOURED, WRONG_CALL, INTERRUPTED, PIPE_CLOSED = 0, 1, 2, 130, 141
"""The exit codes."""

contract_option = click.option(
    "--contract",
    "contract_name",
    metavar="NAME|FILE",
    help="An installed contract, or the document of one (of an OpenAPI file, FILE#COMPONENT). "
    "Default: the only one that is installed.",
)
components_option = click.option(
    "--components", multiple=True, metavar="PATH", help="A file or folder that the document's $refs lead to."
)
output_option = click.option("--output", metavar="FILE", help="Write to this file instead of standard output.")
seed_option = click.option("--seed", type=int, default=0, show_default=True, help="Same seed, same cases.")
raises_option = click.option(
    "--raises", multiple=True, metavar="NAME", help="Errors that reject a payload. Default: ValueError."
)
tolerate_option = click.option("--tolerate", multiple=True, metavar="GLOB", help="Violations that may be accepted.")
isolate_option = click.option(
    "--isolate", is_flag=True, help="Call it in a process of its own: one that hangs or dies is judged so."
)
COUNT = click.IntRange(0, 10**9)
SOME = click.IntRange(1, 10**9)


def find_contract(name: str | None, components: tuple[str, ...] = ()) -> Contract:
    """Return the contract that ``--contract`` and ``--components`` name; ContractError where they name none.

    Of an OpenAPI file a component is named behind a number sign: ``shop.yaml#Order``.
    """
    from contractfuzz.contract import Contract

    if name is None:
        installed = Contract.installed()
        if len(installed) != 1:
            there = ", ".join(installed) or "none"
            raise ContractError(f"name a contract with --contract NAME or a file; installed are: {there}")
        name = installed[0]
    if name in Contract.installed() and not os.path.exists(name):  # noqa: PTH110 - never raises
        return Contract.named(name)
    file, _, component = name.partition("#")
    if component and not os.path.exists(name):  # noqa: PTH110 - never raises
        return Contract.load(file, components, component)
    if components or "." in name or os.sep in name or os.path.exists(name):  # noqa: PTH110 - never raises
        return Contract.load(name, components)
    return Contract.named(name)


def load_consumer(target: str, raises: tuple[str, ...]) -> tuple[Any, tuple[type[BaseException], ...]]:
    """Import what the target and ``--raises`` name; what that prints goes to standard error."""
    from contractfuzz.running.adapters.targets import load_error, load_target

    with redirect_consumer_output():
        consumer = load_target(target)
        return consumer, tuple(load_error(name) for name in raises) or (ValueError,)
