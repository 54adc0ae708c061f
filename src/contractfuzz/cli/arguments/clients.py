"""Arguments of commands that run a client."""

from __future__ import annotations

import click

from contractfuzz.cli.arguments.help_sections import Count

CLIENT_OPTIONS = [
    click.option(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="For a client: its timeout. A client that waits longer hung. Default: one of at most 10 s.",
    ),
    click.option(
        "--max-requests",
        type=Count(1),
        metavar="N",
        help="For a client: requests that it may send in one call. A client that sends more looped. Default: 20.",
    ),
    click.option(
        "--paging",
        metavar="POINTER",
        help="For a client that pages: location of the cursor in a page, as in /paging/next/after. Default: it is recognised by "
        "its name.",
    ),
    click.option(
        "--retries",
        is_flag=True,
        help="For a client: it waits as Retry-After asks, sends the request again, and returns its result. It must do so.",
    ),
]
"""Options of the conversation with a client."""
