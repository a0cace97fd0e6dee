"""Draw efficiency over accuracy loss: one point for each sheet that has both, and words for those that have not."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from html import escape
from typing import TYPE_CHECKING, NamedTuple

from factsheet.catalog.figures import KIND_OF
from factsheet.pages.figures.canvas import Axis, Canvas, cut, decades, number, ticks, width_of
from factsheet.pages.text import clean
from factsheet.quantities.quantity import format_value

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from factsheet.catalog.entry import CatalogEntry, ListedFigure

WIDTHS = (760, 360)
"""Of a drawing for a screen, and of one for a phone, in px."""
FEWEST = 3
"""Points that a further drawing of the same figure has at least."""
MOST_NAMED = 24
"""With more points than this none has its name beside it."""
MOST_MIXED = 8
"""Sheets that the words name whose score and efficiency came about in two ways."""
_POINTS = "points"
_HEIGHT, _LEFT, _TOP, _BOTTOM = 340, 92, 34, 44
_RADIUS, _LINE = 5.5, 15


class Point(NamedTuple):
    """One sheet of a drawing.

    Attributes:
        row: its place in the catalogue.
        name: what to call it.
        loss: points lost to the digital model.
        value: efficiency, in the base unit.
        hollow: whether the efficiency is no statement of the sheet.
        words: both figures with what goes with them.
        origins: how its accuracy and its efficiency came about, where they did in different ways: they may be of two
            machines.
    """

    row: int
    name: str
    loss: float
    value: float
    hollow: bool
    words: str
    origins: str = ""


@dataclass(frozen=True, slots=True)
class Scatter:
    """A drawing of one kind of efficiency.

    Attributes:
        kind: the name of the figure on the vertical axis.
        basis: what that figure counts and includes; the same for all points.
        lost: what the losses are counted in; the same for all points.
        points: the sheets that have both figures.
        left_out: why others are not drawn, with how many.
    """

    kind: str
    basis: str
    lost: str
    points: tuple[Point, ...]
    left_out: tuple[tuple[str, int], ...]

    @property
    def title(self) -> str:
        """What the drawing shows."""
        return f"{KIND_OF[self.kind].label} ({self.basis}) over what is lost, in {self.lost}"

    @property
    def words(self) -> str:
        """The same in a sentence, with what is missing."""
        many = len(self.points)
        drawn = f"{many} sheet{'' if many == 1 else 's'} drawn" if many else "no sheet has both figures"
        said = "; ".join([drawn, *(f"{count} not drawn: {why}" for why, count in self.left_out)]) + "."
        mixed = [f"{point.name} ({point.origins})" for point in self.points if point.origins]
        if not mixed:
            return said
        more = f" and {len(mixed) - MOST_MIXED:,} more" if len(mixed) > MOST_MIXED else ""
        named = f"{', '.join(mixed[:MOST_MIXED])}{more}"
        return f"{said} Score and efficiency came about in two ways, maybe on two machines: {named}."

    def svg(self, width: int) -> str:
        """Return the drawing as an `<svg>` element; each point carries the row of its sheet."""
        canvas = Canvas(self.kind, width)
        losses, values = [point.loss for point in self.points], [point.value for point in self.points]
        across = ticks(min(0.0, *losses), max(0.1, *losses), 4 if width < WIDTHS[0] else 8)
        up = decades(min(values), max(values))
        x = Axis(across[0], across[-1], _LEFT, width - 16)
        y = Axis(up[0], up[-1], _HEIGHT - _BOTTOM, _TOP, log=True)
        for mark in across:
            canvas.line(x(mark), _TOP, x(mark), _HEIGHT - _BOTTOM, faint=mark != 0)
            canvas.text(x(mark), _HEIGHT - _BOTTOM + 18, f"{mark:g}", anchor="middle", faint=True)
        for mark in up:
            canvas.line(_LEFT, y(mark), width - 16, y(mark), faint=True)
            words = format_value(mark, KIND_OF[self.kind].dimension).replace("inferences/s/W", "").strip()
            canvas.text(_LEFT - 8, y(mark) + 4, cut(words, _LEFT - 12), anchor="end", faint=True)
        canvas.text(4, 16, cut(f"{KIND_OF[self.kind].label}, {self.basis}", width - 8), bold=True)
        canvas.text(
            width - 16, _HEIGHT - 6, cut(f"{self.lost} lost to the digital model", width - 24), anchor="end"
        )
        places = [(x(point.loss), y(point.value)) for point in self.points]
        named = self.points if len(self.points) <= MOST_NAMED else ()
        labels = _names(canvas, list(zip(named, places, strict=False)))
        shapes = canvas.drawing(_HEIGHT).shapes
        words = escape(clean(f"{self.title}. {self.words}"))
        return (
            f'<svg viewBox="0 0 {width} {_HEIGHT}" role="img" aria-label="{words}" '
            f'font-family="sans-serif" font-size="13" fill="currentColor">{shapes}'
            f"{''.join(labels)}{''.join(map(_circle, self.points, places))}</svg>"
        )


def _circle(point: Point, place: tuple[float, float]) -> str:
    look = "hollow" if point.hollow else "full"
    return (
        f'<circle class="{look}" data-row="{point.row}" cx="{number(place[0])}" cy="{number(place[1])}" '
        f'r="{_RADIUS}"><title>{escape(clean(point.words))}</title></circle>'
    )


def _names(canvas: Canvas, named: Sequence[tuple[Point, tuple[float, float]]]) -> list[str]:
    """Return names beside points where there is room; one that would lie upon another name is left out.

    Each carries the row of its sheet, as its point does: both go when the sheet is filtered out.
    """
    written: list[str] = []
    taken: list[tuple[float, float, float]] = [(px - 8, px + 8, py) for _, (px, py) in named]
    for point, (px, py) in named:
        words = cut(point.name, 150)
        size = width_of(words)
        for start in (px + 10, px - 10 - size):
            ends = (start, start + size)
            within = start >= _LEFT and ends[1] <= canvas.width - 4
            free = all(
                ends[1] < left or right < ends[0] or abs(line - py) > _LINE for left, right, line in taken
            )
            if within and free:
                place = f'x="{number(start)}" y="{number(py + 4)}"'
                written.append(f'<text data-row="{point.row}" {place}>{escape(clean(words))}</text>')
                taken.append((*ends, py))
                break
    return written


def scatters(entries: Sequence[CatalogEntry]) -> tuple[Scatter, ...]:
    """Return the drawings of a catalogue: operations, and inferences, per second and watt.

    There is one for what most sheets state, and one for each other kind that enough of them state.
    """
    return tuple(drawing for name in ("tops_per_watt", "efficiency") for drawing in _of_figure(entries, name))


def _of_figure(entries: Sequence[CatalogEntry], name: str) -> Iterator[Scatter]:
    reasons: Counter[str] = Counter()
    kept: dict[tuple[str, str], list[Point]] = {}
    for row, entry in enumerate(entries):
        loss, value = entry.figures.get("loss"), entry.figures.get(name)
        reason = _reason(loss, value)
        if reason or loss is None or value is None:
            reasons[reason] += 1
        else:
            kept.setdefault((value.basis, loss.basis), []).append(_point(row, entry, loss, value))
    ordered = sorted(kept, key=lambda bases: (-len(kept[bases]), bases))
    for place, bases in enumerate(ordered):
        if place and len(kept[bases]) < FEWEST:
            break
        others: Counter[str] = Counter()
        for other in ordered:
            if other != bases:
                others[_unlike(other, bases)] += len(kept[other])
        yield Scatter(name, *bases, tuple(kept[bases]), (*reasons.items(), *others.items()))


def _unlike(other: tuple[str, str], drawn: tuple[str, str]) -> str:
    if other[0] != drawn[0]:
        return f"the figure is {other[0]}, not {drawn[0]}"
    return f"the loss is counted in {other[1]}, not {drawn[1]}"


def _point(row: int, entry: CatalogEntry, loss: ListedFigure, value: ListedFigure) -> Point:
    score = entry.figures.get("score")
    told = "" if score is None else score.provenance
    differ = told and value.provenance and value.provenance not in (told, "derived")
    origins = f"score {told}, efficiency {value.provenance}" if differ else ""
    also = f"; {origins}: maybe of two machines" if origins else ""
    return Point(
        row,
        entry.model or entry.name,
        100 * loss.value,
        value.value,
        value.origin != "stated",
        f"{entry.name}: {value.text} ({value.words}{f'; {value.point}' if value.point else ''}), "
        f"{loss.text} lost ({loss.note}){also}",
        origins,
    )


def _reason(loss: ListedFigure | None, value: ListedFigure | None) -> str:
    """Return why a sheet is no point; empty where it is one."""
    if value is None or not (math.isfinite(value.value) and value.value > 0):
        return "no efficiency is stated or follows"
    if loss is None:
        return "no loss to a digital model is stated or follows"
    return "" if loss.basis.startswith(_POINTS) else f"the loss is counted in {loss.basis}"
