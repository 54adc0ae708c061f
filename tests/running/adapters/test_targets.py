"""Targets: each is imported, or refused with one line that gives the remedy."""

from __future__ import annotations

import json
import sys

import pytest

from contractfuzz import ContractError
from contractfuzz.running.adapters.targets import error_classes, load_error_class, load_target

pytestmark = pytest.mark.usefixtures("repeatable")

MODULES = {
    "service_fine": "class Parser:\n    @staticmethod\n    def read(payload):\n        return payload\n\nread = Parser.read\n",
    "service_needs": "import a_package_that_nobody_has\n",
    "service_raises": "raise RuntimeError('no\\n  database')\n",
    "service_exits": "import sys\nsys.exit('usage: service')\n",
    "service_panics": "class Panic(BaseException):\n    pass\n\nraise Panic('in rust')\n",
    "service_mute": "class Mute(Exception):\n    def __str__(self):\n        raise ValueError\n\nraise Mute\n",
    "service_syntax": "def read(payload:\n",
    "service_lazy": "def __getattr__(name):\n    raise RuntimeError(f'no {name} today')\n",
    "service_stopped": "raise KeyboardInterrupt\n",
}


@pytest.fixture(autouse=True)
def service(tmp_path, monkeypatch):
    for name, source in MODULES.items():
        (tmp_path / f"{name}.py").write_text(source)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "path", [*sys.path])
    yield
    for name in MODULES:
        sys.modules.pop(name, None)


def refusal(load, *args):
    with pytest.raises(ContractError) as caught:
        load(*args)
    message = str(caught.value)
    assert "\n" not in message
    return message


def test_a_target_is_found_in_the_current_folder():
    assert load_target("service_fine:read")("x") == "x"


def test_a_target_may_be_in_a_class():
    assert load_target("service_fine:Parser.read")("x") == "x"


@pytest.mark.parametrize(
    ("target", "message"),
    [
        ("service_fine", "the target 'service_fine' is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read"),
        (":read", "the target ':read' is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read"),
        ("service_fine:", "the target 'service_fine:' is not PACKAGE.MODULE:CALLABLE, as in myservice.parsing:read"),
        ("service_fine:raed", "unknown name in service_fine 'raed': did you mean 'read'?"),
        ("service_fine:Parser.raed", "unknown name in service_fine 'raed': did you mean 'read'?"),
        ("service_fine:read..x", "unknown name in service_fine '': "),
        (
            "service.x:read",
            "there is no module 'service': run from the folder that contains it, or install its package",
        ),
        ("service_fine.x:read", "there is no module 'service_fine.x': "),
        ("service_fine.py:read", "there is no module 'service_fine.py': "),
        ("a\nb:read", "there is no module 'a\\nb': "),
        ("service_needs:read", "importing 'service_needs' failed: it needs 'a_package_that_nobody_has'"),
        ("service_raises:read", "importing 'service_raises' raised RuntimeError: no database: fix that first"),
        ("service_exits:read", "importing 'service_exits' raised SystemExit: usage: service: fix that first"),
        ("service_panics:read", "importing 'service_panics' raised Panic: in rust: fix that first"),
        ("service_mute:read", "importing 'service_mute' raised Mute: <str() raised ValueError>"),
        ("service_syntax:read", "importing 'service_syntax' raised SyntaxError: "),
        ("service_lazy:read", "reading 'read' from service_lazy raised RuntimeError: no read today: fix that first"),
    ],
)
def test_a_target_that_cannot_be_imported_is_refused_in_one_line(target, message):
    assert refusal(load_target, target).startswith(message)


def test_ctrl_c_while_a_target_is_imported_passes_through():
    with pytest.raises(KeyboardInterrupt):
        load_target("service_stopped:read")


def test_an_error_is_built_in_or_of_a_module():
    assert load_error_class("KeyError") is KeyError
    assert load_error_class("json:JSONDecodeError") is json.JSONDecodeError


@pytest.mark.parametrize(
    ("name", "message"),
    [
        (
            "KeyErorr",
            "unknown exception 'KeyErorr': did you mean 'KeyError'?; for an exception of a module, write package.module:KeyErorr",
        ),
        ("json.JSONDecodeError", "unknown exception 'json.JSONDecodeError': "),
        ("print", "'print' is not an exception class: name one that your code raises to reject a payload"),
        ("json:loads", "'json:loads' is not an exception class: "),
        ("json:JSONDecodeErorr", "unknown name in json 'JSONDecodeErorr': did you mean 'JSONDecodeError'?"),
    ],
)
def test_a_name_of_something_else_is_refused_in_one_line(name, message):
    assert refusal(load_error_class, name).startswith(message)


def test_an_error_with_a_dot_is_shown_in_the_right_notation():
    assert refusal(load_error_class, "json.JSONDecodeError").endswith(
        "for an exception of a module, write json:JSONDecodeError"
    )


@pytest.mark.parametrize("raises", [KeyError, [KeyError], (KeyError,), {KeyError}])
def test_one_declared_error_needs_no_list(raises):
    assert error_classes(raises) == (KeyError,)


@pytest.mark.parametrize("raises", [None, 5, "KeyError", [KeyError()], ["KeyError"], [int]])
def test_declared_errors_must_be_exception_classes(raises):
    assert refusal(error_classes, raises).startswith("raises must contain exception classes")


@pytest.mark.parametrize("raises", ["json:JSONDecodeError", ["json:JSONDecodeError"]])
def test_the_name_of_an_error_is_not_an_error_class(raises):
    assert refusal(error_classes, raises) == (
        "raises must contain exception classes, not the string 'json:JSONDecodeError': give the class itself"
    )
