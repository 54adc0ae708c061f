"""Chosen cases as a test file that needs nothing of ours, or as JSON fixtures for projects in other languages."""

from __future__ import annotations

import json
from collections.abc import Iterable
from pathlib import Path

from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, write_errors
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.json_form import case_to_json

_PYTEST = '''"""Cases of {contract}: what an honest reader accepts, rejects, or at least survives."""

import pytest

REJECTION = ValueError


def consume(body: bytes):
    raise NotImplementedError("call your code here: return if it accepts the body, raise REJECTION if it does not")


CASES = [
{cases}
]


@pytest.mark.parametrize(("expectation", "body"), CASES)
def test_case(expectation, body):
    if expectation == "accepts":
        consume(body)
    elif expectation == "rejects":
        with pytest.raises(REJECTION):
            consume(body)
    else:  # it survives: whatever else is raised fails the test
        try:
            consume(body)
        except REJECTION:
            pass
'''


def write_as_tests(cases: Iterable[Case], contract: str, output: str) -> None:
    """Write cases as a plain pytest file if ``output`` ends in ``.py``, as JSON fixtures if it ends in ``.json``.

    Raises:
        ContractError: it ends otherwise, is there already (somebody may have filled it in), or cannot be written.

    """
    forms = {".py": _as_pytest, ".json": _as_json}
    form = forms.get(Path(output).suffix)
    if form is None:
        raise ContractError(f"{output} is no test file: end it in .py for pytest, or in .json for other languages")
    if Path(output).exists():
        raise ContractError(f"{output} exists: name another file")
    text = form(list(cases), contract)
    with write_errors(output, "name a file in a folder that exists and has room"), atomic_write(Path(output)) as file:
        file.write(text.encode())


def _as_pytest(cases: list[Case], contract: str) -> str:
    rows = [
        f"    pytest.param({case.expectation!r}, {case.body!r}, id={(case.label or f'{case.kind}-{i}')!r}),"
        for i, case in enumerate(cases)
    ]
    return _PYTEST.format(contract=contract, cases="\n".join(rows))


def _as_json(cases: list[Case], contract: str) -> str:
    return json.dumps({"contract": contract, "cases": [case_to_json(case) for case in cases]}, indent=2) + "\n"
