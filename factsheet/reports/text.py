"""Make text fit for a report: harmless to terminals and parsers, with places named in one way.

A value can hold what drives a terminal, turns the reading direction or cannot be encoded: an escape put it there,
or the name of a file did. A report is read by people, log viewers and parsers, and none of them should obey it.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from factsheet.source.document import KeyPath

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"

# C0 but for tab and the line breaks, DEL, C1, the breaks and the mark that are invisible, and what XML 1.0 and UTF-8
# cannot carry; then the overrides that make a line read otherwise than it is (Unicode TR 9, explicit formatting).
_UNFIT = (
    "[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff\ud800-\udfff"
    "\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]"
)
_SURROGATE = "[\ud800-\udfff]"


def harmless(text: str) -> str:
    """Replace what no report may carry by U+FFFD, one for one; tabs and line breaks are left to the caller."""
    return re.sub(_UNFIT, REPLACEMENT, text)


def readable(text: str) -> str:
    """Replace what no report may carry by U+FFFD; line breaks stay, as line feeds."""
    if text.isascii() and text.isprintable():
        return text
    return harmless(text.replace("\r\n", "\n").replace("\r", "\n"))


def one_line(text: str) -> str:
    """Do the same on one line: each run of line breaks and tabs becomes a space."""
    text = readable(text)
    return text if text.isprintable() else re.sub("[\n\t]+", " ", text)


def encodable(text: str) -> str:
    """Replace halves of surrogate pairs: undecodable bytes of a file name, which UTF-8 cannot encode."""
    return text if text.isascii() else re.sub(_SURROGATE, REPLACEMENT, text)


def dotted(path: KeyPath) -> str:
    """Write a path in the sheet: `performance.results[0].scores["top 1"]`; empty for the sheet as a whole.

    Unlike `factsheet.source.document.dotted`, which is for people, no two paths read alike:
    programs take findings apart by it.
    """
    text = ""
    for part in path:
        if isinstance(part, int):
            text += f"[{part}]"
        elif re.fullmatch(r"[\w-]+", part):
            text += f".{part}" if text else part
        else:
            import json  # start-up: few keys need quotes

            text += f"[{json.dumps(part, ensure_ascii=False)}]"
    return text


def is_absolute(name: str) -> bool:
    """Return whether a name with `/` between folders starts at a root, a drive's included."""
    return name.startswith("/") or re.match("[A-Za-z]:/", name) is not None


def uri(name: str) -> str:
    """Write a name as a URI (RFC 3986): relative as it is, absolute as `file://…`; bytes that are no UTF-8 stay."""
    from urllib.parse import quote  # start-up: reports for programs alone hold addresses

    # A colon in the first segment of a relative reference would make it a scheme, so it is escaped as well.
    escaped = quote(name.encode("utf-8", "surrogateescape"), safe="/")
    if not is_absolute(name):
        return escaped
    return f"file://{escaped}" if name.startswith("/") else f"file:///{name[0]}:{escaped[4:]}"


class Style(NamedTuple):
    """What to put around words; plain unless `coloured`."""

    coloured: bool = False

    def _wrap(self, code: str, text: str) -> str:
        return f"\x1b[{code}m{text}\x1b[0m" if self.coloured else text

    def strong(self, text: str) -> str:
        """Bold."""
        return self._wrap("1", text)

    def faint(self, text: str) -> str:
        """Dim, for lines that frame others."""
        return self._wrap("2", text)

    def error(self, text: str) -> str:
        """Bold red, readable on dark and light."""
        return self._wrap("1;31", text)

    def warning(self, text: str) -> str:
        """Bold yellow."""
        return self._wrap("1;33", text)

    def info(self, text: str) -> str:
        """Bold cyan."""
        return self._wrap("1;36", text)

    def good(self, text: str) -> str:
        """Green."""
        return self._wrap("32", text)

    def of(self, severity: str, text: str) -> str:
        """Return the colour of a severity."""
        return {"error": self.error, "warning": self.warning, "info": self.info}[severity](text)
