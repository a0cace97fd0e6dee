"""Write SVG on a small canvas: shapes, texts, markers and axes, with the same bytes for the same drawing.

A figure has one colour that carries its message, a grey for what that is compared with, and names beside its marks
instead of a key. It is drawn for two widths: a wide one for screens and paper, a narrow one for phones, where letters
of the wide one would be too small.
"""

from __future__ import annotations

import math
import re
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from factsheet.pages.text import clean

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

WIDTH = 760
"""Of a figure, in px; the height follows from what is in it."""
NARROW = 360
"""Of a figure for a phone, in px."""
FONT_SIZE = 13
ACCENT = "#2b7bc4"
GREY = "#7a7f87"
_CHARACTER = 0.56
"""Width of a character over the font's size, on average, for the sans-serif fonts in use."""
LETTERS = f'font-family="sans-serif" font-size="{FONT_SIZE}" fill="currentColor"'
"""Attributes of whatever holds a drawing's shapes."""
_STANDALONE = (
    "<style>svg{color:#1a1a1a;background:#fff}"
    "@media (prefers-color-scheme:dark){svg{color:#e8e8e8;background:#0d1117}}</style>"
)


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """Return a coordinate, to a tenth, without needless zeros."""
    rounded = round(value, 1)
    whole = int(rounded)
    return str(whole) if whole == rounded else str(rounded)


def width_of(text: str, size: float = FONT_SIZE) -> float:
    """Return about how wide a text is, in px."""
    wide = sum(unicodedata.east_asian_width(character) in "WF" for character in text)
    return (len(text) + wide) * size * _CHARACTER


def cut(text: str, width: float, size: float = FONT_SIZE) -> str:
    """Return the text as far as it fits a width, with an ellipsis for the rest."""
    line = clean(text)
    if width_of(line, size) <= width:
        return line
    line = line[
        : int(width / (size * _CHARACTER)) + 1
    ]  # no character is narrower: long texts are cut at once
    while line and width_of(f"{line}…", size) > width:
        line = line[:-1]
    return f"{line.rstrip()}…"


def wrapped(text: str, width: float, size: float = FONT_SIZE) -> list[str]:
    """Return the text as lines that fit a width; a word that does not fit alone is cut."""
    lines: list[str] = []
    for word in clean(text).split():
        if lines and width_of(f"{lines[-1]} {word}", size) <= width:
            lines[-1] = f"{lines[-1]} {word}"
        else:
            lines.append(cut(word, width, size))
    return lines


class Drawing(NamedTuple):
    """The shapes of a figure as SVG elements, and the size of the frame that they fill, in px."""

    width: float
    height: float
    shapes: str


class _Extent(NamedTuple):
    """The rectangle that a shape is in, its edges in px."""

    left: float = -math.inf
    top: float = -math.inf
    right: float = math.inf
    bottom: float = math.inf

    def meets(self, other: _Extent) -> bool:
        """Return whether the two have a place in common, the width of a line around each among it."""
        return (
            self.left - 1 < other.right + 1
            and other.left - 1 < self.right + 1
            and self.top - 1 < other.bottom + 1
            and other.top - 1 < self.bottom + 1
        )


_ANYWHERE = _Extent()
_STRAIGHT = re.compile(r"(?:[ML]-?[\d.]+ -?[\d.]+)+")
_COORDINATE = re.compile(r"-?[\d.]+")


def _extent_of(outline: str) -> _Extent:
    """Return where an outline of straight lines is; one of others may be anywhere."""
    if not _STRAIGHT.fullmatch(outline):
        return _ANYWHERE
    numbers = [float(text) for text in _COORDINATE.findall(outline)]
    xs, ys = numbers[::2], numbers[1::2]
    return _Extent(min(xs), min(ys), max(xs), max(ys))


class _LikeShapes(NamedTuple):
    """Shapes that look alike, which say once what they look like.

    Attributes:
        look: their attributes.
        shapes: elements without them; of outlines, which are one path together, the data of each.
        extents: where each is.
    """

    look: str
    outlines: bool
    shapes: list[str]
    extents: list[_Extent]

    def __str__(self) -> str:
        if self.outlines:
            return f'<path d="{"".join(self.shapes)}"{self.look}/>'
        if len(self.shapes) == 1:
            return f"<{self.shapes[0]}{self.look}/>"
        return f"<g{self.look}>{''.join(f'<{shape}/>' for shape in self.shapes)}</g>"


class Canvas:
    """Collects shapes in three layers: faint lines, above them shapes as they come, above them texts."""

    def __init__(self, name: str, width: float = WIDTH) -> None:
        self.name = name
        self.width = width
        self._faint_lines: dict[str, list[str]] = {}
        self._shapes: list[_LikeShapes] = []
        self._texts: dict[str, list[str]] = {}

    @property
    def narrow(self) -> bool:
        """Whether the figure is for a phone."""
        return self.width < WIDTH

    def text(
        self,
        x: float,
        y: float,
        words: str,
        *,
        anchor: str = "start",
        size: float = FONT_SIZE,
        bold: bool = False,
        turned: float = 0,
        faint: bool = False,
    ) -> None:
        """Draw a line of text; `y` is its base line."""
        look = "" if size == FONT_SIZE else f' font-size="{number(size)}"'
        look += "" if anchor == "start" else f' text-anchor="{anchor}"'
        look += ' font-weight="bold"' if bold else ""
        look += ' fill-opacity="0.75"' if faint else ""
        turn = f' transform="rotate({number(turned)} {number(x)} {number(y)})"' if turned else ""
        self._texts.setdefault(look, []).append(
            f'<text x="{number(x)}" y="{number(y)}"{turn}>{escape(clean(words))}</text>'
        )

    def note(self, x: float, y: float, words: str, *, size: float = FONT_SIZE, faint: bool = True) -> float:
        """Write a text on as many lines as it needs, the first at `y`; return the base line below the last."""
        for line in wrapped(words, self.width - x - 4, size):
            self.text(x, y, line, size=size, faint=faint)
            y += size + 4
        return y

    def line(
        self,
        x1: float,
        y1: float,
        x2: float,
        y2: float,
        *,
        width: float = 1,
        dash: str = "",
        faint: bool = False,
    ) -> None:
        """Draw a straight line in the colour of the text."""
        self.path(
            f"M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}", width=width, dash=dash, faint=faint
        )

    def path(
        self,
        data: str,
        *,
        stroke: str = "currentColor",
        width: float = 1,
        dash: str = "",
        faint: bool = False,
    ) -> None:
        """Draw an outline; a faint one goes behind whatever else the figure shows."""
        look = f' fill="none" stroke="{stroke}"'
        look += "" if width == 1 else f' stroke-width="{number(width)}"'
        look += f' stroke-dasharray="{dash}"' if dash else ""
        if faint:
            self._faint_lines.setdefault(f'{look} stroke-opacity="0.35"', []).append(data)
        else:
            self._add(look, data, _extent_of(data), outline=True)

    def area(self, data: str, *, colour: str, opacity: float = 1) -> None:
        """Fill a shape, without an outline."""
        self._add(_fill(colour, opacity), f'path d="{data}"')

    def box(
        self,
        x: float,
        y: float,
        width: float,
        height: float,
        *,
        colour: str = "none",
        opacity: float = 1,
        outlined: bool = True,
    ) -> None:
        """Draw a rectangle."""
        look = _fill(colour, opacity) + (' stroke="currentColor"' if outlined else "")
        size = f'width="{number(width)}" height="{number(height)}"'
        shape = f'rect x="{number(x)}" y="{number(y)}" {size}'
        self._add(look, shape, _Extent(x, y, x + width, y + height))

    def marker(
        self, shape: str, x: float, y: float, colour: str, *, size: float = 5, hollow: bool = False
    ) -> None:
        """Mark a point: `circle`, `square`, `triangle`, `diamond`, `cross`."""
        look = f' fill="none" stroke="{colour}" stroke-width="2"' if hollow else _fill(colour)
        # The corners of a diamond are furthest out.
        extent = _Extent(x - 1.4 * size, y - 1.4 * size, x + 1.4 * size, y + 1.4 * size)
        if shape == "circle":
            self._add(look, f'circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}"', extent)
            return
        corners = {
            "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
            "triangle": ((0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
            "diamond": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
            "cross": ((-1, -0.4), (1, -0.4), (1, 0.4), (-1, 0.4)),
        }[shape]
        points = " ".join(f"{number(x + dx * size)},{number(y + dy * size)}" for dx, dy in corners)
        self._add(look, f'polygon points="{points}"', extent)

    def arrow(self, x1: float, y1: float, x2: float, y2: float) -> None:
        """Draw a line with a head at its end, along one of the axes."""
        self.line(x1, y1, x2, y2)
        dx, dy = (x2 > x1) - (x2 < x1), (y2 > y1) - (y2 < y1)
        left, right = (
            (x2 - 6 * dx - 3 * dy, y2 - 6 * dy - 3 * dx),
            (x2 - 6 * dx + 3 * dy, y2 - 6 * dy + 3 * dx),
        )
        corners = ((x2, y2), left, right)
        points = " ".join(f"{number(x)},{number(y)}" for x, y in corners)
        self._add(_fill("currentColor"), f'polygon points="{points}"')

    def _add(self, look: str, shape: str, extent: _Extent = _ANYWHERE, *, outline: bool = False) -> None:
        """Draw a shape with those that look like it, as far back as nothing in between would come to lie upon it."""
        for group in reversed(self._shapes):
            if (group.look, group.outlines) == (look, outline):
                group.shapes.append(shape)
                group.extents.append(extent)
                return
            if any(extent.meets(other) for other in group.extents):
                break
        self._shapes.append(_LikeShapes(look, outline, [shape], [extent]))

    def drawing(self, height: float) -> Drawing:
        """Return what has been drawn, in a frame of this height."""
        behind = (f'<path d="{"".join(lines)}"{look}/>' for look, lines in self._faint_lines.items())
        texts = (
            "".join(group) if not look else f"<g{look}>{''.join(group)}</g>"
            for look, group in self._texts.items()
        )
        return Drawing(self.width, height, "".join((*behind, *map(str, self._shapes), *texts)))

    def svg(self, height: float, title: str, text: str, *, standalone: bool = False) -> str:
        """Return the figure as an `<svg>` element.

        Args:
            height: in px.
            title: what it shows.
            text: the same in words, for those who do not see it.
            standalone: as a file of its own, which has to know dark backgrounds itself.
        """
        across, down = number(self.width), number(height)
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg" width="{across}" height="{down}" viewBox="0 0 {across} {down}" '
            f'role="img" aria-labelledby="{self.name}-title {self.name}-text" {LETTERS}>'
            f'<title id="{self.name}-title">{escape(clean(title))}</title>'
            f'<desc id="{self.name}-text">{escape(clean(text))}</desc>'
            f"{_STANDALONE if standalone else ''}{self.drawing(height).shapes}</svg>"
        )


def _fill(colour: str, opacity: float = 1) -> str:
    """Return the look of a filled shape; that of no colour of its own has the text's."""
    look = "" if colour == "currentColor" else f' fill="{colour}"'
    return look if opacity == 1 else f'{look} fill-opacity="{number(opacity)}"'


class FigureData(ABC):
    """What a figure is drawn from: numbers and short texts, and the drawing of them in both forms."""

    __slots__ = ()

    @abstractmethod
    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""

    def diagrams(self, title: str) -> Iterator[str]:  # noqa: ARG002  for those that have one
        """Yield the figure as diagrams for Mermaid, for the figures that Mermaid draws so that they can be read."""
        yield from ()


def squares(corners: Iterable[tuple[float, float, float, float]]) -> str:
    """Return the path of many rectangles at once, each by its corner, width and height."""
    return "".join(
        f"M{number(x)} {number(y)}h{number(w)}v{number(h)}h{number(-w)}z" for x, y, w, h in corners
    )


def polyline(points: Sequence[tuple[float, float]]) -> str:
    """Return the path through these points."""
    return "M" + "L".join(f"{number(x)} {number(y)}" for x, y in points)


_SAME = 1e-6
"""Numbers closer than this are one on an axis."""
_STEPS = (1, 2, 2.5, 5, 10)


@dataclass(frozen=True, slots=True)
class Axis:
    """From numbers between `low` and `high` to px between `start` and `end`; `log` where each decade is as long."""

    low: float
    high: float
    start: float
    end: float
    log: bool = False

    def __call__(self, value: float) -> float:
        """Return the place of a value; one beyond the ends is put at the end."""
        low, high = (math.log10(self.low), math.log10(self.high)) if self.log else (self.low, self.high)
        at = math.log10(value) if self.log else value
        share = 0.5 if high == low else (at - low) / (high - low)
        return self.start + min(max(share, 0), 1) * (self.end - self.start)


def ticks(low: float, high: float, most: int = 6) -> tuple[float, ...]:
    """Return round numbers that take in all from `low` to `high`, at most about `most`."""
    span = high - low if high - low > _SAME else max(abs(high), 1.0)
    raw = span / most
    power = 10.0 ** math.floor(math.log10(raw))
    step = next(power * nice for nice in _STEPS if power * nice >= raw * (1 - 1e-9))
    first, last = math.floor(low / step + 1e-9), math.ceil(high / step - 1e-9)
    return tuple(round(count * step, 12) for count in range(first, max(last, first + 1) + 1))


def decades(low: float, high: float) -> tuple[float, ...]:
    """Return the numbers 1, 2, 5 times powers of ten from `low` to `high`, thinned where they are many."""
    first, last = math.floor(math.log10(low)), math.ceil(math.log10(high))
    nice = (1, 2, 5) if last - first <= 2 else (1,)  # noqa: PLR2004  two decades with 1, 2, 5 fill an axis
    found = [base * 10.0**power for power in range(first, last + 1) for base in nice]
    below = [value for value in found if value <= low * (1 + 1e-9)]
    above = [value for value in found if value >= high * (1 - 1e-9)]
    return tuple(value for value in found if below[-1] <= value <= above[0])
