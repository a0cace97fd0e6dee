"""A logo is drawn as often as its parts refer to each other, and refused before that takes for ever."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from factsheet.errors import UsageError
from factsheet.pages.formats.logo import read_logo

if TYPE_CHECKING:
    from pathlib import Path

DOUBLED = range(40)
"""Each of so many parts draws the next one twice: 2 to the power of 40 in all."""
PATH = "M0 0 L1 1 L2 2 L3 3"


def _each(part: str) -> str:
    """Return a part for each number `@`, which refers to the one after it, `%`."""
    return "".join(part.replace("@", str(one)).replace("%", str(one + 1)) for one in DOUBLED)


BOMBS = {
    "use": "<defs>" + _each('<g id="a@"><use href="#a%"/><use href="#a%"/></g>') + '</defs><use href="#a0"/>',
    "use of the other kind": '<symbol id="b"/>'
    + _each('<symbol id="a@"><use x:href="#a%"/><use x:href="#a%"/></symbol>')
    + '<use x:href="#a0"/>',
    "patterns": _each(
        f'<pattern id="a@"><path d="{PATH}" fill="url(#a%)"/><path d="{PATH}" fill="url(#a%)"/></pattern>'
    )
    + f'<path d="{PATH}" fill="url(#a0)"/>',
    "markers": _each(f'<marker id="a@"><path d="{PATH}" marker-mid="url(#a%)"/></marker>')
    + f'<path d="{PATH}" marker="url(#a0)"/>',
    "markers of the shape's colour": _each(
        f'<pattern id="a@"><path d="{PATH}" marker-mid="url(#m)" fill="url(#a%)"/></pattern>'
    )
    + f'<marker id="m"><path d="{PATH}" fill="context-fill"/></marker><path d="{PATH}" fill="url(#a0)"/>',
    "masks": _each('<mask id="a@"><g mask="url(#a%)"/><g mask="url(\'#a%\')"/></mask>')
    + '<g mask="url(#a0)"/>',
    "clips": _each('<clipPath id="a@"><g style="clip-path: url(#a%)"/><g clip-path="url(#a%)"/></clipPath>')
    + '<g clip-path="url(#a0)"/>',
    "a style sheet": "<style>"
    + _each("g.c@, b { mask: url(#a%) }")
    + "</style>"
    + _each('<mask id="a@"><g class="d c@"/><g class="c@"/></mask>')
    + '<g mask="url(#a0)"/>',
    "what is handed down": _each(
        f'<g fill="url(#a%)"><pattern id="a@"><path d="{PATH}"/><path d="{PATH}"/></pattern></g>'
    )
    + f'<path d="{PATH}" fill="url(#a0)"/>',
    "itself": '<g id="a"><use href="#a"/></g>',
    "depth": "<g>" * 5_000 + "</g>" * 5_000,
    "length": f'<path d="{PATH * 20_000}"/>',
    "letters": f"<text>{'a' * 20_000}</text>",
    "another file": '<image href="file:///etc/hostname"/>',
    "this file": '<use href="factsheet:logo#a"/>',
    "a style sheet elsewhere": "<style>@import url(x.css);</style>",
    "an end that is missing": "<g>",
}


@pytest.mark.parametrize("kind", BOMBS)
def test_a_logo_that_multiplies_is_refused_before_it_is_drawn(kind: str, tmp_path: Path) -> None:
    logo = tmp_path / "logo.svg"
    logo.write_text(
        f'<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink">{BOMBS[kind]}</svg>'
    )
    with pytest.raises(UsageError, match="this SVG is no logo for a cover"):
        read_logo(logo)


def test_a_logo_as_drawing_programs_write_it_is_taken(tmp_path: Path) -> None:
    # Classes, clips, gradients that take after each other and symbols are what Illustrator and Inkscape write.
    shapes = "".join(f'<g class="clip"><path class="a{one % 9}" d="{PATH}"/></g>' for one in range(500))
    logo = tmp_path / "logo.svg"
    logo.write_text(
        '\ufeff<?xml version="1.0" encoding="UTF-8"?>\n<!-- made by hand -->\n'
        '<svg xmlns="http://www.w3.org/2000/svg" xmlns:x="http://www.w3.org/1999/xlink" viewBox="0 0 9 9">'
        "<defs><style>.clip{clip-path:url(#c)} .a1, .a2 {fill:url(#second)}</style>"
        '<linearGradient id="first"><stop offset="0"/><stop offset="1"/></linearGradient>'
        '<linearGradient id="second" x:href="#first"/>'
        '<clipPath id="c"><rect class="b" width="9" height="9"/></clipPath>'
        f'<symbol id="s"><path d="{PATH}"/></symbol></defs>{shapes}'
        '<use href="#s"/><use x:href="#s"/></svg>',
        encoding="utf-8",
    )
    assert read_logo(logo) == logo.read_bytes()
