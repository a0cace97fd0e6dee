"""Write Mermaid diagrams, which GitHub and GitLab draw from text.

A sheet's texts only get into quoted labels, and there only letters, digits and a few signs: Mermaid has directives,
links and HTML of its own, and no way to quote them that all its versions keep to.
"""

from __future__ import annotations

import re

_KEPT = frozenset(" .,%+-−–×/()")
_PER_CENTS = re.compile(r"%[% ]*%")
_LONGEST = 60


def label(text: str) -> str:
    """Return a text that is safe in a quoted label: what is no letter, digit or plain sign becomes a space."""
    kept = "".join(sign if sign.isalnum() or sign in _KEPT else " " for sign in text)
    # Two per cent signs begin a comment or a directive, even in quotes.
    line = _PER_CENTS.sub("%", " ".join(kept.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def quoted(text: str) -> str:
    """Return a text as a label in quotes; a dash where nothing of it is safe."""
    return f'"{label(text) or "–"}"'
