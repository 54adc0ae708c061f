"""The command ``contractfuzz serve`` with an OpenAPI file, run as a process."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from urllib.error import HTTPError
from urllib.request import urlopen

import pytest
from click.testing import CliRunner
from shop_api import SHOP
from systems import needs_posix

from contractfuzz.cli.main import cli
from contractfuzz.errors import ContractError

COMMAND = [sys.executable, "-c", "from contractfuzz.cli.main import main; main()", "serve"]


@pytest.fixture
def folder(tmp_path):
    broken = {"get": {"responses": {"200": {"content": {"application/json": {"schema": {"type": 1}}}}}}}
    document = {**SHOP, "paths": {**SHOP["paths"], "/broken": broken}}
    (tmp_path / "openapi.json").write_text(json.dumps(document), encoding="utf-8")
    return tmp_path


@needs_posix
@pytest.mark.parametrize("arguments", [["openapi.json"], []])
def test_serve_runs_every_operation_of_a_file(folder, arguments):
    (folder / "contractfuzz.toml").write_text('api = "openapi.json"\n', encoding="utf-8")
    with subprocess.Popen(
        [*COMMAND, *arguments], cwd=folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, encoding="utf-8"
    ) as process:
        try:
            name, listens, on, url, *_ = process.stdout.readline().split()
            assert (name, listens, on) == ("Shop", "listens", "on")
            with urlopen(f"{url}/v1/orders/7") as response:
                assert json.load(response)["id"] == 7
            assert process.stdout.readline() == "GET /v1/orders/7 200\n"
            with pytest.raises(HTTPError, match="500"):
                urlopen(f"{url}/broken")
            assert process.stdout.readline().startswith(
                "GET /broken 500: openapi.json at /paths/~1broken/get/responses"
            )
            process.send_signal(signal.SIGINT)
            assert process.wait(30) == 0
        finally:
            process.kill()


@pytest.mark.parametrize(
    ("content", "message"),
    [
        ("{}", "openapi.json: is not an OpenAPI file, so it has no operations; name an OpenAPI file"),
        ("{", "openapi.json: is not JSON, line 1"),
        (None, "openapi.json: cannot be read"),
    ],
)
def test_a_file_that_is_not_an_api_is_an_error(folder, monkeypatch, content, message):
    monkeypatch.chdir(folder)
    if content is None:
        (folder / "openapi.json").unlink()
    else:
        (folder / "openapi.json").write_text(content, encoding="utf-8")
    with pytest.raises(ContractError) as caught:
        CliRunner().invoke(cli, ["serve", "openapi.json"], catch_exceptions=False)
    assert str(caught.value).startswith(message)
