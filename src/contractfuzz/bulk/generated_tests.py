"""Test files made from cases: a pytest file that does not import contractfuzz, or JSON fixtures for other languages."""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from contractfuzz.errors import ContractError
from contractfuzz.files import atomic_write, write_errors
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.json_form import case_to_json
from contractfuzz.text import json_text, printable

_PYTEST_TEMPLATE = '''"""Cases of a contract: consume() must accept, reject, or survive each body."""

import pytest

CONTRACT = {contract!r}

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
    else:  # survives: may accept or reject the body, but must not raise another exception
        try:
            consume(body)
        except REJECTION:
            pass
'''


def write_test_file(cases: Iterable[Case], contract: str, output: str) -> None:
    """Write cases as a pytest file or as JSON fixtures.

    Args:
        cases: the cases.
        contract: the name of their contract.
        output: the path of the file: ``.py`` for a pytest file, ``.json`` for fixtures.

    Raises:
        ContractError: the path has another suffix, the file exists (it may have been edited), or it cannot be written.

    """
    formats = {".py": _as_pytest, ".json": _as_json}
    format_cases = formats.get(Path(output).suffix)
    if format_cases is None:
        raise ContractError(f"{output} is not a test file: name it *.py for pytest, or *.json for other languages")
    if os.path.lexists(output):  # never raises, unlike the method of a path
        raise ContractError(f"{output} exists: name another file")
    text = format_cases(list(cases), contract)
    with write_errors(output, "name a file in a folder that exists and has room"), atomic_write(Path(output)) as file:
        file.write(text.encode())


def _as_pytest(cases: list[Case], contract: str) -> str:
    parameters = [
        f"    pytest.param({case.expectation!r}, {case.body!r}, id={printable(case.label or f'{case.kind}-{index}')!r}),"
        for index, case in enumerate(cases)
    ]
    return _PYTEST_TEMPLATE.format(contract=contract, cases="\n".join(parameters))


def _as_json(cases: list[Case], contract: str) -> str:
    return json_text({"contract": contract, "cases": [case_to_json(case) for case in cases]})
