"""Scores over time after programming as the sheet gives them: points, their band, and the loss that is accepted."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from factsheet.sheet.quantity import QuantityError, parse_quantity
from factsheet.views.drift_table import OVER_TIME
from factsheet.views.estimates import DriftCurve, DriftPoint
from factsheet.views.rows import row_for

if TYPE_CHECKING:
    from factsheet.sheet.beyond import DriftPoint as GivenPoint
    from factsheet.sheet.fact import Fact
    from factsheet.views.material import Material

_REACH = r"± *(\S.{0,40}?) at (\d[\d.]{0,6} ?%)"
"""A note as `factsheet simulate` writes it: `± 1.17 % at 90 %`."""


def curve_of(material: Material) -> DriftCurve | None:
    """The points that the sheet gives; `None` where it gives none.

    A band is drawn where a score is written with its ends (`91.38 % ± 1.17 %`), or has them in its note as a
    simulation writes them. The lowest score that is accepted lies the accepted loss below the first one, as the check
    of the refresh interval has it.
    """
    robustness = material.sheet.robustness
    points, told, sure = [], [], []
    for index, given in enumerate(() if robustness is None else robustness.over_time or ()):
        after, score = _value(given.after), _value(given.score)
        if after is None or score is None:
            continue
        low, high, words = _ends(given, score)
        points.append(DriftPoint(given.after.words(), after, score, low, high))
        sure += [] if words is None else [words]
        path = f"{OVER_TIME}{index}].score"
        told.append(row_for(material, path, material.placed[path], "full").standing.text)
    if not points:
        return None
    points.sort(key=lambda found: found.after_s)
    refresh, loss = material.fact("performance.refresh_interval"), material.fact("robustness.accepted_loss")
    interval, accepted = _point(refresh), _point(loss)
    return DriftCurve(
        tuple(points),
        f"Scores: {'; '.join(dict.fromkeys(told))}.",
        band="; ".join(dict.fromkeys(sure)) or None,
        accepted=None if accepted is None else points[0].score - accepted,
        refresh=None if refresh is None or interval is None else (refresh.words(), interval),
    )


def _ends(given: GivenPoint, score: float) -> tuple[float | None, float | None, str | None]:
    """The ends of the band at one time, and what it is."""
    quantity = given.score.quantity
    if quantity is not None and quantity.kind == "range":
        return quantity.low, quantity.high, "the ends that the sheet gives with each score"
    found = re.fullmatch(_REACH, " ".join((given.note or "").split()))
    if found is None:
        return None, None, None
    try:
        reach = parse_quantity(found[1], "score").value
    except QuantityError:
        return None, None, None
    return score - reach, score + reach, f"where the mean lies at {found[2]} confidence"


def _point(fact: Fact | None) -> float | None:
    quantity = None if fact is None else fact.quantity
    return None if quantity is None or quantity.kind != "point" else quantity.value


def _value(fact: Fact) -> float | None:
    """A number; of two ends the middle."""
    quantity = fact.quantity
    if quantity is None or quantity.kind == "bound":
        return None
    return quantity.value if quantity.kind == "point" else (quantity.low + quantity.high) / 2
