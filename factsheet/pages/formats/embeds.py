"""Write what other pages show of a sheet: a badge, a card as SVG, and a small HTML page for a frame."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.pages.figures.canvas import cut, width_of
from factsheet.pages.formats.directions import attributes, with_directions
from factsheet.pages.formats.html import html_environment, policy, source
from factsheet.pages.formats.html_text import Anchors
from factsheet.pages.formats.templates import render_template
from factsheet.pages.text import clean

if TYPE_CHECKING:
    from pathlib import Path

    from factsheet.pages.first_screen import KeyFigure
    from factsheet.pages.model import Page

_GOOD, _OPEN, _BAD = "#14633a", "#754800", "#a3202e"
"""Grounds for white letters, each with a contrast of 7 to 1 or more."""
_FONT = "system-ui, -apple-system, 'Segoe UI', Roboto, 'Noto Sans', Arial, sans-serif"


@dataclass(frozen=True, slots=True)
class SheetSeal:
    """What a badge says of a sheet.

    Attributes:
        errors: how many errors the checks find.
        compared: how many figures could be recomputed.
        agreeing: how many of these agree with what the sheet states.
        status: the sheet's own, such as `published`.
    """

    errors: int
    compared: int
    agreeing: int
    status: str | None

    @property
    def parts(self) -> tuple[str, ...]:
        """What it says, part by part: that it was checked, how many figures agree, and the status."""
        checked = "checked" if not self.errors else f"{self.errors} error{'s' if self.errors > 1 else ''}"
        recomputed = (
            f"{self.agreeing} of {self.compared} recomputed" if self.compared else "nothing recomputed"
        )
        return tuple(part for part in (checked, recomputed, self.status) if part)

    @property
    def colour(self) -> str:
        """Red where something is wrong, brown where nothing could be recomputed, else green."""
        if self.errors or self.agreeing < self.compared:
            return _BAD
        return _GOOD if self.compared else _OPEN


def seal_of(page: Page, errors: int) -> SheetSeal:
    """Return what the badge of a sheet says.

    Args:
        page: the page of the whole sheet.
        errors: how many errors the checks find in it.
    """
    checks = [row.agreement.check for row in page.rows if row.agreement is not None]
    agreeing = sum(check in {"agrees", "within tolerance"} for check in checks)
    return SheetSeal(errors, len(checks), agreeing, page.identity.status)


def badge_svg(seal: SheetSeal) -> str:
    """Return a badge: `FactSheet checked · 4 of 4 recomputed · published`."""
    label, text = "FactSheet", cut(" · ".join(seal.parts), 600)
    left, right = round(width_of(label)) + 16, round(width_of(text)) + 16
    words = _escaped(f"{label} {text}")
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{left + right}" height="22" role="img" aria-label="{words}">'
        f"<title>{words}</title>"
        f'<rect width="{left + right}" height="22" rx="4" fill="#0d2a45"/>'
        f'<path d="M{left} 0h{right - 4}a4 4 0 0 1 4 4v14a4 4 0 0 1-4 4h-{right - 4}z" fill="{seal.colour}"/>'
        f'<g fill="#fff" font-family="{_FONT}" font-size="12">'
        f'<text x="8" y="15" textLength="{left - 16}">{label}</text>'
        f'<text x="{left + 8}" y="15" textLength="{right - 16}">{_escaped(text)}</text></g></svg>\n'
    )


_WIDTH = 480
_MOST = 4


def card_svg(page: Page, seal: SheetSeal) -> str:
    """Return a card: the model, the first figures of a reader with what they hold for, and the badge's words."""
    figures = page.opening.figures[:_MOST]
    height = 96 + 78 * -(-len(figures) // 2)
    title = cut(page.title, _WIDTH - 32, 18)
    words = [
        page.title,
        *(
            f"{figure.name}: {figure.value}, {figure.condition} ({figure.provenance}; {figure.check})"
            for figure in figures
        ),
        *seal.parts,
    ]
    shapes = [
        f'<rect x=".5" y=".5" width="{_WIDTH - 1}" height="{height - 1}" rx="8" fill="#fff" stroke="#7c8a98"/>',
        _text(16, 32, title, size=18, bold=True),
        _text(16, 52, cut(" · ".join(page.imprint), _WIDTH - 32), soft=True),
    ]
    for place, figure in enumerate(figures):
        shapes += _figure(figure, 16 + place % 2 * (_WIDTH // 2), 66 + 78 * (place // 2))
    foot = cut(f"FactSheet {' · '.join(seal.parts)}", _WIDTH - 32)
    shapes.append(_text(16, height - 14, foot, fill=seal.colour, bold=True))
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{_WIDTH}" height="{height}" viewBox="0 0 {_WIDTH} {height}" '
        f'role="img" aria-label="{_escaped(clean(page.title))}" font-family="{_FONT}">'
        f"<title>{_escaped(clean('. '.join(words)))}</title>{''.join(shapes)}</svg>\n"
    )


def _figure(figure: KeyFigure, x: int, y: int) -> list[str]:
    room = _WIDTH // 2 - 32
    return [
        f'<path d="M{x} {y}h{room}" stroke="#16202b" stroke-width="1.5"/>',
        _text(x, y + 16, cut(figure.name, room), soft=True),
        _text(x, y + 38, cut(figure.value, room, 20), size=20, bold=True),
        _text(x, y + 53, cut(figure.condition, room, 11), size=11),
        _text(x, y + 67, cut(f"{figure.sign} {figure.provenance}".strip(), room, 11), size=11, soft=True),
    ]


def _text(
    x: int,
    y: int,
    words: str,
    *,
    size: int = 12,
    bold: bool = False,
    soft: bool = False,
    fill: str | None = None,
) -> str:
    if not words:
        return ""
    colour = fill or ("#4b5a69" if soft else "#16202b")
    weight = ' font-weight="600"' if bold else ""
    return f'<text x="{x}" y="{y}" font-size="{size}"{weight} fill="{colour}">{_escaped(words)}</text>'


def _escaped(words: str) -> str:
    from html import escape

    return escape(clean(words))


def fragment_html(page: Page, seal: SheetSeal, overrides: Path | None = None) -> str:
    """Return the first screen of a page as a small HTML file for an `<iframe>`: no script, nothing fetched.

    Raises:
        ResourceMissingError: the program's templates are not where they were installed.
        TemplateFaultError: a template of the user's is wrong.
    """
    from markupsafe import Markup  # comes with jinja2

    environment = html_environment(overrides)
    style = source(environment, "style.css")
    language = page.identity.language
    root, body = attributes(language)
    made = render_template(
        environment,
        "embed.html.j2",
        overrides,
        page=page,
        v=Anchors(page),
        seal=seal,
        style=style,
        policy=policy(style, ()),
        root_attributes=Markup(root),  # noqa: S704  a tag that was checked
        body_attributes=Markup(body),  # noqa: S704  as above
    )
    return with_directions(made, language)
