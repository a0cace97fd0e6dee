"""Write words of a sheet as Markdown that shows exactly them, and words of ours that may hold code.

A sheet is untrusted: its texts must not become markup, links, images or HTML on a page that somebody else shows
under their own name. The rules are those of CommonMark 0.31 and of GitHub's extensions (tables, strikethrough,
autolinks, mentions, formulas). The result stays as readable as it can be: a character is only escaped where it could
mean something.
"""

from __future__ import annotations

import re

from factsheet.reports.text import one_line

# C0, DEL, C1 and the marks that reorder text: a page must read the way it is written.
_UNSEEN = re.compile("[\x00-\x08\x0e-\x1b\x7f-\x84\x86-\x9f\u202a-\u202e\u2066-\u2069\ufeff]")
_ANYWHERE = re.compile(r"[\\`*\[\]|~$]")
_UNDERSCORE = re.compile(r"(?<![^\W_])_|_(?![^\W_])")
_ENTITY = re.compile(r"&(?=#?\w+;)")
# GitHub turns bare addresses into links; a backslash inside keeps them text.
_PROTOCOL = re.compile(r":(?=//)")
_WWW = re.compile(r"\b(www)\.", re.IGNORECASE)
# Neither a backslash nor a character reference keeps GitHub from reading a mention or an e-mail address: both are
# looked for after Markdown has been read, but not in code, from which an address can be copied as it is.
_AT = re.compile(r"((?<![\w.+-])[\w.+-]*@\w(?:[\w.@+-]*\w)?)")
_BLOCK_START = re.compile(r"#|>|=|[-+](?=[\s-]|$)")
_NUMBERED = re.compile(r"(\d{1,9})([.)])(?=\s|$)")


def escape(text: str) -> str:
    """Return one line of Markdown that reads as `text`; line breaks and runs of spaces become one space."""
    return escape_line_start(escape_span(" ".join(_UNSEEN.sub("", text).split())))


def escape_span(text: str) -> str:
    """Return text for the middle of a line; what only means something where a line begins stays as it is."""
    parts = _AT.split(_UNSEEN.sub("", text))
    return "".join(f"`{part}`" if place % 2 else _escaped(part) for place, part in enumerate(parts))


def _escaped(text: str) -> str:
    line = _ENTITY.sub("&amp;", text)
    line = _ANYWHERE.sub(r"\\\g<0>", line)
    line = _UNDERSCORE.sub(r"\\_", line).replace("<", "&lt;")
    return _WWW.sub(r"\1\\.", _PROTOCOL.sub(r"\\:", line))


def escape_line_start(line: str) -> str:
    """Return a line whose beginning starts no heading, quote or list."""
    line = _NUMBERED.sub(r"\1\\\2", line, count=1) if _NUMBERED.match(line) else line
    return f"\\{line}" if _BLOCK_START.match(line) else line


def inert_markdown(text: str) -> str:
    """Return words that may be a stranger's, of a template, on one line in which Markdown finds no link and no HTML.

    Code between single backticks stays as it is: nothing in it is either. All other backticks are written as their
    entities, as are `<` and `[`, so that none pairs with one of the text that follows; a backslash would escape none of
    them, since one that stands before it already would undo it.
    """
    line = one_line(" ".join(text.split()))
    if "``" in line:  # runs of several pair in ways of their own
        return _inert(line)
    parts = re.split(r"(`[^`]*`)", line)
    return "".join(part if part[:1] == part[-1:] == "`" and len(part) > 1 else _inert(part) for part in parts)


def _inert(text: str) -> str:
    return text.replace("<", "&lt;").replace("[", "&#91;").replace("`", "&#96;")
