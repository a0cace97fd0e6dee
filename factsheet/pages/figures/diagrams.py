"""Write Mermaid diagrams, which GitHub and GitLab draw from text.

A sheet's texts only get into quoted labels, and there only letters, digits and a few signs: Mermaid has directives,
links and HTML of its own, and no way to quote them that all its versions keep to.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_KEPT = frozenset(" .,%+-−–×/()")
_PER_CENTS = re.compile(r"%[% ]*%")
_LONGEST = 60
MOST_BARS = 30


def label(text: str) -> str:
    """Return a text that is safe in a quoted label: what is no letter, digit or plain sign becomes a space."""
    kept = "".join(sign if sign.isalnum() or sign in _KEPT else " " for sign in text)
    # Two per cent signs begin a comment or a directive, even in quotes.
    line = _PER_CENTS.sub("%", " ".join(kept.split()))
    return line if len(line) <= _LONGEST else f"{line[: _LONGEST - 1].rstrip()}…"


def chart(title: str, names: Iterable[str], unit: str, reach: tuple[float, float]) -> Iterator[str]:
    """Yield the lines that begin a chart: its title, names along the bottom, and the unit and reach of its values."""
    yield "xychart-beta"
    yield f'    title "{label(title)}"'
    yield f"    x-axis [{', '.join(quoted(name) for name in names)}]"
    yield f'    y-axis "{label(unit)}" {reach[0]:g} --> {reach[1]:g}'


def quoted(text: str) -> str:
    """Return a text as a label in quotes; a dash where nothing of it is safe."""
    return f'"{label(text) or "–"}"'


def series(kind: str, values: Iterable[float]) -> str:
    """Return the line of a chart that draws values as `bar` or `line`."""
    return f"    {kind} [{', '.join(f'{value:.6g}' for value in values)}]"
