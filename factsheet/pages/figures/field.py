"""Show a claim among published designs: a row for each class, a mark for each design, a band for the claim."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from factsheet.hardware.survey.designs import survey
from factsheet.hardware.survey.standing import UNITS_OF_METRICS, best_points
from factsheet.pages.figures.canvas import ACCENT, Axis, Canvas, FigureData, cut
from factsheet.pages.model import FigureBlock
from factsheet.quantities.quantity import grouped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.hardware.survey.standing import FieldClaim, FieldMetric, FieldStanding
    from factsheet.pages.inputs import PageInputs
    from factsheet.recompute.comparisons.field_claims import ClaimInField

_TOP, _ROW, _MARK = 34, 44, 14
_LEFT, _RIGHT = 12, 24
_LEAST_BAND = 3
"""Width of the band of a claim whose bits are known, in px."""
_SIZE: dict[FieldMetric, float] = {"efficiency": 1e12, "density": 1e18}
_ESTIMATE = "chip"
_WARNING = (
    " Warning: no published design comes near; a wrong unit, count of operations or bits is likelier"
    " than a record."
)
_SHOWN: dict[FieldMetric, str] = {
    "efficiency": "Efficiency",
    "density": "Density",
}


@dataclass(frozen=True, slots=True)
class FieldChart(FigureData):
    """A claim as a band over the designs of its classes, in operations of 1 bit."""

    claim: FieldClaim
    standings: tuple[FieldStanding, ...]

    def draw(self, canvas: Canvas) -> float:
        """Draw the figure; return its height in px."""
        metric, reach = self.claim.metric, self.claim.one_bit
        rows = [[value for value, _ in best_points(metric, found.within)] for found in self.standings]
        every = [reach.low, reach.high, *(value for row in rows for value in (row[0], row[-1]))]
        x = Axis(min(every), max(every), _LEFT, canvas.width - _RIGHT, log=True)
        bottom = _TOP + _ROW * len(rows)
        start, end = x(reach.low), x(reach.high)
        canvas.box(
            start,
            _TOP - 4,
            max(end - start, _LEAST_BAND),
            bottom - _TOP,
            colour=ACCENT,
            opacity=0.25,
            outlined=False,
        )
        left = start < canvas.width / 2
        words = cut(f"this chip: {_label(self.claim)}", canvas.width - 2 * _LEFT)
        canvas.text(start if left else x.end, 16, words, bold=True, anchor="start" if left else "end")
        for count, (found, values) in enumerate(zip(self.standings, rows, strict=True)):
            y = _TOP + _ROW * count
            canvas.text(
                _LEFT, y + 12, cut(f"{found.designs} {found.within.words}", canvas.width - _LEFT), faint=True
            )
            canvas.path(_marks([round(x(value)) for value in values], y + 18), width=1.5)
            canvas.line(x.start, y + 18 + _MARK / 2, x.end, y + 18 + _MARK / 2, faint=True)
        _axis(canvas, x, bottom, metric)
        return bottom + 44


def _label(claim: FieldClaim) -> str:
    """Return what the band is of; where bits are not known, the claim itself and the bits that the band goes over."""
    if claim.precise:
        return claim.one_bit_words
    own = float(f"{claim.value.midpoint / _SIZE[claim.metric]:.2g}")
    return f"{claim.bound} {own:,.10g} {UNITS_OF_METRICS[claim.metric]} {claim.factor}".lstrip()


def _marks(places: Sequence[int], top: int) -> str:
    """Return the path of a mark at each place, from left to right; two at one place are one."""
    path, last = f"M{places[0]} {top}v{_MARK}", places[0]
    for place in places[1:]:
        if place != last:
            path += f"m{place - last}-{_MARK}v{_MARK}"
        last = place
    return path


def _axis(canvas: Canvas, x: Axis, bottom: float, metric: FieldMetric) -> None:
    """Write the powers of ten below the rows, and what they are of."""
    size, unit = _SIZE[metric], UNITS_OF_METRICS[metric]
    canvas.line(x.start, bottom, x.end, bottom)
    power = 1e-6
    while power * size <= x.high:
        if power * size >= x.low:
            place = round(x(power * size))
            canvas.line(place, bottom, place, bottom + 5)
            canvas.text(place, bottom + 18, f"{power:,.10g}", anchor="middle", faint=True)
        power *= 10
    canvas.text(x.start, bottom + 36, f"{unit}, in operations of 1 bit")


def field_figure(inputs: PageInputs) -> FigureBlock | None:
    """Return where the chip's efficiency and density stand among published designs; `None` where it claims neither."""
    found = [one for one in inputs.estimates.in_field if one.standings and one.path[0] != _ESTIMATE]
    found = found or [one for one in inputs.estimates.in_field if one.standings]
    if not found:
        return None
    (first, *others), known = found, survey()
    bits = first.claim
    return FigureBlock(
        "field",
        f"{_SHOWN[bits.metric]} among published designs",
        " ".join((_words(first, first.standings), *(_words(one, one.standings[:1]) for one in others))),
        FieldChart(bits, first.standings),
        f"Survey: {known.authors}, {known.date} (MIT licence); most figures are peaks. Bits of inputs: "
        f"{bits.inputs.words}; of weights: {bits.weights.words}.",
    )


def _words(found: ClaimInField, standings: Sequence[FieldStanding]) -> str:
    step, _, value = grouped(found.words).rpartition(" = ")
    origin = f" ({step})" if step else ""
    places = " and ".join(standing.words for standing in standings)
    claim = found.claim
    surpassed = any(standing.beyond for standing in standings)
    return f"{value}{origin} {claim.factor} is {claim.one_bit_words} of 1 bit: {places}.{_WARNING if surpassed else ''}"
