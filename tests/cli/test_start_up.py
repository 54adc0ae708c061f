"""Start-up: --help and --version do not load the libraries that generate payloads, validate them and format reports."""

from __future__ import annotations

import subprocess
import sys

import pytest

RUN = """
import sys
from contractfuzz.cli.main import main
sys.argv = ["contractfuzz", {option!r}]
try:
    main()
except SystemExit as end:
    print(end.code, sorted({{"hypothesis", "jsonschema", "jsonschema_rs", "rich"}} & set(sys.modules)))
"""


@pytest.mark.parametrize("option", ["--help", "--version"])
def test_help_and_version_load_neither_the_engine_nor_rich(option):
    done = subprocess.run([sys.executable, "-c", RUN.format(option=option)], capture_output=True, text=True, check=True)
    assert done.stdout.splitlines()[-1] == "0 []"
