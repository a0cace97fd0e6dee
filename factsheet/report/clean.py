"""Text from sheets and file names, made fit to stand in a report.

A value can hold what drives a terminal, turns the reading direction or can not be encoded: an escape put it there,
or the name of a file did. A report is read by people, log viewers and parsers, and none of them should obey it.
"""

from __future__ import annotations

import re

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# C0 but for tab and the line breaks, DEL, C1, the breaks and the mark that are invisible, and what XML 1.0 and UTF-8
# can not carry; then the overrides that make a line read otherwise than it is (Unicode TR 9, explicit formatting).
_UNFIT = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SURROGATE = "[\ud800-\udfff]"


def harmless(text: str) -> str:
    """The text with U+FFFD for what no report may carry, one for one; tabs and line breaks are left to the caller."""
    return re.sub(_UNFIT, REPLACEMENT, text)


def readable(text: str) -> str:
    """The text with U+FFFD for what no report may carry; line breaks stay, as line feeds."""
    if text.isascii() and text.isprintable():
        return text
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """The same on one line: each run of line breaks and tabs becomes a space."""
    text = readable(text)
    return text if text.isprintable() else re.sub("[\n\t]+", " ", text)


def encodable(text: str) -> str:
    """The text as it is, but for halves of surrogate pairs: undecodable bytes of a file name, which UTF-8 lacks."""
    return text if text.isascii() else re.sub(_SURROGATE, REPLACEMENT, text)
