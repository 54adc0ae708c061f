"""Reading of files, folders, dicts and models into documents: well-formed JSON of a limited size that nobody else holds."""

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
from contractfuzz.documents.errors import document_error, show_json
from contractfuzz.documents.yaml_parser import YamlError, parse_yaml
from contractfuzz.errors import ContractError

Source = str | PathLike[str] | Mapping[str, Any] | bool | type
"""A document as a user gives it: the path of a file, a JSON object, ``True`` or ``False``, or a pydantic model."""

YAML_SUFFIXES = (".yaml", ".yml")
"""Suffixes of the files that are read as YAML."""

MAX_FILE_BYTES = 16 * 2**20
"""Maximum size of a file, in bytes."""

MAX_NESTING = 64
"""Maximum number of nested arrays and objects. Validators recurse, and run out of stack not far beyond."""

_NOTHING: dict[str, Any] = {"not": {}}  # the content of a document that is `false`
_TOO_DEEP = f"is nested too deep; at most {MAX_NESTING} arrays and objects may be nested"


def read(source: Source) -> Document:
    """Read a document.

    Raises:
        ContractError: it is missing, unreadable, larger than ``MAX_FILE_BYTES``, nested deeper than ``MAX_NESTING``, not UTF-8,
            not JSON, neither an object nor ``true`` at its root, or an object in it has a name twice.

    """
    if isinstance(source, type):
        return Document(source.__name__, _root(_model_schema(source), source.__name__), fallback_name=source.__name__)
    if isinstance(source, Mapping | bool):
        document = Document("document", _root(source, "document"))
    else:
        document = _read_file(_path(source))
    if document.content is _NOTHING:
        raise document.root.error("`false` allows no payload; give a schema that allows one")
    return document


def read_components(sources: Iterable[Source] | Source) -> list[Document]:
    """Read the documents that references may lead to.

    Args:
        sources: files, dicts, models and folders. A folder stands for every ``*.json`` file directly in it or, if it has none,
            for every YAML file. A single source needs no list.

    Raises:
        ContractError: as for ``read``, or a folder holds no such file.

    """
    if isinstance(sources, str | PathLike | Mapping | bool | type):
        sources = (sources,)
    if not isinstance(sources, Iterable):
        raise document_error("components", (), f"must be files, folders or dicts, not {type(sources).__name__}")
    return [
        document
        for index, source in enumerate(sources)
        for document in _read_component(source, f"component {index + 1}")
    ]


def _read_component(source: Source, name: str) -> Iterator[Document]:
    if isinstance(source, type):
        yield read(source)
        return
    if isinstance(source, Mapping | bool):
        yield Document(name, _root(source, name), fallback_name=name)
        return
    path = _path(source)
    yield from map(_read_file, _files(path) if _is_folder(path) else (path,))


# --- files --------------------------------------------------------------------------------------------------------------


def _is_folder(path: Path) -> bool:
    try:
        return path.is_dir()
    except OSError:  # reading it as a file fails, too, with a message
        return False


def _files(folder: Path) -> list[Path]:
    suffixes = (".json", *YAML_SUFFIXES)
    try:
        candidates = sorted(path for path in folder.iterdir() if path.suffix in suffixes and path.is_file())
    except OSError as error:
        raise _unreadable(folder, error) from None
    files = [path for path in candidates if path.suffix == ".json"] or candidates
    if not files:
        raise document_error(str(folder), (), "has no *.json file; name the folder that holds the components")
    return files


def _path(source: object) -> Path:
    if not isinstance(source, str | PathLike):
        raise document_error("document", (), f"must be the path of a file or a dict, not {type(source).__name__}")
    return Path(os.fsdecode(source))


def _read_file(path: Path) -> Document:
    source = str(path)
    parse = _parse_yaml if path.suffix in YAML_SUFFIXES else _parse_json
    content = _root(parse(_decode(_read_bytes(path), source), source), source)
    return Document(source, content, location=_file_uri(path), fallback_name=path.name.split(".")[0] or path.name)


def _file_uri(path: Path) -> str:
    # `..` is removed, as in references. Symbolic links are kept, so that siblings are the files that the user sees.
    return Path(os.path.normpath(path.absolute())).as_uri()


def _read_bytes(path: Path) -> bytes:
    try:
        with path.open("rb") as file:
            size = os.fstat(file.fileno()).st_size
            raw = b"" if size > MAX_FILE_BYTES else file.read(MAX_FILE_BYTES + 1)
    except IsADirectoryError:
        problem = "is a folder; name one file in it, and give the folder as components"
        raise document_error(str(path), (), problem) from None
    except (OSError, ValueError) as error:  # ValueError: a null character in the path
        raise _unreadable(path, error) from None
    if (size := max(size, len(raw))) > MAX_FILE_BYTES:
        problem = f"is too large, {size:,} bytes of at most {MAX_FILE_BYTES:,}; give the document of one contract"
        raise document_error(str(path), (), problem)
    return raw


def _unreadable(path: Path, error: OSError | ValueError) -> ContractError:
    reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
    hint = "nothing is fetched: save it and name the file" if ":/" in str(path) else "name a file that can be read"
    return document_error(str(path), (), f"cannot be read ({reason}); {hint}")


def _decode(raw: bytes, source: str) -> str:
    try:
        return raw.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        problem = f"is not UTF-8 (byte {error.start}); save it as UTF-8"
        raise document_error(source, (), problem) from None


# --- JSON, YAML, models -------------------------------------------------------------------------------------------------


class _DuplicateNames(dict[str, Any]):
    """A parsed object in which a name occurs more than once.

    Attributes:
        name: such a name.

    """

    name: str


def _make_object(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    unique = dict(pairs)
    if len(unique) == len(pairs):
        return unique
    duplicate = _DuplicateNames(unique)
    [(duplicate.name, _)] = Counter(name for name, _ in pairs).most_common(1)
    return duplicate


def _parse_json(text: str, source: str) -> Any:
    if not text.strip():
        raise document_error(source, (), "is empty; it must hold a JSON object")
    try:
        return json.loads(text, object_pairs_hook=_make_object)
    except json.JSONDecodeError as error:
        problem = f"is not JSON, line {error.lineno} column {error.colno}: {error.msg}; correct it there"
        raise document_error(source, (), problem) from None
    except RecursionError:
        raise document_error(source, (), _TOO_DEEP) from None
    except ValueError as error:  # an integer of thousands of digits
        raise document_error(source, (), f"has a number that cannot be read: {error}") from None


def _parse_yaml(text: str, source: str) -> Any:
    if not text.strip():
        raise document_error(source, (), "is empty; it must hold an object")
    try:
        return parse_yaml(text, source)
    except YamlError as error:
        raise document_error(source, (), f"is not YAML with a JSON value: {error}; correct it there") from None


def _model_schema(model: type) -> Any:
    """Return the JSON Schema that a pydantic model (version 2) generates."""
    generate = getattr(model, "model_json_schema", None)
    if not callable(generate):
        problem = f"must be the path of a file, a dict or a pydantic model, not the class {model.__name__}"
        raise document_error("document", (), problem)
    try:
        return generate()
    except Exception as error:  # noqa: BLE001 - the model's own code may raise anything
        reason = str(error).splitlines()[0] if str(error) else type(error).__name__
        problem = f"generates no JSON Schema: {reason}; change the model or pass a schema"
        raise document_error(model.__name__, (), problem) from None


# --- values -------------------------------------------------------------------------------------------------------------


def _root(value: Any, source: str) -> dict[str, Any]:
    copied = _copy(value, source, ())
    if isinstance(copied, bool):  # a schema, too, since draft-06
        return {} if copied else _NOTHING
    if not isinstance(copied, dict):
        problem = f"must be a JSON object at its root, not {show_json(copied)}; give the document itself"
        raise document_error(source, (), problem)
    return copied


def _copy(value: Any, source: str, steps: tuple[str, ...]) -> Any:
    """Return a copy of a JSON value; raise a ContractError if it is not one."""
    match value:
        case int() if not _is_double(value):
            raise document_error(source, steps, "the number is too large for a double; write a smaller one")
        case float() if not math.isfinite(value):
            raise document_error(source, steps, f"{value} is not a JSON number; write a finite one")
        case None | bool() | int() | float():
            return value
        case str():
            return _copy_text(value, source, steps)
        case Mapping() | list() | tuple() if len(steps) >= MAX_NESTING:
            raise document_error(source, (), _TOO_DEEP)
        case Mapping():
            return _copy_object(value, source, steps)
        case list() | tuple():
            return [_copy(child, source, (*steps, str(index))) for index, child in enumerate(value)]
        case _:
            problem = f"a {type(value).__name__} is not a JSON value; convert it to one"
            raise document_error(source, steps, problem)


def _is_double(value: int) -> bool:
    """Return True if an integer is within the range of doubles. Validators that compute with doubles fail on others."""
    try:
        float(value)
    except OverflowError:
        return False
    return True


def _copy_object(value: Mapping[Any, Any], source: str, steps: tuple[str, ...]) -> dict[str, Any]:
    if isinstance(value, _DuplicateNames):
        raise document_error(source, steps, f"has the name {show_json(value.name)} twice; delete one of the two")
    return {_copy_name(name, source, steps): _copy(child, source, (*steps, str(name))) for name, child in value.items()}


def _copy_name(name: Any, source: str, steps: tuple[str, ...]) -> str:
    if not isinstance(name, str):
        raise document_error(source, steps, f"has a name of type {type(name).__name__}; JSON names are strings")
    return _copy_text(name, source, steps)


def _copy_text(value: str, source: str, steps: tuple[str, ...]) -> str:
    try:
        value.encode()
    except UnicodeEncodeError:
        problem = f"{show_json(value)} has half a surrogate pair; write the whole character"
        raise document_error(source, steps, problem) from None
    return str(value)
