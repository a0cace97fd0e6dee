"""Estimate time, power, energy and area of a network on a hardware profile, where there is enough for it."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from factsheet.crossbar.mapping import TileShape
from factsheet.errors import CostError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from factsheet.crossbar.cost.estimate import Estimate
    from factsheet.digital.roofline import DigitalEstimate
    from factsheet.hardware.digital.profile import DigitalProfile
    from factsheet.hardware.profile import Profile
    from factsheet.networks.counting import CountingConvention
    from factsheet.networks.operators import Network
    from factsheet.recompute.points import ChosenPoint
    from factsheet.recompute.request import Request

OF_ALL_CHIPS = "of all {} chips together"
"""How the note on a figure says that several chips have it together."""
_NO_PROFILE = "no hardware profile is named: `hardware.inference.profile` in the sheet, or `--hardware`"


class DigitalRun(NamedTuple):
    """The estimate for a digital device at the operating point, or why there is none."""

    profile: DigitalProfile
    estimate: DigitalEstimate | None = None
    problem: str = ""


class ChipEstimate(NamedTuple):
    """The cost model at the operating point, or why there is nothing."""

    profile: Profile | None = None
    named: str = ""
    """Where the profile is named: a path of the sheet, or `given`."""
    estimate: Estimate | None = None
    sizes: Estimate | None = None
    """For what does not depend on the operating point."""
    problem: str = _NO_PROFILE
    another: bool = False
    """Whether the caller asks for another chip than the sheet's own."""
    refusal: CostError | None = None
    """What the cost model refuses the network with."""


def on_chips(chip: ChipEstimate, *, together: bool) -> str:
    """Return how many chips a figure is of, behind other words; empty for one.

    Args:
        chip: the estimate.
        together: whether each chip has its part of the figure, as of power.
    """
    number = 1 if chip.sizes is None else chip.sizes.chips
    words = OF_ALL_CHIPS.format(f"{number:,}") if together else f"on {number:,} chips"
    return f", {words}" if number > 1 else ""


def uses_not_stated(missing: Sequence[str]) -> str:
    """Say of matrices, by their names, that no one knows how often they are used."""
    others = f" and {len(missing) - 1:,} more" if len(missing) > 1 else ""
    return f"how often an inference uses {missing[0]}{others} is not stated"


def estimate_chip(
    profile: Profile,
    named: str,
    network: Network | None,
    *,
    batch: int | None,
    tile: TileShape | None,
    convention: CountingConvention,
    request: Request,
    no_network: str,
    no_point: str,
    another: bool,
) -> ChipEstimate:
    """Run the cost model where there is enough for it; see `factsheet.crossbar.cost.estimate.estimate`.

    Args:
        profile: the chip.
        named: where it is named.
        network: operators at the operating point, or at one token.
        batch: inferences of a run; `None` where it is open.
        tile: geometry of one array.
        convention: how operations are counted.
        request: what the caller asks for: how layers and sequences follow each other, and the placement.
        no_network: why there is no network; empty if there is one.
        no_point: why there is no operating point; empty if there is one.
        another: whether the chip is another than the sheet's own.
    """
    from factsheet.crossbar.cost.estimate import estimate  # only where a profile is named
    from factsheet.hardware.chip import constants_of

    if network is None or no_network:
        return ChipEstimate(profile=profile, named=named, problem=no_network, another=another)
    missing = network.uses_missing
    if missing and not no_point:
        no_point = uses_not_stated(missing)
    constants, placement = constants_of(profile), request.placement
    try:
        found = estimate(
            network,
            constants,
            batch=batch or 1,
            structure=request.structure,
            tile=tile,
            fuse=placement.fuse,
            packing=placement.packing,
            copies=placement.copies(network, tile or TileShape(constants.rows, constants.cols)),
            chips=placement.chips,
            convention=convention,
        )
    except CostError as error:
        return ChipEstimate(
            profile=profile, named=named, problem=error.message, another=another, refusal=error
        )
    return ChipEstimate(
        profile=profile,
        named=named,
        estimate=None if no_point else found,
        sizes=found,
        problem=no_point,
        another=another,
    )


def estimate_device(
    profile: DigitalProfile, network: Network | None, point: ChosenPoint, *, problem: str
) -> DigitalRun:
    """Estimate a network on a digital device where there is enough for it.

    Args:
        profile: the device.
        network: operators at the operating point.
        point: the operating point.
        problem: why there is no network, or no operating point; empty if there are both.
    """
    from factsheet.digital.roofline import estimate_digital  # only where a device is named

    if network is None or problem:
        return DigitalRun(profile, problem=problem)
    length = None if point.without_length else point.seq_len
    try:
        return DigitalRun(profile, estimate_digital(network, profile, batch=point.batch or 1, seq_len=length))
    except CostError as error:
        return DigitalRun(profile, problem=error.message)
