"""Completion of arguments by the shell: names of contracts and targets, labels, files and words.

A callback must not print, and an error in it means that there is nothing to complete.
"""

from __future__ import annotations

import ast
import functools
import io
from collections.abc import Callable, Iterable
from contextlib import redirect_stderr, redirect_stdout
from pathlib import Path
from typing import Any

import click
from click.shell_completion import CompletionItem

from contractfuzz.cli.arguments.contracts import find_contract, project_configuration
from contractfuzz.errors import ContractError

MAX_SOURCE_BYTES = 10**6
"""Size of a module whose functions are listed; larger ones take too long to parse."""

Completer = Callable[[click.Context, click.Parameter, str], list[CompletionItem]]
"""Callback of a parameter."""

_Find = Callable[[click.Context, str], Iterable[str | CompletionItem]]


def _completer(find: _Find) -> Completer:
    """Return the callback that offers what ``find`` returns, if it starts with the incomplete word."""

    @functools.wraps(find)
    def complete(ctx: click.Context, _param: click.Parameter, incomplete: str) -> list[CompletionItem]:
        # What a pack or the configuration prints would be among the completions.
        with redirect_stdout(io.StringIO()), redirect_stderr(io.StringIO()):
            try:
                found = [
                    one if isinstance(one, CompletionItem) else CompletionItem(one) for one in find(ctx, incomplete)
                ]
            except (ContractError, OSError):
                return []
        return [one for one in found if one.type != "plain" or str(one.value).startswith(incomplete)]

    return complete


def complete_words(*words: str) -> Completer:
    """Return the callback for a parameter that takes one of some words."""
    return _completer(lambda _ctx, _incomplete: words)


@_completer
def complete_files(_ctx: click.Context, incomplete: str) -> list[CompletionItem]:
    """Let the shell complete the path of a file."""
    return [CompletionItem(incomplete, type="file")]


@_completer
def complete_contracts(_ctx: click.Context, incomplete: str) -> list[str | CompletionItem]:
    """Complete the name of a contract, or the path of a document."""
    # Imported here, so that --help loads no contract engine.
    from contractfuzz.contract import Contract

    # Shells take files first: in bash, they are completed if no name fits.
    return [
        CompletionItem(incomplete, type="file"),
        *sorted({*project_configuration().contracts, *Contract.installed()}),
    ]


@_completer
def complete_targets(_ctx: click.Context, incomplete: str) -> Iterable[str]:
    """Complete the name of a target, or the function after ``module:``."""
    module, colon, _ = incomplete.partition(":")
    if not colon:
        return project_configuration().targets
    return [f"{module}:{name}" for name in _definitions(module)]


@_completer
def complete_case_labels(ctx: click.Context, incomplete: str) -> Iterable[str]:
    """Complete a label of cases: a glob such as ``*:type.null``, or a label of the contract once it starts with ``/``."""
    return _case_labels(ctx, incomplete, violation_pattern="*:")


@_completer
def complete_changes(_ctx: click.Context, _incomplete: str) -> list[str]:
    """Complete the glob of a possible change, such as ``*:nullable``."""
    return [f"*:{name}" for name in _change_names()]


@_completer
def complete_explained(ctx: click.Context, incomplete: str) -> list[str]:
    """Complete a label of any type."""
    return [*_case_labels(ctx, incomplete, violation_pattern=""), *_change_names()]


@_completer
def complete_servers(_ctx: click.Context, incomplete: str) -> list[str | CompletionItem]:
    """Complete the name of a server or a contract, or the path of a document."""
    # Imported here, so that --help loads no contract engine.
    from contractfuzz.contract import Contract
    from contractfuzz.server.service import installed_services

    names = {*installed_services(), *project_configuration().contracts, *Contract.installed()}
    return [CompletionItem(incomplete, type="file"), *sorted(names)]


def _case_labels(ctx: click.Context, incomplete: str, *, violation_pattern: str) -> list[str]:
    """Return the labels that a word may become. Only those with a location need the contract, which takes longer to load."""
    if incomplete.startswith(("/", ":")):
        return list(_contract(ctx).labels("invalid"))
    if "@" in incomplete:
        return list(_contract(ctx).labels("malformed"))
    # Imported here, so that --help does not load the tables of cases.
    from contractfuzz.explanations.advice import violation_names
    from contractfuzz.payloads.bodies.lexical_forms import LEXICAL_FORMS
    from contractfuzz.payloads.bodies.malformations import MALFORMATIONS
    from contractfuzz.payloads.wire.page_sequences import PAGE_DESCRIPTIONS
    from contractfuzz.payloads.wire.wire_cases import WIRE_CASES

    bodies = [*(one.name for one in MALFORMATIONS), *(one.name for one in LEXICAL_FORMS)]
    violations = [f"{violation_pattern}{name}" for name in violation_names()]
    return list(dict.fromkeys([*violations, *bodies, *WIRE_CASES, *PAGE_DESCRIPTIONS]))


def _contract(ctx: click.Context) -> Any:
    given = {name: ctx.params.get(name) for name in ("side", "dialect")}
    return find_contract(ctx.params.get("contract_name"), tuple(ctx.params.get("components") or ()), **given)


def _change_names() -> list[str]:
    # Imported here, so that --help does not load the catalogue.
    from contractfuzz.explanations.advice import change_names

    return change_names()


def _definitions(module: str) -> list[str]:
    """Return the public functions and classes of a module of the current folder, without importing it."""
    relative = Path(*module.split(".")).with_suffix(".py")
    file = next((folder / relative for folder in (Path(), Path("src")) if (folder / relative).is_file()), None)
    if file is None or file.stat().st_size > MAX_SOURCE_BYTES:
        return []
    try:
        body = ast.parse(file.read_bytes()).body
    except (SyntaxError, ValueError):
        return []
    definitions = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef)
    return [node.name for node in body if isinstance(node, definitions) and not node.name.startswith("_")]
