"""The pytest fixture of a server in a separate project: found by name, reset for each test, closed at the end."""

from __future__ import annotations

import subprocess
import sys


def run(folder, test, conftest=""):
    (folder / "test_client.py").write_text(test, encoding="utf-8")
    (folder / "conftest.py").write_text(conftest, encoding="utf-8")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "-W", "error"]
    return subprocess.run(command, cwd=folder, capture_output=True, text=True, encoding="utf-8").stdout


def test_all_tests_share_one_server_and_no_state(tmp_path):
    output = run(
        tmp_path,
        """
from urllib.request import Request, urlopen

URLS = set()

def read(server):
    URLS.add(server.url)
    path = "/crm/v4/associations/contacts/companies/batch/read"
    with urlopen(Request(server.url + path, b'{"inputs": [{"id": "7"}]}')) as response:
        return response.status

def test_first(batch_association_server):
    batch_association_server.always(307)
    assert len(batch_association_server.log) == 0

def test_second(batch_association_server):
    assert read(batch_association_server) == 200
    assert len(batch_association_server.log) == 1

def test_third(batch_association_server):
    assert read(batch_association_server) == 200
    assert len(URLS) == 1
""",
        conftest="""
import threading

def pytest_unconfigure():
    print("threads:", [thread.name for thread in threading.enumerate()])
""",
    )
    assert "3 passed" in output
    assert "threads: ['MainThread']" in output


def test_without_h11_only_the_server_fails_with_a_one_line_message(tmp_path):
    output = run(
        tmp_path,
        """
def test_contract(batch_association_response):
    assert batch_association_response.violations()

def test_server(batch_association_server):
    pass
""",
        conftest="import sys\nsys.modules['h11'] = None\n",
    )
    assert "1 passed, 1 error" in output
    assert "the mock server needs h11, which is not installed: pip install 'contractfuzz[server]'\n" in output
    assert "Traceback" not in output
