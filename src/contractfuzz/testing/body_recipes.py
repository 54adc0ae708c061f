"""Recipes of long bodies: a few lines in a kept file that rebuild a body of any length, byte for byte."""

from __future__ import annotations

import hashlib
import json
import zlib
from base64 import b64decode, b64encode

from contractfuzz.json_values import JsonObject, compact_json, member
from contractfuzz.payloads.bodies.lexical_forms import PlacedBody
from contractfuzz.payloads.bodies.malformations import MalformedBody
from contractfuzz.payloads.cases.case import Case
from contractfuzz.payloads.cases.json_form import content_to_json
from contractfuzz.text import json_text

MAX_PLAIN_BODY_BYTES = 4096
"""Size limit of a body that is written out. A reader sees at a glance what such a file contains."""

MAX_REBUILT_BODY_BYTES = 2**26
"""Size limit of a rebuilt body. It keeps a wrong file from filling the memory."""


class OutdatedRecipeError(Exception):
    """The recipe of a body no longer rebuilds it. The message is the reason."""


def is_plain(case: Case) -> bool:
    """Return True if the body of a case is short enough to be written out."""
    if len(case.body) > MAX_PLAIN_BODY_BYTES:
        return False
    # Indentation makes a deep payload long.
    return len(json_text(content_to_json(case))) <= 4 * MAX_PLAIN_BODY_BYTES


def make_recipe(case: Case) -> JsonObject:
    """Return the recipe of the body of a case.

    The recipe of a malformed body is the name of the malformation and the valid payload that it changes, and for an odd form the
    place in that payload. The recipe of another body is the compressed body (zlib, RFC 1950, in base64).

    Args:
        case: the case.

    Returns:
        An object with the recipe, and the size and the SHA-256 of the body.

    """
    body = case.body
    if isinstance(case.raw, MalformedBody):
        recipe = {"malformation": case.raw.malformation, **_text_to_json(case.raw.text)}
    elif isinstance(case.raw, PlacedBody):
        recipe = {"malformation": case.raw.form, "at": case.raw.pointer, **_text_to_json(case.raw.text)}
    else:
        recipe = {"zlib": _compress(body)}
    return {"recipe": recipe, "bytes": len(body), "sha256": hashlib.sha256(body).hexdigest()}


def rebuild_body(record: JsonObject) -> bytes:
    """Return the body that a recipe rebuilds.

    Args:
        record: the object that ``make_recipe`` returned.

    Raises:
        OutdatedRecipeError: the recipe makes another body than it did when it was written.
        KeyError, TypeError, ValueError, zlib.error: the object is not the recipe of a body.

    """
    recipe, size, digest = member(record, "recipe", dict), member(record, "bytes", int), member(record, "sha256", str)
    if not 0 <= size <= MAX_REBUILT_BODY_BYTES:
        raise ValueError(f"a body cannot have {size} bytes")
    if "malformation" in recipe:
        name, text = member(recipe, "malformation", str), _text_from_json(recipe)
        raw = PlacedBody(name, text, member(recipe, "at", str)) if "at" in recipe else MalformedBody(name, text)
        try:
            body = raw()
        except KeyError:
            raise OutdatedRecipeError(f"the malformation {name} no longer exists") from None
    else:
        body = _decompress(member(recipe, "zlib", str), size)
    if hashlib.sha256(body).hexdigest() != digest:
        raise OutdatedRecipeError("its recipe no longer makes the same body")
    return body


def _text_to_json(text: str) -> JsonObject:
    if len(text) <= MAX_PLAIN_BODY_BYTES:
        return {"payload": json.loads(text)}
    return {"zlib": _compress(text.encode())}


def _text_from_json(recipe: JsonObject) -> str:
    if "payload" in recipe:
        return compact_json(recipe["payload"])
    return _decompress(member(recipe, "zlib", str), MAX_REBUILT_BODY_BYTES).decode()


def _compress(body: bytes) -> str:
    return b64encode(zlib.compress(body, 9)).decode()


def _decompress(text: str, limit: int) -> bytes:
    """Return decompressed bytes; ValueError if they have more than ``limit``."""
    decompressor = zlib.decompressobj()
    body = decompressor.decompress(b64decode(text, validate=True), limit + 1)
    if len(body) > limit or not decompressor.eof:
        raise ValueError("the compressed body is too long, or cut off")
    return body
