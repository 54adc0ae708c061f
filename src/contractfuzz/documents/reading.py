"""From a file, a folder or a dict to documents: JSON that is well-formed, of a sane size, and ours alone."""

from __future__ import annotations

import json
import math
import os
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from os import PathLike
from pathlib import Path
from typing import Any

from contractfuzz.documents.document import Document
from contractfuzz.documents.errors import refusal, shown
from contractfuzz.documents.yaml_parser import YamlError, parse_yaml
from contractfuzz.errors import ContractError

Source = str | PathLike[str] | Mapping[str, Any] | type
"""A document as it is given: the path of a file, the JSON object itself, or a pydantic model."""

YAML = (".yaml", ".yml")
"""How the names of files end that are read as YAML."""

LARGEST = 16 * 2**20
"""How many bytes a file may hold."""

_WIDEST = 1024  # bits of an integer: beyond, validators that compute with doubles give up

DEEPEST = 64
"""How many arrays and objects may lie within each other. Validators recurse: not far beyond, they run out of stack."""


def read(source: Source) -> Document:
    """Read the document that a contract is made from.

    Raises:
        ContractError: it is missing, unreadable, too large, too deep, not UTF-8, not JSON, not an object at its root,
            or says one thing twice.

    """
    if isinstance(source, type):
        return Document(source.__name__, _root(_of_model(source), source.__name__), fallback_name=source.__name__)
    if isinstance(source, Mapping):
        return Document("document", _root(source, "document"))
    return _read_file(_path(source))


def read_components(sources: Iterable[Source] | Source) -> list[Document]:
    """Read the documents that references may lead to.

    Args:
        sources: files, dicts, models, and folders: of a folder every ``*.json`` directly in it, or where there is none, every
            YAML file. A single one needs no list.

    Raises:
        ContractError: as for ``read``, or a folder holds no JSON file.

    """
    if isinstance(sources, str | PathLike | Mapping | type):
        sources = (sources,)
    if not isinstance(sources, Iterable):
        raise refusal("components", (), f"must be files, folders or dicts, not {type(sources).__name__}")
    return [document for i, source in enumerate(sources) for document in _read_component(source, f"component {i + 1}")]


def _read_component(source: Source, called: str) -> Iterator[Document]:
    if isinstance(source, type):
        yield read(source)
        return
    if isinstance(source, Mapping):
        yield Document(called, _root(source, called), fallback_name=called)
        return
    path = _path(source)
    yield from map(_read_file, _files(path) if _is_folder(path) else (path,))


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # then neither can it be read, and that says why
        return False


def _files(folder: Path) -> list[Path]:
    try:
        inside = sorted(path for path in folder.iterdir() if path.suffix in (".json", *YAML) and path.is_file())
    except OSError as error:
        raise _unreadable(folder, error) from None
    files = [path for path in inside if path.suffix == ".json"] or inside
    if not files:
        raise refusal(str(folder), (), "holds no *.json file; name the folder that holds the components")
    return files


def _path(source: object) -> Path:
    if not isinstance(source, str | PathLike):
        raise refusal("document", (), f"must be the path of a file or a dict, not {type(source).__name__}")
    return Path(os.fsdecode(source))


def _read_file(path: Path) -> Document:
    source = str(path)
    parse = _parse_yaml if path.suffix in YAML else _parse
    content = _root(parse(_decode(_bytes(path), source), source), source)
    return Document(source, content, location=_location(path), fallback_name=path.name.split(".")[0] or path.name)


def _location(path: Path) -> str:
    # Without `..`, as references are resolved; symbolic links stay, so that siblings are those that the user sees.
    return Path(os.path.normpath(path.absolute())).as_uri()


def _bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = b"" if size > LARGEST else file.read(LARGEST + 1)
    except IsADirectoryError:
        problem = "is a folder; name one file in it, and give the folder as components"
        raise refusal(str(path), (), problem) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _unreadable(path, error) from None
    if (size := max(size, len(raw))) > LARGEST:
        problem = f"is too large, {size:,} bytes of at most {LARGEST:,}; give the document of one contract"
        raise refusal(str(path), (), problem)
    return raw


def _unreadable(path: Path, error: OSError | ValueError) -> ContractError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    hint = "nothing is fetched: save it and name the file" if ":/" in str(path) else "name a file that can be read"
    return refusal(str(path), (), f"cannot be read ({reason}); {hint}")


def _decode(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise refusal(source, (), problem) from None


class _Repeating(dict[str, Any]):
    """An object as parsed in which a name occurs more than once."""

    name: str


def _pairs(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) == len(pairs):
        return unique
    repeating = _Repeating(unique)
    [(repeating.name, _)] = Counter(name for name, _ in pairs).most_common(1)
    return repeating


def _parse(text: str, source: str) -> Any:
    if not text.strip():
        raise refusal(source, (), "is empty; it must hold a JSON object")
    try:
        return json.loads(text, object_pairs_hook=_pairs)
    except json.JSONDecodeError as error:
        problem = f"is not JSON, line {error.lineno} column {error.colno}: {error.msg}; correct it there"
        raise refusal(source, (), problem) from None
    except RecursionError:
        raise refusal(source, (), _TOO_DEEP) from None
    except ValueError as error:  # an integer of thousands of digits
        raise refusal(source, (), f"holds a number that cannot be read: {error}") from None


def _parse_yaml(text: str, source: str) -> Any:
    if not text.strip():
        raise refusal(source, (), "is empty; it must hold an object")
    try:
        return parse_yaml(text, source)
    except YamlError as error:
        raise refusal(source, (), f"is no YAML that stands for JSON: {error}; correct it there") from None


def _of_model(model: type) -> Any:
    """Return the JSON Schema that a pydantic model (of version 2) makes of itself."""
    make = getattr(model, "model_json_schema", None)
    if not callable(make):
        problem = f"must be the path of a file, a dict or a pydantic model, not the class {model.__name__}"
        raise refusal("document", (), problem)
    try:
        return make()
    except Exception as error:  # noqa: BLE001 - whatever the model's own code does
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        raise refusal(
            model.__name__, (), f"makes no JSON Schema: {reason}; change the model or pass a schema"
        ) from None


_TOO_DEEP = f"is nested too deep; at most {DEEPEST} arrays and objects may lie within each other"


def _root(value: Any, source: str) -> dict[str, Any]:
    owned = _own(value, source, ())
    if not isinstance(owned, dict):
        raise refusal(source, (), f"must be a JSON object at its root, not {shown(owned)}; give the document itself")
    return owned


def _own(value: Any, source: str, steps: tuple[str, ...]) -> Any:
    """Copy a JSON value, and refuse what is none."""
    match value:
        case int() if value.bit_length() > _WIDEST:
            raise refusal(source, steps, "the number is beyond what a double holds; write a smaller one")
        case float() if not math.isfinite(value):
            raise refusal(source, steps, f"{value} is no number that JSON knows; write a finite one")
        case None | bool() | int() | float():
            return value
        case str():
            return _text(value, source, steps)
        case Mapping() | list() | tuple() if len(steps) >= DEEPEST:
            raise refusal(source, (), _TOO_DEEP)
        case Mapping():
            if isinstance(value, _Repeating):
                raise refusal(source, steps, f"names {shown(value.name)} twice; delete one of the two")
            return {_key(key, source, steps): _own(child, source, (*steps, str(key))) for key, child in value.items()}
        case list() | tuple():
            return [_own(child, source, (*steps, str(i))) for i, child in enumerate(value)]
        case _:
            raise refusal(source, steps, f"a {type(value).__name__} is no JSON value; convert it to one")


def _key(key: Any, source: str, steps: tuple[str, ...]) -> str:
    if not isinstance(key, str):
        raise refusal(source, steps, f"a name is a {type(key).__name__}; JSON names are strings")
    return _text(key, source, steps)


def _text(value: str, source: str, steps: tuple[str, ...]) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        raise refusal(source, steps, f"{shown(value)} holds half a surrogate pair; write the whole character") from None
    return str(value)
