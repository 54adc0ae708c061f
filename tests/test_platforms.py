"""Code for other operating systems: what is decided by names and numbers, and not by the system of the test."""

from __future__ import annotations

import io
import ntpath
import os
import shlex
import subprocess
import sys
from pathlib import Path, PureWindowsPath

import pytest
from hypothesis import given
from hypothesis import strategies as st

from contractfuzz import Command, Contract, ContractError, Finding, Url, Verdict, platforms
from contractfuzz.cli.arguments.revisions import RevisedFile, find_revision
from contractfuzz.cli.arguments.streams import PipeClosedError, escape_unencodable, open_output_stream
from contractfuzz.documents import references
from contractfuzz.files import atomic_write, safe_file_name
from contractfuzz.platforms import is_path, relative_path, shell_line, shell_word, split_command
from contractfuzz.running.adapters.targets import load_target
from contractfuzz.running.external import processes, shell_lines
from contractfuzz.running.external.failures import WrongUseError
from contractfuzz.running.external.stack_traces import summarize
from contractfuzz.sarif import _uri_of
from contractfuzz.testing import kept_cases

SEVEN = Command([sys.executable, "-c", "import sys; sys.stdout.buffer.write(sys.stdin.buffer.read())"])


@pytest.fixture
def windows(monkeypatch):
    """Take the decisions of Windows."""
    monkeypatch.setattr(platforms, "IS_WINDOWS", True)


@pytest.fixture
def posix(monkeypatch):
    """Take the decisions of other systems."""
    monkeypatch.setattr(platforms, "IS_WINDOWS", False)


def windows_words(line: str) -> list[str]:
    """Return the arguments of a command line, as the C library of Microsoft reads them."""
    words, word, is_quoted, place = [], None, False, 0
    while place < len(line):
        backslashes = len(line[place:]) - len(line[place:].lstrip("\\"))
        place += backslashes
        if line[place : place + 1] == '"':
            word = (word or "") + "\\" * (backslashes // 2)
            if backslashes % 2:
                word += '"'
            else:
                is_quoted = not is_quoted
        else:
            word = (word or "") + "\\" * backslashes if backslashes else word
            if line[place : place + 1] in (" ", "\t") and not is_quoted:
                words += [] if word is None else [word]
                word = None
            elif place < len(line):
                word = (word or "") + line[place]
        place += 1
    return words if word is None else [*words, word]


# --- words and lines -----------------------------------------------------------------------------------------------------


@given(st.lists(st.text('ab /\\"\t&|<>^()$`*é', max_size=8), min_size=1, max_size=4))
def test_words_for_windows_are_read_as_they_were(words):
    words = [word.replace("\t", " ") for word in words]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platforms, "IS_WINDOWS", True)
        assert windows_words(shell_line(words)) == words


@given(st.text('ab&|<>^() "', min_size=1, max_size=8))
def test_cmd_gets_its_operators_within_quotation_marks(word):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platforms, "IS_WINDOWS", True)
        quoted = shell_word(word)
    assert quoted.startswith('"') or not set('&|<>^() "') & set(word)


@pytest.mark.parametrize(
    ("command", "words"),
    [
        (r"node C:\srv\read.js", ("node", r"C:\srv\read.js")),
        (r'"C:\Program Files\nodejs\node.exe" read.js', (r"C:\Program Files\nodejs\node.exe", "read.js")),
        (r'node read.js --name="a b" C:\new\t', ("node", "read.js", "--name=a b", "C:\\new\\t")),
        ("node 'read orders.js' #1", ("node", "read orders.js", "#1")),
    ],
)
def test_a_command_keeps_its_backslashes_on_windows(windows, command, words):
    assert Command(command).words == words


@given(st.text("ab \\'\"#é\n", max_size=10))
def test_a_command_is_split_like_a_line_of_a_shell_elsewhere(command):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(platforms, "IS_WINDOWS", False)
        try:
            expected = shlex.split(command)
        except ValueError:
            with pytest.raises(ValueError, match="No"):
                split_command(command)
        else:
            assert split_command(command) == tuple(expected)


@pytest.mark.parametrize("body", [b"{}", '{"é":1}'.encode(), b"\xff\x00\r\n", b" " * 5000])
def test_the_line_that_feeds_a_command_is_python_on_windows(windows, body):
    line = shell_lines.command_line(SEVEN, body)
    assert subprocess.run([sys.executable, "-c", line], capture_output=True, check=True).stdout == body


def test_the_line_that_feeds_a_service_is_python_on_windows_and_has_no_secrets(windows):
    url = Url("http://127.0.0.1:9/hook", headers={"Authorization": "Bearer 7", "X-Shop": "8"})
    line = shell_lines.request_command(url, b"{}", {"X-Signature-Key": "9"})
    assert line == (
        "import os, urllib.request; print(urllib.request.urlopen(urllib.request.Request('http://127.0.0.1:9/hook', b'{}', "
        "{'content-type': 'application/json', 'Authorization': os.environ['AUTHORIZATION'], 'X-Shop': '8', "
        "'X-Signature-Key': '9'})).read())"
    )


# --- programs ------------------------------------------------------------------------------------------------------------


def test_a_program_is_found_as_the_shell_of_windows_finds_it(windows, monkeypatch):
    monkeypatch.setattr("shutil.which", lambda name: rf"C:\tools\{name}.CMD")
    started = []

    def start(words, **options):
        started.append(words)
        raise OSError(2, "No such file or directory")

    monkeypatch.setattr(subprocess, "Popen", start)
    with pytest.raises(WrongUseError, match="'npx read' cannot be started"):
        processes.start(Command("npx read"))
    assert started == [(r"C:\tools\npx.CMD", "read")]


def test_a_program_ends_with_what_it_started_on_windows(windows, monkeypatch):
    ran = []
    monkeypatch.setattr(subprocess, "run", lambda words, **options: ran.append(words))
    process = processes.start(Command([sys.executable, "-c", "import time; time.sleep(1000)"]))
    processes.end(process)
    assert ran == [["taskkill", "/T", "/F", "/PID", str(process.pid)]]
    assert process.returncode is not None
    for stream in (process.stdout, process.stderr):
        stream.close()


def test_a_program_ends_on_a_small_windows_without_taskkill(windows):
    process = processes.start(Command([sys.executable, "-c", "import time; time.sleep(1000)"]))
    processes.end(process)
    assert process.returncode is not None
    for stream in (process.stdout, process.stderr):
        stream.close()


@pytest.mark.parametrize(
    ("code", "words", "is_death"),
    [
        (2, "exit status 2", False),
        (128, "exit status 128", False),
        (139, "exit status 139 (SIGSEGV)", False),
        (-11, "killed by SIGSEGV", True),
        (0xC0000005, "exit status 0xC0000005 (access violation)", True),
        (0xC0000142, "exit status 0xC0000142", True),
    ],
)
def test_the_end_of_a_program_has_words(code, words, is_death):
    assert processes.describe_exit(code) == words
    assert processes.is_death(code) == is_death


def test_lines_are_read_by_a_thread_where_poll_does_not_exist(monkeypatch):
    monkeypatch.delattr("select.poll", raising=False)
    read, write = os.pipe()
    os.write(write, b"one\r\ntwo\n")
    os.close(write)
    lines = processes.lines_of(os.fdopen(read, "rb", buffering=0))
    assert [lines.next(5), lines.next(5), lines.next(5)] == [b"one\r", b"two", None]
    lines.end()


@pytest.mark.parametrize(
    ("line", "place"),
    [
        (r"    at read (C:\srv\read.js:12:9)", "read.js:12"),
        ("    at read (file:///C:/srv/reader.mjs:7:9)", "reader.mjs:7"),
        (r"   at Reader.Read(Byte[] body) in C:\srv\Reader.cs:line 12", "Reader.cs:12"),
        ("\tC:/srv/read.go:12 +0x1d", "read.go:12"),
        (r'  File "C:\srv\read.py", line 3, in read', "read.py:3"),
        (r"    at parse (C:\srv\node_modules\lib\index.js:1:1)", ""),
        ("\tC:/Program Files/Go/src/runtime/panic.go:114", ""),
        (r'  File "C:\Users\me\AppData\Local\Programs\Python\Python313\Lib\json\decoder.py", line 3, in read', ""),
    ],
)
def test_the_place_in_a_stack_trace_of_windows_is_found(line, place):
    assert summarize("exit status 2", f"TypeError: no\n{line}\n").place == place


def test_the_file_of_a_place_keeps_its_drive(monkeypatch):
    monkeypatch.setattr(Path, "is_file", lambda path: str(path) == "C:/srv/read.mjs")
    monkeypatch.setattr(Path, "absolute", lambda path: path)
    assert (
        summarize("exit status 2", "TypeError: no\n    at read (file:///C:/srv/read.mjs:7:9)").file == "C:/srv/read.mjs"
    )


# --- paths and files -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "uri"),
    [
        (r"C:\srv\a b.py", "file:///C:/srv/a%20b.py"),
        (r"\\host\share\a.py", "file://host/share/a.py"),
        (r"srv\a.py", "srv/a.py"),
    ],
)
def test_a_path_of_windows_has_a_uri(path, uri):
    assert _uri_of(PureWindowsPath(path)) == uri


@pytest.mark.parametrize("path", [r"C:\srv\order.json#Order", "C:/srv/order.json", r"C:order.json"])
def test_a_path_with_a_drive_is_not_a_file_at_a_revision(windows, path):
    assert find_revision(path) is None


def test_the_path_at_a_revision_may_have_backslashes_on_windows(windows):
    assert find_revision(r"main:.\srv\order.json#Order") == RevisedFile("main", "./srv/order.json", "#Order")


def test_a_target_that_is_a_path_of_windows_is_refused_with_the_form():
    with pytest.raises(ContractError, match=r"is not PACKAGE.MODULE:CALLABLE"):
        load_target(r"C:\srv\service.py:read")


@pytest.mark.parametrize("name", ["contracts/order", r"contracts\order", "order.json", r"C:\order"])
def test_a_path_of_windows_is_not_a_name(monkeypatch, name):
    monkeypatch.setattr(os, "sep", "\\")
    assert is_path(name)
    assert not is_path("order")


def test_a_path_on_another_drive_stays_absolute(monkeypatch):
    monkeypatch.setattr(os.path, "relpath", ntpath.relpath)
    assert relative_path(r"D:\shared\order.json", r"C:\srv") == r"D:\shared\order.json"
    assert relative_path(r"C:\srv\a\order.json", r"C:\srv") == r"a\order.json"


@given(
    st.text(max_size=30) | st.sampled_from(["con", "NUL.tar.gz", "aux.", "COM1", "lpt9.json", "a.", "...", "a:b", "~"])
)
def test_a_file_name_is_one_that_windows_keeps(text):
    name = safe_file_name(text, "case")
    assert PureWindowsPath(name).name == name
    assert not name.endswith((".", " "))
    assert not set(name) & set('<>:"/\\|?*')
    assert name.partition(".")[0].upper() not in {"CON", "PRN", "AUX", "NUL", "COM1", "LPT9"}


def test_a_file_that_is_being_read_is_replaced_when_the_reader_ends(windows, monkeypatch, tmp_path):
    refusals, replace = iter(range(3)), Path.replace

    def replace_when_closed(path, target):
        if next(refusals, None) is not None:
            raise PermissionError(13, "Access is denied")
        return replace(path, target)

    monkeypatch.setattr(Path, "replace", replace_when_closed)
    with atomic_write(tmp_path / "report.json") as file:
        file.write(b"new")
    assert [path.read_bytes() for path in tmp_path.iterdir()] == [b"new"]


def test_a_file_that_cannot_be_replaced_is_an_error_at_once_on_other_systems(posix, monkeypatch, tmp_path):
    calls = []

    def refuse(path, target):
        calls.append(target)
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(Path, "replace", refuse)
    with pytest.raises(PermissionError), atomic_write(tmp_path / "report.json") as file:
        file.write(b"new")
    assert len(calls) == 1
    assert [*tmp_path.iterdir()] == []


def test_a_file_uri_on_a_share_is_read_with_its_host(monkeypatch):
    monkeypatch.setattr("urllib.request.url2pathname", lambda path: path)
    assert references._local_path("file://host/share/a.json") == "//host/share/a.json"
    assert references._local_path("file:///C:/a.json") == "/C:/a.json"


def test_contracts_whose_names_differ_in_case_keep_both_cases(monkeypatch, tmp_path):
    monkeypatch.setattr(kept_cases, "_contract_folder", lambda folder, contract: folder / contract.lower())
    document = {"$schema": "https://json-schema.org/draft/2020-12/schema", "type": "integer"}
    for name in ("Order", "order"):
        [case] = Contract.load(document, name=name).sample(1)
        kept_cases.keep_case(Finding(case, Verdict.CRASHED, "accepted", None, "read", name, ""), tmp_path)
    assert [kept.contract for name in ("Order", "order") for kept in kept_cases.load_kept_cases(tmp_path, name)] == [
        "Order",
        "order",
    ]


# --- streams -------------------------------------------------------------------------------------------------------------


class _ClosedPipe(io.RawIOBase):
    def writable(self):
        return True

    def fileno(self):
        return os.open(os.devnull, os.O_WRONLY)

    def write(self, content):
        raise OSError(22, "Invalid argument")


def test_a_closed_pipe_of_windows_ends_a_command_silently(windows, monkeypatch):
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(_ClosedPipe(), encoding="utf-8"))
    with pytest.raises(PipeClosedError), open_output_stream(None) as file:
        file.write("{}\n")


def test_output_for_programs_has_line_feeds(monkeypatch, tmp_path):
    written = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", io.TextIOWrapper(written, encoding="cp1252", newline="\r\n"))
    with open_output_stream(None, utf_8=True) as file:
        file.write("é\n")
    assert written.getvalue() == "é\n".encode()
    with open_output_stream(str(tmp_path / "report.json")) as file:
        file.write("é\n")
    assert (tmp_path / "report.json").read_bytes() == "é\n".encode()


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "cp437"])
def test_a_console_with_few_characters_gets_escapes(monkeypatch, encoding):
    written = io.BytesIO()
    stream = io.TextIOWrapper(written, encoding=encoding)
    escape_unencodable(stream)
    stream.write("日本\n")
    stream.flush()
    assert written.getvalue() == b"\\u65e5\\u672c" + os.linesep.encode()
