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
_BESIDE_ARRAYS = frozenset({"movement", "digital"})
"""Parts of a chip; an efficiency that was fitted to a network with their energy in it is that of the whole, as
processors' are."""


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
    """Yield the efficiency and the density of a profile's tile, as far as it states them, with their places.

    An efficiency with the energy of all that is around the arrays in it has its place among processors.
    """
    from factsheet.hardware.chip import description_of  # start-up: it takes pydantic

    known = outline_of(profile)
    description = description_of(profile)
    tile, covers = getattr(description, "tile", None), getattr(description, "covers", None)
    if tile is None:
        return
    parts = frozenset() if covers is None else frozenset(covers.energy)
    chip = ChipPrecision(
        bits_of_profile(known, "inputs") or assumed_precision(),
        bits_of_profile(known, "weights") or assumed_precision(),
        memory_named(known.technology),
    )
    for metric in _METRICS:
        figure = getattr(tile, metric)
        # An array's own peak, which a source states, is no figure of the whole, whatever else the profile covers.
        whole = (
            metric == "efficiency"
            and figure is not None
            and figure.standing == "fitted"
            and _BESIDE_ARRAYS.issubset(parts)
        )
        if figure is not None:
            quantity = figure.quantity
            claim = FieldClaim(
                metric,
                Interval(quantity.value, quantity.value),
                chip.inputs,
                chip.weights,
                "processor" if whole else "macro",
                chip.memory,
            )
            yield ProfileInField(figure.text, claim, standings_of(claim))
