"""The API: an OpenAPI file as operations, each with the contracts of its requests and responses."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from functools import cached_property
from typing import Any
from urllib.parse import urlsplit

from contractfuzz.api.operation import ContractMaker, Operation
from contractfuzz.documents import Source
from contractfuzz.documents.apis.operations import find_operations
from contractfuzz.documents.document import Document
from contractfuzz.documents.reading import read, read_components
from contractfuzz.documents.references import Registry
from contractfuzz.errors import ContractError, unknown


class Api:
    """The operations of an OpenAPI file. Only their methods and paths are read at first.

    Attributes:
        name: the title of the API, or the name of its file.
        source: the document, as ``load`` got it.
        operations: the operations by method and path (``GET /orders/{id}``), in the order of the file. See also ``operation``.

    """

    def __init__(self, document: Document, registry: Registry, make_contract: ContractMaker) -> None:
        """Find the operations of a document. Use ``Api.load`` to read a file.

        Args:
            document: the OpenAPI file.
            registry: the documents that references may lead to.
            make_contract: makes the contract of a schema.

        Raises:
            ContractError: the document is not an OpenAPI file, or it has no operations.

        """
        title = document.content.get("info")
        title = title.get("title") if isinstance(title, dict) else None
        self.name = title if isinstance(title, str) and title else document.fallback_name
        self.source = make_contract.source
        self._document = document
        published = find_operations(document, registry)
        if not published:
            raise document.root.error("has no operations; name a file with the paths of the API")
        self.operations: Mapping[str, Operation] = {one.key: Operation(one, make_contract) for one in published}

    def __repr__(self) -> str:
        return f"<Api {self.name}: {len(self.operations)} operations>"

    def __iter__(self) -> Iterator[Operation]:
        return iter(self.operations.values())

    @classmethod
    def load(cls, document: Source, components: Iterable[Source] | Source = ()) -> Api:
        """Load an API from an OpenAPI file. Nothing is fetched from the network.

        Args:
            document: an OpenAPI file (2.0, 3.0 or 3.1, JSON or YAML): its path, or the parsed JSON object. If it is split into
                several files, those in its folder and below are read when they are needed.
            components: other documents that ``$ref``s lead to: paths, objects, or folders of ``*.json`` files.

        Raises:
            ContractError: the document cannot be read, is not an OpenAPI file or has no operations.

        Example:
            >>> api = Api.load("openapi.yaml")
            >>> api.operation("getOrder").contract
            <Contract getOrder 200>

        """
        components = list(components) if isinstance(components, Iterator) else components
        main = read(document)
        registry = Registry(main, read_components(components))
        return cls(main, registry, ContractMaker(document, components, registry))

    def operation(self, name: str) -> Operation:
        """Return an operation.

        Args:
            name: its operationId, or its method and path: ``getOrder``, ``GET /orders/{id}``.

        Raises:
            ContractError: the API has no such operation; the message suggests the closest one.

        """
        method, _, path = name.strip().partition(" ")
        key = f"{method.upper()} {path.strip()}"
        if key in self.operations:
            return self.operations[key]
        if name in self._keys_by_id:
            return self.operations[self._keys_by_id[name]]
        raise unknown("operation", name, self.operations if " " in name else [*self._keys_by_id, *self.operations])

    @cached_property
    def _keys_by_id(self) -> dict[str, str]:
        found: dict[str, str] = {}
        for operation in self:
            if operation.operation_id is not None:
                found.setdefault(operation.operation_id, operation.key)
        return found

    @cached_property
    def base_path(self) -> str:
        """Path of the first server, without a slash at its end: ``/v1``; empty for the root."""
        content = self._document.content
        if "swagger" in content:
            path: Any = content.get("basePath", "")
        else:
            servers = content.get("servers")
            server = servers[0] if isinstance(servers, list) and servers else {}
            path = _server_path(server) if isinstance(server, dict) else ""
        return path.rstrip("/") if isinstance(path, str) and path.startswith("/") else ""


def _server_path(server: dict[str, Any]) -> str:
    url, variables = server.get("url"), server.get("variables")
    if not isinstance(url, str):
        return ""
    for name, variable in variables.items() if isinstance(variables, dict) else ():
        default = variable.get("default") if isinstance(variable, dict) else None
        url = url.replace(f"{{{name}}}", str(default))
    try:
        return urlsplit(url).path
    except ValueError:  # not a URL
        return ""


def load_api(source: Api | Source) -> Api:
    """Return an API, loaded if it is not loaded yet.

    Raises:
        ContractError: as for ``Api.load``.

    """
    if isinstance(source, Api):
        return source
    if isinstance(source, str) and not source:
        raise ContractError("the path of the API is empty: name an OpenAPI file")
    return Api.load(source)
