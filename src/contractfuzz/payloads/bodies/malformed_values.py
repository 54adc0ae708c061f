"""Malformations of a value: numbers, literals and strings that are not JSON."""

from __future__ import annotations

from contractfuzz.payloads.bodies.splicing import TextChange, replaced_by, with_value

NUMBERS: tuple[tuple[str, str, str], ...] = (
    ("leading-zero", "a number with a leading zero", "01"),
    ("negative-leading-zero", "a negative number with a leading zero", "-012"),
    ("plus-sign", "a number with a plus sign", "+1"),
    ("double-sign", "a number with two signs", "++1"),
    ("space-after-sign", "a space after the sign of a number", "- 1"),
    ("lone-minus", "a minus sign without a number", "-"),
    ("bare-fraction", "a number without a digit before the decimal point", ".5"),
    ("negative-bare-fraction", "a negative number without a digit before the decimal point", "-.5"),
    ("bare-decimal-point", "a number without a digit after the decimal point", "2."),
    ("point-before-exponent", "a number without a digit between the decimal point and the exponent", "0.e1"),
    ("two-points", "a number with two decimal points", "-1.0."),
    ("empty-exponent", "an exponent without digits", "0e"),
    ("signed-empty-exponent", "an exponent with a sign and no digits", "0e+"),
    ("fraction-empty-exponent", "a fraction with an exponent without digits", "1.0E+"),
    ("exponent-signs", "an exponent with two signs", "0e+-1"),
    ("exponent-fraction", "an exponent with a fraction", "1e1.5"),
    ("double-exponent", "a number with two exponents", "1eE2"),
    ("hexadecimal", "a hexadecimal number", "0x1F"),
    ("octal", "an octal number", "0o17"),
    ("thousands-separator", "a number with an underscore between its digits", "1_000"),
    ("number-suffix", "a letter after a number", "1n"),
    ("foreign-digit", "a full-width digit (U+FF11)", "\uff11"),
    ("mixed-digits", "an Arabic digit (U+0663) after an ASCII digit", "1\u0663"),
    ("expression", "a sum of two numbers", "1+2"),
    ("inf", "the word Inf", "Inf"),
    ("signed-inf", "the word Inf after a plus sign", "+Inf"),
    ("negative-nan", "the word NaN after a minus sign", "-NaN"),
    ("lower-case-nan", "the word nan in lower case", "nan"),
    ("lower-case-infinity", "the word infinity in lower case", "infinity"),
)
"""Numbers that are not JSON: name, description and text."""

LITERALS: tuple[tuple[str, str, str], ...] = (
    ("python-literals", "the Python literals True and None", "[True,None]"),
    ("upper-case-literals", "literals in upper case", "[TRUE,NULL]"),
    ("cut-literal", "the first letters of a literal", "[tru]"),
    ("misspelt-literal", "literals with a wrong letter", "[trve,falsy,nuil]"),
    ("literal-with-more", "a letter after a literal", "[nulls]"),
    ("unquoted-string", "a string without quotes", "[yes]"),
    ("non-ascii-unquoted-string", "a string without quotes that is not ASCII", "[é]"),
    ("undefined", "the word undefined of JavaScript", "undefined"),
    ("nil", "the word nil of Ruby and Go", "nil"),
)
"""Literals that are not JSON: name, description and text."""

STRINGS: tuple[tuple[str, str, str | bytes], ...] = (
    ("single-quotes", "single quotes around a string", "'a'"),
    ("raw-control-character", "a control character that is not escaped", '"a\x01b"'),
    ("raw-newline", "a line break inside a string", '"a\nb"'),
    ("raw-tab", "a tab inside a string", '"a\tb"'),
    ("raw-nul", "a NUL byte inside a string", '"a\0b"'),
    ("bad-escape", "an escape that is not in JSON", '"\\x41"'),
    ("letter-escape", "an escaped letter that is not in JSON", '"\\a"'),
    ("vertical-tab-escape", "the escape of a vertical tab, which JSON does not have", '"\\v"'),
    ("digit-escape", "the escape \\0 of C", '"\\0"'),
    ("apostrophe-escape", "an escaped apostrophe", '"\\\'"'),
    ("signed-escape", "a \\u escape with a sign", '"\\u+041"'),
    ("spaced-escape", "a \\u escape with a space", '"\\u 041"'),
    ("capital-escape", "a \\U escape", '"\\U0041"'),
    ("escaped-newline", "a backslash before a line break", '"a\\\nb"'),
    ("escaped-tab", "a backslash before a tab", '"\\\t"'),
    ("escaped-nul", "a backslash before a NUL byte", '"\\\0"'),
    ("escaped-emoji", "a backslash before a character that is not ASCII", '"\\\U0001f300"'),
    ("short-escape", "a \\u escape with three digits", '"\\u00A"'),
    ("non-hexadecimal-escape", "a \\u escape without hexadecimal digits", '"\\uqqqq"'),
    ("short-low-surrogate", "a \\u escape of a low surrogate with two digits", '"\\ud834\\udd"'),
    ("lone-backslash", "a backslash before the last quote", '["\\"]'),
    ("overlong-utf-8", "an overlong UTF-8 sequence", b'"\xc0\xaf"'),
    ("cut-utf-8", "a truncated UTF-8 sequence", b'"\xe2\x82"'),
    ("lone-continuation", "a UTF-8 continuation byte without a first byte", b'"\x81"'),
    ("beyond-unicode", "a UTF-8 sequence beyond U+10FFFF", b'"\xf4\xbf\xbf\xbf"'),
    ("latin-1", "Latin-1 instead of UTF-8", b'"\xe9"'),
)
"""Strings that are not JSON: name, description and bytes."""

WHOLE_BODIES: tuple[tuple[str, str, str], ...] = (
    ("bare-word", "one word without quotes", "ok"),
    ("bare-symbol", "one symbol", "*"),
    ("number-and-symbol", "a number and a symbol", "2@"),
    ("angle-brackets", "a word in angle brackets", "<null>"),
    ("lone-quote", "one quote", '"'),
)
"""Values that are not JSON in place of the whole text: name, description and text."""

MALFORMED_VALUES: tuple[tuple[str, str, TextChange], ...] = (
    *((name, description, with_value(value)) for name, description, value in (*NUMBERS, *LITERALS, *STRINGS)),
    *((name, description, replaced_by(value)) for name, description, value in WHOLE_BODIES),
)
"""The malformations of this module: name, description, and the function that makes the body."""
