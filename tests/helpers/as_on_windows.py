"""A process that has none of the system calls that Windows lacks. It imports each module, and runs commands.

Run as a script: each argument is a JSON array, the words of a command. The output is a JSON object.
"""

from __future__ import annotations

import asyncio
import concurrent.futures.process
import ctypes.util
import importlib
import importlib.abc
import json
import multiprocessing.pool
import os
import pkgutil
import select
import selectors
import signal
import socketserver
import subprocess
import sys
import tempfile
import types
import webbrowser

import click.testing
import hypothesis.strategies
import jsonschema
import pytest
import rich.console
import rich.progress

PRELOADED = (
    *(asyncio, concurrent.futures.process, ctypes.util, multiprocessing.pool, selectors, socketserver, subprocess),
    *(tempfile, webbrowser, click.testing, hypothesis.strategies, jsonschema, pytest, rich.console, rich.progress),
)
"""Modules that choose their code for the system when they are imported: they keep the code of this system."""

MISSING_MODULES = {"fcntl", "resource", "termios", "pwd", "grp", "readline", "curses", "pty", "tty", "syslog"}
MISSING_CALLS = (
    *("fork", "forkpty", "killpg", "setsid", "setpgid", "getpgid", "getuid", "geteuid", "getgid", "pidfd_open"),
    *("sched_getaffinity", "mkfifo", "pread", "pwrite", "uname", "wait3", "wait4", "WNOHANG", "chown", "statvfs"),
)
MISSING_SIGNALS = (
    *("SIGKILL", "SIGALRM", "SIGUSR1", "SIGUSR2", "SIGCHLD", "SIGHUP", "SIGPIPE", "SIGSTOP", "SIGCONT", "SIGQUIT"),
    *("SIGRTMIN", "SIGRTMAX", "ITIMER_REAL", "ITIMER_VIRTUAL", "ITIMER_PROF", "setitimer", "getitimer", "alarm"),
    *("pthread_sigmask", "pthread_kill", "sigwait", "SIG_BLOCK", "SIG_SETMASK", "SIG_UNBLOCK"),
)


class _MissingModules(importlib.abc.MetaPathFinder):
    def find_spec(self, name, path=None, target=None):
        if name in MISSING_MODULES:
            raise ModuleNotFoundError(f"No module named {name!r}", name=name)


def hide_what_windows_lacks() -> None:
    """Remove from this process the modules, calls and signals that Python on Windows does not have."""
    sys.meta_path.insert(0, _MissingModules())
    for name in MISSING_MODULES:
        sys.modules.pop(name, None)
    for owner, names in ((os, MISSING_CALLS), (signal, MISSING_SIGNALS), (select, ("poll", "epoll", "kqueue"))):
        for name in names:
            if hasattr(owner, name):
                delattr(owner, name)
    msvcrt = types.ModuleType("msvcrt")
    msvcrt.LK_NBLCK = 2
    msvcrt.locking = lambda descriptor, mode, size: None
    sys.modules["msvcrt"] = msvcrt
    sys.platform = "win32"


def import_all_modules() -> dict[str, str]:
    """Import each module of both packages; return the errors."""
    errors = {}
    for name in ("contractfuzz", "hubspot_strategies"):
        package = importlib.import_module(name)
        for module in pkgutil.walk_packages(package.__path__, f"{name}."):
            if module.name.endswith(".__main__"):
                continue
            try:
                importlib.import_module(module.name)
            except Exception as error:  # noqa: BLE001 - the test shows it
                errors[module.name] = repr(error)
    return errors


def run_command(words: list[str]) -> dict[str, object]:
    """Run a command in this process."""
    from contractfuzz.cli.main import cli

    result = click.testing.CliRunner().invoke(cli, words, standalone_mode=False)
    error = "" if result.exception is None else f"{type(result.exception).__name__}: {result.exception}"
    code = result.exit_code if error else result.return_value or 0
    return {"exit": code, "output": result.output, "error": error}


def main() -> None:
    """Print the errors of the imports and the results of the commands."""
    assert not any(name.startswith(("contractfuzz", "hubspot_strategies")) for name in sys.modules)
    hide_what_windows_lacks()
    sys.path.insert(0, os.curdir)
    results = {"errors": import_all_modules(), "results": [run_command(json.loads(words)) for words in sys.argv[1:]]}
    sys.stdout.write(json.dumps(results))


if __name__ == "__main__":
    main()
