"""Strings: their nodes, and how they are planned."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from contractfuzz.documents.dialects.string_encoded import ANNOTATION
from contractfuzz.patterns.engine import compile_pattern
from contractfuzz.payloads.choices.protocol import Choices
from contractfuzz.payloads.choices.seeded import SeededChoices, attempts
from contractfuzz.payloads.plan.alternatives import OneOfValues
from contractfuzz.payloads.plan.context import Planner, read_bounds
from contractfuzz.payloads.plan.node import CoveragePoint, Node, Schema, is_equal
from contractfuzz.payloads.values import formats
from contractfuzz.payloads.values.edge_texts import edge_texts
from contractfuzz.payloads.values.encoded_content import content_strings, describes_content
from contractfuzz.payloads.values.hostile import HOSTILE_STRINGS, NUMBER_LOOKALIKES
from contractfuzz.payloads.values.string_encoded import holds_number

if TYPE_CHECKING:
    from contractfuzz.payloads.values.pattern_examples import StringDecoder

MAX_STRING_LENGTH = 200_000
"""Length of a string at most, in characters, valid or not."""

CONTENT_STRINGS = 60
"""Number of JSON texts for a string with ``contentSchema``."""

LONG_STRING_LENGTH = 32
"""Length from which on a string reaches the coverage point ``:long``."""

TEXT_WIDTH = 4
"""Number of bytes that a text reads.

The first selects alphabet and length, the others three characters. For a long text the second byte selects the length and the
others two characters.
"""

EXAMPLE_THRESHOLD = 208
"""Byte from which on a scalar is one of the examples of its schema."""

ASCII_ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789 -_.,:;/@#+*=?!'\"()[]{}<>|&%$^~`\\\n\tABCDEFGHIJKLMNOPQRSTUVWXYZ"
FOREIGN_ALPHABET = "éßñøşŁЖЯΩδאעربहあ日本語한글ไทย€–“”…½²™→✓😀🚀👍"
SPACE_ALPHABET = "a \n\t\r"
"""Characters of texts of white space. Zero bytes select the first one, so that shrinking ends at a letter."""

SHORT_LENGTHS = [1] * 16 + [2] * 15 + [3] * 12 + [4] * 9 + [5] * 6 + [6] * 5 + [7] * 3 + [8] * 2
"""Equally likely lengths of short texts."""

MIDDLE_LENGTHS = tuple(sorted([*range(9, 32)] * 3 + [*range(32, 40)] * 12 + [*range(40, 64)] * 3 + [*range(64, 83)]))
"""Lengths of texts of middle length, one for each value of a byte."""

LONG_LENGTHS = tuple(range(MIDDLE_LENGTHS[0], MIDDLE_LENGTHS[0] + 256))
"""Lengths of long texts. They start where the middle lengths do, so that shrinking can reach any length."""

EMPTY_SHARE, SPACE_SHARE, MIDDLE_SHARE, LONG_SHARE = 48, 6, 32, 1
"""Number of values of the first byte for empty texts and for white space, and per alphabet for middle and long texts."""

LONGEST_SHARE, MAX_REACHED_LENGTH = 6, 1000
"""Number of values of the first byte for texts as long as the schema allows, and the greatest such length."""

DECODED_SHARE = 176
"""Number of values of the first byte for which a string with a pattern is decoded, not an example."""


def _characters_by_byte(alphabet: str) -> tuple[str, ...]:
    """Return the character that each of the 256 values of a byte selects."""
    return tuple(alphabet[byte * len(alphabet) >> 8] for byte in range(256))


_ASCII_CHARACTERS, _FOREIGN_CHARACTERS, _SPACE_CHARACTERS = map(
    _characters_by_byte, (ASCII_ALPHABET, FOREIGN_ALPHABET, SPACE_ALPHABET)
)


TextShape = tuple[Sequence[str], int, Sequence[int] | None]
"""Characters or an example, and a length or lengths for the second byte. An example, or no characters, have no length."""


def _text_shapes() -> Iterator[TextShape]:
    """Yield what each value of the first byte selects: the alphabet, and a length or a list of lengths for the second byte.

    The alphabets alternate, so that shrinking can lower the length and keep the alphabet.
    """
    yield from [((), 0, None)] * EMPTY_SHARE
    short = [(length, None) for length in SHORT_LENGTHS]
    for length, lengths in [*short, *[(0, MIDDLE_LENGTHS)] * MIDDLE_SHARE, *[(0, LONG_LENGTHS)] * LONG_SHARE]:
        yield _ASCII_CHARACTERS, length, lengths
        yield _FOREIGN_CHARACTERS, length, lengths
    yield from [(_SPACE_CHARACTERS, 1, None)] * SPACE_SHARE


_TEXT_SHAPES = tuple(_text_shapes())


def _thinned(shapes: Sequence[TextShape]) -> list[TextShape]:
    """Return ``EXAMPLE_THRESHOLD`` of the 256 shapes, with the same shares. The alphabets still alternate."""
    spaces = SPACE_SHARE * EXAMPLE_THRESHOLD >> 8
    all_pairs = (len(shapes) - EMPTY_SHARE - SPACE_SHARE) // 2
    pairs = all_pairs * EXAMPLE_THRESHOLD >> 8
    starts = [EMPTY_SHARE + 2 * (pair * (all_pairs - 1) // (pairs - 1)) for pair in range(pairs)]
    thinned = [shape for start in starts for shape in shapes[start : start + 2]]
    return [*shapes[: EXAMPLE_THRESHOLD - len(thinned) - spaces], *thinned, *shapes[len(shapes) - spaces :]]


class Text(Node):
    """A string between two lengths, in characters (code points).

    Two or three characters repeat. Those of nonzero bytes come first: shrinking lowers all bytes except the one that matters, and
    its character then leads, so that the others can be cut off.

    Attributes:
        low: the least length.
        high: the greatest length; None for no upper bound.

    """

    types = frozenset({"string"})
    width = TEXT_WIDTH

    def __init__(self, schema: Schema, low: int, high: int | None) -> None:
        super().__init__(schema)
        self.low, self.high = low, high
        self._shapes: Sequence[TextShape] = _TEXT_SHAPES
        self._shapes_with_examples: Sequence[TextShape] | None = None
        self._examples: Sequence[str] = ()
        if high is not None and MIDDLE_LENGTHS[-1] < high <= MAX_REACHED_LENGTH:
            # Texts of exactly that length instead of some others.
            longest = [(_ASCII_CHARACTERS, high, None), (_FOREIGN_CHARACTERS, high, None)] * (LONGEST_SHARE // 2)
            end = len(_TEXT_SHAPES) - SPACE_SHARE
            self._shapes = (*_TEXT_SHAPES[: end - LONGEST_SHARE], *longest, *_TEXT_SHAPES[end:])

    def use_examples(self, values: Iterable[Any]) -> None:
        """Make those of some values that fit the bounds, too, unless the choices are shrunk, which would end at them."""
        fitting = [value for value in values if _is_text(value) and self.low <= len(value)]
        examples = [value for value in fitting if value and (self.high is None or len(value) <= self.high)]
        count = 256 - EXAMPLE_THRESHOLD
        if examples:
            self._examples = examples
            others = _thinned(self._shapes)
            shown = [(examples[i * len(examples) // count], 0, None) for i in range(count)]
            self._shapes_with_examples = (*others, *shown)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        # Bulk sampling spends a fifth of its time in this method.
        shapes = self._shapes_with_examples
        if shapes is None or choices.aligned:
            shapes = self._shapes
        characters, length, lengths = shapes[block[at]]
        low, high = self.low, self.high
        if not length and lengths is None:
            return characters or ASCII_ALPHABET[0] * low
        third, second, first = block[at + 1 : at + TEXT_WIDTH]
        if length == 1 and low <= 1:
            return characters[first or second or third] if high != 0 else ""
        if not first:
            first, second = second, 0
        if lengths is not None:
            length = lengths[third]
            repeated = characters[first] + characters[second]
        else:
            if not first:
                first, third = third, 0
            repeated = characters[first] + characters[second] + characters[third]
        if length < low:
            length = low
        if high is not None and length > high:
            length = high
        return repeated[:length] if length <= 2 else (repeated * (length // 2 + 1))[:length]

    def edge_values(self) -> Sequence[Any]:
        return [*edge_texts(self.low, self.high), *self._examples]

    def coverage_points(self) -> Iterator[CoveragePoint]:
        if self.low == 0:
            yield CoveragePoint(":empty", partial(is_equal, ""))
        if self.high is None or self.high > 0:
            yield CoveragePoint(":ascii", partial(_matches, _ASCII))
            yield CoveragePoint(":non-ascii", partial(_matches, _NON_ASCII))
        if self.high is None or self.high >= LONG_STRING_LENGTH:
            yield CoveragePoint(":long", partial(_matches, _LONG))


class HostileText(Text):
    """A string that readers handle badly, if one fits the bounds and the size budget; otherwise a plain one.

    Attributes:
        holds_number: True if the string should hold a number: half of the hostile strings look like one.

    """

    def __init__(self, schema: Schema, low: int, high: int | None) -> None:
        super().__init__(schema, low, high)
        self.holds_number = holds_number(schema)

    def build(self, choices: Choices, block: bytes, at: int) -> Any:
        most = max(self.low, choices.size_budget)
        strings = NUMBER_LOOKALIKES if self.holds_number and block[at + 2] & 1 else HOSTILE_STRINGS
        hostile = strings[block[at + 3] * len(strings) >> 8]
        if block[at] >= 64 and self.low <= len(hostile) <= (most if self.high is None else min(self.high, most)):
            return hostile
        return super().build(choices, block, at)[:most]


class Formatted(Node):
    """A string of one format, decoded from bytes.

    Attributes:
        decode: returns the string for a block and an offset.

    """

    types = frozenset({"string"})

    def __init__(self, schema: Schema, width: int, decode: Callable[[bytes, int], str]) -> None:
        super().__init__(schema)
        self.width, self.decode = width, decode

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        return self.decode(block, at)

    def edge_values(self) -> Sequence[Any]:
        return formats.EDGE_STRINGS[self.schema["format"]]

    def coverage_points(self) -> Iterator[CoveragePoint]:
        if self.schema.get("format") == "date-time":
            for name, pattern in _DATE_TIME_POINTS.items():
                yield CoveragePoint(name, partial(_matches, pattern))


class Patterned(Node):
    """A string with a pattern: one of the examples, or decoded from bytes.

    The first byte selects an example, or that the other bytes are decoded. Byte zero selects the simplest example. Low bytes
    decode, since shrinking then changes one decision after the other, whereas neighbours among the examples differ in many.

    Args:
        schema: the keywords.
        examples: strings that keep the keywords, the simplest first.
        decoder: makes further ones from bytes.

    """

    types = frozenset({"string"})

    def __init__(self, schema: Schema, examples: Sequence[str], decoder: StringDecoder) -> None:
        super().__init__(schema)
        self.listed_values = tuple(examples)
        self.decoder = decoder
        self.width = 1 + decoder.width

    def build(self, choices: Choices, block: bytes, at: int) -> Any:  # noqa: ARG002
        examples, first = self.listed_values, block[at]
        text = self.decoder.string(block, at + 1) if 0 < first < DECODED_SHARE else None
        return examples[first * len(examples) >> 8] if text is None else text


_ASCII = re.compile(r"[\x00-\x7f]+\Z")
_NON_ASCII = re.compile(r".*[^\x00-\x7f]", re.DOTALL)
_LONG = re.compile(rf".{{{LONG_STRING_LENGTH},}}", re.DOTALL)
_DATE_TIME_POINTS = {
    ":Z": re.compile(r".*Z$"),
    ":offset": re.compile(r".*[+-]\d\d:\d\d$"),
    ":fraction": re.compile(r".*:\d\d\.\d+"),
}


def _is_text(value: Any) -> bool:
    """Return True if a value is a string without lone surrogates, which UTF-8 cannot encode."""
    return isinstance(value, str) and not any("\ud800" <= character <= "\udfff" for character in value)


def _matches(pattern: re.Pattern[str], value: Any) -> bool:
    return isinstance(value, str) and pattern.match(value) is not None


# --- planning --------------------------------------------------------------------------------------------------------------


def plan_string(planner: Planner, schema: Schema) -> Node:
    """Return the node of strings that keep the keywords of ``schema``.

    Raises:
        ContractError: no string was found that keeps them.

    """
    low, high = read_bounds(schema, "minLength", "maxLength", MAX_STRING_LENGTH)
    content = _content_strings(planner, schema, low, high)
    if content:
        return OneOfValues(schema, content)
    if "pattern" in schema:
        return plan_pattern(schema)
    name = schema.get("format")
    formatted = _plan_format(planner, schema, name, low, high) if name else None
    return planner.profile.text(schema, low, high) if formatted is None else formatted


def _content_strings(planner: Planner, schema: Schema, low: int, high: int | None) -> list[str]:
    """Return strings that follow ``contentEncoding`` and its like, and keep all keywords; none for hostile payloads."""
    if ANNOTATION in schema or not describes_content(schema) or planner.profile.name == "hostile":
        return []
    inner = schema.get("contentSchema")
    contents = []
    # A schema that refers to others may lead back to itself, and nothing limits how deep it is nested in strings.
    if isinstance(inner, dict) and '"$ref"' not in json.dumps(inner):
        # The content is not validated, so any JSON text will do if its schema allows none.
        node = planner.plan_if_possible(inner)
        contents = [] if node is None else [choices.build(node) for choices in attempts("content", CONTENT_STRINGS)]
    texts = content_strings(schema, contents, low)
    texts = [text for text in texts if low <= len(text) and (high is None or len(text) <= high)]
    if "pattern" in schema:
        pattern = compile_pattern(schema["pattern"])
        texts = [text for text in texts if pattern.search(text)]
    name = schema.get("format")
    # In any format that the oracle checks, the format decides.
    return [] if name is not None and is_checked_format(name) else texts


def _plan_format(planner: Planner, schema: Schema, name: str, low: int, high: int | None) -> Node | None:
    """Return the node of a format; None if the oracle does not check it, so that any string will do."""
    profile = planner.profile
    doubtful = profile.doubtful_texts.get(name, ())
    is_bounded = low > 0 or high is not None
    if name in profile.formats and not is_bounded and not doubtful:
        return Formatted(schema, *profile.formats[name])
    if name in formats.FORMAT_EXAMPLES or name in formats.FORMAT_DECODERS:
        listed = [*(formats.FORMAT_EXAMPLES.get(name) or _decoded_values(name)), *doubtful]
        values = [value for value in listed if low <= len(value) and (high is None or len(value) <= high)]
        if values:
            return OneOfValues(schema, values)
    return plan_from_examples(schema) if is_checked_format(name) else None


def _decoded_values(name: str) -> Sequence[str]:
    """Return values of a format that is decoded from bytes, the shortest first."""
    width, decode = formats.FORMAT_DECODERS[name]
    stream = SeededChoices(f"decoded:{name}".encode())
    values = {decode(stream.block(width), 0) for _ in range(200)} | {decode(bytes(width), 0)}
    return sorted(values, key=lambda value: (len(value), value))


def plan_from_examples(schema: Schema) -> Node:
    """Return the node of strings that are found beforehand, as for ``pattern``.

    Raises:
        ContractError: none was found.

    """
    # Loads hypothesis-jsonschema and jsonschema, which most contracts do not need.
    from contractfuzz.payloads.values.pattern_examples import find_examples

    return OneOfValues(schema, find_examples({**schema, "type": "string"}))


def plan_pattern(schema: Schema) -> Node:
    """Return the node of strings that keep a ``pattern`` and the keywords next to it.

    Raises:
        ContractError: no string was found.

    """
    # Loads jsonschema, which most contracts do not need.
    from contractfuzz.payloads.values.pattern_examples import find_decoder, find_examples

    examples = find_examples({**schema, "type": "string"})
    decoder = find_decoder(schema, examples)
    return OneOfValues(schema, examples) if decoder is None else Patterned(schema, examples, decoder)


def is_checked_format(name: str) -> bool:
    """Return True if the oracle checks strings of a format; in any other format every string is valid."""
    # Loads jsonschema, which contracts without such formats do not need.
    from contractfuzz.oracle import CHECKED_FORMATS

    return name in CHECKED_FORMATS
