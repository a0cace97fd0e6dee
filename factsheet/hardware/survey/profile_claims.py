"""Place the tiles of hardware profiles among published designs, by what their sources claim of them."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.hardware.precomputed import outline_of
from factsheet.hardware.survey.standing import (
    FieldClaim,
    Precision,
    assumed_precision,
    memory_named,
    standings_of,
    surveyed_precision,
)
from factsheet.quantities.interval import Interval

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.precomputed import KnownProfile
    from factsheet.hardware.profile import Profile
    from factsheet.hardware.survey.designs import MemoryKind
    from factsheet.hardware.survey.standing import FieldMetric, FieldStanding

_METRICS: tuple[FieldMetric, ...] = ("efficiency", "density")


class ChipPrecision(NamedTuple):
    """What is known of a chip that its figures are compared by.

    Attributes:
        inputs: the bits of an input.
        weights: the bits of a weight.
        memory: what holds the weights; `None` where that is not known.
    """

    inputs: Precision
    weights: Precision
    memory: MemoryKind | None


class ProfileInField(NamedTuple):
    """A figure of a profile's tile and its place among published designs.

    Attributes:
        text: the figure as the profile has it.
        claim: the same for the comparison.
        standings: its place in each of its classes, the narrowest first.
    """

    text: str
    claim: FieldClaim
    standings: tuple[FieldStanding, ...]


def bits_of_profile(known: KnownProfile, what: str) -> Precision | None:
    """Return the bits of a profile's inputs or weights; `None` where neither it nor the survey has them.

    Args:
        known: the profile.
        what: inputs or weights.
    """
    bits = known.input_bits if what == "inputs" else known.weight_bits
    if bits:
        return Precision(bits, bits, f"profile {known.name}")
    return surveyed_precision(known.name, what)


def profile_in_field(profile: Profile) -> Iterator[ProfileInField]:
    """Yield the efficiency and the density of a profile's tile, as far as it states them, with their places."""
    from factsheet.hardware.chip import description_of  # start-up: it takes pydantic

    known = outline_of(profile)
    tile = getattr(description_of(profile), "tile", None)
    if tile is None:
        return
    chip = ChipPrecision(
        bits_of_profile(known, "inputs") or assumed_precision(),
        bits_of_profile(known, "weights") or assumed_precision(),
        memory_named(known.technology),
    )
    for metric in _METRICS:
        figure = getattr(tile, metric)
        if figure is not None:
            quantity = figure.quantity
            claim = FieldClaim(
                metric,
                Interval(quantity.value, quantity.value),
                chip.inputs,
                chip.weights,
                "macro",
                chip.memory,
            )
            yield ProfileInField(figure.text, claim, standings_of(claim))
