"""Reports that were corrupted: --compare refuses each in one line, or compares with it."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest
from broken_files import changed, damaged
from hypothesis import given, settings
from hypothesis import strategies as st

from contractfuzz import ContractError
from contractfuzz.reports.comparison import read_comparisons
from contractfuzz.reports.json_report import from_json
from contractfuzz.reports.rendering import REPORT_FORMATS, render

PAGE_DATA = re.compile(r'(?<=class="contract-report">).*?(?=</script>)', re.DOTALL)


@pytest.fixture(scope="module")
def small(reported):
    """A report with few labels and findings."""
    report = reported("careless")
    labels = {kind: dict(list(labels.items())[:3]) for kind, labels in report.labels.items()}
    return replace(report, labels=labels, findings=report.findings[:3], tolerated={"*:type.null": 1})


def compare(content: bytes, report, folder) -> bool:
    """Compare a report with a file; return False if that is refused. Nothing but a ContractError may be raised."""
    file = folder / "earlier"
    file.write_bytes(content)
    problem = None
    try:
        comparisons = read_comparisons(str(file))
    except ContractError as error:
        problem = str(error)
    if problem is not None:
        assert problem.startswith(str(file))
        assert problem.isprintable()
        assert len(problem) < len(str(file)) + 400
        return False
    render(report, "html", comparisons=comparisons)
    return True


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_json_report_with_wrong_members_is_refused_or_compared(small, tmp_path_factory, data):
    value = data.draw(changed(json.loads(render(small, "json"))))
    compare(json.dumps(value).encode(), small, tmp_path_factory.mktemp("changed"))
    try:
        read = from_json(value)
    except ContractError:
        return
    for name in REPORT_FORMATS:
        render(read, name)


@settings(max_examples=50, deadline=None)
@given(data=st.data())
def test_a_page_with_wrong_members_is_refused_or_compared(small, tmp_path_factory, data):
    page = render(small, "html")
    value = data.draw(changed(json.loads(PAGE_DATA.search(page)[0])))
    broken = PAGE_DATA.sub(lambda _: json.dumps(value), page)
    compare(broken.encode(), small, tmp_path_factory.mktemp("changed"))


@settings(max_examples=50, deadline=None)
@given(data=st.data(), name=st.sampled_from(["json", "html"]))
def test_a_damaged_report_is_refused_or_compared(small, tmp_path_factory, data, name):
    text = render(small, name)
    data_of_page = PAGE_DATA.search(text)
    # A page is mostly script and style. Damage that misses its data changes nothing.
    start, end = data_of_page.span() if data_of_page else (0, len(text))
    broken = text[:start].encode() + data.draw(damaged(text[start:end].encode())) + text[end:].encode()
    compare(broken, small, tmp_path_factory.mktemp("damaged"))


def test_the_intact_reports_are_compared(small, tmp_path):
    assert compare(render(small, "json").encode(), small, tmp_path)
    assert compare(render(small, "html").encode(), small, tmp_path)


@pytest.mark.parametrize(
    "content", ["[" * 100_000, "1" * 5000, "{" * 5000, '{"format": true}'], ids=lambda text: text[:9]
)
def test_a_file_that_no_parser_reads_is_refused(small, tmp_path, content):
    assert not compare(content.encode(), small, tmp_path)
    page = PAGE_DATA.sub(lambda _: content, render(small, "html"))
    assert not compare(page.encode(), small, tmp_path)
