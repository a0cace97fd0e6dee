"""Write plain text: without what cannot be seen, and as Markdown that shows exactly that text."""

from __future__ import annotations

import re
from urllib.parse import quote

# C0, DEL, C1, the marks that reorder text, lone surrogates: XML forbids some of them, and a text must read the way it
# is written.
_UNSEEN = re.compile("[\x00-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069\ufeff\ufffe\uffff\ud800-\udfff]")


def clean(text: str) -> str:
    """A text on one line, without what can not be seen."""
    return " ".join(_UNSEEN.sub(" ", text).split())


# C0, DEL, C1 and the marks that reorder text: a page must read the way it is written.
_UNSEEN_escape = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_ANYWHERE = re.compile(r"[\\`*\[\]|~$]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# GitHub turns bare addresses into links; a backslash inside keeps them text.
_PROTOCOL = re.compile(r":(?=//)")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
# Neither a backslash nor a character reference keeps GitHub from reading a mention or an e-mail address: both are
# looked for after Markdown has been read. A space of no width does.
_AT = re.compile(r"@(?=\w)")
_NO_WIDTH = "&#8203;"
_BLOCK_START = re.compile(r"#|>|=|[-+](?=[\s-]|$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")
_ADDRESS = re.compile(r"https?://[^\s<>\"'`\\{}|^\[\]]+", re.IGNORECASE)


def escape(text: str) -> str:
    """One line of Markdown that reads as `text`; line breaks and runs of spaces become one space."""
    line = " ".join(_UNSEEN_escape.sub("", text).split())
    line = _ENTITY.sub("&amp;", line)
    line = _ANYWHERE.sub(r"\\\g<0>", line)
    line = _UNDERSCORE.sub(r"\\_", line).replace("<", "&lt;")
    line = _WWW.sub(r"\1\\.", _PROTOCOL.sub(r"\\:", line))
    line = _AT.sub(f"@{_NO_WIDTH}", line)
    line = _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line
    return f"\\{line}" if _BLOCK_START.match(line) else line


def link(address: str) -> str:
    """An address as a link that shows it; as plain text if it is no plain http or https address."""
    if not _ADDRESS.fullmatch(address):
        return escape(address)
    return f"<{quote(address, safe=_URL_CHARACTERS)}>"


_URL_CHARACTERS = "!#$%&()*+,-./:;=?@_~"
"""What an address may hold besides letters and digits (RFC 3986), without the quote."""
