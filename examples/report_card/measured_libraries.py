"""Libraries of the report card, each with its consumer and the errors by which it rejects a body."""

from __future__ import annotations

import platform
from collections.abc import Callable
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

from cattrs import BaseValidationError
from hubspot.crm.associations.v4.exceptions import OpenApiException
from libraries import (
    cattrs_classes,
    dataclasses_checked,
    dataclasses_unchecked,
    hubspot_client,
    marshmallow_schemas,
    msgspec_structs,
    plain_json,
    pydantic_models,
)
from marshmallow import ValidationError


@dataclass(frozen=True)
class Library:
    """Library under test.

    Attributes:
        name: name on the page.
        read: consumer under test.
        write: converts the result of `read` back to JSON with the library's own means; None if the library cannot write.
        rejects: errors that count as a rejection.
        distribution: name of its package; None for the standard library.
        feed: argument that `read` takes, as in `contractfuzz check --feed`.

    """

    name: str
    read: Callable[[Any], Any]
    write: Callable[[Any], Any] | None = None
    rejects: tuple[type[Exception], ...] = (ValueError,)
    distribution: str | None = None
    feed: str = "bytes"

    @property
    def version(self) -> str:
        """Installed version, or the Python version for the standard library."""
        return version(self.distribution) if self.distribution else f"Python {python_version()}"


def python_version() -> str:
    """Return the major and minor version of Python."""
    return ".".join(platform.python_version_tuple()[:2])


LIBRARIES = (
    Library("plain json", plain_json.read),
    Library("dataclasses", dataclasses_unchecked.read),
    Library("checked dataclasses", dataclasses_checked.read),
    Library("pydantic, lax", pydantic_models.read, pydantic_models.write, distribution="pydantic"),
    Library("pydantic, strict", pydantic_models.read_strictly, pydantic_models.write, distribution="pydantic"),
    Library("msgspec", msgspec_structs.read, msgspec_structs.write, distribution="msgspec"),
    Library(
        "cattrs",
        cattrs_classes.read,
        cattrs_classes.write,
        rejects=(ValueError, BaseValidationError),
        distribution="cattrs",
    ),
    Library(
        "marshmallow",
        marshmallow_schemas.read,
        marshmallow_schemas.write,
        rejects=(ValueError, ValidationError),
        distribution="marshmallow",
    ),
    Library(
        "hubspot-api-client",
        hubspot_client.get_page,
        hubspot_client.write,
        rejects=(ValueError, OpenApiException),
        distribution="hubspot-api-client",
        feed="url",
    ),
)
