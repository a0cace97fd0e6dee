"""Write SVG on a small canvas: shapes, texts, markers and axes, with the same bytes for the same drawing.

A figure has one colour that carries its message, a grey for what that is compared with, and names beside its marks
instead of a key. It is drawn for two widths: a wide one for screens and paper, a narrow one for phones, where letters
of the wide one would be too small.
"""

from __future__ import annotations

import math
import unicodedata
from abc import ABC, abstractmethod
from dataclasses import dataclass
from functools import lru_cache
from html import escape
from typing import TYPE_CHECKING

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
_STANDALONE = (
    "<style>svg{color:#1a1a1a;background:#fff}"
    "@media (prefers-color-scheme:dark){svg{color:#e8e8e8;background:#0d1117}}</style>"
)


@lru_cache(maxsize=4096)
def number(value: float) -> str:
    """Return a coordinate, to a hundredth, without needless zeros."""
    rounded = round(value, 2)
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


class Canvas:
    """Collects shapes; `svg` puts them into a figure with its title and its alternative in words."""

    def __init__(self, name: str, width: float = WIDTH) -> None:
        self.name = name
        self.width = width
        self._shapes: list[str] = []

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
        attributes = f'x="{number(x)}" y="{number(y)}"'
        if size != FONT_SIZE:
            attributes += f' font-size="{number(size)}"'
        if anchor != "start":
            attributes += f' text-anchor="{anchor}"'
        if bold:
            attributes += ' font-weight="bold"'
        if faint:
            attributes += ' fill-opacity="0.75"'
        if turned:
            attributes += f' transform="rotate({number(turned)} {number(x)} {number(y)})"'
        self._shapes.append(f"<text {attributes}>{escape(clean(words))}</text>")

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
        """Draw an outline."""
        more = f' stroke-dasharray="{dash}"' if dash else ""
        more += ' stroke-opacity="0.35"' if faint else ""
        self._shapes.append(
            f'<path d="{data}" fill="none" stroke="{stroke}" stroke-width="{number(width)}"{more}/>'
        )

    def area(self, data: str, *, colour: str, opacity: float = 1) -> None:
        """Fill a shape, without an outline."""
        more = "" if opacity == 1 else f' fill-opacity="{number(opacity)}"'
        self._shapes.append(f'<path d="{data}" fill="{colour}"{more}/>')

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
        more = "" if opacity == 1 else f' fill-opacity="{number(opacity)}"'
        more += ' stroke="currentColor" stroke-width="1"' if outlined else ""
        self._shapes.append(
            f'<rect x="{number(x)}" y="{number(y)}" width="{number(width)}" height="{number(height)}" '
            f'fill="{colour}"{more}/>'
        )

    def marker(
        self, shape: str, x: float, y: float, colour: str, *, size: float = 5, hollow: bool = False
    ) -> None:
        """Mark a point: `circle`, `square`, `triangle`, `diamond`, `cross`."""
        paint = f'fill="none" stroke="{colour}" stroke-width="2"' if hollow else f'fill="{colour}"'
        if shape == "circle":
            self._shapes.append(f'<circle cx="{number(x)}" cy="{number(y)}" r="{number(size)}" {paint}/>')
            return
        corners = {
            "square": ((-1, -1), (1, -1), (1, 1), (-1, 1)),
            "triangle": ((0, -1.2), (1.1, 0.9), (-1.1, 0.9)),
            "diamond": ((0, -1.4), (1.4, 0), (0, 1.4), (-1.4, 0)),
            "cross": ((-1, -0.4), (1, -0.4), (1, 0.4), (-1, 0.4)),
        }[shape]
        points = " ".join(f"{number(x + dx * size)},{number(y + dy * size)}" for dx, dy in corners)
        self._shapes.append(f'<polygon points="{points}" {paint}/>')

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
        self._shapes.append(f'<polygon points="{points}" fill="currentColor"/>')

    def svg(
        self, height: float, title: str, text: str, *, standalone: bool = False, kind: str | None = None
    ) -> str:
        """Return the figure as an `<svg>` element.

        Args:
            height: in px.
            title: what it shows.
            text: the same in words, for those who do not see it; empty where the title and words of another drawing
                of the same figure do for both.
            standalone: as a file of its own, which has to know dark backgrounds itself.
            kind: its class, for a style sheet that chooses between drawings.
        """
        across, down = number(self.width), number(height)
        size = f'width="{across}" height="{down}" viewBox="0 0 {across} {down}"'
        ids = f"{self.name}-title {self.name}-text"
        words = (
            f'<title id="{self.name}-title">{escape(clean(title))}</title>'
            f'<desc id="{self.name}-text">{escape(clean(text))}</desc>'
        )
        named = "" if kind is None else f' class="{kind}"'
        return (
            f'<svg xmlns="http://www.w3.org/2000/svg"{named} {size} role="img" '
            f'aria-labelledby="{ids}" font-family="sans-serif" font-size="{number(FONT_SIZE)}" fill="currentColor">'
            f"{words if text else ''}"
            f"{_STANDALONE if standalone else ''}"
            f"{''.join(self._shapes)}</svg>"
        )


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
