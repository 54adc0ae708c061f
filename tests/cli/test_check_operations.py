"""``contractfuzz check`` of a client of one operation of an API."""

from __future__ import annotations

import json
import shlex
import subprocess
import sys

import pytest
from shop_api import SHOP

CLIENT = """
import json
from urllib.request import Request, urlopen


def create_order(base_url, customer_id, quantity):
    body = json.dumps({"customer_id": customer_id, "quantity": quantity}).encode()
    with urlopen(Request(f"{base_url}/orders", body, {"Content-Type": "application/json"})) as response:
        order = json.load(response)
    if response.status != 201 or quantity != 4:
        raise RuntimeError
    return order["id"]
"""
ONLY = ("--only", "/id:required.missing", "--examples", "0")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    (folder / "openapi.json").write_text(json.dumps(SHOP), encoding="utf-8")
    (folder / "client.py").write_text(CLIENT, encoding="utf-8")
    (folder / "contractfuzz.toml").write_text(
        'api = "openapi.json"\n[targets.create]\nconsumer = "client:create_order"\noperation = "createOrder"\n'
        'call = "quantity=4"\n',
        encoding="utf-8",
    )
    return folder


def test_a_client_is_checked_with_the_contract_and_the_status_of_the_operation(check, folder):
    arguments = ("--api", "openapi.json", "--operation", "createOrder", "--call", "quantity=4")
    done, report = check("client:create_order", *arguments, *ONLY, cwd=folder)
    assert done.returncode == 1
    assert report["contract"] == "createOrder 201"
    [finding] = report["findings"]
    assert "KeyError" in json.dumps(finding["error"])


def test_the_line_of_a_finding_reproduces_it(run, folder):
    done = run("check", "create", *ONLY, cwd=folder)
    line = next(line for line in done.stdout.decode().splitlines() if "reproduce" in line).split(None, 1)[1]
    again = subprocess.run([sys.executable, "-c", line], cwd=folder, capture_output=True, text=True, encoding="utf-8")
    assert again.stderr.endswith("KeyError: 'id'\n")


def test_a_target_of_the_configuration_names_the_operation(check, folder):
    done, report = check("create", *ONLY, cwd=folder)
    assert (done.returncode, report["contract"], len(report["findings"])) == (1, "createOrder 201", 1)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ("client:create_order --api openapi.json", "--api needs an operation: name it with --operation"),
        ("client:create_order --call a=1", "--call needs an operation: name it with --operation"),
        ("client:create_order --operation createOrder --api no.json", "no.json: cannot be read"),
    ],
)
def test_a_wrong_operation_is_an_error_with_a_remedy(refusal, folder, arguments, message):
    assert refusal("check", *shlex.split(arguments), cwd=folder).startswith(message)


def test_a_contract_may_be_a_response_of_the_api_of_the_configuration(run, folder):
    done = run("sample", "-n", "1", "--contract", "GET /orders/{orderId} 404", cwd=folder)
    assert json.loads(done.stdout) == {"error": {"message": "", "status": 0}}


def test_an_operation_needs_an_api(refusal, service):
    message = refusal("check", "json:loads", "--operation", "createOrder")
    assert message == "--operation needs an API: name its OpenAPI file with --api FILE"
