"""The generated pages of the documentation are up to date."""

from __future__ import annotations

import re
import runpy
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
REMEDY = "run `python docs/generate.py`"


@pytest.fixture(scope="module")
def generated():
    return runpy.run_path(str(ROOT / "docs" / "generate.py"))["pages"]()


@pytest.mark.parametrize("name", ["violations.md", "doubtful.md", "configuration.schema.json"])
def test_the_page_is_up_to_date(generated, name):
    assert (ROOT / "docs" / name).read_text(encoding="utf-8") == generated[name], REMEDY


def test_the_matrix_of_the_contract_has_423_violations(hubspot):
    assert len(hubspot.violations()) == 423


def test_the_page_lists_every_violation_and_their_number(hubspot):
    page = (ROOT / "docs" / "violations.md").read_text(encoding="utf-8")
    section = page.partition("## Violations by location")[2].partition("\n## ")[0]
    rows = [re.findall(r"`([^`]+)`", row) for row in section.splitlines() if row.startswith(("| `", "| the payload"))]
    ids = {f"{location if location.startswith('/') else ''}:{name}" for location, *names in rows for name in names}
    assert ids == set(hubspot.labels("invalid"))
    assert f"| violations | {len(ids)} |" in page


def test_ids_are_unique_and_every_violation_has_a_description_of_one_line(hubspot):
    violations = hubspot.violations()
    assert len({violation.id for violation in violations}) == len(violations)
    assert all(violation.description and "\n" not in violation.description for violation in violations)
