"""Internal errors of the command line: one line, the traceback in a file, exit code 70 and never 1, which is a verdict."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import pytest

from contractfuzz.cli import main as command_line


@pytest.fixture
def fail(monkeypatch, tmp_path, capsys):
    """Run the command line, which raises an error; return the exit code and what it printed to standard error."""

    def run(error):
        def raise_error(**_):
            raise error

        monkeypatch.setattr(command_line.cli, "main", raise_error)
        monkeypatch.setattr(sys, "argv", ["contractfuzz", "check", "service:\x1b[31mread"])
        with pytest.raises(SystemExit) as end:
            command_line.main()
        captured = capsys.readouterr()
        assert captured.out == ""
        return end.value.code, captured.err

    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return run


@pytest.mark.parametrize(
    "error",
    [
        KeyError("a\n\x1b[31m"),
        RecursionError(),
        MemoryError(),
        OSError(5, "I/O"),
        UnicodeEncodeError("a", "b", 0, 1, "c"),
    ],
)
def test_an_internal_error_is_one_line_that_asks_for_a_report(fail, error):
    code, message = fail(error)
    assert code == 70
    pattern = r"contractfuzz: internal error \((\w+)\): please report this mistake of contractfuzz with the traceback in (.*)\n"
    name, file = re.fullmatch(pattern, message).groups()
    assert name == type(error).__name__
    text = Path(file).read_text(encoding="utf-8")
    assert "Traceback (most recent call last)" in text
    assert "raise_error" in text
    assert "check" in text
    assert all(line.isprintable() for line in text.splitlines())


def test_the_traceback_is_printed_if_no_file_can_be_written(fail, monkeypatch, tmp_path):
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "nowhere"))
    code, message = fail(KeyError("a"))
    assert code == 70
    assert "raise_error" in message
    assert message.endswith("please report this mistake of contractfuzz with the traceback above\n")
