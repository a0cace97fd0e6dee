"""Plain text for formats that show it as it is: without what can not be seen."""

from __future__ import annotations

import re

# C0, DEL, C1, the marks that reorder text, lone surrogates: XML forbids some of them, and a text must read the way it
# is written.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """A text on one line, without what can not be seen."""
    return " ".join(_UNSEEN.sub(" ", text).split())
