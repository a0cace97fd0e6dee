"""Hold digital profiles against the published times that they were not fitted to."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.digital.fitting import QUARTER, predicted, split_of
from factsheet.digital.roofline import roofline_of
from factsheet.hardware.digital.profile import digital_profile_of
from factsheet.hardware.digital.published_tables import latency_tables

if TYPE_CHECKING:
    from collections.abc import Iterable

    from factsheet.digital.fitting import Split
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.digital.published_tables import LatencyTable, PublishedLatency


class KeptPoint(NamedTuple):
    """A published time that was kept to check with, beside the model's."""

    point: PublishedLatency
    model: float
    """s."""

    @property
    def error(self) -> float:
        """(model - published) / published."""
        return self.model / self.point.seconds - 1

    @property
    def met(self) -> bool:
        """Whether the model is within 25 %."""
        return abs(self.error) <= QUARTER


class DeviceCheck(NamedTuple):
    """One profile with all published times that it was not fitted to."""

    profile: DigitalProfile
    table: LatencyTable
    split: Split
    kept: tuple[KeptPoint, ...]

    @property
    def met(self) -> int:
        """How many of the points that were kept are within 25 %."""
        return sum(point.met for point in self.kept)


def check_devices(names: Iterable[str] | None = None) -> tuple[DeviceCheck, ...]:
    """Return the profiles that come with the program, each held against the points that were kept.

    Args:
        names: of profiles; all by default.
    """
    wanted = None if names is None else frozenset(names)
    found = []
    for table in latency_tables():
        if wanted is not None and table.name not in wanted:
            continue
        profile = digital_profile_of(table.name)
        line, split = roofline_of(profile.description), split_of(table)
        kept = tuple(KeptPoint(point, predicted(line, point)) for point in split.kept)
        found.append(DeviceCheck(profile, table, split, kept))
    return tuple(found)
