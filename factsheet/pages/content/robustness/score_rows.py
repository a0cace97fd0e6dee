"""Write rows of a first screen on scores over time and over the strength of noise."""

from __future__ import annotations

from typing import TYPE_CHECKING

from factsheet.pages.content.glance_rows import origin_of, says, shortened
from factsheet.pages.first_screen import GlanceRow

if TYPE_CHECKING:
    from factsheet.pages.content.glance_rows import Row
    from factsheet.pages.inputs import PageInputs
    from factsheet.sheet.robustness import DriftPoint

_MOST_TIMES = 5


def over_time(label: str, *paths: str) -> Row:
    """Return what makes a row of the scores over time; where there are none, of what the sheet says of them."""
    in_words = says(label, *paths)

    def make(inputs: PageInputs) -> GlanceRow | None:
        robustness = inputs.sheet.robustness
        points = () if robustness is None else tuple(robustness.over_time or ())
        curves: dict[str | None, list[DriftPoint]] = {point.series: [] for point in points}
        for point in points:
            if point.score.absence is None and point.after.absence is None:
                curves[point.series].append(point)
        # The first curve is the sheet's main one; a single point is none.
        name, known = next((entry for entry in curves.items() if len(entry[1]) > 1), (None, []))
        if not known:
            return in_words(inputs)
        shown = known if len(known) <= _MOST_TIMES else [known[0], known[len(known) // 2], known[-1]]
        words = ", ".join(f"{point.score.shown()} after {point.after.shown()}" for point in shown)
        named = "" if name is None else f"{name}: "
        places = [index for index, point in enumerate(points) if point in shown]
        return GlanceRow(
            "Score over time",
            shortened(f"{named}{words}"),
            origin_of(inputs, *(f"robustness.over_time[{index}].score" for index in places)),
        )

    return make


def over_noise(label: str, *paths: str) -> Row:
    """Return what makes a row of the scores over the strength of noise; else of what the sheet says of them."""
    in_words = says(label, *paths)

    def make(inputs: PageInputs) -> GlanceRow | None:
        robustness = inputs.sheet.robustness
        points = () if robustness is None else tuple(robustness.over_noise or ())
        first = [index for index, point in enumerate(points) if point.series == points[0].series]
        known = [index for index in first if points[index].score.absence is None]
        if not known:
            return in_words(inputs)
        named = "" if points[0].series is None else f"{points[0].series}: "
        words = ", ".join(
            f"{points[index].score.shown()} at {points[index].strength.shown()} times" for index in known
        )
        origin = origin_of(inputs, *(f"robustness.over_noise[{index}].score" for index in known))
        return GlanceRow("Score over the strength of noise", shortened(f"{named}{words}"), origin)

    return make
