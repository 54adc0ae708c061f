"""Titles, names, labels and words of documents may be any text. No writer may let it out as code, as a command or as a path."""

from __future__ import annotations

import ast
import io
import json
import re
from contextlib import redirect_stdout
from html.parser import HTMLParser
from pathlib import Path
from tempfile import TemporaryDirectory
from xml.etree import ElementTree as ET

from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from contractfuzz.bulk.generated_tests import write_test_file
from contractfuzz.bulk.json_lines import row_writer, write_case_files
from contractfuzz.cli.init import _test_file
from contractfuzz.cli.main import cli
from contractfuzz.diff.change import Change, ConsumerImpact, Witness
from contractfuzz.diff.rendering import RENDERINGS, ChangeReport
from contractfuzz.diff.rules import rule_for
from contractfuzz.errors import ContractError
from contractfuzz.markdown import code_span, fenced
from contractfuzz.payloads.cases.case import Case
from contractfuzz.reports.cause_summary import cause_rows
from contractfuzz.reports.json_report import from_json
from contractfuzz.reports.rendering import render
from contractfuzz.running.causes import NO_EFFECT, sections
from contractfuzz.running.findings import Finding
from contractfuzz.running.messages import explain
from contractfuzz.running.report import Report
from contractfuzz.running.verdicts.calling import Verdict
from contractfuzz.running.verdicts.exceptions import ExceptionSummary
from contractfuzz.sarif import SarifResult, sarif_log
from contractfuzz.testing.kept_cases import keep_case, load_kept_cases
from contractfuzz.testing.session import Session
from contractfuzz.testing.session_summary import summary_lines
from contractfuzz.text import json_text, printable

FRAGMENTS = (
    '"""',
    "'''",
    "\\",
    '"',
    "'",
    "{}",
    "{contract}",
    "%s",
    "\nraise SystemExit(7)\n",
    '"""\nraise SystemExit(7)\n"""',
    "coding: latin-1",
    "\n::error file=a.py::b",
    "::set-output name=a::b",
    " ::add-mask::b",
    "##[error]",
    "##vso[task.setvariable variable=a]b",
    "##teamcity[a]",
    "\x1b[31m",
    "\x9b31m",
    "\r",
    "\x00",
    "\x7f",
    "\u202e",
    "\u2028",
    "\ud800",
    "\uffff",
    "../",
    "/etc/passwd",
    "..\\",
    "CON",
    "nul.txt",
    ".hidden",
    "<script>alert(1)</script>",
    "<!--",
    "]]>",
    "</title>",
    "&amp;",
    "[red]",
    "日本語",
    "a:b.c",
    "~1",
    "*",
    "`",
    "```\n",
    "~~~",
    " | ",
    "\\|",
    "@name",
    "#123",
    "**bold**",
    "[a](https://example.com)",
    "![a](b)",
    "\n# heading\n",
    "\n\n> quote\n- item\n***\n",
    "www.example.com",
)
hostile = st.lists(st.sampled_from(FRAGMENTS) | st.text(st.characters(codec=None), max_size=5), max_size=5).map("".join)
encodable = hostile.map(lambda text: text.encode(errors="replace").decode())
"""Text of a payload: a lone surrogate has no bytes."""

PARAGRAPH = ("paragraph_open", "paragraph_close")
MARKDOWN_BLOCKS = {
    "inline",
    "fence",
    *(f"{name}_{end}" for name in ("heading", "paragraph", "bullet_list", "list_item") for end in ("open", "close")),
    *(f"{name}_{end}" for name in ("table", "thead", "tbody", "tr", "th", "td") for end in ("open", "close")),
}

fewer = settings(max_examples=50, deadline=None)

CI_COMMAND = re.compile(r"(?m:^\s*::)|##\w*\[")
SAFE_NAME = re.compile(r"(?!(?i:con|prn|aux|nul|com\d|lpt\d)(\.|$))[\w-][\w.-]*(?<!\.)", re.ASCII)


def assert_safe(text: str) -> None:
    """Assert that a terminal and a CI service show the text as it is, and do nothing else."""
    assert [line for line in text.split("\n") if not line.isprintable()] == []
    assert not CI_COMMAND.search(text)


def assert_files_inside(folder: Path) -> list[Path]:
    """Assert that each name below a folder is harmless on every system; return the files."""
    paths = list(folder.rglob("*"))
    assert [path for path in paths if not SAFE_NAME.fullmatch(path.name)] == []
    return [path for path in paths if path.is_file()]


def assert_defines_only_tests(source: bytes) -> ast.Module:
    """Assert that a module imports, assigns literals and defines functions, and runs nothing else."""
    compile(source, "test.py", "exec")
    module = ast.parse(source)
    for statement in module.body:
        match statement:
            case ast.Expr(ast.Constant(str())) | ast.Import() | ast.ImportFrom() | ast.FunctionDef():
                continue
            case ast.Assign(value=value):
                calls = [ast.unparse(node.func) for node in ast.walk(value) if isinstance(node, ast.Call)]
                assert set(calls) <= {"pytest.param"}
                names = {node.id for node in ast.walk(value) if isinstance(node, ast.Name)}
                assert names <= {"pytest", "ValueError"}
            case _:
                raise AssertionError(ast.unparse(statement))
    return module


@st.composite
def cases(draw) -> Case:
    kind = draw(st.sampled_from(["valid", "invalid", "malformed", "incoherent", "hostile"]))
    labels = {"label": draw(hostile), "description": draw(hostile)} if kind not in ("valid", "hostile") else {}
    pointer = draw(hostile) if kind == "invalid" else None
    if kind == "malformed":
        body = draw(st.binary(max_size=20) | encodable.map(str.encode))
        return Case(kind, **labels, pointer=pointer, expectation="rejects", raw=lambda: body)
    payload = {draw(encodable): draw(encodable)}
    return Case(kind, payload, **labels, pointer=pointer, expectation="accepts" if kind == "valid" else "rejects")


@st.composite
def findings(draw, consumer: str, contract: str) -> Finding:
    verdict = draw(st.sampled_from(list(Verdict)))
    error = type("Odd\n::error::", (Exception,), {})(draw(hostile)) if verdict in ("crashed", "rejected") else None
    return Finding(
        draw(cases()),
        verdict,
        expected="accepted",
        error=error,
        consumer=consumer,
        contract=contract,
        reproduction=draw(hostile),
        raised=None if error is None else ExceptionSummary.of(error),
        detail="" if error is not None else draw(hostile),
    )


@st.composite
def reports(draw) -> Report:
    consumer, contract = draw(hostile), draw(hostile)
    return Report(
        consumer,
        contract,
        counts={"invalid": {"accepted": 3}, "valid": {"crashed": 1}},
        findings=draw(st.lists(findings(consumer, contract), max_size=3)),
        tolerated=draw(st.dictionaries(hostile, st.integers(0, 2), max_size=2)),
        cut_short=draw(hostile),
        labels={"invalid": draw(st.dictionaries(hostile, st.sampled_from([None, *Verdict]), max_size=3))},
    )


@fewer
@given(hostile, st.lists(cases(), max_size=3))
@example('"""\nraise SystemExit(7)\n"""', [])
def test_a_generated_test_file_defines_tests_and_does_nothing_else(contract, some):
    with TemporaryDirectory() as folder:
        write_test_file(some, contract, f"{folder}/test_it.py")
        module = assert_defines_only_tests(Path(folder, "test_it.py").read_bytes())
    values = {ast.unparse(node.targets[0]): node.value for node in module.body if isinstance(node, ast.Assign)}
    assert ast.literal_eval(values["CONTRACT"]) == contract
    parameters = [list(map(ast.literal_eval, call.args)) for call in values["CASES"].elts]
    assert parameters == [[case.expectation, case.body] for case in some]


@fewer
@given(hostile | st.sampled_from(["contract", "class", "None", "consumer", "case", "ﬁ", "x\u0301", "pytest", "match"]))
def test_the_first_test_file_defines_tests_whatever_the_contract_is_called(contract):
    module = assert_defines_only_tests(_test_file(contract, "from service import read as consumer").encode())
    tests = [node for node in module.body if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")]
    assert len(tests) == 4
    [argument] = {argument.arg for test in tests[:3] for argument in test.args.args}
    assert argument in (contract, "contract")


@fewer
@given(hostile, st.lists(cases(), max_size=3))
def test_json_fixtures_can_be_read_back(contract, some):
    with TemporaryDirectory() as folder:
        write_test_file(some, contract, f"{folder}/cases.json")
        text = Path(folder, "cases.json").read_text(encoding="utf-8")
    fixtures = json.loads(text)
    assert fixtures["contract"] == contract
    assert [(one["label"], one["pointer"]) for one in fixtures["cases"]] == [
        (case.label, case.pointer) for case in some
    ]
    assert [one["payload"] for one in fixtures["cases"] if "payload" in one] == [
        case.payload for case in some if case.raw is None
    ]
    assert_safe(text)


@fewer
@given(cases())
def test_a_json_line_can_be_read_back(case):
    line = row_writer(case.kind, labels=True)(case)
    assert line.index(b"\n") == len(line) - 1
    assert json.loads(line)["label"] == case.label


@fewer
@given(st.lists(cases(), min_size=1, max_size=3))
def test_case_files_stay_in_their_folder(some):
    with TemporaryDirectory() as folder:
        paths = list(write_case_files(some, Path(folder)))
        assert sorted(assert_files_inside(Path(folder))) == sorted(paths)
        assert [path.read_bytes() for path in paths] == [case.body for case in some]


@fewer
@given(st.data(), hostile, hostile)
def test_kept_files_stay_in_their_folder_and_can_be_read_back(data, consumer, contract):
    finding = data.draw(findings(consumer, contract))
    with TemporaryDirectory() as folder:
        path = keep_case(finding, Path(folder))
        assert assert_files_inside(Path(folder)) == [path]
        [kept] = load_kept_cases(Path(folder), contract)
    assert (kept.contract, kept.consumer) == (contract, consumer)
    assert (kept.case.body, kept.case.label, kept.case.pointer) == (
        finding.case.body,
        finding.case.label,
        finding.case.pointer,
    )


@fewer
@given(st.lists(hostile, min_size=2, max_size=2, unique=True))
@example(["a b", "a/b"])
@example(["日本", "中国"])
def test_contracts_that_share_a_folder_keep_their_cases_apart(names):
    case = Case("valid", {})
    with TemporaryDirectory() as folder:
        for name in names:
            keep_case(Finding(case, Verdict.CRASHED, "accepted", None, "consumer", name, ""), Path(folder))
        kept = [load_kept_cases(Path(folder), name) for name in names]
    assert [[one.contract for one in some] for some in kept] == [[name] for name in names]


@fewer
@given(reports())
def test_the_text_report_and_the_messages_are_safe(report):
    assert_safe(render(report, "text", top=5))
    for finding in report.findings:
        assert_safe(explain(finding))
    session = Session(Path(), keeps_cases=False, reports=[report], notes=[report.contract])
    session.record_replay(Path(f"a{report.consumer}".replace("\0", "")), "outdated", report.contract)
    lines = list(summary_lines(session))
    assert len(lines) >= 3
    for line in lines:
        assert "\n" not in line
        assert_safe(line)


@fewer
@given(reports())
def test_a_github_annotation_is_one_command_on_one_line(report):
    text = render(report, "github")
    lines = text.split("\n")
    assert lines.pop() == ""
    assert [line for line in lines if not line.isprintable()] == []
    assert [line for line in lines if not re.match(r"::(notice|error|warning) [^:]*::", line)] == []
    assert len(lines) == 1 + sum(len(section.causes) for section in sections(report))


@fewer
@given(reports())
def test_a_markdown_parser_finds_in_the_markdown_report_what_we_wrote(report):
    text = render(report, "markdown", top=9)
    assert_safe(text)
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    assert {token.type for token in tokens} <= MARKDOWN_BLOCKS
    inline = [child for token in tokens for child in token.children or ()]
    assert {token.type for token in inline} <= {"text", "code_inline", "strong_open", "strong_close", "softbreak"}
    ours = "".join(token.content for token in inline if token.type == "text")
    assert re.fullmatch(r"[\w ,.:;()-]*", ours, re.ASCII)
    assert "www." not in ours
    causes = [cause for section in sections(report) if section.title != NO_EFFECT for cause in section.causes]
    assert [token.tag for token in tokens if token.type == "heading_open"] == ["h2"] + ["h3"] * len(sections(report))
    assert sum(token.type == "strong_open" for token in inline) == len(causes)
    fences = [token.content.removesuffix("\n") for token in tokens if token.type == "fence"]
    assert fences == [
        printable(row.text, keep="\n") for cause in causes for row in cause_rows(cause, 1000) if row.is_copied
    ]
    codes = [token.content for token in inline if token.type == "code_inline"]
    assert codes[:2] == [
        printable(name) if name.strip(" ") else f'"{name}"' for name in (report.consumer, report.contract)
    ]


@fewer
@given(hostile, hostile)
@example("` ", " `")
@example("``` ``", "````\n```")
def test_a_markdown_parser_reads_code_as_it_was(span, block):
    tokens = MarkdownIt("commonmark").parse(f"a {code_span(span)} b\n\n{fenced(block)}\nend\n")
    assert [token.type for token in tokens if token.type != "inline"] == [*PARAGRAPH, "fence", *PARAGRAPH]
    assert [token.type for token in tokens[1].children] == ["text", "code_inline", "text"]
    shown = printable(span)
    assert tokens[1].children[1].content == (shown if shown.strip(" ") else f'"{shown}"')
    assert tokens[3].content == printable(block, keep="\n") + "\n"


@fewer
@given(reports())
def test_the_junit_report_is_xml_that_has_the_names(report):
    suite = ET.fromstring(render(report, "junit").encode())[0]
    assert suite.get("name") == printable(f"{report.consumer} on {report.contract}")
    names = [element.get("name") for element in suite.iter("testcase")]
    assert {printable(label) for label in report.labels["invalid"] if label} <= set(names)


@fewer
@given(reports())
def test_the_sarif_report_has_a_place_for_each_cause(report):
    text = render(report, "sarif")
    assert_safe(text)
    [run] = json.loads(text)["runs"]
    assert len(run["results"]) == sum(len(section.causes) for section in sections(report))
    rules = {rule["id"] for rule in run["tool"]["driver"]["rules"]}
    for result in run["results"]:
        assert result["ruleId"] in rules
        [location] = result["locations"]
        assert location["physicalLocation"]["artifactLocation"]["uri"] == "pyproject.toml"
        assert result["message"]["text"]


@fewer
@given(reports())
def test_the_json_report_can_be_read_back(report):
    text = render(report, "json")
    read = from_json(json.loads(text))
    assert (read.consumer, read.contract, read.labels) == (report.consumer, report.contract, report.labels)
    assert [finding.case.body for finding in read.findings] == [finding.case.body for finding in report.findings]
    assert_safe(text)


class Tags(HTMLParser):
    """Collects the tags and the attributes of a page."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.attributes: list[str] = []

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += [name for name, _ in attrs]


@settings(max_examples=20, deadline=None)
@given(reports())
def test_the_page_has_no_script_but_its_own(report):
    tags = Tags()
    tags.feed(render(report, "html"))
    tags.close()
    assert (tags.tags.count("script"), tags.tags.count("title"), tags.tags.count("body")) == (2, 1, 1)
    assert [name for name in tags.attributes if name.startswith("on")] == []


@fewer
@given(hostile, hostile, hostile)
def test_sarif_can_be_read_back(source, pointer, message):
    log = sarif_log([SarifResult("rule", "warning", message, source, pointer=pointer)], {"rule": "summary"})
    text = json_text(log)
    assert json.loads(text) == log
    assert_safe(text)


@fewer
@given(hostile, hostile, hostile)
def test_a_change_is_safe_in_every_format(location, text, value):
    witness = Witness({value: text}, (value,), (value,), text)
    impact = ConsumerImpact("crashed", True, text, value, 1, {text: value})
    change = Change(location, rule_for("enum", "wider"), text, "enum", (value,), "wider", (witness,), 1, impact)
    for write in RENDERINGS.values():
        assert_safe(write(ChangeReport([change], "consumer", text, value)))


@fewer
@given(hostile)
def test_an_error_is_one_safe_line(message):
    assert str(ContractError(message)).isprintable()
    assert_safe(str(ContractError(message)))


@settings(max_examples=20, deadline=None)
@given(encodable, encodable, encodable)
def test_the_commands_print_safe_text_for_a_hostile_document(title, name, value):
    document = {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": title or "t",
        "type": "object",
        "properties": {name: {"enum": [value, 1], "description": value}, "other": {"minLenght": value}},
        "required": [name],
    }
    with TemporaryDirectory() as folder:
        old, new, payload = (str(Path(folder, file)) for file in ("old.json", "new.json", "payload.json"))
        Path(old).write_text(json.dumps(document), encoding="utf-8")
        document["properties"][name]["enum"].pop()
        Path(new).write_text(json.dumps(document), encoding="utf-8")
        Path(payload).write_text(json.dumps({name: [value]}), encoding="utf-8")
        for command in (
            ["violations", "--contract", old],
            ["violations", "--contract", old, "--format", "json"],
            ["lint", old],
            ["lint", old, "--format", "json"],
            ["lint", old, "--format", "sarif"],
            ["diff", old, new],
            ["diff", old, new, "--format", "json"],
            ["validate", payload, "--contract", old],
        ):
            with redirect_stdout(io.StringIO()) as output:
                assert cli.main(command, standalone_mode=False) in (0, 1, None)
            assert_safe(output.getvalue())
            if "--format" in command:
                json.loads(output.getvalue())
