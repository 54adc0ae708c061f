"""Arguments of commands that run a client."""

from __future__ import annotations

import click

from contractfuzz.cli.arguments.help_sections import Count

CLIENT_OPTIONS = [
    click.option(
        "--timeout",
        type=float,
        metavar="SECONDS",
        help="For a client: its timeout. A client that waits longer has hung. Default: any timeout of at most 10 s.",
    ),
    click.option(
        "--max-requests",
        type=Count(1),
        metavar="N",
        help="For a client: requests that it may send in one call. A client that sends more has looped. Default: 20.",
    ),
    click.option(
        "--paging",
        metavar="POINTER",
        help="For a client that reads pages: location of the cursor in a page, as in /paging/next/after. Default: it is "
        "recognised by its name.",
    ),
    click.option(
        "--retries",
        is_flag=True,
        help="For a client that sends requests again: it must wait as Retry-After asks, send the request again, and "
        "return the result.",
    ),
]
"""Options of the conversation with a client."""
