"""Drop from the texts of a sheet what nobody sees: a page must read the way it is written."""

from __future__ import annotations

import re

# C0, DEL, C1, the marks that reorder text, lone surrogates and what is no character in XML, as which WeasyPrint and
# validators read a page.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")
# The same, but for tabs and ends of lines.
_UNSEEN_IN_LINES = re.compile(
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]"
)


def clean(text: str) -> str:
    """Return a text on one line, without what cannot be seen."""
    return " ".join(_UNSEEN.sub(" ", text).split())


def visible(text: str) -> str:
    """Return a text of several lines without what cannot be seen."""
    # What Python can print has nothing unseen in it, and to ask is quicker than to replace.
    return text if text.isprintable() else _UNSEEN_IN_LINES.sub("", text)


def without_stop(text: str) -> str:
    """Return a sentence without the full stop that its script has, to go on in a sentence of ours."""
    return text.rstrip(" .。।")
