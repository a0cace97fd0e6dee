"""Find figures of a profile that cannot both be right: one follows from others, and comes out differently.

Figures are compared as what their digits mean, give or take `SLACK`: sources round, and take a peak here and a
typical value there.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from factsheet.hardware.bounds import figure_at
from factsheet.hardware.finding import finding
from factsheet.quantities.interval import Interval
from factsheet.quantities.quantity import format_value
from factsheet.source.problems import Wording

if TYPE_CHECKING:
    from collections.abc import Iterator

    from factsheet.hardware.description import Description
    from factsheet.hardware.finding import ProfileFinding
    from factsheet.hardware.quoted import Quoted
    from factsheet.source.document import Document, KeyPath

SLACK = 0.05
"""Relative difference between two published figures of one chip that is still taken as rounding."""


def contradictions(chip: Description, document: Document) -> Iterator[ProfileFinding]:
    """Find every pair, or more, of figures that do not fit each other."""
    return Comparison(chip, document).all()


class Comparison:
    """A chip's figures, by what they are, and the identities that they have to fulfil."""

    def __init__(self, chip: Description, document: Document) -> None:
        self._chip, self._document = chip, document
        self._ops = _point(2 * chip.rows.si * chip.cols.si)

    def all(self) -> Iterator[ProfileFinding]:
        """Find every identity that is not fulfilled."""
        yield from self._throughput()
        yield from self._cells()
        yield from self._timing()
        yield from self._totals()
        yield from self._fitted()

    def _throughput(self) -> Iterator[ProfileFinding]:
        rate, efficiency = self._of("tile", "rate"), self._of("tile", "efficiency")
        power, density, area = (
            self._of("tile", "power"),
            self._of("tile", "density"),
            self._of("tile", "area"),
        )
        energy, mvm = self._of("tile", "mvm_energy"), self._of("times", "mvm")
        if rate and efficiency and power:
            value = _meant(efficiency) * _meant(power)
            yield from self._compare(
                ("tile", "rate"), rate, value, "efficiency × power", other=("tile", "power")
            )
        if rate and density and area:
            value = _meant(density) * _meant(area)
            yield from self._compare(("tile", "rate"), rate, value, "density × area", other=("tile", "area"))
        if rate and mvm:
            value = _over(self._ops, mvm)
            yield from self._compare(
                ("tile", "rate"), rate, value, "2 × rows × cols / mvm", other=("times", "mvm")
            )
        if energy and efficiency:
            value = _over(self._ops, efficiency)
            place = ("tile", "efficiency")
            yield from self._compare(
                ("tile", "mvm_energy"), energy, value, "2 × rows × cols / efficiency", other=place
            )
        if energy and power and mvm:
            value = _meant(power) * _meant(mvm)
            yield from self._compare(
                ("tile", "mvm_energy"), energy, value, "power × mvm", other=("tile", "power")
            )

    def _cells(self) -> Iterator[ProfileFinding]:
        chip = self._chip
        cell, devices = chip.cell, chip.devices_per_weight
        if cell is None:
            return
        place: KeyPath = ("devices_per_weight", "value")
        if cell.scheme == "pair" and devices.si % 2:
            yield self._wrong(
                place,
                "a pair takes an even number of devices, half of them for each sign",
                ("cell", "scheme"),
            )
        if cell.scheme == "single" and devices.si != 1:
            yield self._wrong(place, "a weight on a single device takes one", ("cell", "scheme"))
        if cell.scheme == "slices" and cell.bits and cell.weight_bits:
            slices = math.ceil(cell.weight_bits.si / cell.bits.si)
            if devices.si % slices:
                words = f"{cell.weight_bits.text} in cells of {cell.bits.text} take {slices} devices, or a multiple"
                yield self._wrong(place, words, ("cell", "weight_bits"))
        if cell.columns and cell.columns_per_weight:
            value = _point(cell.columns.si / cell.columns_per_weight.si)
            yield from self._compare(
                ("cols",),
                chip.cols,
                value,
                "columns / columns per weight",
                other=("cell", "columns"),
                slack=0.0,
            )

    def _timing(self) -> Iterator[ProfileFinding]:
        rate, one = self._of("converter", "rate"), self._of("converter", "conversion_time")
        if rate and one:
            value = _over(_point(1), rate)
            yield from self._compare(
                ("converter", "conversion_time"), one, value, "1 / rate", other=("converter", "rate")
            )
        integration, slot, mvm = (self._of("times", name) for name in ("integration", "slot", "mvm"))
        for name, later in (("slot", slot), ("mvm", mvm)):
            if integration and later and later.quantity.meant.high < integration.quantity.meant.low:
                message = (
                    f"`{name}` of {later.text} is shorter than the integration time of {integration.text}"
                )
                why = "a tile that still integrates one vector cannot take, or be done with, the next"
                yield self._contradiction(("times", name, "value"), message, why, ("times", "integration"))
        cycle, each = self._of("times", "cycle"), self._of("converter", "columns_each")
        if cycle and each and rate:
            least = _over(_point(each.si), rate)
            if cycle.quantity.meant.high * (1 + SLACK) < least.low:
                message = (
                    f"a cycle of {cycle.text} is too short to convert {each.text} at {rate.text}, which takes "
                    f"{format_value(least.low, 'time')}"
                )
                why = "the outputs of one cycle have to be converted before those of the next arrive"
                yield self._contradiction(("times", "cycle", "value"), message, why, ("converter", "rate"))

    def _totals(self) -> Iterator[ProfileFinding]:
        chip = self._chip
        if chip.tiles_per_chip and chip.hierarchy:
            levels = chip.hierarchy.levels
            product = chip.hierarchy.inside(levels[-1].name, chip.hierarchy.tile)
            yield from self._compare(
                ("tiles_per_chip",),
                chip.tiles_per_chip,
                _point(product),
                "the product of the levels",
                other=("hierarchy", "levels"),
                slack=0.0,
            )

    def _fitted(self) -> Iterator[ProfileFinding]:
        """Find results that are marked as fitted where no figure is: they must not pass for checks of the model."""
        for position, result in enumerate(self._chip.validation):
            if result.fitted and not any(_figures_fitted(self._chip)):
                message = f"`{result.what}` is marked as fitted, and no figure of the profile is"
                why = "a reader could not tell which results still check the model"
                yield self._contradiction(("validation", position, "fitted"), message, why, ("validation",))

    def _of(self, *path: str) -> Quoted | None:
        return figure_at(self._chip, path)

    def _compare(
        self,
        path: KeyPath,
        figure: Quoted,
        value: Interval,
        formula: str,
        *,
        other: KeyPath,
        slack: float = SLACK,
    ) -> Iterator[ProfileFinding]:
        widened = Interval(value.low * (1 - slack), value.high * (1 + slack))
        if figure.quantity.meant.overlaps(widened):
            return
        shown = format_value(value.midpoint if value.high < math.inf else value.low, figure.measured_in())
        message = f"`{path[-1]}` is {figure.text}, but {formula} gives {shown}"
        yield self._contradiction((*path, "value"), message, "at most one of them can be right", other)

    def _wrong(self, path: KeyPath, message: str, other: KeyPath) -> ProfileFinding:
        return self._contradiction(path, message, "sizes in devices and areas follow from it", other)

    def _contradiction(self, path: KeyPath, message: str, why: str, other: KeyPath) -> ProfileFinding:
        help_ = "look both up at their sources; leave out the one that is of another operating point"
        related = (("the other figure", other),)
        return finding(self._document, "HW202", path, Wording(message, why, help_), related=related)


def _point(value: float) -> Interval:
    return Interval(value, value)


def _over(dividend: Interval, divisor: Quoted) -> Interval:
    """Divide; "about 1" may mean next to nothing, and then the quotient has no upper end."""
    meant = _meant(divisor)
    if meant.low > 0:
        return dividend / meant
    return Interval(dividend.low / meant.high, math.inf)


def _meant(figure: Quoted) -> Interval:
    return figure.quantity.meant


def _figures_fitted(chip: Description) -> Iterator[bool]:
    from factsheet.hardware.description import figures_of

    for _, figure in figures_of(chip):
        yield figure.standing == "fitted"
