"""The catalogue of change types."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from contractfuzz.evolution import scalar_changes, shape_changes
from contractfuzz.evolution.change_type import ChangeType, EditMaker, of_object, of_pair, of_property, of_value
from contractfuzz.evolution.impact import ResultRule
from contractfuzz.payloads.places import PlacedValue

_VISIBLE, _RETYPED, _VALUE, _LOSSLESS, _ANY = (
    ResultRule.VISIBLE,
    ResultRule.RETYPED,
    ResultRule.VALUE,
    ResultRule.LOSSLESS,
    ResultRule.ANY,
)


def _new(name: str, words: str, rule: ResultRule, make_edit: EditMaker) -> ChangeType:
    """Return a change type that is a change only where the contract does not allow its payloads yet."""
    return ChangeType(name, words, rule, make_edit)


def _unusual(name: str, words: str, rule: ResultRule, make_edit: EditMaker) -> ChangeType:
    """Return a change type whose payloads the contract may allow, although the provider has not sent any yet."""
    return ChangeType(name, words, rule, make_edit, breaks_contract=False)


def _retyped(name: str, words: str, change: Callable[[PlacedValue], Any]) -> ChangeType:
    return _new(name, words, _RETYPED, of_value(change))


_shape, _scalar = shape_changes, scalar_changes

CHANGE_TYPES: tuple[ChangeType, ...] = (
    # Properties
    _new("nullable", "becomes nullable", _VISIBLE, of_value(_shape.nullable)),
    _unusual("absent", "may be absent", _VISIBLE, of_property(_shape.absent)),
    _unusual("renamed", "is renamed", _VISIBLE, of_property(_shape.renamed)),
    _unusual("moved", "moves deeper", _VISIBLE, of_property(_shape.moved)),
    _unusual("added", "gains a property", _VISIBLE, of_object(_shape.added)),
    _unusual("enveloped", "is wrapped in an object", _VISIBLE, of_value(_shape.enveloped)),
    # Other types
    _retyped("number-as-string", "becomes a string", _shape.number_as_string),
    _new("boolean-as-string", "becomes a string", _RETYPED, of_pair(_shape.boolean_as_string)),
    _new("boolean-as-number", "becomes a number", _RETYPED, of_pair(_shape.boolean_as_number)),
    _retyped("string-as-number", "becomes a number", _shape.string_as_number),
    _retyped("expanded", "becomes an object", _shape.string_as_object),
    _retyped("reduced", "is reduced to its id", _shape.object_as_string),
    _retyped("single-as-list", "becomes a list", _shape.as_list),
    _new("list-as-single", "becomes a single value", _RETYPED, of_pair(_shape.as_single)),
    _retyped("paged", "is wrapped in a page", _shape.paged),
    _retyped("list-as-map", "becomes a map", _shape.keyed),
    _retyped("map-as-list", "becomes a list", _shape.as_listed),
    # Lists and maps
    _unusual("empty-list", "is an empty list", _VALUE, of_value(_shape.empty_list)),
    _unusual("long-list", "has many items", _VALUE, of_value(_shape.long_list)),
    _unusual("empty-map", "is an empty map", _VALUE, of_value(_shape.empty_map)),
    _unusual("new-entry", "gains an entry", _VALUE, of_value(_shape.new_entry)),
    # Listed values and branches
    _new("new-value", "gains a value", _ANY, of_value(_scalar.new_value)),
    _new("new-branch", "gains a branch", _ANY, of_value(_shape.new_branch)),
    _new("other-case", "changes its letter case", _VISIBLE, of_value(_scalar.other_case)),
    # Texts
    _unusual("longer", "gets longer", _VALUE, of_value(_scalar.longer)),
    _unusual("empty-text", "becomes an empty string", _VALUE, of_value(_scalar.empty_text)),
    _unusual("non-ascii", "gets characters beyond ASCII", _VALUE, of_value(_scalar.non_ascii)),
    # Dates and times
    _unusual("fractional-seconds", "gets fractional seconds", _VALUE, of_pair(_scalar.fractional_seconds)),
    _unusual("other-offset", "changes its offset", _VISIBLE, of_value(_scalar.other_offset)),
    _unusual("utc-offset", "spells UTC differently (Z, +00:00)", _VISIBLE, of_value(_scalar.utc_offset)),
    _unusual("no-offset", "loses its offset", _VISIBLE, of_value(_scalar.no_offset)),
    _unusual("date-only", "loses its time", _VISIBLE, of_value(_scalar.date_only)),
    _new("epoch", "becomes a number of seconds", _RETYPED, of_value(_scalar.epoch)),
    _unusual("with-time", "gains a time", _VALUE, of_value(_scalar.with_time)),
    # Numbers
    _unusual("beyond-32-bits", "exceeds 32 bits", _LOSSLESS, of_value(_scalar.beyond_32_bits)),
    _unusual("beyond-53-bits", "exceeds 2^53", _LOSSLESS, of_value(_scalar.beyond_53_bits)),
    _new("beyond-maximum", "exceeds its maximum", _LOSSLESS, of_value(_scalar.beyond_maximum)),
    _unusual("fraction", "gets a fraction", _LOSSLESS, of_value(_scalar.fraction)),
    _unusual("negative", "may be negative", _LOSSLESS, of_value(_scalar.negative)),
    _unusual("zero", "may be zero", _VALUE, of_value(_scalar.zero)),
    _unusual("decimal-point", "gets a decimal point (1042.0)", _VISIBLE, of_value(_scalar.decimal_point)),
)
"""All change types, in the order in which they are tried at each location."""

SAFE_CHANGES = (
    "a listed value that is not sent any more",
    "an optional property that is always sent",
    "a nullable value that is never null",
    "a narrower range",
    "a union with fewer branches",
)
"""Changes that no single response shows: the provider sends less than before, so that no reader can break."""
