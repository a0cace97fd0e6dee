"""Find figures of a digital device that cannot be right, and those that are missing or unconfirmed."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.description import figures_of
from factsheet.hardware.finding import finding
from factsheet.quantities.quantity import format_value
from factsheet.source.problems import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.finding import ProfileFinding
    from factsheet.source.document import KeyPath


class DeviceBound(NamedTuple):
    """The ends of what a figure of a device can be, in its base unit, and why."""

    low: float
    high: float
    why: str


_LOST = "a prefix of the unit is likely lost"
_BOUNDS: dict[tuple[str, ...], DeviceBound] = {
    ("peak",): DeviceBound(1e6, 1e18, f"devices go from microcontrollers to racks; {_LOST}"),
    ("bandwidth",): DeviceBound(
        1e5, 1e16, f"the fastest memories of one device move terabytes a second; {_LOST}"
    ),
    ("kernel_time",): DeviceBound(
        1e-9, 0.1, "a kernel takes longer to start than light takes through a board"
    ),
    ("power", "limit"): DeviceBound(1e-6, 1e5, _LOST),
    ("power", "per_operation"): DeviceBound(
        1e-18, 1e-3, "at 1 aJ an operation costs 350 times what erasing one bit takes (Landauer 1961)"
    ),
    ("wall", "full"): DeviceBound(1e-6, 1e6, _LOST),
}


def device_findings(profile: DigitalProfile) -> Iterator[ProfileFinding]:
    """Find what cannot be right in a digital profile, what contradicts itself, what is missing or unconfirmed."""
    given, document = profile.description, profile.document
    figures = dict(figures_of(given))
    for path, bound in _BOUNDS.items():
        figure = figures.get(path)
        if figure is not None and not bound.low <= figure.si <= bound.high:
            kind = figure.measured_in()
            ends = f"{format_value(bound.low, kind, 2)} to {format_value(bound.high, kind, 2)}"
            words = Wording(
                f"{figure.text} is beyond what a device can have",
                bound.why,
                f"it can be {ends}: check the unit",
            )
            yield finding(document, "HW201", (*path, "value"), words)
    yield from _contradictions(profile)
    if given.power is None and given.wall is None:
        words = Wording(
            "no power is given",
            "without it no energy, no efficiency and no footprint is estimated",
            "give `power.limit` of the board, or `wall.full` of the server",
        )
        yield finding(document, "HW301", ("name",), words)
    if not given.fit.checked:
        words = Wording(
            "no published point was kept to check with",
            "how far times are off is not known, and none gets a ±",
            "fit part of the points, and say under `fit` how the others come out",
        )
        yield finding(document, "HW302", ("fit",), words)


def _contradictions(profile: DigitalProfile) -> Iterator[ProfileFinding]:
    given, document = profile.description, profile.document
    pairs: list[tuple[KeyPath, bool, str]] = []
    board, fit = given.power, given.fit
    if board is not None and board.idle is not None:
        pairs.append(
            (("power", "idle"), board.idle.si > board.limit.si, "the board draws more idle than its limit")
        )
    if board is not None and board.idle_share is not None and board.full_share is not None:
        least, most = board.idle_share.quantity, board.full_share.quantity
        pairs += [
            (("power", "full_share"), most.high > 1, "the board draws more than its limit"),
            (("power", "idle_share"), least.value > most.value, "the board draws more idle than at work"),
        ]
    if given.wall is not None and given.wall.idle is not None:
        wrong = given.wall.idle.si > given.wall.full.si
        pairs.append((("wall", "idle"), wrong, "the server draws more idle than at work"))
    for name in ("seq_len", "batch", "ops"):
        ends = getattr(fit, name)
        if ends is not None:
            pairs.append((("fit", name), ends[0] > ends[1], f"`{name}` ends before it begins"))
    pairs.append(
        (("fit", "within_quarter"), fit.within_quarter > fit.checked, "more points are met than were checked")
    )
    for path, wrong, message in pairs:
        if wrong:
            words = Wording(message, "both figures cannot be right", "correct one of them against its source")
            yield finding(document, "HW202", path, words)
