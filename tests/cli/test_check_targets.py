"""`contractfuzz check` with the targets of the configuration."""

from __future__ import annotations

import json
import re

import pytest

SERVICE = """
def read(order):
    if not isinstance(order, dict) or not isinstance(order.get("id"), str):
        raise ValueError


def careless(order):
    return order["id"]


def lookup(order):
    if not isinstance(order, dict) or not isinstance(order.get("id"), str):
        raise LookupError


def application(environ, start_response):
    start_response("404 Not Found", [])
    return [b""]
"""
ORDER = {"title": "Order", "type": "object", "properties": {"id": {"type": "string"}}, "required": ["id"]}
CONFIGURATION = """
[tool.contractfuzz]
contract = "orders"

[tool.contractfuzz.contracts]
orders = "schemas/order.json"
shop = { document = "schemas/order.json", side = "request" }

[tool.contractfuzz.targets.orders]
consumer = "service:read"
examples = 5

[tool.contractfuzz.targets.shop]
consumer = "service:careless"
contract = "shop"
policy = "tolerant"
examples = 5

[tool.contractfuzz.targets.lookup]
consumer = "service:lookup"
contract = "schemas/order.json"
raises = "LookupError"
only = "/id:*"
examples = 0
"""


@pytest.fixture
def project(tmp_path):
    (tmp_path / "schemas").mkdir()
    (tmp_path / "schemas" / "order.json").write_text(json.dumps(ORDER))
    (tmp_path / "service.py").write_text(SERVICE)
    (tmp_path / "pyproject.toml").write_text(CONFIGURATION)
    return tmp_path


@pytest.mark.parametrize("folder", [".", "schemas"])
def test_all_targets_are_checked_and_summed_up_in_one_table(run, project, folder):
    done = run("check", cwd=project / folder)
    assert (done.returncode, done.stderr) == (1, b"")
    head, orders, shop, lookup, blank, *rest = done.stdout.decode().splitlines()
    assert head.split() == ["target", "contract", "policy", "cases", "findings", "answer"]
    assert re.fullmatch(r"orders +orders +strict +\d+ +0  honoured *", orders)
    assert re.fullmatch(r"shop +shop +tolerant +\d+ +[1-9]\d*  not honoured", shop)
    assert re.fullmatch(r"lookup +Order +strict +\d+ +0  honoured *", lookup)
    answers = [line for line in rest if re.match(r"service:\w+ (honours|does not)", line)]
    assert blank == ""
    assert answers == [
        "service:read honours orders.",
        "service:careless does not honour shop.",
        "service:lookup honours Order.",
    ]


def test_one_target_is_checked_by_name_without_the_table(run, project):
    done = run("check", "orders", cwd=project)
    assert (done.returncode, done.stderr) == (0, b"")
    assert done.stdout.startswith(b"service:read honours orders.\n")


@pytest.mark.parametrize(
    ("arguments", "code", "is_changed"),
    [
        (["lookup"], 0, False),
        (["lookup", "--raises", "ValueError"], 1, False),
        (["lookup", "--contract", "shop"], 0, True),
        (["lookup", "--only", "/id:type.null"], 0, True),
        (["lookup", "--examples", "3"], 0, True),
    ],
)
def test_options_of_the_command_line_override_those_of_the_target(run, project, arguments, code, is_changed):
    reports = [
        json.loads(run("check", *words, "--format", "json", cwd=project).stdout) for words in (["lookup"], arguments)
    ]
    assert run("check", *arguments, cwd=project).returncode == code
    assert (
        [reports[0][key] for key in ("contract", "counts")] != [reports[1][key] for key in ("contract", "counts")]
    ) is (is_changed or code == 1)


def test_the_contracts_of_the_configuration_have_names_in_every_command(run, project):
    assert run("violations", "--contract", "shop", cwd=project).stdout.startswith(b":type.")
    assert json.loads(run("sample", "-n", "1", cwd=project).stdout) == {"id": ""}
    assert run("check", "service:read", "--examples", "1", cwd=project).stdout.startswith(
        b"service:read honours orders."
    )


@pytest.mark.parametrize(
    ("output_format", "is_complete"),
    [
        ("json", lambda text: [report["contract"] for report in json.loads(text)] == ["orders", "shop", "Order"]),
        ("html", lambda text: all(f"service:{name}" in text for name in ("read", "careless", "lookup"))),
        ("junit", lambda text: all(f"service:{name}" in text for name in ("read", "careless", "lookup"))),
        ("github", lambda text: "::error" in text),
    ],
)
def test_all_reports_are_in_one_file_of_each_format(run, project, output_format, is_complete):
    done = run("check", "--format", output_format, "--output", "report", cwd=project)
    assert (done.returncode, done.stdout, done.stderr) == (1, b"", b"")
    assert is_complete((project / "report").read_text(encoding="utf-8"))


def test_a_page_compares_each_target_with_its_earlier_report(run, project):
    assert run("check", "--output", "before.json", cwd=project).returncode == 1
    done = run("check", "--output", "report.html", "--compare", "before.json", cwd=project)
    assert (done.returncode, done.stderr) == (1, b"")


@pytest.mark.parametrize(
    ("arguments", "change", "message"),
    [
        (
            ["ordrs"],
            ("", ""),
            "unknown target 'ordrs': did you mean 'orders'?; for a consumer, write PACKAGE.MODULE:CALLABLE",
        ),
        (
            ["orders"],
            ("examples", "exmples"),
            "pyproject.toml: unknown key in tool.contractfuzz.targets.orders 'exmples': did",
        ),
        ([], ("service:read", "service:red"), "target orders: unknown name in service 'red': did you mean 'read'?"),
        ([], ("order.json", "odrer.json"), "target orders: schemas/odrer.json: cannot be read"),
        ([], ('raises = "LookupError"', "time-limit = 1"), "target lookup: a time limit needs an isolated consumer"),
        (
            [],
            ('"LookupError"', '"LookupEror"'),
            "target lookup: unknown exception 'LookupEror': did you mean 'LookupError'?",
        ),
        ([], ('only = "/id:*"', 'only = "/di:*"'), "target lookup: "),
        ([], ("service:lookup", "servce:lookup"), "target lookup: there is no module 'servce': run from"),
        (
            [],
            ('service:careless"\ncontract', 'service:application"\nroute = "/hook"\ncontract'),
            "target shop: service:application answers every POST to /hook with 404, 405 or a redirect",
        ),
        (
            [],
            (CONFIGURATION, ""),
            "there is nothing to check: name PACKAGE.MODULE:CALLABLE, or declare targets in [tool.",
        ),
        (["orders"], (CONFIGURATION, ""), "the target 'orders' is not PACKAGE.MODULE:CALLABLE, as in"),
        (["service:read", "--contract", "odrers"], ("", ""), "unknown contract 'odrers': did you mean 'orders'?"),
    ],
)
def test_a_wrong_target_is_refused_in_one_line(refusal, project, arguments, change, message):
    (project / "pyproject.toml").write_text(CONFIGURATION.replace(*change))
    assert refusal("check", *arguments, cwd=project).startswith(message)


def test_a_base_belongs_to_one_target_only(run, project):
    (project / "base.json").write_text('{"id": "mine", "own": 1}')
    target = "[targets.{}]\nconsumer = 'service:stringify'\nexamples = 0\nonly = '/id:type.null'\n{}\n"
    (project / "contractfuzz.toml").write_text(
        "contract = 'schemas/order.json'\n" + target.format("plain", "") + target.format("based", "base = 'base.json'")
    )
    (project / "service.py").write_text("def stringify(order):\n    return str(order)\n")
    plain, based = json.loads(run("check", "--format", "json", cwd=project).stdout)
    assert [finding["payload"] for finding in plain["findings"]] == [{"id": None}]
    assert [finding["payload"] for finding in based["findings"]] == [{"id": None, "own": 1}]


def test_replay_takes_its_folder_from_the_configuration(run, refusal, project):
    (project / "pyproject.toml").write_text('[tool.contractfuzz]\nregressions = "kept"\n')
    (project / "kept").write_text("")
    assert refusal("replay", "service:read", cwd=project).startswith("kept is not a folder")


def test_two_configurations_are_noted(run, project):
    (project / "contractfuzz.toml").write_text(
        '[targets.mine]\nconsumer = "service:read"\ncontract = "schemas/order.json"\n'
    )
    done = run("check", "--examples", "1", cwd=project)
    assert done.returncode == 0
    assert done.stderr == (
        b"contractfuzz: contractfuzz.toml is used, not [tool.contractfuzz] in pyproject.toml: keep one of them\n"
    )


@pytest.mark.parametrize("columns", ["20", "60", "200"])
def test_the_table_shows_odd_names_and_numbers_whole(run, tmp_path, columns):
    (tmp_path / "service.py").write_text(SERVICE)
    (tmp_path / "order.json").write_text(json.dumps(ORDER))
    names = ["[red]a[/]", "a_very_long_name_of_a_target_that_needs_more_than_one_line", "größe\u202e"]
    (tmp_path / "contractfuzz.toml").write_text(
        'contract = "order.json"\n'
        + "".join(f"[targets.{json.dumps(name)}]\nconsumer = 'service:read'\nexamples = 2\n" for name in names),
        encoding="utf-8",
    )
    done = run("check", cwd=tmp_path, env={"COLUMNS": columns})
    assert (done.returncode, done.stderr) == (0, b"")
    table = done.stdout.decode().partition("service:read honours")[0]
    assert len(re.findall(r" +Order +strict +\d+ +0  honoured *\n", table)) == 3
    assert "[red]a[/]" in table
    assert "\\u202e" in table
    assert table.replace("\n", "").isprintable()
