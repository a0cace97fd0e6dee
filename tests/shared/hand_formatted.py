"""Sheets as people lay them out by hand: comments everywhere, flow style, CRLF, tabs in strings, folded texts."""

from __future__ import annotations

import io
from typing import TYPE_CHECKING

from ruamel.yaml import YAML

if TYPE_CHECKING:
    import random


def hand_formatted(text: str, rng: random.Random) -> str:
    """Return a sheet's text as one of many people would have laid it out; it holds the same data."""
    if rng.random() < 0.5:
        text = as_ruamel_lays_it_out(text, rng)
    text = lines_with_comments(text, rng)
    return text.replace("\n", "\r\n") if rng.random() < 0.3 else text


def lines_with_comments(text: str, rng: random.Random) -> str:
    """Return the text with comments and blank lines strewn between its top-level blocks."""
    lines = []
    for line in text.splitlines():
        if line[:1].isalpha() and rng.random() < 0.5:
            lines.append(
                rng.choice(["", "# --- a comment ---", "#\ttabbed\tcomment", "   # an indented one"])
            )
        lines.append(line + (rng.choice(["", "  # behind", "   "]) if line.endswith("}") else ""))
    return "\n".join(lines) + "\n"


def as_ruamel_lays_it_out(text: str, rng: random.Random) -> str:
    """Return the text after a round trip with another width and indentation."""
    yaml = YAML()
    yaml.width = rng.choice([40, 80, 200])
    yaml.indent(mapping=rng.choice([2, 4]), sequence=4, offset=2)
    yaml.preserve_quotes = True
    buffer = io.StringIO()
    yaml.dump(yaml.load(text), buffer)
    return buffer.getvalue()
