"""Entry points of other packages: one that cannot be imported is an error in one line."""

from __future__ import annotations

from importlib.metadata import EntryPoint

import pytest

from contractfuzz import Contract, ContractError
from contractfuzz.errors import load_entry_point
from contractfuzz.running.adapters import registry
from contractfuzz.server import service

SOURCES = {
    "raises": "raise RuntimeError('no\\n\\x1b[31m database')",
    "exits": "raise SystemExit(0)",
    "broken": "def read(:",
    "needs": "import a_package_that_nobody_has",
    "empty": "",
    "recursive": "def f(): f()\nf()",
}


@pytest.fixture(params=SOURCES)
def broken(request, tmp_path, monkeypatch):
    """An entry point of a package that cannot be imported, or does not have the object."""
    name = f"pack_that_{request.param}"
    (tmp_path / f"{name}.py").write_text(SOURCES[request.param])
    monkeypatch.syspath_prepend(tmp_path)
    return EntryPoint("odd", f"{name}:thing", "group")


def test_a_package_that_cannot_be_imported_is_one_line(broken):
    with pytest.raises(
        ContractError, match=r"^the entry point 'odd' of \w+:thing cannot be imported \(\w+: .*fix its"
    ) as caught:
        load_entry_point(broken)
    assert str(caught.value).isprintable()
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize(
    ("module", "use"),
    [
        ("contractfuzz.contract", lambda: Contract.named("odd")),
        ("contractfuzz.server.service", lambda: service.find_service("odd")),
        ("contractfuzz.running.adapters.registry", lambda: registry.adapt(print)),
    ],
    ids=["contract", "server", "adapter"],
)
def test_every_kind_of_entry_point_is_imported_like_this(broken, monkeypatch, module, use):
    monkeypatch.setattr(f"{module}.entry_points", lambda **_: [broken])
    with pytest.raises(ContractError, match="cannot be imported"):
        use()
